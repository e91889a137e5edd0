r"""Bounds of the spectrum of a symmetric matrix that are safe to build a Chebyshev interval on.

Definition: Gershgorin's discs, and Lanczos from a random start with the bound of Kuczynski & Wozniakowski (SIAM J. Matrix Anal. 13, 1992, theorem 4.2).
Convention: a bound is never below the largest eigenvalue (except with the stated probability); Ritz values alone are lower bounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, overload

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import eigvalsh_tridiagonal

from erlangen.errors import DomainError
from erlangen.linalg.product import Product, as_numbers, as_product, is_matrix
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["SpectralBound", "gershgorin_interval", "largest_eigenvalue_bound"]

_DENSE = 200


@dataclass(frozen=True)
class SpectralBound:
    """How an upper bound of a spectrum was found.

    Parameters
    ----------
    upper : float
        The bound.
    ritz : float
        Largest Ritz value met, a lower bound of the largest eigenvalue.
    gershgorin : float
        Gershgorin's bound, infinite where the entries are not at hand.
    iterations : int
        Products with the matrix.
    failure_probability : float
        Chance that the bound is too low, over the random start; 0 where Gershgorin or a full decomposition gave it.
    """

    upper: float
    ritz: float
    gershgorin: float
    iterations: int
    failure_probability: float


def gershgorin_interval(A: Any) -> tuple[float, float]:
    r"""Return an interval that holds every eigenvalue of a symmetric matrix, up to the rounding of its sums.

    .. math:: \Big[\min_i \big(a_{ii} - \sum_{j \ne i} |a_{ij}|\big),\; \max_i \big(a_{ii} + \sum_{j \ne i} |a_{ij}|\big)\Big]

    Parameters
    ----------
    A : sparse matrix or ndarray (n, n)

    Raises
    ------
    ShapeError, DomainError
        If ``A`` is not square, real and finite.

    Examples
    --------
    >>> gershgorin_interval(np.array([[2.0, -1.0], [-1.0, 2.0]]))
    (1.0, 3.0)
    """
    matrix = as_numbers(A).astype(np.float64)
    if matrix.shape[0] == 0:
        return 0.0, 0.0
    diagonal = np.asarray(matrix.diagonal(), dtype=np.float64)
    radius = np.asarray(abs(matrix).sum(axis=1), dtype=np.float64).ravel() - np.abs(diagonal)
    return float((diagonal - radius).min()), float((diagonal + radius).max())


def _rounded_outwards(A: Any) -> tuple[float, float]:
    """Return Gershgorin's interval, widened by what its sums may have lost to rounding."""
    low, high = gershgorin_interval(A)
    longest = int(np.diff(sp.csr_array(A).indptr).max(initial=0)) if sp.issparse(A) else len(A)
    slack = (longest + 2) * float(np.finfo(np.float64).eps) * max(abs(low), abs(high))
    return low - slack, high + slack


def _lanczos_ritz(product: Product, start: NDArray[np.float64], iterations: int) -> tuple[float, int]:
    """Return the largest Ritz value after some steps from a unit vector, and the number of steps taken."""
    before, now = np.zeros_like(start), start / np.linalg.norm(start)
    diagonal: list[float] = []
    beside: list[float] = []
    for _ in range(iterations):
        image = np.asarray(product(now), dtype=np.float64) - (beside[-1] if beside else 0.0) * before
        diagonal.append(float(now @ image))
        image -= diagonal[-1] * now
        length = float(np.linalg.norm(image))
        if not math.isfinite(length):
            message = f"the product with A is not finite at step {len(diagonal)}"
            raise DomainError(message, hint="check the entries of A")
        if length <= 1e-14 * max(map(abs, diagonal)):
            break
        beside.append(length)
        before, now = now, image / length
    off = np.array(beside[: len(diagonal) - 1])
    return float(eigvalsh_tridiagonal(np.array(diagonal), off).max()), len(diagonal)


def _excess(n: int, iterations: int, probability: float) -> float:
    """Return the relative error that Lanczos exceeds with less than the given probability (theorem 4.2 of the reference)."""
    root = math.log(1.648 * math.sqrt(n) / probability) / (2 * iterations - 1)
    return root * root if root < 1 else 1.0


@overload
def largest_eigenvalue_bound(
    A: Any,
    *,
    lower: float | None = ...,
    n: int | None = ...,
    iterations: int = ...,
    failure_probability: float = ...,
    rng: RngLike = ...,
    certificate: Literal[False] = ...,
) -> float: ...


@overload
def largest_eigenvalue_bound(
    A: Any,
    *,
    lower: float | None = ...,
    n: int | None = ...,
    iterations: int = ...,
    failure_probability: float = ...,
    rng: RngLike = ...,
    certificate: Literal[True],
) -> SpectralBound: ...


def largest_eigenvalue_bound(
    A: Any,
    *,
    lower: float | None = None,
    n: int | None = None,
    iterations: int = 64,
    failure_probability: float = 1e-12,
    rng: RngLike = 0,
    certificate: bool = False,
) -> float | SpectralBound:
    r"""Return a number that no eigenvalue of a symmetric matrix exceeds.

    It is the smaller of Gershgorin's bound and

    .. math:: \ell + \frac{\theta_k - \ell}{1 - \varepsilon}, \qquad
              \varepsilon = \Big(\frac{\ln(1.648 \sqrt n / \delta)}{2k - 1}\Big)^2,

    where :math:`\ell` is below the spectrum, :math:`\theta_k` the largest Ritz value after k Lanczos steps from a random
    start, and :math:`\delta` the probability of failure. Up to n = 200 all eigenvalues of a matrix are computed instead.

    Parameters
    ----------
    A : sparse matrix, ndarray (n, n), operator or callable
        Symmetric.
    lower : float, optional
        A number below the spectrum (0 for a Laplacian); by default Gershgorin's, which needs the entries.
    n : int, optional
        Size, for a callable without ``shape``.
    iterations : int
        Lanczos steps k.
    failure_probability : float
        :math:`\delta`.
    rng : seed or Generator
        Of the start; fixed by default, so that the bound can be repeated.
    certificate : bool
        Return the :class:`SpectralBound` instead of its ``upper``.

    Raises
    ------
    ShapeError, DomainError
        If ``A`` is not square, real and finite, or too little is known of it.

    Examples
    --------
    >>> largest_eigenvalue_bound(np.array([[2.0, -1.0], [-1.0, 2.0]])) >= 3.0
    True
    """
    iterations = check_integer(iterations, "iterations", low=2)
    delta = check_real(failure_probability, "failure_probability", low=0, high=1, open_low=True, open_high=True)
    low, high = _rounded_outwards(A) if is_matrix(A) else (-math.inf, math.inf)
    if lower is not None:
        low = max(low, check_real(lower, "lower"))
    size = int(A.shape[0]) if hasattr(A, "shape") else check_integer(n, "n", low=1)
    if low == -math.inf:
        message = "lower is missing: without entries of A, a number below its spectrum must be given"
        raise DomainError(message, hint="pass lower=0 for a Laplacian")
    if is_matrix(A) and size <= _DENSE:
        found = _by_decomposition(A, high)
    else:
        start = as_generator(rng).normal(size=size)
        ritz, steps = _lanczos_ritz(as_product(A), start, min(iterations, size))
        excess = _excess(size, steps, delta) if steps == iterations else _excess(size, iterations, delta)
        slack = 1e-12 * max(abs(ritz), abs(low))
        guess = low + (ritz - low) / (1 - excess) + slack if excess < 1 else math.inf
        found = SpectralBound(min(guess, high), ritz, high, steps, delta if guess < high else 0.0)
    return found if certificate else found.upper


def _by_decomposition(A: Any, gershgorin: float) -> SpectralBound:
    """Return the bound of a small matrix from all its eigenvalues."""
    matrix = as_numbers(A)
    dense = np.asarray(matrix.toarray() if sp.issparse(matrix) else matrix, dtype=np.float64)
    if dense.shape[0] == 0:
        return SpectralBound(0.0, 0.0, gershgorin, 0, 0.0)
    values = np.linalg.eigvalsh((dense + dense.T) / 2)
    slack = 4 * dense.shape[0] * float(np.finfo(np.float64).eps * np.abs(values).max())
    return SpectralBound(min(float(values[-1]) + slack, gershgorin), float(values[-1]), gershgorin, 0, 0.0)
