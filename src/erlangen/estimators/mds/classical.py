r"""Classical scaling: points whose inner products are nearest to those that the distances say.

Definition: :math:`B = -\tfrac12 J D^{\circ 2} J`, :math:`J = I - 11^T/n`; the points are :math:`V \Lambda^{1/2}` of its largest eigenpairs (Torgerson 1952).
Convention: columns by falling eigenvalue, scaled by its root; the entry of largest size in each column is positive.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse.linalg as spla
from numpy.typing import NDArray

from erlangen.errors import DomainWarning
from erlangen.estimators.mds.checks import check_components, check_distances
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_memory

__all__ = ["classical_scaling"]

_DENSE = 300
_TOLERANCE = 1e-13
_PROBE = 1e-6
_ROUNDS = 8

Array = NDArray[np.float64]
Product = Callable[[Array], Array]


def classical_scaling(D: Any, n_components: int = 2, *, rng: RngLike = 0) -> tuple[Array, Array]:
    r"""Return the points (n, d) of classical scaling and the eigenvalues (d,) they are scaled by.

    .. math:: B = -\tfrac12 J D^{\circ 2} J = V \Lambda V^T, \qquad Z = V_d \Lambda_d^{1/2}

    Parameters
    ----------
    D : array_like (n, n)
        Finite distances.
    n_components : int
        1 <= d < n.
    rng : seed or Generator
        Of the Lanczos start, used above 300 points.

    Returns
    -------
    Z : ndarray (n, d)
        Centred points in the units of ``D``; exact, up to an isometry, where the distances are those of points in d dimensions.
    eigenvalues : ndarray (d,)
        In the squared units of ``D``, largest first.

    Raises
    ------
    ShapeError, DomainError
        If ``D`` is not a matrix of finite distances or d is not in 1 … n - 1.
    ResourceLimitError
        If the squared distances would not fit in memory.

    Warns
    -----
    DomainWarning
        If fewer than d eigenvalues are positive; the columns without one are zero.

    References
    ----------
    W. S. Torgerson, Psychometrika 17 (1952) 401; J. C. Gower, Biometrika 53 (1966) 325.

    Examples
    --------
    >>> Z, values = classical_scaling([[0, 3, 5], [3, 0, 4], [5, 4, 0]])
    >>> bool(np.isclose(np.linalg.norm(Z[0] - Z[2]), 5))
    True
    """
    D = check_distances(D, infinite=False)
    n = len(D)
    d = check_components(n_components, n)
    check_memory(8.0 * n * n * (4 if n <= _DENSE else 1), f"classical scaling of {n} points", hint="use landmarks")
    scale = float(D.max())
    values, vectors = _largest(_squares(D, scale), d, as_generator(rng))
    positive = values > n * np.finfo(np.float64).eps * values[0]
    if not positive.all():
        message = (
            f"only {int(positive.sum())} of {d} eigenvalues of the centred squared distances are positive "
            f"(the last is {values[-1] * scale * scale:.3g}): the other columns are zero"
        )
        warnings.warn(message, DomainWarning, stacklevel=2)
    signs = np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(d)] < 0, -1.0, 1.0)
    return vectors * (signs * np.sqrt(np.where(positive, values, 0.0)) * scale), values * scale * scale


def _squares(D: Array, scale: float) -> Array:
    """Return -(D / scale)^2 / 2, in one new matrix."""
    squares = D / scale
    squares *= squares
    squares *= -0.5
    return squares


def _largest(squares: Array, d: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """Return the d largest eigenvalues of J S J, falling, and their vectors."""
    n = len(squares)
    if n <= _DENSE or 4 * d >= n:
        return _by_lapack(squares, d)

    # A shift by the trace makes ARPACK's tolerance, relative to each eigenvalue, one relative to the largest.
    shift = -float(squares.mean()) * n

    def product(x: Array) -> Array:
        y = squares @ (x - x.mean(axis=0))
        return np.asarray(y - y.mean(axis=0) + shift * x)

    try:
        values, vectors = _by_lanczos(product, n, d, generator)
        return values - shift, vectors
    except spla.ArpackNoConvergence:
        check_memory(24.0 * n * n, f"a dense eigendecomposition of {n} x {n}")
        return _by_lapack(squares, d)


def _by_lapack(squares: Array, d: int) -> tuple[Array, Array]:
    """Decompose the centred matrix densely."""
    n = len(squares)
    rows = squares - squares.mean(axis=0)
    rows -= rows.mean(axis=1, keepdims=True)
    values, vectors = scipy.linalg.eigh((rows + rows.T) / 2, subset_by_index=(n - d, n - 1))
    return values[::-1], vectors[:, ::-1]


def _by_lanczos(product: Product, n: int, d: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """Decompose by products, and look in the complement until nothing larger is there: one start can miss copies of an eigenvalue."""
    basis = _search(product, np.zeros((n, 0)), d, generator)
    for _ in range(_ROUNDS):
        values, vectors = _ritz(product, basis)
        probe = _search(product, vectors[:, :d], 1, generator, _PROBE)
        if _ritz(product, probe)[0][0] <= values[d - 1] + 1e-10 * values[0]:
            break
        extra = _search(product, vectors[:, :d], 1, generator)
        basis = np.linalg.qr(np.hstack([vectors[:, :d], extra]))[0]
    return values[:d], vectors[:, :d]


def _search(
    product: Product, known: Array, count: int, generator: np.random.Generator, tolerance: float = _TOLERANCE
) -> Array:
    """Return vectors of the largest eigenvalues on the complement of the known columns."""
    n = len(known)

    def apart(x: Array) -> Array:
        return x - known @ (known.T @ x) if known.shape[1] else x

    operator = spla.LinearOperator((n, n), matvec=lambda x: apart(product(apart(x.ravel()))), dtype=np.float64)
    _, vectors = spla.eigsh(operator, count, which="LA", v0=apart(generator.normal(size=n)), tol=tolerance)
    return np.linalg.qr(apart(vectors))[0]


def _ritz(product: Product, basis: Array) -> tuple[Array, Array]:
    """Return Ritz values, falling, and vectors on an orthonormal basis."""
    small = basis.T @ product(basis)
    values, turns = np.linalg.eigh((small + small.T) / 2)
    return values[::-1], basis @ turns[:, ::-1]
