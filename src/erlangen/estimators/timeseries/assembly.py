r"""The covariance of a delay-embedded signal from lagged products, without the embedded signal.

Definition: block (i, j), i >= j, of Cov(z) is :math:`(S - L m_i m_j^T) / (L - 1)`, S the sum of x(t + (i - j)τ) x(t)^T over jτ <= t < jτ + L,
:math:`m_i` the mean of x over [iτ, iτ + L), L = T' the length of the embedded signal.
Convention: equal to ``numpy.cov`` of the stacked signal (``bias=True``: divided by L); "past" turns the order of the blocks round.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ShapeError
from erlangen.estimators.timeseries.delays import DIRECTIONS
from erlangen.estimators.timeseries.products import LagProducts, window_sum
from erlangen.native import kernels
from erlangen.validation import check_choice

__all__ = ["augmented_covariance", "block_means", "covariances_of_orders"]

_TRIALS = 36

Array = NDArray[np.float64]


def block_means(products: LagProducts, order: int, lag: int, length: int, backend: str = "auto") -> Array:
    """Return the means of x over [qτ, qτ + L) for q < p, (N, p, n)."""
    edges, x = products.edges(lag, backend).means, products.signals
    if edges is None:
        return np.stack([x[..., q * lag : q * lag + length].mean(axis=-1) for q in range(order)], axis=1)
    sums = [
        edges.shared + edges.before[..., q] + edges.after[..., _tail_at(products, q, lag, length)] for q in range(order)
    ]
    return np.stack(sums, axis=1) / length


def _tail_at(products: LagProducts, j: int, lag: int, length: int) -> int:
    """Return k such that the window of ``length`` samples from jτ on ends at T - kτ."""
    return (products.shape[-1] - j * lag - length) // lag


def _window_sum(products: LagProducts, d: int, j: int, lag: int, length: int, backend: str) -> Array:
    """Return S of the window that starts at jτ for the lag difference dτ."""
    h, edges = d * lag, products.edges(lag, backend)
    head, tail = edges.heads[d], edges.tails[d]
    if head is None or tail is None:
        return window_sum(products.signals, h, j * lag, j * lag + length)
    return head[:, j] + tail[:, _tail_at(products, j, lag, length) - d]


def augmented_covariance(
    products: LagProducts,
    order: int,
    lag: int,
    *,
    trim: str = "exact",
    direction: str = "future",
    bias: bool = False,
    out: Array | None = None,
    backend: str = "auto",
) -> Array:
    """Return the covariances (N, n p, n p) of the delay embedding of some order and lag.

    Parameters
    ----------
    products : LagProducts
        Of a grid that holds the cell.
    order, lag : int
        Cell of the grid.
    trim, direction : str
        As in :class:`DelayEmbedding`.
    bias : bool
        Divide by T' in place of T' - 1.
    out : ndarray (N, n p, n p), optional
        Where to write.
    backend : str
        "auto", "native" or "python".

    Raises
    ------
    DomainError
        If the cell is not in the grid, or leaves fewer than two samples.

    Examples
    --------
    >>> from erlangen.estimators.timeseries import lag_products
    >>> X = np.random.default_rng(0).normal(size=(1, 2, 50))
    >>> C = augmented_covariance(lag_products(X, orders=[2], lags=[3]), 2, 3)
    >>> np.allclose(C[0], np.cov(np.r_[X[0, :, :47], X[0, :, 3:]]), rtol=1e-12)
    True
    """
    outs = None if out is None else [out]
    options: Any = {"trim": trim, "direction": direction, "bias": bias, "backend": backend}
    return covariances_of_orders(products, [order], lag, outs=outs, **options)[0]


def covariances_of_orders(
    products: LagProducts,
    orders: Iterable[int],
    lag: int,
    *,
    trim: str = "exact",
    direction: str = "future",
    bias: bool = False,
    outs: list[Array] | None = None,
    backend: str = "auto",
) -> list[Array]:
    """Return the covariances of several orders at one lag, each trial's sums read once for all of them.

    Parameters and errors are those of :func:`augmented_covariance`; ``outs`` has one array for each order.

    Examples
    --------
    >>> from erlangen.estimators.timeseries import lag_products
    >>> X = np.random.default_rng(0).normal(size=(4, 2, 50))
    >>> [C.shape for C in covariances_of_orders(lag_products(X, orders=[1, 3], lags=[2]), [1, 3], 2)]
    [(4, 2, 2), (4, 6, 6)]
    """
    check_choice(direction, "direction", DIRECTIONS)
    wanted = list(orders)
    lengths = [products.check_cell(order, lag, trim) for order in wanted]
    N, n, _ = products.shape
    if outs is None:
        outs = [np.empty((N, order * n, order * n)) for order in wanted]
    for order, out in zip(wanted, outs, strict=True):
        if out.shape != (N, order * n, order * n):
            message = f"out must have shape {(N, order * n, order * n)}, got {out.shape}"
            raise ShapeError(message, hint="allocate it for this cell")
    step = lag if lag in products.lags else products.lags[0]
    if len(wanted) > 1 and _whole_lag(products, wanted, lengths, step, direction, bias, outs, backend):
        return outs
    for rows in _parts(N, len(wanted)):
        some, parts = (products, outs) if rows is None else (products.take(rows), [out[rows] for out in outs])
        _write(some, wanted, lengths, step, direction, bias, parts, backend)
    return outs


def _whole_lag(
    products: LagProducts,
    wanted: list[int],
    lengths: list[int],
    step: int,
    direction: str,
    bias: bool,
    outs: list[Array],
    backend: str,
) -> bool:
    """Let one kernel go through the trials, each from its samples to the matrices of all orders while it is in cache; say whether it did."""
    module, most = kernels(backend), products.most(step)
    held = [products.interiors[d * step] for d in range(most)]
    sums = [interior.sums for interior in held]
    start, end = (most - 1) * step, products.shape[-1] - most * step
    usable = start < end and all(found is not None and found.flags.c_contiguous for found in sums)
    if module is None or not usable or not all(out.flags.c_contiguous and out.dtype == np.float64 for out in outs):
        return False
    bases = [_tail_at(products, 0, step, length) for length in lengths]
    divisors = [float(length if bias else length - 1) for length in lengths]
    samples, past = np.ascontiguousarray(products.by_time()), direction == "past"
    sizes = [float(length) for length in lengths]
    module.lag_grid(samples, step, sums, held[0].start, held[0].end, wanted, sizes, divisors, bases, past, outs, "auto")
    return True


def _parts(count: int, orders: int) -> list[slice | None]:
    """Return slices of so many trials that their sums stay in cache until all orders have read them; None for all, whose sums are then kept."""
    if orders < 2 or count <= _TRIALS:
        return [None]
    return [slice(start, start + _TRIALS) for start in range(0, count, _TRIALS)]


def _write(
    products: LagProducts,
    wanted: list[int],
    lengths: list[int],
    step: int,
    direction: str,
    bias: bool,
    outs: list[Array],
    backend: str,
) -> None:
    """Write the covariances of several orders at one lag."""
    means = [block_means(products, order, step, length, backend) for order, length in zip(wanted, lengths, strict=True)]
    counts = [(length, length if bias else length - 1) for length in lengths]
    if not _by_kernel(products, step, means, counts, direction, outs, backend):
        for mean, count, out in zip(means, counts, outs, strict=True):
            _by_blocks(products, step, mean, count, direction, out, backend)


def _by_kernel(
    products: LagProducts,
    lag: int,
    means: list[Array],
    counts: list[tuple[int, int]],
    direction: str,
    outs: list[Array],
    backend: str,
) -> bool:
    """Let the kernel write the blocks, where it was built and the windows have a stretch in common; say whether it did."""
    module, edges = kernels(backend), products.edges(lag, backend)
    most = max((mean.shape[1] for mean in means), default=0)
    heads, tails = edges.heads[:most], edges.tails[:most]
    usable = edges.means is not None and all(head is not None for head in heads)
    usable = usable and all(out.flags.c_contiguous and out.dtype == np.float64 for out in outs)
    if module is None or not usable:
        return False
    lengths, divisors = [float(length) for length, _ in counts], [float(divisor) for _, divisor in counts]
    bases = [_tail_at(products, 0, lag, length) for length, _ in counts]
    given = [np.ascontiguousarray(mean) for mean in means]
    module.augment(heads, tails, given, lengths, divisors, bases, direction == "past", outs, "auto")
    return True


def _by_blocks(
    products: LagProducts, lag: int, means: Array, counts: tuple[int, int], direction: str, out: Array, backend: str
) -> None:
    """Write the blocks one after the other: the twin of the kernel."""
    order, n = means.shape[1:]
    length, divisor = counts
    place = range(order) if direction == "future" else range(order - 1, -1, -1)
    for d in range(order):
        for j in range(order - d):
            S = _window_sum(products, d, j, lag, length, backend)
            S -= length * means[:, d + j, :, None] * means[:, j, None, :]
            S /= divisor
            if d == 0:
                S = (S + S.transpose(0, 2, 1)) / 2
            rows, columns = (slice(place[q] * n, place[q] * n + n) for q in (d + j, j))
            out[:, rows, columns] = S
            if d:
                out[:, columns, rows] = S.transpose(0, 2, 1)
