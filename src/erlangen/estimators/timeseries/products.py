r"""Lagged products of a signal, summed once and shared by all covariances of its delay embeddings.

Definition: for a lag difference h, :math:`\sum_{t = a}^{b - 1} x(t + h) x(t)^T` over the stretch [a, b) that all windows of a grid of orders and lags
have in common, and the same sums over the stretches between the break points {jτ} and {T - kτ} outside it.
Convention: x has the mean of what all windows share removed first (a covariance does not see it); stretches are added, never subtracted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.timeseries.delays import embedded_length, largest_order
from erlangen.estimators.trials import read_signals
from erlangen.native import kernels
from erlangen.validation import check_integer

__all__ = ["Interior", "LagEdges", "LagProducts", "MeanEdges", "lag_products", "window_sum"]

_TRIALS = 24

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interior:
    """The sum of x(t + h) x(t)^T over start <= t < end, (N, n, n); empty where end <= start."""

    start: int
    end: int
    sums: Array | None


@dataclass(frozen=True, eq=False)
class LagEdges:
    """Sums between the break points of one lag τ.

    ``heads[d][:, j]`` runs over [jτ, end), ``tails[d][:, k - d]`` over [end, T - kτ), end that of the interior of h = dτ;
    ``means`` has the sums of x itself, None where the windows have no stretch in common.
    """

    order: int
    heads: list[Array | None]
    tails: list[Array | None]
    means: MeanEdges | None


@dataclass(frozen=True, eq=False)
class MeanEdges:
    """Sums of x: over the stretch that all windows share (N, n), before it from jτ on (N, n, P), after it up to T - kτ (N, n, P + 1)."""

    shared: Array
    before: Array
    after: Array


@dataclass(frozen=True, eq=False)
class LagProducts:
    """What :func:`augmented_covariance` assembles from.

    Attributes
    ----------
    signals : ndarray (N, n, T)
        The trials, the mean of what all windows share removed.
    order : int
        Largest order of the grid.
    lags : tuple of int
        Lags of the grid.
    interiors : dict
        For each lag difference h the shared sum.
    """

    signals: Array
    order: int
    lags: tuple[int, ...]
    interiors: dict[int, Interior]
    _latest: list[tuple[tuple[int, str], LagEdges]] = field(default_factory=list, repr=False)
    _by_time: list[Array] = field(default_factory=list, repr=False)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Trials, channels, samples."""
        N, n, T = self.signals.shape
        return N, n, T

    def take(self, rows: Any) -> LagProducts:
        """Return the products of some of the trials: an index array, a mask or a slice."""
        held = {
            h: Interior(i.start, i.end, None if i.sums is None else i.sums[rows]) for h, i in self.interiors.items()
        }
        return LagProducts(self.signals[rows], self.order, self.lags, held, [], [x[rows] for x in self._by_time])

    def by_time(self) -> Array:
        """Return the signals with the samples of one time together, (N, T, n); made once."""
        if not self._by_time:
            self._by_time.append(_by_time(self.signals))
        return self._by_time[0]

    def most(self, lag: int) -> int:
        """Return the largest order of the grid that fits at a lag."""
        return _most(self.order, lag, self.signals.shape[-1])

    def check_cell(self, order: int, lag: int, trim: str) -> int:
        """Return T' of a cell, or refuse one that is not in the grid or does not fit into the trials."""
        length = embedded_length(self.signals.shape[-1], order, lag, trim, least=2)
        if order > self.order or (order > 1 and lag not in self.lags):
            message = (
                f"order {order} at lag {lag} is not in the grid of orders <= {self.order} and lags {list(self.lags)}"
            )
            raise DomainError(message, hint="name it when the products are made")
        return length

    def edges(self, lag: int, backend: str = "auto") -> LagEdges:
        """Return the sums between the break points of a lag; those of the lag asked for last are kept."""
        for known, edges in self._latest:
            if known == (lag, backend):
                return edges
        edges = _edges(self, lag, backend)
        self._latest[:] = [((lag, backend), edges)]
        return edges


def _most(order: int, lag: int, n_times: int) -> int:
    """Return the largest order of the grid that fits at this lag."""
    return min(order, largest_order(n_times, lag, "exact", least=2))


def lag_products(X: Any, *, orders: Iterable[int], lags: Iterable[int], backend: str = "auto") -> LagProducts:
    r"""Return the lagged products of trials (N, n, T) for a whole grid of orders and lags, each lag difference h summed once.

    .. math:: P_h = \sum_{t} x(t + h)\, x(t)^T, \qquad h \in \{d \tau : d < p_{\max}, \tau \in \text{lags}\}

    The cost is :math:`2 N H n^2 T` operations for H lag differences, whatever the number of cells.

    Parameters
    ----------
    X : array (N, n, T)
        Trials.
    orders, lags : iterables of int
        The grid; cells that do not fit into the trials are refused by :func:`augmented_covariance`.
    backend : {"auto", "native", "python"}
        The kernel, or NumPy.

    Raises
    ------
    ShapeError, DomainError
        If X is no finite array of trials, or an order or lag is less than one.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(5, 2, 100))
    >>> products = lag_products(X, orders=[1, 2, 3], lags=[1, 2, 4])
    >>> sorted(products.interiors)
    [0, 1, 2, 4, 8]
    """
    signals = read_signals(X)
    n_times = signals.shape[-1]
    order = max((check_integer(p, "orders", low=1) for p in orders), default=1)
    steps = sorted({check_integer(lag, "lags", low=1) for lag in lags}) or [1]
    spans: dict[int, tuple[int, int]] = {}
    for step in steps:
        most = _most(order, step, n_times)
        for d in range(most):
            start, end = spans.get(d * step, (0, n_times))
            spans[d * step] = max(start, (most - 1 - d) * step), min(end, n_times - most * step)
    start, end = max(span[0] for span in spans.values()), min(span[1] for span in spans.values())
    middle = signals[..., start:end] if start < end else signals
    signals = signals - middle.mean(axis=-1, keepdims=True, dtype=np.float64)
    by_time = [] if kernels(backend) is None else [_by_time(signals)]
    sums = _interior_sums(signals, by_time, list(spans), start, end)
    interiors = {h: Interior(start, end, found) for h, found in zip(spans, sums, strict=True)}
    return LagProducts(signals, order, tuple(steps), interiors, [], by_time)


def _by_time(signals: Array) -> Array:
    return np.ascontiguousarray(signals.transpose(0, 2, 1), dtype=np.float64)


def _interior_sums(x: Array, by_time: list[Array], hs: list[int], start: int, end: int) -> Sequence[Array | None]:
    """Return the sums over start <= t < end for all lag differences, each trial read once for all of them where the kernel serves."""
    if start >= end:
        return [None] * len(hs)
    if not by_time:
        return [window_sum(x, h, start, end) for h in hs]
    N, n, _ = x.shape
    sums = [np.empty((N, n, n)) for _ in hs]
    module: Any = kernels("native")
    module.window_sums(by_time[0], hs, start, end, sums, "auto")
    return sums


def window_sum(x: Array, h: int, start: int, end: int) -> Array:
    """Return the sum of x(t + h) x(t)^T over start <= t < end, (N, n, n).

    Examples
    --------
    >>> window_sum(np.arange(5.0)[None, None], 1, 0, 2)
    array([[[2.]]])
    """
    return np.matmul(x[:, :, start + h : end + h], x[:, :, start:end].transpose(0, 2, 1))


def _segments(x: Array, h: int, start: int, lag: int, count: int) -> Array:
    """Return the sums over the ``count`` stretches of ``lag`` samples from ``start`` on, (N, count, n, n)."""
    N, n, _ = x.shape
    ahead = x[:, :, start + h : start + h + count * lag].reshape(N, n, count, lag)
    here = x[:, :, start : start + count * lag].reshape(N, n, count, lag)
    return np.matmul(ahead.transpose(0, 2, 1, 3), here.transpose(0, 2, 3, 1))


def _edges(products: LagProducts, lag: int, backend: str) -> LagEdges:
    """Sum the stretches outside the interiors, from the interior outwards."""
    x, n_times = products.signals, products.signals.shape[-1]
    most = _most(products.order, lag, n_times)
    over_time = None if kernels(backend) is None else products.by_time()
    heads: list[Array | None] = []
    tails: list[Array | None] = []
    for d in range(most):
        h, inner = d * lag, products.interiors[d * lag]
        if inner.sums is None:
            heads.append(None)
            tails.append(None)
            continue
        heads.append(_head(x, over_time, h, lag, most - 1 - d, inner.start, inner.sums))
        tails.append(_tail(x, over_time, h, lag, range(d, most + 1), inner.end))
    return LagEdges(most, heads, tails, _mean_edges(x, most, lag))


def _mean_edges(x: Array, order: int, lag: int) -> MeanEdges | None:
    """Sum x from the stretch [(P - 1)τ, T - Pτ) outwards."""
    n_times = x.shape[-1]
    start, end = (order - 1) * lag, n_times - order * lag
    if end <= start:
        return None
    before, after = np.zeros((*x.shape[:2], order)), np.zeros((*x.shape[:2], order + 1))
    for j in range(order - 2, -1, -1):
        before[..., j] = before[..., j + 1] + x[..., j * lag : (j + 1) * lag].sum(axis=-1)
    for k in range(order - 1, -1, -1):
        after[..., k] = after[..., k + 1] + x[..., n_times - (k + 1) * lag : n_times - k * lag].sum(axis=-1)
    return MeanEdges(x[..., start:end].sum(axis=-1), before, after)


def _chunks(count: int) -> list[slice]:
    """Return slices of so many trials that their stretches stay in cache."""
    return [slice(start, start + _TRIALS) for start in range(0, count, _TRIALS)]


def _head(x: Array, over_time: Array | None, h: int, lag: int, last: int, start: int, shared: Array) -> Array:
    """Return the sums over [jτ, end) for j = 0 … last, (N, last + 1, n, n)."""
    N, n, _ = x.shape
    out = np.empty((N, last + 1, n, n))
    np.add(shared, window_sum(x, h, last * lag, start), out=out[:, last])
    _run(x, over_time, h, 0, lag, lag, out)
    return out


def _tail(x: Array, over_time: Array | None, h: int, lag: int, ks: range, end: int) -> Array:
    """Return the sums over [end, T - kτ) for the given k, (N, len(ks), n, n)."""
    N, n, n_times = x.shape
    out = np.empty((N, len(ks), n, n))
    out[:, -1] = window_sum(x, h, end, n_times - ks[-1] * lag)
    _run(x, over_time, h, n_times - (ks[0] + 1) * lag, -lag, lag, out)
    return out


def _run(x: Array, over_time: Array | None, h: int, origin: int, step: int, lag: int, out: Array) -> None:
    """Fill ``out[:, i] = out[:, i + 1]`` + the sum over ``lag`` samples from ``origin + i step`` on, by the kernel where x is given by time."""
    last = out.shape[1] - 1
    if over_time is not None:
        module: Any = kernels("native")
        module.edge_sums(over_time, h, origin, step, lag, out, "auto")
        return
    for some in _chunks(len(x) if last else 0):
        pieces = _segments(x[some], h, min(origin, origin + (last - 1) * step), lag, last)
        for i in range(last - 1, -1, -1):
            np.add(out[some, i + 1], pieces[:, i if step > 0 else last - 1 - i], out=out[some, i])
