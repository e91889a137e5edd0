r"""The diffeomorphism that turns the (theta, M)-Bures–Wasserstein metric into the plain one.

Definition: :math:`\varphi(X) = M^{-1/2} X^\theta M^{-1/2}`, :math:`\varphi^{-1}(Y) = (M^{1/2} Y M^{1/2})^{1/\theta}` (Han et al., arXiv 2110.10464).
Convention: M None is the identity; a tensor theta is differentiated, through :math:`X^\theta = \exp(\theta \log X)` with one decomposition.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.linalg.spd.check_spd import check_spd, spd_eigh
from erlangen.linalg.spectral import Exponential, InverseSquareRoot, Logarithm, Power, SquareRoot
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["deform", "roots", "undo"]


def _power(X: Tensor, theta: float | Tensor, *, inverse: bool) -> Tensor:
    if not isinstance(theta, Tensor):
        number = 1 / theta if inverse else theta
        return _plain(X) if number == 1 else spectral_map(X, Power(number), positive=True)
    exponent = 1 / theta if inverse else theta
    if torch.compiler.is_compiling():
        return spectral_map(exponent * spectral_map(X, Logarithm()), Exponential())
    X, values, vectors = spd_eigh(X, "X")
    logarithm = spectral_value(X, values, vectors, Logarithm())
    return spectral_value(exponent * logarithm, exponent.detach() * values.log(), vectors, Exponential())


def _plain(X: Tensor) -> Tensor:
    """Return X itself where it is finite and symmetric; whether it is positive definite shows when it is decomposed.

    Biases and means ``(channels, n, n)`` are symmetric by construction.
    """
    if torch.compiler.is_compiling() or X.ndim < 4:
        return X
    values = X.detach()
    gap, size = (values - values.mT).abs().amax((-2, -1)), values.abs().amax((-2, -1))
    return X if bool((gap <= 1e-8 * size).all()) else check_spd(X, "X")


def roots(M: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return :math:`M^{1/2}` and :math:`M^{-1/2}` from one decomposition.

    Examples
    --------
    >>> [float(root) for root in roots(4 * torch.eye(1))]
    [2.0, 0.5]
    """
    if torch.compiler.is_compiling():
        return spectral_map(M, SquareRoot()), spectral_map(M, InverseSquareRoot())
    M, values, vectors = spd_eigh(M, "M")
    return spectral_value(M, values, vectors, SquareRoot()), spectral_value(M, values, vectors, InverseSquareRoot())


def deform(X: Tensor, lower: Tensor | None, theta: float | Tensor) -> Tensor:
    r"""Return the image of X under theta and the given :math:`M^{-1/2}`.

    It is refused if it is not finite, not symmetric or, where it is decomposed here, not positive definite.

    Examples
    --------
    >>> deform(4 * torch.eye(1), None, 0.5)
    tensor([[2.]])
    """
    Y = _power(X, theta, inverse=False)
    return Y if lower is None else symmetric_part(lower @ Y @ lower)


def undo(Y: Tensor, root: Tensor | None, theta: float | Tensor) -> Tensor:
    r"""Return the matrix whose image under theta and M is Y, from :math:`M^{1/2}`."""
    Y = Y if root is None else symmetric_part(root @ Y @ root)
    return Y if not isinstance(theta, Tensor) and theta == 1 else _power(Y, theta, inverse=True)
