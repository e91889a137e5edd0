r"""Optimal transport between uniform clouds of points: exactly, or smoothed by entropy with a certificate.

Definition: :math:`\min_P \sum P_{ij} c_{ij}` over plans with uniform margins; Sinkhorn adds :math:`\varepsilon \sum P (\log P - 1)`.
Convention: :math:`W_p = (\min \sum P |a - b|^p)^{1/p}`; plans are (n, m) and sum to 1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

from erlangen.errors import ConvergenceError, ConvergenceWarning, DomainError
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_matrix, check_memory, check_real

__all__ = ["TransportPlan", "checked_clouds", "mccann_interpolation", "sinkhorn", "transport_cost", "wasserstein"]

_COPIES = 2000

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TransportPlan:
    """A plan (n, m), its cost, and how far its margins are from uniform (sum of absolute differences over both).

    Examples
    --------
    >>> TransportPlan(np.eye(2) / 2, 0.0, 0.0, 1, True).cost
    0.0
    """

    plan: Array
    cost: float
    residual: float
    iterations: int
    converged: bool


def checked_clouds(A: Any, B: Any) -> tuple[Array, Array]:
    """Return two clouds of one dimension.

    Examples
    --------
    >>> [len(c) for c in checked_clouds([[0.0]], [[1.0], [2.0]])]
    [1, 2]
    """
    a = check_matrix(A, "A").astype(np.float64, copy=False)
    b = check_matrix(B, "B").astype(np.float64, copy=False)
    if a.shape[1] != b.shape[1]:
        message = f"A has {a.shape[1]} columns, B {b.shape[1]}: they must live in one space"
        raise DomainError(message, hint="embed both together")
    return a, b


def wasserstein(A: Any, B: Any, p: float = 1.0) -> float:
    r"""Return the Wasserstein distance of two uniform clouds, exactly.

    .. math:: W_p = \Big( \min_{P \ge 0} \sum_{ij} P_{ij} |a_i - b_j|^p \Big)^{1/p}, \qquad P 1 = 1/n, \; P^T 1 = 1/m

    Parameters
    ----------
    A : array_like (n, d)
    B : array_like (m, d)
        Points of equal weight.
    p : float
        >= 1.

    Raises
    ------
    ShapeError, DomainError
        If the clouds do not fit or p < 1.
    ResourceLimitError
        If the linear program would not fit in memory.

    References
    ----------
    C. Villani, *Optimal Transport* (2009), definition 6.1.

    Examples
    --------
    >>> wasserstein([[0.0], [1.0]], [[2.0], [3.0]])
    2.0
    """
    a, b = checked_clouds(A, B)
    p = check_real(p, "p", low=1.0)
    distances = cdist(a, b)
    scale = float(distances.max()) or 1.0
    return float(scale * max(transport_cost((distances / scale) ** p), 0.0) ** (1.0 / p))


def transport_cost(cost: Array) -> float:
    """Return the least cost of moving uniform weights, for a matrix of costs (n, m).

    Equal sizes are an assignment; so are others after points are copied to a common number, while that is at most 2000; beyond
    that the plan comes from a linear program (HiGHS).

    Examples
    --------
    >>> transport_cost(np.array([[0.0, 1.0]]))
    0.5
    """
    n, m = cost.shape
    common = n * m // gcd(n, m)
    if common <= max(_COPIES, n if n == m else 0):
        copies = np.repeat(np.repeat(cost, common // n, axis=0), common // m, axis=1)
        rows, columns = linear_sum_assignment(copies)
        return float(copies[rows, columns].mean())
    check_memory(
        400.0 * n * m, f"a linear program of {n} x {m} variables", hint="score samples of the clouds, or use sinkhorn"
    )
    pairs = np.arange(n * m)
    sides = np.concatenate([pairs // m, n + pairs % m])
    margins = sp.csr_array((np.ones(2 * n * m), (sides, np.tile(pairs, 2))), shape=(n + m, n * m))
    wanted = np.concatenate([np.full(n, m), np.full(m, n)]).astype(np.float64)
    answer = linprog(cost.ravel(), A_eq=margins[:-1], b_eq=wanted[:-1], method="highs")
    if answer.status != 0:
        message = f"the linear program of transport ended with: {answer.message}"
        raise ConvergenceError(message, hint="use sinkhorn")
    return float(answer.fun / (n * m))


def sinkhorn(
    A: Any, B: Any, reg: float = 0.1, *, p: float = 2.0, max_iter: int = 2000, tol: float = 1e-6
) -> TransportPlan:
    r"""Return the plan of least cost smoothed by entropy, computed with logarithms.

    .. math:: \min_P \sum P_{ij} c_{ij} + \varepsilon \sum P_{ij} (\log P_{ij} - 1), \qquad c = |a - b|^p, \quad \varepsilon = \text{reg} \cdot \max c

    Parameters
    ----------
    A : array_like (n, d)
    B : array_like (m, d)
        Points of equal weight.
    reg : float
        Strength of the entropy, relative to the largest cost; > 0.
    p : float
        Power of the distance, >= 1.
    max_iter : int
        Most rounds of scaling both margins.
    tol : float
        The residual that counts as converged: sum of absolute differences of both margins from uniform.

    Returns
    -------
    TransportPlan
        With the cost :math:`\sum P c`, without the entropy.

    Raises
    ------
    ShapeError, DomainError
        If an argument breaks its law.

    Warns
    -----
    ConvergenceWarning
        With the residual, where ``tol`` was not reached.

    References
    ----------
    M. Cuturi, NeurIPS 2013; G. Peyré, M. Cuturi, *Computational Optimal Transport* (2019), section 4.4.

    Examples
    --------
    >>> sinkhorn([[0.0], [1.0]], [[0.0], [1.0]], 0.01).plan.round(6)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    a, b = checked_clouds(A, B)
    reg = check_real(reg, "reg", low=0.0, open_low=True)
    p, tol = check_real(p, "p", low=1.0), check_real(tol, "tol", low=0.0, open_low=True)
    max_iter = check_integer(max_iter, "max_iter", low=1)
    n, m = len(a), len(b)
    check_memory(40.0 * n * m, f"a plan of {n} x {m}")
    cost = cdist(a, b) ** p
    level = float(cost.max())
    kernel = -cost / (reg * level) if level > 0 else np.zeros_like(cost)
    f, g = np.zeros(n), np.zeros(m)
    residual, rounds = np.inf, 0
    while rounds < max_iter and not residual <= tol:
        f = -np.log(n) - logsumexp(kernel + g, axis=1)
        columns = logsumexp(kernel + f[:, None], axis=0)
        residual = float(np.abs(np.exp(columns + g) - 1.0 / m).sum())
        rounds += 1
        if not residual <= tol:
            g = -np.log(m) - columns
    plan = np.exp(kernel + f[:, None] + g)
    residual = float(np.abs(plan.sum(axis=1) - 1.0 / n).sum() + np.abs(plan.sum(axis=0) - 1.0 / m).sum())
    converged = residual <= tol
    if not converged:
        message = f"sinkhorn: the margins are off by {residual:.3g} > {tol:.3g} after {rounds} rounds"
        warnings.warn(f"{message} (raise max_iter, reg or tol)", ConvergenceWarning, stacklevel=2)
    return TransportPlan(plan, float((plan * cost).sum()), residual, rounds, converged)


def mccann_interpolation(
    A: Any, B: Any, share: float = 0.5, n: int | None = None, *, reg: float = 0.1, rng: RngLike = 0
) -> Array:
    r"""Return a sample (n, d) of the displacement interpolation of two clouds under the entropic plan of squared cost.

    .. math:: (1 - s)\, a_i + s\, b_j, \qquad (i, j) \sim P

    Parameters
    ----------
    A : array_like (n_a, d)
    B : array_like (n_b, d)
        Clouds at the times 0 and 1.
    share : float
        Time s in [0, 1].
    n : int, optional
        Size of the sample, by default the mean of both.
    reg : float
        Entropy of the plan, see :func:`sinkhorn`.
    rng : seed or Generator
        Of the sample.

    Raises
    ------
    ShapeError, DomainError
        If an argument breaks its law.

    References
    ----------
    R. McCann, Advances in Mathematics 128 (1997) 153.

    Examples
    --------
    >>> mccann_interpolation([[0.0]], [[4.0]], 0.25, 2)
    array([[1.],
           [1.]])
    """
    a, b = checked_clouds(A, B)
    share = check_real(share, "share", low=0.0, high=1.0)
    n = (len(a) + len(b)) // 2 if n is None else check_integer(n, "n", low=1)
    plan = sinkhorn(a, b, reg).plan.ravel()
    drawn = as_generator(rng).choice(plan.size, size=n, p=plan / plan.sum())
    i, j = np.divmod(drawn, len(b))
    return np.asarray((1.0 - share) * a[i] + share * b[j])
