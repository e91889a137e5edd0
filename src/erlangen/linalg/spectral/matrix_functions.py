r"""Functions of symmetric matrices in batches, with true first and second derivatives also at repeated eigenvalues.

Definition: :math:`f(A) = V \operatorname{diag}(f(\lambda)) V^T` for :math:`A = V \operatorname{diag}(\lambda) V^T` (Higham, Functions of Matrices, sec. 1.2).
Convention: matrices are ``(..., n, n)``; NumPy in = NumPy out; the gradient is symmetric, that of :math:`f((A + A^T)/2)`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ShapeError, UnsupportedError
from erlangen.linalg.spectral.apply_spectral import apply_spectral
from erlangen.linalg.spectral.exponential import Exponential
from erlangen.linalg.spectral.integer_power import IntegerPower
from erlangen.linalg.spectral.inverse_square_root import InverseSquareRoot
from erlangen.linalg.spectral.logarithm import Logarithm
from erlangen.linalg.spectral.power import Power
from erlangen.linalg.spectral.spectral_function import SpectralFunction
from erlangen.linalg.spectral.square_root import SquareRoot
from erlangen.linalg.spectral.tensor_power import tensor_power
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["divided_differences", "expm", "inv_sqrtm", "logm", "powm", "spectral_function", "sqrtm"]

_BY_NAME: dict[str, Callable[[], SpectralFunction]] = {
    "exp": Exponential,
    "log": Logarithm,
    "sqrt": SquareRoot,
    "inv-sqrt": InverseSquareRoot,
    "inverse": lambda: Power(-1.0),
}


def _named(f: SpectralFunction | str) -> SpectralFunction:
    """Return a spectral function for its name."""
    return f if isinstance(f, SpectralFunction) else _BY_NAME[check_choice(f, "f", _BY_NAME)]()


@array_edge("A")
def spectral_function(A: Tensor, f: SpectralFunction | str = "exp", *, refine: bool = False) -> Tensor:
    r"""Return the function f of symmetric matrices.

    .. math:: f(A) = V \operatorname{diag}(f(\lambda)) V^T, \qquad
              Df(A)[G] = V\big[(V^T G V) \circ f[\lambda_i, \lambda_j]\big] V^T

    First and second derivatives use divided differences that do not cancel, so they are right at repeated and at
    nearly repeated eigenvalues, where differentiating an eigendecomposition fails.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric, float32 or float64.
    f : SpectralFunction or {"exp", "log", "sqrt", "inv-sqrt", "inverse"}
        Which function; :class:`AnalyticFunction` wraps any smooth one.
    refine : bool
        Keep the digits of stiff matrices. Plain, the error is rounding times the condition number; refined, it is rounding and the square
        of that product, so all digits to a condition of 1e8, for about twenty times the work (derivatives keep their own error).

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Exactly symmetric; of the dtype of ``A``.

    Raises
    ------
    ShapeError, DomainError
        If ``A`` is not square, symmetric, finite, or has eigenvalues where f is not defined or overflows.

    Warns
    -----
    DomainWarning
        If f needs positive eigenvalues and the smallest is below the rounding error of the largest.

    References
    ----------
    Daleckii & Krein, AMS Translations 47 (1965); Higham, Functions of Matrices (2008), theorem 3.11; Ogita & Aishima, Japan J. Indust. Appl.
    Math. 35 (2018), for the refinement's first two steps.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_function(np.diag([1.0, 4.0]), "sqrt")
    array([[1., 0.],
           [0., 2.]])
    """
    return apply_spectral(A, _named(f), check=True, refine=refine)


@array_edge("A")
def expm(A: Tensor, *, refine: bool = False) -> Tensor:
    r"""Return the exponential of symmetric matrices, :math:`e^A = V e^\lambda V^T`.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric, float32 or float64.
    refine : bool
        As in :func:`spectral_function`.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Symmetric positive definite.

    Raises
    ------
    ShapeError, DomainError
        As :func:`spectral_function`.

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 10; :func:`spectral_function` for the derivatives.

    Examples
    --------
    >>> expm(torch.zeros(2, 2, dtype=torch.float64))
    tensor([[1., 0.],
            [0., 1.]], dtype=torch.float64)
    """
    return spectral_function(A, Exponential(), refine=refine)


@array_edge("A")
def logm(A: Tensor, *, refine: bool = False) -> Tensor:
    r"""Return the logarithm of symmetric positive definite matrices, :math:`\log A = V \log(\lambda) V^T`.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric positive definite, float32 or float64.
    refine : bool
        As in :func:`spectral_function`.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Symmetric.

    Raises
    ------
    ShapeError, DomainError
        As :func:`spectral_function`; an eigenvalue <= 0 is named with its batch index.

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 11; :func:`spectral_function` for the derivatives.

    Examples
    --------
    >>> logm(torch.eye(2, dtype=torch.float64)).abs().max()
    tensor(0., dtype=torch.float64)
    """
    return spectral_function(A, Logarithm(), refine=refine)


@array_edge("A")
def sqrtm(A: Tensor, *, refine: bool = False) -> Tensor:
    r"""Return the square root of symmetric positive semidefinite matrices, :math:`A^{1/2} = V \lambda^{1/2} V^T`.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric positive semidefinite, float32 or float64; derivatives need it definite.
    refine : bool
        As in :func:`spectral_function`.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Symmetric positive semidefinite.

    Raises
    ------
    ShapeError, DomainError
        As :func:`spectral_function`; an eigenvalue below zero by more than rounding is named with its batch index.

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 6; :func:`spectral_function` for the derivatives.

    Examples
    --------
    >>> sqrtm(4 * torch.eye(1, dtype=torch.float64))
    tensor([[2.]], dtype=torch.float64)
    """
    return spectral_function(A, SquareRoot(), refine=refine)


@array_edge("A")
def inv_sqrtm(A: Tensor, *, refine: bool = False) -> Tensor:
    r"""Return the inverse square root of symmetric positive definite matrices, :math:`A^{-1/2} = V \lambda^{-1/2} V^T`.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric positive definite, float32 or float64.
    refine : bool
        As in :func:`spectral_function`.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Symmetric positive definite.

    Raises
    ------
    ShapeError, DomainError
        As :func:`spectral_function`; an eigenvalue <= 0 is named with its batch index.

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 6; :func:`spectral_function` for the derivatives.

    Examples
    --------
    >>> inv_sqrtm(4 * torch.eye(1, dtype=torch.float64))
    tensor([[0.5000]], dtype=torch.float64)
    """
    return spectral_function(A, InverseSquareRoot(), refine=refine)


@array_edge("A")
def powm(A: Tensor, p: float | Tensor, *, refine: bool = False) -> Tensor:
    r"""Return the power p of symmetric matrices, :math:`A^p = V \lambda^p V^T`.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric for p = 0, 1, 2 … 1000, else symmetric positive definite; float32 or float64.
    p : float or Tensor
        Exponent. A tensor, of no axes or of the batch shape, has its gradient :math:`V \lambda^p \log\lambda\, V^T`
        and all second derivatives with A; A must then be positive definite.
    refine : bool
        As in :func:`spectral_function`; for a number p.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Symmetric.

    Raises
    ------
    ShapeError, DomainError
        As :func:`spectral_function`.

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 7; :func:`spectral_function` for the derivatives.

    Examples
    --------
    >>> powm(2 * torch.eye(1, dtype=torch.float64), -2)
    tensor([[0.2500]], dtype=torch.float64)
    """
    if isinstance(p, Tensor):
        if refine:
            message = "powm refines powers of a number p, not of a tensor with its own gradient"
            raise UnsupportedError(message, hint="pass p as a float, or refine=False")
        return tensor_power(A, p)
    exponent = float(p) if torch.compiler.is_compiling() else check_real(p, "p")
    if exponent >= 0 and exponent.is_integer() and exponent <= 1000:
        return spectral_function(A, IntegerPower(int(exponent)), refine=refine)
    return spectral_function(A, Power(exponent), refine=refine)


@array_edge("eigenvalues")
def divided_differences(f: SpectralFunction | str, eigenvalues: Tensor, order: int = 1) -> Tensor:
    r"""Return the table of divided differences of f on a set of numbers.

    .. math:: f[a, b] = \frac{f(a) - f(b)}{a - b}, \qquad f[a, b, c] = \frac{f[a, b] - f[b, c]}{a - c}

    with derivatives where points meet, computed without cancellation; the table carries no gradient.

    Parameters
    ----------
    f : SpectralFunction or str
        As in :func:`spectral_function`.
    eigenvalues : Tensor or ndarray (..., n)
        The points, in any order.
    order : {1, 2}
        Which table.

    Returns
    -------
    Tensor or ndarray (..., n, n) or (..., n, n, n)
        Symmetric in its last 2 or 3 axes.

    Raises
    ------
    ShapeError, DomainError
        If the points are not real and finite or outside the domain of f, or a difference is not finite (sqrt at 0).

    Examples
    --------
    >>> import numpy as np
    >>> divided_differences("log", np.array([1.0, 1.0]))
    array([[1., 1.],
           [1., 1.]])
    """
    function = _named(f)
    order = check_integer(order, "order", low=1, high=2)
    if eigenvalues.ndim < 1:
        message = f"eigenvalues must have shape (..., n), got {tuple(eigenvalues.shape)}"
        raise ShapeError(message, hint="pass at least one axis")
    if eigenvalues.is_complex() or not bool(torch.isfinite(eigenvalues).all()):
        message = "eigenvalues must be real and finite"
        raise DomainError(message, hint="remove what is not finite")
    x = eigenvalues.detach().to(torch.float64)
    least = float(x.min()) if x.numel() else 1.0
    if (function.domain == "positive" and least <= 0) or (function.domain == "nonnegative" and least < 0):
        message = f"eigenvalues: {function.name} is not defined at {least:.6g}"
        raise DomainError(message, hint="pass positive numbers")
    if order == 1:
        table = function.first(x.unsqueeze(-1), x.unsqueeze(-2))
    else:
        table = function.second(x[..., :, None, None], x[..., None, :, None], x[..., None, None, :])
    return _finite(table.to(eigenvalues.dtype), function)


def _finite(table: Tensor, function: SpectralFunction) -> Tensor:
    """Return a table of divided differences, refused where it is not finite."""
    bad = ~torch.isfinite(table)
    if bool(bad.any()):
        index = [int(i) for i in bad.nonzero()[0]]
        message = f"the divided difference {index} of {function.name} is {float(table[tuple(index)])} in {table.dtype}"
        raise DomainError(message, hint="keep the points away from the border of the domain, or rescale")
    return table
