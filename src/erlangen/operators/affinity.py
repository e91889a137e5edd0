"""Neighbour graphs: affinities of near points, made symmetric in a stated way.

Definition: alpha-decay (Moon et al. 2019), Gaussian, self-tuning (Zelnik-Manor, Perona 2004), UMAP's fuzzy set (McInnes et al. 2018, alg. 3), bistochastic.
Convention: a point is not its own neighbour; ``anisotropy`` q divides W_ij by (d_i d_j)^q (Coifman, Lafon 2006); zero bandwidths of duplicates become the
smallest positive one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError
from erlangen.operators.graph import Graph
from erlangen.operators.neighbours import cross_neighbours, nearest_neighbours
from erlangen.validation import check_choice, check_matrix, check_memory, check_real

__all__ = ["KERNELS", "SYMMETRISATIONS", "adaptive_bandwidths", "bistochastic", "knn_graph"]

KERNELS = ("alpha-decay", "gaussian", "self-tuning", "umap", "bistochastic", "connectivity")
SYMMETRISATIONS = ("mean", "max", "union")


def knn_graph(
    X: Any,
    k: int = 10,
    *,
    kernel: str = "alpha-decay",
    metric: str = "euclidean",
    decay: float = 40.0,
    threshold: float = 1e-4,
    anisotropy: float = 0.0,
    symmetrisation: str | None = None,
    search: str = "auto",
    n_jobs: int | None = None,
) -> Graph:
    r"""Return the neighbour graph of points.

    With :math:`\epsilon_k(x)` the distance to the k-th neighbour, the kernels give the directed affinities

    - ``alpha-decay``: :math:`\exp(-(|x-y|/\epsilon_k(x))^{a})`, a = ``decay``, entries below ``threshold`` dropped (also beyond the k-th neighbour),
    - ``gaussian``: :math:`\exp(-|x-y|^2/2s^2)` on the k neighbours, s the median of :math:`\epsilon_k`,
    - ``self-tuning``: :math:`\exp(-|x-y|^2/\epsilon_k(x)\epsilon_k(y))` on the k neighbours,
    - ``umap``: :math:`\exp(-(|x-y|-\rho(x))_+/\sigma(x))`, :math:`\sum_y = \log_2 k`,
    - ``bistochastic``: the self-tuning kernel with its diagonal, scaled to row sums one (:func:`bistochastic`); then the diagonal is dropped,
    - ``connectivity``: one.

    Parameters
    ----------
    X : array_like (n, p)
        Points, n >= 3.
    k : int
        Number of neighbours, k < n.
    kernel, metric, search, n_jobs
        See above and :func:`nearest_neighbours`.
    decay, threshold : float
        Exponent and least affinity of ``alpha-decay``.
    anisotropy : float
        q in [0, 1]: removes the density (q = 1).
    symmetrisation : {"mean", "max", "union"}, optional
        (a + b)/2, max(a, b) or a + b - ab of the two directed affinities. Default: ``union`` for ``umap``, ``mean`` for ``alpha-decay``, else ``max``.

    Returns
    -------
    Graph

    Raises
    ------
    DomainError
        If k >= n, a parameter lies outside its range, or ``X`` is not finite.

    Examples
    --------
    >>> knn_graph([[0.0], [1.0], [2.0], [3.0]], 1, kernel="connectivity").weights.toarray()
    array([[0., 1., 0., 0.],
           [1., 0., 1., 0.],
           [0., 1., 0., 1.],
           [0., 0., 1., 0.]])
    """
    check_choice(kernel, "kernel", KERNELS)
    points = check_matrix(X, "X", min_rows=3).astype(np.float64, copy=False)
    decay = check_real(decay, "decay", low=0, open_low=True)
    threshold = check_real(threshold, "threshold", low=0, high=1, open_low=True, open_high=True)
    anisotropy = check_real(anisotropy, "anisotropy", low=0, high=1)
    default = {"umap": "union", "alpha-decay": "mean"}.get(kernel, "max")
    how = check_choice(symmetrisation or default, "symmetrisation", SYMMETRISATIONS)
    options: dict[str, Any] = {"metric": metric, "search": search, "n_jobs": n_jobs}
    distances, indices = nearest_neighbours(points, k, **options)
    if kernel == "alpha-decay":
        directed = _alpha_decay(points, distances, indices, decay, threshold, options)
    else:
        directed = _rows(_affinities(kernel, distances, indices), indices)
    W = _symmetrise(directed, how)
    if anisotropy:
        d = np.asarray(W.sum(axis=1)).ravel()
        scale = sp.diags_array(np.where(d > 0, d, 1.0) ** -anisotropy)
        W = sp.csr_array(scale @ W @ scale)
    if kernel == "bistochastic":
        W = bistochastic(sp.csr_array(W + sp.eye_array(len(points))))
        W.setdiag(0.0)
    return Graph(W)


def adaptive_bandwidths(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance to the last neighbour of each row of sorted distances (m, k); zeros, which duplicates have, become the smallest positive one.

    Examples
    --------
    >>> adaptive_bandwidths(np.array([[0.0, 0.0], [1.0, 2.0]]))
    array([2., 2.])
    """
    bandwidth = distances[:, -1]
    positive = bandwidth[bandwidth > 0]
    return np.where(bandwidth > 0, bandwidth, positive.min() if positive.size else 1.0)


def _rows(values: NDArray[np.float64], indices: NDArray[np.int64]) -> Any:
    """Assemble directed affinities (n, k) into compressed rows."""
    n, k = indices.shape
    return sp.csr_array((values.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))


def _affinities(kernel: str, distances: NDArray[np.float64], indices: NDArray[np.int64]) -> NDArray[np.float64]:
    """Directed affinities (n, k) of the kernels that live on the k neighbours."""
    if kernel == "connectivity":
        return np.ones_like(distances)
    if kernel == "umap":
        return _fuzzy(distances)
    bandwidth = adaptive_bandwidths(distances)
    if kernel == "gaussian":
        return np.exp(-((distances / np.median(bandwidth)) ** 2) / 2)
    return np.exp(-(distances**2) / (bandwidth[:, None] * bandwidth[indices]))


def _fuzzy(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """UMAP's smooth neighbour distances: sigma by bisection so that each row sums to log2 k."""
    n, k = distances.shape
    rho = np.where(distances > 0, distances, np.inf).min(axis=1)
    rho = np.where(np.isfinite(rho), rho, 0.0)
    excess = np.maximum(distances - rho[:, None], 0.0)
    target = max(np.log2(k), 1e-3)
    low, high = np.zeros(n), np.full(n, np.inf)
    width = excess.mean(axis=1)
    sigma = np.where(width > 0, width, 1.0)
    for _ in range(64):
        total = np.exp(-excess / sigma[:, None]).sum(axis=1)
        low, high = np.where(total < target, sigma, low), np.where(total < target, high, sigma)
        sigma = np.where(np.isfinite(high), (low + high) / 2, 2 * sigma)
    floor = 1e-3 * np.where(rho > 0, distances.mean(axis=1), max(float(distances.mean()), 1e-300))
    return np.exp(-excess / np.maximum(sigma, floor)[:, None])


def _alpha_decay(
    points: NDArray[np.float64],
    distances: NDArray[np.float64],
    indices: NDArray[np.int64],
    decay: float,
    threshold: float,
    options: dict[str, Any],
) -> Any:
    """Directed alpha-decay affinities within the radius at which they fall below the threshold; short lists are searched again, longer."""
    n, k = indices.shape
    bandwidth = adaptive_bandwidths(distances)
    radius = bandwidth * (-np.log(threshold)) ** (1 / decay)
    count = min(n, k + max(6, k // 2) + 1)
    pending = np.arange(n)
    pieces = []
    while pending.size:
        check_memory(32.0 * count * pending.size, f"{pending.size} neighbour lists of {count} points")
        distances, indices = cross_neighbours(points[pending], points, count, **options)
        done = (distances[:, -1] > radius[pending]) | (count == n)
        near = (distances <= radius[pending][:, None]) & (indices != pending[:, None]) & done[:, None]
        own = np.broadcast_to(pending[:, None], indices.shape)
        pieces.append((own[near], indices[near], distances[near]))
        pending, count = pending[~done], min(n, 4 * count)
    rows, columns, lengths = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    values = np.exp(-((lengths / bandwidth[rows]) ** decay))
    return sp.csr_array((values, (rows, columns)), shape=(n, n))


def _symmetrise(A: Any, how: str) -> Any:
    """Join the two directed affinities of each pair."""
    if how == "mean":
        return sp.csr_array((A + A.T) / 2)
    if how == "max":
        return sp.csr_array(A.maximum(A.T))
    return sp.csr_array(A + A.T - A.multiply(A.T))


def bistochastic(W: Any, *, tol: float = 1e-10, max_iter: int = 10_000) -> Any:
    r"""Return :math:`\mathrm{diag}(u) W \mathrm{diag}(u)` with all row sums one (symmetric Sinkhorn scaling; Knight, Ruiz, Uçar 2014).

    Raises
    ------
    ConvergenceError
        If the row sums are not one to ``tol`` after ``max_iter`` sweeps: the pattern of ``W`` may not carry such a scaling.

    Examples
    --------
    >>> bistochastic(sp.csr_array([[0.0, 2.0], [2.0, 0.0]])).toarray()
    array([[0., 1.],
           [1., 0.]])
    """
    W = sp.csr_array(W)
    active = np.asarray(W.sum(axis=1)).ravel() > 0
    u = np.ones(W.shape[0])
    defect = np.inf
    for _ in range(max_iter):
        sums = u * (W @ u)
        defect = float(np.abs(sums[active] - 1).max()) if active.any() else 0.0
        if defect <= tol:
            scale = sp.diags_array(u)
            return sp.csr_array(scale @ W @ scale)
        u[active] /= np.sqrt(sums[active])
    message = f"the bistochastic scaling did not converge: row sums are off by {defect:.2g} after {max_iter} sweeps"
    raise ConvergenceError(
        message, residual=defect, iterations=max_iter, partial=u, hint="use more neighbours or kernel='self-tuning'"
    )
