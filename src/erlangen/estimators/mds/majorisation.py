r"""Metric scaling by majorisation (SMACOF): each step solves the quadratic that lies above the stress and touches it.

Definition: :math:`X \leftarrow V^+ B(X) X` with :math:`b_{ij} = -w_{ij} d_{ij} / |x_i - x_j|` (Guttman's transform; de Leeuw 1977).
Convention: the stress never rises; unweighted, :math:`V^+` is division by n on centred columns.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from erlangen import native
from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.estimators.mds.checks import (
    check_components,
    check_connected,
    check_distances,
    check_start,
    check_weights,
    row_blocks,
)
from erlangen.estimators.mds.classical import classical_scaling
from erlangen.estimators.mds.mds_result import MDSResult
from erlangen.random import RngLike
from erlangen.validation import check_integer, check_memory, check_real

__all__ = ["Guttman", "descend", "prepare", "smacof", "start_points"]

Array = NDArray[np.float64]


class Guttman(Protocol):
    """The two halves of a step: B(X) X with the stress of X, and the solution with V."""

    def pull(self, X: Any) -> tuple[Any, float]:
        """Return B(X) X (n, d) and the raw stress of X."""

    def solve(self, pulled: Any) -> Any:
        """Return V^+ times a block of centred columns."""


def smacof(
    D: Any,
    n_components: int = 2,
    *,
    weights: Any = None,
    init: Any = None,
    max_iter: int = 300,
    rtol: float = 1e-6,
    rng: RngLike = 0,
    threads: int | None = None,
) -> MDSResult:
    r"""Minimise the stress by majorisation; it falls at every step.

    .. math:: \sigma(X) = \sum_{i<j} w_{ij} (d_{ij} - |x_i - x_j|)^2, \qquad X \leftarrow V^+ B(X) X

    with :math:`v_{ij} = -w_{ij}`, :math:`b_{ij} = -w_{ij} d_{ij} / |x_i - x_j|`, rows summing to zero. A step costs
    O(n² d); with weights, V + 11ᵀ/n is factored once by Cholesky.

    Parameters
    ----------
    D : array_like or Tensor (n, n)
        Distances; infinite pairs have weight 0. A torch tensor is treated on its device in its dtype, without gradients.
    n_components : int
        1 <= d < n.
    weights : array_like or Tensor (n, n), optional
        Symmetric, >= 0, connecting all points; 1 by default.
    init : array_like or Tensor (n, d), optional
        The start; by default classical scaling (of the distances with infinite ones bridged by the longest).
    max_iter : int
        Most steps.
    rtol : float
        The iteration has converged when a step lowers the stress by no more than this share.
    rng : seed or Generator
        Of the Lanczos start of classical scaling.
    threads : int, optional
        Workers on blocks of rows (default: all processors); the result does not depend on it.

    Returns
    -------
    MDSResult

    Raises
    ------
    ShapeError, DomainError
        If an argument breaks its law, or the weights leave the points disconnected.
    ResourceLimitError
        If the factor of V would not fit in memory.

    Warns
    -----
    ConvergenceWarning
        After ``max_iter`` steps without convergence.

    References
    ----------
    I. Borg, P. Groenen, *Modern Multidimensional Scaling* (2005), equations 8.15-8.28.

    Examples
    --------
    >>> result = smacof([[0, 3, 5], [3, 0, 4], [5, 4, 0]])
    >>> result.converged, bool(np.isclose(np.linalg.norm(result.embedding[0] - result.embedding[2]), 5))
    (True, True)
    """
    max_iter = check_integer(max_iter, "max_iter", low=0)
    rtol = check_real(rtol, "rtol", low=0.0)
    if "torch" in sys.modules and isinstance(D, sys.modules["torch"].Tensor):
        smacof_torch: Callable[..., MDSResult] = import_module(
            "erlangen.estimators.mds.torch_majorisation"
        ).smacof_torch
        return smacof_torch(D, n_components, weights=weights, init=init, max_iter=max_iter, rtol=rtol, rng=rng)
    D = check_distances(D)
    d = check_components(n_components, len(D))
    W = None if weights is None else check_weights(weights, D)
    X = start_points(D, d, init, rng)
    D, W = prepare(D, W)
    with _workers(native.default_threads(threads)) as pool:
        return descend(_NumpyGuttman(D, W, pool), X, _scale(D, W), max_iter, rtol)


def start_points(D: Array, d: int, init: Any, rng: RngLike) -> Array:
    """Return the start: the one given, or classical scaling with infinite distances set to the longest finite one."""
    if init is not None:
        return check_start(init, len(D), d)
    finite = np.isfinite(D)
    bridged = D if finite.all() else np.where(finite, D, D[finite].max())
    return classical_scaling(bridged, d, rng=rng)[0]


def prepare(D: Array, W: Array | None) -> tuple[Array, Array | None]:
    """Return finite distances and weights, infinite pairs with weight zero, after a check of connectedness."""
    check_connected(D, W)
    if W is None and np.isfinite(D).all():
        return D, None
    finite = np.isfinite(D)
    if not finite.all():
        W = finite.astype(np.float64) if W is None else np.where(finite, W, 0.0)
        D = np.where(finite, D, 0.0)
    if W is not None and W.diagonal().any():
        W = W.copy()
        np.fill_diagonal(W, 0.0)
    return D, W


def descend(step: Guttman, X: Any, scale: float, max_iter: int, rtol: float) -> MDSResult:
    """Iterate until the stress falls by no more than the share ``rtol`` in a step."""
    X = X - X.mean(0)
    pulled, value = step.pull(X)
    iterations, converged = 0, value == 0.0
    drop = 0.0
    while not converged and iterations < max_iter:
        X = step.solve(pulled)
        iterations += 1
        before = value
        pulled, value = step.pull(X)
        drop = before - value
        converged = drop <= rtol * before
    if not converged and max_iter > 0:
        share = drop / value if value else 0.0
        message = f"smacof: stress {value / scale:.4g} still fell by the share {share:.3g} > {rtol:.3g} after {iterations} steps"
        warnings.warn(f"{message} (raise max_iter or rtol)", ConvergenceWarning, stacklevel=3)
    return MDSResult(X, value / scale, iterations, bool(converged), "smacof")


def _scale(D: Array, W: Array | None) -> float:
    """Return the sum of w d^2 over the pairs."""
    parts = (D[rows] if W is None else D[rows] * W[rows] for rows in row_blocks(len(D), len(D)))
    return sum(float(np.vdot(part, D[rows])) for part, rows in zip(parts, row_blocks(len(D), len(D)), strict=True)) / 2


@contextmanager
def _workers(threads: int) -> Iterator[Executor | None]:
    """Give a pool of threads, or None for one."""
    if threads == 1:
        yield None
    else:
        with ThreadPoolExecutor(threads) as pool:
            yield pool


class _NumpyGuttman:
    """Blocks of rows against the columns not yet seen, so that each pair is measured once, in cache."""

    def __init__(self, D: Array, W: Array | None, pool: Executor | None) -> None:
        self._D, self._W, self._pool = D, W, pool
        n = len(D)
        self._blocks = list(row_blocks(n, n))
        self._inverse: Callable[[Array], Array] = (lambda pulled: pulled / n) if W is None else _solver(W)

    def solve(self, pulled: Array) -> Array:
        """Return V^+ times centred columns."""
        return self._inverse(pulled)

    def pull(self, X: Array) -> tuple[Array, float]:
        """Return B(X) X and the raw stress; partial sums are joined in the order of the blocks."""
        degree, towards = np.zeros(len(X)), np.zeros_like(X)
        raw = 0.0
        each = map if self._pool is None else self._pool.map
        for rows, near, far in each(lambda rows: self._strip(rows, X), self._blocks):
            (sums, moved, value), (far_sums, far_moved) = near, far
            degree[rows] += sums
            towards[rows] += moved
            degree[rows.stop :] += far_sums
            towards[rows.stop :] += far_moved
            raw += value
        return degree[:, None] * X - towards, raw

    def _strip(self, rows: slice, X: Array) -> tuple[slice, tuple[Array, Array, float], tuple[Array, Array]]:
        """Return what the pairs of some rows with themselves and with later rows contribute to both sides."""
        width, later = rows.stop - rows.start, slice(rows.start, None)
        target = self._D[rows, later]
        reached = cdist(X[rows], X[later])
        gaps = np.square(target - reached)
        if self._W is not None:
            target, gaps = target * self._W[rows, later], gaps * self._W[rows, later]
        value = float(gaps.sum()) - float(gaps[:, :width].sum()) / 2
        reached[np.arange(width), np.arange(width)] = 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.divide(target, reached, out=gaps)
        sums = ratio.sum(axis=1)
        if not np.isfinite(sums).all():
            ratio[reached == 0] = 0.0
            sums = ratio.sum(axis=1)
        rest = ratio[:, width:]
        return rows, (sums, ratio @ X[later], value), (rest.sum(axis=0), rest.T @ X[rows])


def _solver(W: Array) -> Callable[[Array], Array]:
    """Return the solution with V = diag(W 1) - W on centred columns, by a Cholesky factor of V + (mean degree) 11^T / n."""
    n = len(W)
    check_memory(16.0 * n * n, f"the factor of weighted scaling of {n} points", hint="use stress_sgd, or no weights")
    degree = W.sum(axis=1)
    V = np.full((n, n), float(degree.mean()) / n, order="F")
    V -= W
    V[np.arange(n), np.arange(n)] += degree
    try:
        factor = scipy.linalg.cho_factor(V, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError as error:
        message = f"weights: V is not positive definite on centred columns to working precision ({error})"
        raise DomainError(message, hint="some points hang on by too small weights; raise the least weights") from error

    def solve(pulled: Array) -> Array:
        X = scipy.linalg.cho_solve(factor, pulled - pulled.mean(axis=0), check_finite=False)
        return np.asarray(X - X.mean(axis=0))

    return solve
