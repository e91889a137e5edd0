r"""The action :math:`f(A) B` of a function of a symmetric matrix from Krylov spaces, one for each column, with an error bound that stops it.

Definition: :math:`f(A) b \approx \|b\|\, Q_m f(T_m) e_1` (Saad, SIAM J. Numer. Anal. 29, 1992), T from Lanczos.
Convention: errors are relative to the norm of each column of the result, or with ``atol`` of B; ``exp`` is :math:`e^{tA}`, so heat has t < 0.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.krylov_columns import krylov_columns
from erlangen.linalg.product import Product, as_columns, as_product, as_symmetric, is_matrix, is_tensor, one_kind
from erlangen.linalg.scalar_function import as_scalar_function
from erlangen.linalg.spectral_bounds import gershgorin_interval
from erlangen.validation import check_integer, check_real

__all__ = ["krylov_action", "norm_from_below", "spectrum_bounds"]


def krylov_action(
    A: Any,
    B: Any,
    function: Any,
    *,
    t: float | None = None,
    rtol: float = 1e-10,
    atol: float = 0.0,
    max_iterations: int = 500,
    interval: tuple[float, float] | None = None,
    passes: int = 1,
    threads: int | None = None,
    certificate: bool = False,
) -> Any:
    r"""Return :math:`f(A) B` for a symmetric matrix A, by products with A alone.

    .. math:: f(A) b \approx \|b\|\, Q_m f(T_m) e_1, \qquad
              \|\text{error}\| \le \|b\| \prod_{k \le m} \beta_k\; \big|f[\theta_1, \dots, \theta_m, \lambda]\big|

    :math:`\theta` are the eigenvalues of :math:`T_m`, the bracket is a divided difference and :math:`\lambda` a bound of the
    spectrum: from below for t < 0 and the other names, from above for t > 0. The inequality is proved for every name, because the
    error of each resolvent (or of each :math:`e^{sA}`) has one sign in this formula; for ``inverse`` it is the norm of the residual over
    :math:`\lambda`. :math:`\lambda` comes from ``interval``, or from Gershgorin's discs where these are of use. Otherwise, the
    extreme Ritz value takes its place and the error is *estimated*: not below the distance to the approximation some steps before. For a
    callable this distance alone counts, enlarged by the rate at which such distances shrink. An estimate can miss an isolated eigenvalue
    at which f is large and ``B`` has a small component, until a Ritz value finds it; a proved bound cannot.

    No polynomial in A does better by more than a factor of two, hence it never takes many more products than :func:`chebyshev_action`, and far
    fewer where the spectrum is uneven or ``B`` smooth; each step costs m operations for each entry of ``B`` more, and Chebyshev's
    degree serves any number of columns. For :math:`e^{-tL}` with spectrum in :math:`[0, \lambda]` and
    :math:`\sqrt{\lambda t} \le m \le \lambda t / 2` the error is at most
    :math:`10\, e^{-4 m^2 / (5 \lambda t)} \|b\|` (Hochbruck and Lubich 1997, theorem 2).

    Parameters
    ----------
    A : sparse matrix, ndarray, Tensor, operator or callable
        Symmetric (n, n), as in :func:`chebyshev_action`; entries are checked, an operator betrays itself in the process.
    B : ndarray or Tensor (n,) or (n, m)
        Columns; float32 and float64 are kept, and one tensor makes the result a tensor. The gradient passes to ``B``, any number of times,
        at the same tolerance; not to ``A``.
    function : {"exp", "sqrt", "inverse-sqrt", "log", "inverse"} or callable
        A callable maps an array (k,) of points of the spectrum to an array (k,).
    t : float, optional
        Time of ``exp``: :math:`e^{tA}`; 1 by default.
    rtol : float
        Largest error, relative to the norm of each column of the result; at least 64 rounding units of the dtype.
    atol : float
        Largest error, relative to the norm of each column of ``B``; the weaker of the two counts.
    max_iterations : int
        Products for each column at most.
    interval : tuple of float, optional
        Numbers below and above the spectrum, where known; either may be infinite.
    passes : {1, 2}
        1 keeps the basis, m vectors for each column; 2 keeps four and computes the basis twice, without orthogonalisation.
    threads : int, optional
        Threads of the sparse product.
    certificate : bool
        Return a :class:`Certificate` as second result: largest relative error, rounding included, and whether it is proved.

    Returns
    -------
    ndarray or Tensor (n,) or (n, m)

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    DomainError
        If A is not symmetric, input is not finite, or a Ritz value lies where the function is not defined.
    ResourceLimitError
        If the basis would not fit in memory.

    Warns
    -----
    ConvergenceWarning
        With error and products, where ``rtol`` was not reached; also where rounding alone forbids it (a large condition number).

    References
    ----------
    Druskin and Knizhnerman (1989); Hochbruck and Lubich, SIAM J. Numer. Anal. 34 (1997); Frommer and Schweitzer, BIT 56 (2016).

    Examples
    --------
    >>> L = np.array([[1.0, -1.0], [-1.0, 1.0]])
    >>> krylov_action(L, np.eye(2), "exp", t=-1.0).round(12)
    array([[0.56766764, 0.43233236],
           [0.43233236, 0.56766764]])
    >>> krylov_action(np.diag([1.0, 4.0, 9.0]), np.ones(3), "sqrt").round(12)
    array([1., 2., 3.])
    """
    chosen = as_scalar_function(function, t)
    rtol = check_real(rtol, "rtol", low=0.0, high=1.0, open_low=True, open_high=True)
    atol = check_real(atol, "atol", low=0.0, high=1.0, open_high=True)
    most = check_integer(max_iterations, "max_iterations", low=1)
    stored = check_integer(passes, "passes", low=1, high=2) == 1
    A = as_symmetric(np.asarray(A) if isinstance(A, (list, tuple)) else A)
    A, columns = one_kind(A, as_columns(A, B))
    ends = spectrum_bounds(A, interval)
    size = norm_from_below(A)
    product = as_product(A, threads=threads)
    rtol = max(rtol, 64 * float(np.finfo(str(columns.dtype).removeprefix("torch.")).eps))
    proofs: list[Certificate] = []

    def act(block: Any) -> Any:
        out, error = krylov_columns(
            product,
            block if block.ndim == 2 else block[:, None],
            chosen,
            ends,
            rtol=rtol,
            atol=atol,
            most=most,
            stored=stored,
            size=size,
        )
        way = f"lanczos, error {'proved' if error.proved else 'estimated'}"
        worst = float(error.relative(atol / rtol).max(initial=0.0))
        proofs.append(Certificate(way, error.steps, worst, rtol))
        return out.reshape(block.shape)

    out = _with_gradient(A, columns, act) if is_tensor(columns) else act(columns)
    proofs[0].warn(
        "krylov_action", "raise max_iterations, rtol or atol; rounding sets a limit where A is ill-conditioned"
    )
    return (out, proofs[0]) if certificate else out


def _with_gradient(A: Any, columns: Any, act: Product) -> Any:
    """Return the action with its gradient in the block; refuse a matrix that asks for one."""
    if is_tensor(A) and A.requires_grad:
        message = "A requires a gradient, which Lanczos does not carry"
        raise DomainError(message, hint="use chebyshev_action, or A.detach()")
    return import_module("erlangen.linalg.krylov_gradient").symmetric_action(columns, act)


def spectrum_bounds(A: Any, interval: tuple[float, float] | None) -> tuple[tuple[float, float], bool]:
    """Return numbers that enclose the spectrum, infinite where nothing is known, and whether the caller gave them.

    Examples
    --------
    >>> spectrum_bounds(np.array([[2.0, -1.0], [-1.0, 2.0]]), None)
    ((1.0, 3.0), False)
    """
    if interval is None:
        return (gershgorin_interval(A) if is_matrix(A) and len(A.shape) == 2 else (-np.inf, np.inf)), False
    ends = tuple(float(end) for end in interval)
    if len(ends) != 2 or not ends[0] <= ends[1]:
        message = f"interval must be (low, high) with low <= high, got {interval}"
        raise DomainError(message, hint="pass numbers below and above the spectrum; -inf and inf are allowed")
    return (ends[0], ends[1]), True


def norm_from_below(A: Any) -> float:
    """Return the largest modulus of an entry, which no norm of A is below, or 0 where the entries are not at hand."""
    if is_matrix(A):
        entries = getattr(A, "data", A) if not isinstance(A, np.ndarray) else A
        return float(np.abs(entries).max(initial=0.0))
    if is_tensor(A):
        dense = A.detach().to_sparse_coo().coalesce().values()
        return float(abs(dense).max()) if dense.numel() else 0.0
    return 0.0
