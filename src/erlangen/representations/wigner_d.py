r"""Wigner's D: the matrix by which a rotation or a reflection acts on an irrep, of any degree.

Definition: :math:`Y_l(R x) = D^l(R)\, Y_l(x)` for the real harmonics; :math:`D^l(-R) = p\, D^l(R)`.
Convention: polar axis y and ``m = -l..l``, so that D of degree 1 is the matrix itself; an integer degree has the parity of the harmonics.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.edges import array_edge
from erlangen.representations.irrep import Irrep
from erlangen.validation import check_integer

__all__ = ["wigner_d"]


@array_edge("R")
def wigner_d(l: int | str | Irrep, R: Tensor) -> Tensor:
    r"""Return the matrices of rotations and reflections in one irrep.

    .. math::
        D^l(RS) = D^l(R) D^l(S), \qquad Y_l(Rx) = D^l(R) Y_l(x)

    The derivative is the one along the group, ``dD = D X`` for ``dR = R [w]``: exact at every rotation, the identity and the poles of Euler's
    angles included, and twice differentiable. Off the group ``D(R)`` is that of the nearest orthogonal matrix.

    Parameters
    ----------
    l : int, str or Irrep
        A degree (parity ``(-1)**l``) or an irrep like ``"2o"``.
    R : array (..., 3, 3)
        Orthogonal matrices.

    Returns
    -------
    array (..., 2 l + 1, 2 l + 1)
        In the dtype of R; half precision is computed in single.

    Raises
    ------
    DomainError
        If a matrix is further than 1e-3 from an orthogonal one; its index is named.

    References
    ----------
    D. Pinchon and P. E. Hoggan, J. Phys. A 40 (2007) 1597-1610, §5 (a constant matrix J between turns about one axis).

    Examples
    --------
    >>> import torch
    >>> R = torch.tensor([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]], dtype=torch.float64)
    >>> bool(torch.allclose(wigner_d(1, R), R)), wigner_d("2o", -R).shape
    (True, torch.Size([5, 5]))
    """
    ir = l if isinstance(l, Irrep) else Irrep(l) if isinstance(l, str) else None
    if ir is None:
        degree = check_integer(l, "l", low=0)
        ir = Irrep(degree, (-1) ** degree)
    D: Tensor = ir.matrix(R)
    return D
