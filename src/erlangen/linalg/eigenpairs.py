r"""The lowest eigenpairs of a symmetric matrix, with the residual that proves them.

Definition: :math:`A v = \lambda v`, the k smallest :math:`\lambda` with multiplicity; shift and invert with Lanczos (Ericsson & Ruhe 1980) or Lanczos alone.
Convention: values ascend; vectors are orthonormal columns whose entry of largest modulus is positive; residuals are relative to a bound of :math:`\|A\|`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, overload

import numpy as np
import scipy.linalg
import scipy.sparse as sp
import scipy.sparse.linalg as spla
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError, DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.product import Product, as_product, as_symmetric, is_matrix
from erlangen.linalg.spectral_bounds import gershgorin_interval, largest_eigenvalue_bound
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_choice, check_integer, check_memory, check_real

__all__ = ["lowest_eigenpairs"]

_DENSE = 600
_SHIFT = 1e-6
_LARGEST_FACTOR = 60_000
_MISSED_ROUNDS = 64

Pairs = tuple[NDArray[np.float64], NDArray[np.float64]]


@overload
def lowest_eigenpairs(
    A: Any,
    k: int,
    *,
    method: str = ...,
    rtol: float = ...,
    max_iterations: int = ...,
    lower: float | None = ...,
    rng: RngLike = ...,
    certificate: Literal[False] = ...,
) -> Pairs: ...


@overload
def lowest_eigenpairs(
    A: Any,
    k: int,
    *,
    method: str = ...,
    rtol: float = ...,
    max_iterations: int = ...,
    lower: float | None = ...,
    rng: RngLike = ...,
    certificate: Literal[True],
) -> tuple[NDArray[np.float64], NDArray[np.float64], Certificate]: ...


def lowest_eigenpairs(
    A: Any,
    k: int,
    *,
    method: str = "auto",
    rtol: float = 1e-10,
    max_iterations: int = 1000,
    lower: float | None = None,
    rng: RngLike = 0,
    certificate: bool = False,
) -> Pairs | tuple[NDArray[np.float64], NDArray[np.float64], Certificate]:
    r"""Return the k smallest eigenvalues of a symmetric matrix and their vectors.

    .. math:: A V = V \operatorname{diag}(\lambda), \qquad V^T V = I, \quad \lambda_1 \le \dots \le \lambda_k

    After convergence the search is repeated in the orthogonal complement until nothing lower is found there, because
    a Lanczos process from one start can miss copies of a repeated eigenvalue (a graph of many components has zero many times).

    Parameters
    ----------
    A : sparse matrix, ndarray (n, n) or operator with ``shape``
        Symmetric.
    k : int
        Between 1 and n.
    method : {"auto", "dense", "shift-invert", "lanczos"}
        All of them by LAPACK; a sparse factor; or products with A only. Lanczos is slow where the lowest eigenvalues
        lie close together on the scale of the spectrum.
    rtol : float
        Largest :math:`\|A v - \lambda v\| / \|A\|` that counts as converged.
    max_iterations : int
        Restarts of the iteration.
    lower : float, optional
        A number below the spectrum (0 for a Laplacian); by default Gershgorin's, which needs the entries.
    rng : seed or Generator
        Of the start vectors; fixed by default.
    certificate : bool
        Return a :class:`Certificate` as third result.

    Returns
    -------
    values : ndarray (k,)
    vectors : ndarray (n, k)

    Raises
    ------
    ShapeError, DomainError
        If ``A`` is not square, symmetric, real and finite, or ``k`` not in 1 … n.
    ConvergenceError
        If fewer than ``k`` pairs were found.
    ResourceLimitError
        If a dense decomposition would not fit in memory.

    Warns
    -----
    ConvergenceWarning
        With residual and iterations, where ``rtol`` was not reached.

    Examples
    --------
    >>> path = sp.diags_array([np.full(2, -1.0), [1.0, 2.0, 1.0], np.full(2, -1.0)], offsets=[-1, 0, 1])
    >>> lowest_eigenpairs(path, 2)[0].round(12) + 0.0
    array([0., 1.])
    """
    check_choice(method, "method", ("auto", "dense", "shift-invert", "lanczos"))
    tolerance = check_real(rtol, "rtol", low=0.0, high=1.0, open_low=True)
    check_integer(max_iterations, "max_iterations", low=1)
    matrix = as_symmetric(np.asarray(A) if isinstance(A, (list, tuple)) else A)
    matrix = matrix.astype(np.float64) if is_matrix(matrix) else matrix
    n = int(matrix.shape[0])
    k = check_integer(k, "k", low=1, high=n)
    method = _choose(matrix, k, n) if method == "auto" else method
    low, high = gershgorin_interval(matrix) if is_matrix(matrix) else (-np.inf, np.inf)
    low = low if lower is None else max(low, check_real(lower, "lower"))
    high = min(high, largest_eigenvalue_bound(matrix, lower=low) if np.isfinite(low) else high)
    if not np.isfinite(low + high):
        message = "lower is missing: without entries of A, a number below its spectrum must be given"
        raise DomainError(message, hint="pass lower=0 for a Laplacian")
    scale = max(abs(low), abs(high), float(np.finfo(np.float64).tiny))
    product = as_product(matrix)
    generator = as_generator(rng)
    if method == "dense" or k >= n - 1:
        values, vectors = _dense(matrix, k)
        method, steps = "dense", 0
    else:
        counted = _Counter(
            _inverse(matrix, low - _SHIFT * scale) if method == "shift-invert" else _flip(product, high + 1e-2 * scale)
        )
        vectors = _complete(counted, product, (k, n), (tolerance, scale), max_iterations, generator)
        values, vectors = _rayleigh_ritz(product, vectors)
        values, vectors, steps = values[:k], vectors[:, :k], counted.calls
    vectors = vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(k)] < 0, -1.0, 1.0)
    defects = np.linalg.norm(np.asarray(product(vectors)) - vectors * values, axis=0) / scale
    proof = Certificate(method, steps, float(defects.max()), tolerance)
    proof.warn("lowest_eigenpairs", "raise max_iterations or rtol, or use method='shift-invert'")
    return (values, vectors, proof) if certificate else (values, vectors)


class _Counter:
    """A product that counts its calls."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.calls = 0

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        self.calls += 1
        return np.asarray(self._product(x))


def _choose(matrix: Any, k: int, n: int) -> str:
    """Return the method for a matrix: LAPACK for small ones, a sparse factor while it is cheap, else products alone."""
    if is_matrix(matrix) and (n <= _DENSE or 3 * k > n or not sp.issparse(matrix)):
        return "dense"
    return "shift-invert" if is_matrix(matrix) and n <= _LARGEST_FACTOR else "lanczos"


def _dense(matrix: Any, k: int) -> Pairs:
    """Return the lowest pairs by LAPACK."""
    n = int(matrix.shape[0])
    check_memory(4 * 8.0 * n * n, f"a dense eigendecomposition of {n} x {n}", hint="use method='lanczos'")
    dense = np.asarray(matrix if isinstance(matrix, np.ndarray) else as_product(matrix)(np.eye(n)))
    values, vectors = scipy.linalg.eigh((dense + dense.T) / 2, subset_by_index=(0, k - 1))
    return values, vectors


def _inverse(matrix: Any, shift: float) -> Product:
    """Return the solution with ``A - shift`` (positive definite: the shift is below the spectrum), lowest values becoming largest."""
    if not is_matrix(matrix):
        message = "method='shift-invert' needs the entries of A"
        raise DomainError(message, hint="use method='lanczos', or pass a matrix")
    n = matrix.shape[0]
    shifted = sp.csc_array(matrix) - shift * sp.eye_array(n, format="csc")
    options = {"SymmetricMode": True}
    factor = spla.splu(sp.csc_matrix(shifted), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    solve: Callable[[NDArray[np.float64]], NDArray[np.float64]] = factor.solve
    return solve


def _flip(product: Product, high: float) -> Product:
    """Return the product with ``high - A``, whose largest eigenvalues belong to the lowest of A."""
    return lambda x: high * x - product(x)


def _largest(
    mapped: Product, k: int, known: NDArray[np.float64], rtol: float, rounds: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return vectors of the k largest eigenvalues of a positive map on the complement of the known columns."""
    n = known.shape[0]

    def apart(x: Any) -> Any:
        return x - known @ (known.T @ x)

    operator = spla.LinearOperator((n, n), matvec=lambda x: apart(mapped(apart(x.reshape(-1)))), dtype=np.float64)
    start = apart(generator.normal(size=n))
    width = min(n, max(2 * k + 1, 40))
    try:
        _, vectors = spla.eigsh(operator, k, which="LA", v0=start, tol=rtol / 10, maxiter=rounds, ncv=width)
    except spla.ArpackError as error:
        vectors = getattr(error, "eigenvectors", None)
    return (
        np.asarray(np.linalg.qr(apart(np.asarray(vectors)))[0])
        if vectors is not None and vectors.size
        else np.zeros((n, 0))
    )


def _complete(
    mapped: Product,
    product: Product,
    sizes: tuple[int, int],
    units: tuple[float, float],
    rounds: int,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return an orthonormal basis that holds the k lowest vectors, searching the complement until nothing lower is there."""
    (k, n), (rtol, scale) = sizes, units
    noise = 10 * float(np.finfo(np.float64).eps) * scale
    basis = _largest(mapped, k, np.zeros((n, 0)), rtol, rounds, generator)
    for _ in range(_MISSED_ROUNDS):
        wanted = min(max(1, k - basis.shape[1]), n - basis.shape[1] - 1)
        if wanted < 1:
            break
        extra = _largest(mapped, wanted, basis, rtol, rounds, generator)
        if extra.shape[1] == 0:
            break
        short = basis.shape[1] < k
        kept = np.inf if short else _rayleigh_ritz(product, basis)[0][k - 1]
        found = _rayleigh_ritz(product, extra)[0][0]
        basis = np.linalg.qr(np.hstack([basis, extra]))[0]
        if not short and not found < kept - rtol * max(abs(kept), abs(found)) - noise:
            break
    if basis.shape[1] < k:
        message = f"lowest_eigenpairs: {basis.shape[1]} of {k} pairs converged to {rtol:.3g} within {rounds} restarts"
        remedy = "use method='shift-invert' or 'dense', or raise max_iterations"
        raise ConvergenceError(message, iterations=rounds, partial=basis, hint=remedy)
    return basis


def _rayleigh_ritz(product: Product, basis: NDArray[np.float64]) -> Pairs:
    """Return Ritz values and vectors of A on an orthonormal basis."""
    small = basis.T @ np.asarray(product(basis))
    values, turns = np.linalg.eigh((small + small.T) / 2)
    return values, basis @ turns
