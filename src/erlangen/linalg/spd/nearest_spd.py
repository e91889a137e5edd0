r"""The nearest symmetric positive definite matrix.

Definition: of the symmetric part, eigenvalues below a floor are raised to it; that is the Frobenius-nearest matrix with that floor (Higham 1988).
Convention: the floor is relative to the largest eigenvalue in absolute value of each matrix; distances are reported relative to its norm.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, overload

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.spectral.checks import check_symmetric_batch, decompose, refuse_complex
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.linalg.spectral.rectifier import Rectifier
from erlangen.validation import check_real, check_square

__all__ = ["Repair", "nearest_spd"]


class Repair(NamedTuple):
    """How far :func:`nearest_spd` moved each matrix; every field has the batch shape.

    ``distance`` is absolute, ``relative`` divided by the norm, ``raised`` counts eigenvalues, ``skew`` is the relative norm of
    the skew part that was dropped.

    Examples
    --------
    >>> import numpy as np
    >>> _, repair = nearest_spd(np.diag([1.0, -0.5]), floor=0.25, report=True)
    >>> (float(repair.distance), int(repair.raised), float(repair.skew))
    (0.75, 1, 0.0)
    """

    distance: Tensor
    relative: Tensor
    raised: Tensor
    skew: Tensor


@overload
def nearest_spd(A: Tensor, floor: float = ..., *, report: Literal[False] = ...) -> Tensor: ...
@overload
def nearest_spd(A: Tensor, floor: float = ..., *, report: Literal[True]) -> tuple[Tensor, Repair]: ...
@array_edge("A")
def nearest_spd(A: Tensor, floor: float = 1e-10, *, report: bool = False) -> Tensor | tuple[Tensor, Repair]:
    r"""Return the symmetric matrix with eigenvalues above a floor that is nearest to A.

    .. math:: \arg\min_{X = X^T \succeq c I} \|A - X\|_F = V \max(\lambda, c) V^T, \qquad
              \tfrac12 (A + A^T) = V \lambda V^T,\; c = \text{floor} \cdot \max|\lambda|

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Any real square matrices; gradients treat c as given.
    floor : float
        Relative to the largest eigenvalue in absolute value; at least n rounding units of the dtype are used.
    report : bool
        Return a :class:`Repair` as well.

    Returns
    -------
    Tensor or ndarray (..., n, n), or (matrices, Repair)
        Symmetric positive definite.

    Raises
    ------
    ShapeError, DomainError
        If A is not square, real and finite, or is zero (no scale for a floor).

    References
    ----------
    Higham, Linear Algebra Appl. 103 (1988), theorem 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> nearest_spd(np.array([[1.0, 2.0], [2.0, 1.0]]), floor=0.5)
    array([[2.25, 0.75],
           [0.75, 2.25]])
    """
    n = check_square(A, "A")
    relative = check_real(floor, "floor", low=0, high=1)
    refuse_complex(A, "A")
    S = symmetric_part(A)
    check_symmetric_batch(S)
    if S.numel() == 0:
        return (S, Repair(*(S.sum(dim=(-2, -1)) for _ in range(4)))) if report else S
    values, vectors = decompose(S)
    scale = values.abs().amax(dim=-1)
    if not torch.compiler.is_compiling() and bool((scale == 0).any()):
        index = tuple(int(i) for i in (scale == 0).nonzero()[0])
        message = f"A{list(index) if index else ''} is zero: there is no scale for the floor"
        raise DomainError(message, hint="drop the matrix, or add a multiple of the identity")
    level = max(relative, 4 * n * torch.finfo(A.dtype).eps)
    unit = scale.to(A.dtype)[..., None, None]
    nearest = unit * spectral_value(S / unit, values / scale.unsqueeze(-1), vectors, Rectifier(level))
    if not report:
        return nearest
    return nearest, _repair(A.detach() / unit, nearest.detach() / unit, values / scale.unsqueeze(-1), level, scale)


def _repair(A: Tensor, nearest: Tensor, values: Tensor, level: float, scale: Tensor) -> Repair:
    """Return the report of matrices, and their eigenvalues, in the unit ``scale``."""
    norm = torch.linalg.matrix_norm(A)
    distance = torch.linalg.matrix_norm(A - nearest)
    raised = (values < level).sum(dim=-1)
    return Repair(distance * scale.to(A.dtype), distance / norm, raised, torch.linalg.matrix_norm(A - A.mT) / 2 / norm)
