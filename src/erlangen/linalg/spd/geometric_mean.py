r"""The weighted geometric mean of two positive definite matrices.

Definition: :math:`P \#_t Q = P^{1/2}(P^{-1/2} Q P^{-1/2})^t P^{1/2} = L (L^{-1} Q L^{-T})^t L^T` with any factor :math:`P = L L^T`.
Convention: t = 0 is P, t = 1 is Q, t outside [0, 1] prolongs the geodesic; the factor is Cholesky's of the better conditioned of the two.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.spd.broadcast import same_batch, same_size
from erlangen.linalg.spd.check_spd import spd_cholesky
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.linalg.spectral.matrix_functions import powm

__all__ = ["geometric_mean"]


@array_edge("P", "Q")
def geometric_mean(P: Tensor, Q: Tensor, t: float | Tensor = 0.5) -> Tensor:
    r"""Return the point at t on the affine-invariant geodesic from P to Q.

    .. math:: P \#_t Q = L (L^{-1} Q L^{-T})^t L^T, \qquad P = L L^T

    For t = 1/2 it is the positive definite solution of :math:`X P^{-1} X = Q`; it commutes with congruence,
    :math:`(A P A^T) \#_t (A Q A^T) = A (P \#_t Q) A^T`.

    Parameters
    ----------
    P, Q : Tensor or ndarray (..., n, n)
        Symmetric positive definite; batch axes broadcast.
    t : float or Tensor
        Place on the geodesic; a tensor, of no axes or of the batch shape, has its gradient too.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Exactly symmetric, positive definite.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If shapes do not fit or a matrix is not symmetric positive definite.

    References
    ----------
    Bhatia, Positive Definite Matrices (2007), ch. 4 and 6.

    Examples
    --------
    >>> import numpy as np
    >>> geometric_mean(np.diag([1.0, 4.0]), np.diag([9.0, 1.0]))
    array([[3., 0.],
           [0., 2.]])
    """
    P, Q = same_size(P, Q, ("P", "Q"))
    P, factor = spd_cholesky(P, "P")
    Q, other = spd_cholesky(Q, "Q")
    if not torch.compiler.is_compiling():
        factor, Q, t = _better_factor(P, Q, factor, other, t)
    left = torch.linalg.solve_triangular(factor, Q, upper=False)
    inside = torch.linalg.solve_triangular(factor.mT, left, upper=True, left=False)
    power = powm(symmetric_part(inside), t)
    return symmetric_part(factor @ power @ factor.mT)


def _better_factor(
    P: Tensor, Q: Tensor, factor: Tensor, other: Tensor, t: float | Tensor
) -> tuple[Tensor, Tensor, float | Tensor]:
    r"""Return factor, target and place with P and Q exchanged, :math:`P \#_t Q = Q \#_{1-t} P`, where Q is far better conditioned."""
    turned = _spread(factor.detach()) > 10 * _spread(other.detach())
    if not bool(turned.any()):
        return factor, Q, t
    P, Q, factor, other = same_batch(P, Q, factor, other)
    place = torch.as_tensor(t, dtype=P.dtype, device=P.device)
    mask = turned[..., None, None]
    return torch.where(mask, other, factor), torch.where(mask, P, Q), torch.where(turned, 1 - place, place)


def _spread(factor: Tensor) -> Tensor:
    diagonal = factor.diagonal(dim1=-2, dim2=-1)
    return diagonal.amax(dim=-1) / diagonal.amin(dim=-1)
