r"""Metric scaling by stochastic descent: pair after pair moves towards its distance, all pairs once in each epoch.

Definition: :math:`z_i, z_j` move apart or together by :math:`\mu (|z_i - z_j| - d_{ij}) / 2` each, :math:`\mu = \min(w_{ij} \eta, 1)`
(Zheng, Pawar, Goodman 2018, equation 2).
Convention: a round of the tournament holds disjoint pairs, so the result does not depend on the number of threads; players are reshuffled each epoch.
"""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import ConvergenceWarning
from erlangen.estimators.mds.checks import check_components, check_connected, check_distances, check_weights, row_blocks
from erlangen.estimators.mds.majorisation import start_points
from erlangen.estimators.mds.mds_result import MDSResult
from erlangen.estimators.mds.stress_values import pair_sums
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["annealing", "sgd_epoch", "stress_sgd"]

_SETTLED = 0.01
_ROUNDING = 1e-24

Array = NDArray[np.float64]


def stress_sgd(
    D: Any,
    n_components: int = 2,
    *,
    weights: Any = None,
    init: Any = None,
    epochs: int = 30,
    epsilon: float = 0.01,
    rng: RngLike = 0,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> MDSResult:
    r"""Minimise the stress by stochastic descent over all pairs, with an exponentially falling rate.

    .. math:: \eta_k = w_{\min}^{-1} \left(\epsilon\, w_{\min} / w_{\max}\right)^{k / (K - 1)}, \qquad k = 0 \dots K - 1

    Parameters
    ----------
    D : array_like (n, n)
        Distances; infinite pairs are passed over.
    n_components : int
        1 <= d < n.
    weights : array_like (n, n), optional
        Symmetric, >= 0; pairs of weight 0 are passed over. By default 1 / d², and coincident pairs are passed over.
    init : array_like (n, d), optional
        The start; by default classical scaling.
    epochs : int
        Passes over all pairs, K.
    epsilon : float
        Last rate times the largest weight.
    rng : seed or Generator
        Of the order of the pairs.
    threads : int, optional
        Threads of the kernel (default: all processors); the result does not depend on it.
    backend : {"auto", "native", "python"}
        The compiled kernel or its twin.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    MDSResult
        ``converged`` says that the last epoch changed the stress by at most one per cent (or by rounding alone).

    Raises
    ------
    ShapeError, DomainError
        If an argument breaks its law, or the pairs that count leave the points disconnected.

    Warns
    -----
    ConvergenceWarning
        If the stress still moved in the last epoch.

    References
    ----------
    J. X. Zheng, S. Pawar, D. F. M. Goodman, IEEE TVCG 25 (2018) 2738.

    Examples
    --------
    >>> result = stress_sgd([[0, 3, 5], [3, 0, 4], [5, 4, 0]])
    >>> bool(np.isclose(np.linalg.norm(result.embedding[0] - result.embedding[2]), 5))
    True
    """
    epochs = check_integer(epochs, "epochs", low=1)
    epsilon = check_real(epsilon, "epsilon", low=0.0, high=1.0, open_low=True)
    module, threads = native.kernels(backend), native.default_threads(threads)
    D = check_distances(D)
    d = check_components(n_components, len(D))
    W = None if weights is None else check_weights(weights, D)
    check_connected(D, W)
    generator = as_generator(rng)
    Z = np.ascontiguousarray(start_points(D, d, init, generator))
    players = np.arange(len(D) + len(D) % 2, dtype=np.int32)
    before = np.nan
    for k, eta in enumerate(annealing(*_weight_range(D, W), epochs, epsilon)):
        if k == epochs - 1:
            before = _value(D, Z, W)
        order = generator.permutation(players)
        sgd_epoch(Z, D, W, order, float(eta), module=module, threads=threads, level=level)
    Z -= Z.mean(axis=0)
    value = _value(D, Z, W)
    settled = abs(before - value) <= max(_SETTLED * before, _ROUNDING)
    if not settled:
        message = f"stress_sgd: the last of {epochs} epochs changed the stress from {before:.4g} to {value:.4g}"
        warnings.warn(f"{message} (raise epochs or lower epsilon)", ConvergenceWarning, stacklevel=2)
    return MDSResult(Z, value, epochs, bool(settled), "sgd")


def annealing(least: float, most: float, epochs: int, epsilon: float) -> Array:
    """Return the rates (epochs,), falling from 1 / least to epsilon / most by a constant factor; one epoch has the last rate.

    Examples
    --------
    >>> annealing(0.25, 1.0, 3, 0.04)
    array([4.  , 0.4 , 0.04])
    """
    first, last = 1.0 / least, min(epsilon / most, 1.0 / least)
    return np.geomspace(first, last, epochs) if epochs > 1 else np.array([last])


def _weight_range(D: Array, W: Array | None) -> tuple[float, float]:
    """Return the least and the largest weight of the pairs that count."""
    least, most = np.inf, 0.0
    for rows in row_blocks(len(D), len(D)):
        counts = (D[rows] > 0) & (D[rows] < np.inf)
        if W is not None:
            counts = (D[rows] < np.inf) & (W[rows] > 0)
            counts[np.arange(len(counts)), np.arange(rows.start, rows.stop)] = False
        chosen = D[rows][counts] if W is None else W[rows][counts]
        if chosen.size:
            least, most = min(least, float(chosen.min())), max(most, float(chosen.max()))
    return (least, most) if W is not None else (most**-2.0, least**-2.0)


def _value(D: Array, Z: Array, W: Array | None) -> float:
    """Return the normalised stress with the weights in use."""
    raw, known, _ = pair_sums(D, Z, W, inverse_square=W is None)
    return raw / known


def sgd_epoch(
    Z: Array,
    D: Array,
    W: Array | None,
    order: NDArray[np.int32],
    eta: float,
    *,
    module: ModuleType | None,
    threads: int = 1,
    level: str = "auto",
) -> None:
    """Play one tournament, changing the points in place, by the kernel or, where ``module`` is None, by its twin.

    Player ``order[m]`` stays (m the last index); in round r the pairs are (m, r) and (r + k, r - k) modulo m.

    Examples
    --------
    >>> Z = np.array([[0.0], [1.0]])
    >>> sgd_epoch(Z, np.array([[0.0, 2.0], [2.0, 0.0]]), None, np.array([0, 1], dtype=np.int32), 2.0, module=None)
    >>> Z.ravel()
    array([-0.25,  1.25])
    """
    if module is not None:
        module.stress_sgd_epoch(Z, D, W, order, eta, threads, level)
        return
    m, steps = len(order) - 1, np.arange(1, len(order) // 2)
    for turn in range(m):
        left = order[np.concatenate([[m], (turn + steps) % m])]
        right = order[np.concatenate([[turn], (turn - steps) % m])]
        present = (left < len(Z)) & (right < len(Z))
        _move(Z, D, W, left[present], right[present], eta)


def _move(Z: Array, D: Array, W: Array | None, i: NDArray[np.int32], j: NDArray[np.int32], eta: float) -> None:
    """Move disjoint pairs towards their distances."""
    target = D[i, j]
    with np.errstate(divide="ignore", over="ignore"):
        weight = 1.0 / (target * target) if W is None else W[i, j]
    gap = Z[i] - Z[j]
    length = np.sqrt(np.square(gap).sum(axis=1))
    usable = (weight > 0) & np.isfinite(target) & np.isfinite(weight) & (length > 0)
    i, j, gap, length, target, weight = (a[usable] for a in (i, j, gap, length, target, weight))
    factor = np.minimum(weight * eta, 1.0) * (length - target) / (2.0 * length)
    Z[i] -= factor[:, None] * gap
    Z[j] += factor[:, None] * gap
