r"""Matrices of rotations in the irreducible representations, several degrees from one set of angles.

Definition: with :math:`R = R_y(\alpha) R_x(\beta) R_y(\gamma)`, :math:`D^l = Z(\alpha)\, J\, Z(\beta)\, J\, Z(\gamma)`, :math:`Z` the turns about y
that mix m and -m only and :math:`J` the constant half turn that exchanges x and y.
Convention: a matrix stands for the nearest rotation; derivatives are those along the group, so that no angle is ever differentiated.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.groups.checks import check_orthogonal
from erlangen.groups.euler import angles_of
from erlangen.representations.rotation_tables import TABLES

__all__ = ["characters", "matrices", "nearest_rotation", "rotation_blocks"]


def nearest_rotation(R: Tensor, name: str = "R") -> tuple[Tensor, Tensor]:
    """Return the rotation nearest to ``det(R) R`` and the sign of the determinant, ``(..., 3, 3)`` and ``(...)``.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        If a matrix is not finite or further than 1e-3 from an orthogonal matrix.

    Examples
    --------
    >>> nearest_rotation(-torch.eye(3))[1]
    tensor(-1.)
    """
    check_orthogonal(R, name)
    one = torch.eye(3, dtype=R.dtype, device=R.device)
    sign = torch.linalg.det(R.detach()).sign()
    Q = sign[..., None, None] * (R @ (3 * one - R.mT @ R) / 2)
    return Q @ (3 * one - Q.mT @ Q) / 2, sign


def _turns(angle: Tensor, l: int) -> tuple[Tensor, Tensor]:
    """Return ``cos(m t)`` and ``sin(m t)`` for ``m = -l .. l``, ``(..., 2l + 1)``."""
    m = torch.arange(-l, l + 1, dtype=angle.dtype, device=angle.device)
    phase = angle[..., None] * m
    return phase.cos(), phase.sin()


def _table(name: str, l: int, like: Tensor) -> Tensor:
    """Return a table of :mod:`erlangen.representations.rotation_tables` in the dtype and on the device of a tensor."""
    if torch.compiler.is_compiling():
        return _traced_table(like.detach(), name, l)
    return torch.tensor(TABLES[name](l), dtype=like.dtype, device=like.device)


@torch.library.custom_op("erlangen::rotation_table", mutates_args=())
def _traced_table(like: Tensor, name: str, l: int) -> Tensor:
    """Return a table from inside a compiled graph, which does not look into its making."""
    return torch.tensor(TABLES[name](l), dtype=like.dtype, device=like.device)


@_traced_table.register_fake
def _(like: Tensor, name: str, l: int) -> Tensor:
    return like.new_empty((*((3,) if name == "generators" else ()), 2 * l + 1, 2 * l + 1))


def _block(l: int, angles: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    (ca, sa), (cb, sb), (cg, sg) = (_turns(angle, l) for angle in angles)
    J = _table("axis_swap", l, ca)
    inner = (J * cb[..., None, :] + J.flip(-1) * sb[..., None, :]) @ J  # a turn: v_m -> cos(m t) v_m - sin(m t) v_-m
    inner = inner * cg[..., None, :] + inner.flip(-1) * sg[..., None, :]
    return inner * ca[..., :, None] - inner.flip(-2) * sa[..., :, None]


class _Blocks(torch.autograd.Function):
    """The matrices of several degrees; backwards ``<G, D X_a>`` along the three one-parameter groups."""

    generate_vmap_rule = True

    @staticmethod
    def forward(R: Tensor, ls: tuple[int, ...]) -> tuple[Tensor, ...]:
        angles = angles_of(R)
        return tuple(_block(l, angles) for l in ls)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, tuple[int, ...]], output: tuple[Tensor, ...]) -> None:
        R, ctx.ls = inputs
        ctx.save_for_backward(R, *output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        R, *blocks = ctx.saved_tensors
        slope = R.new_zeros(())
        for l, D, G in zip(ctx.ls, blocks, grads, strict=True):
            X = _table("generators", l, R)
            slope = slope + torch.einsum("...ij,aij->...a", D.mT @ G, X)
        turn = _table("generators", 1, R)
        return R @ torch.einsum("...a,aij->...ij", slope / 2, turn), None


def rotation_blocks(ls: tuple[int, ...], rotation: Tensor) -> tuple[Tensor, ...]:
    """Return the matrices of the rotation in the representations of degrees ``ls``, each ``(..., 2l + 1, 2l + 1)``.

    Parameters
    ----------
    ls : tuple of int
        Degrees.
    rotation : Tensor (..., 3, 3)
        Rotations to rounding, as :func:`nearest_rotation` returns them.

    Examples
    --------
    >>> R = torch.eye(3, dtype=torch.float64)
    >>> [bool(torch.allclose(D, torch.eye(len(D), dtype=D.dtype))) for D in rotation_blocks((0, 1, 4), R)]
    [True, True, True]
    """
    blocks: tuple[Tensor, ...] = _Blocks.apply(rotation, ls)  # type: ignore[no-untyped-call]
    return blocks


def matrices(irreps: tuple[tuple[int, int], ...], R: Tensor) -> tuple[Tensor, ...]:
    """Return the matrices of orthogonal ``R`` ``(..., 3, 3)`` in the irreps ``(l, p)``, each ``(..., 2l + 1, 2l + 1)``.

    Raises
    ------
    DomainError
        If a matrix is not orthogonal.

    Examples
    --------
    >>> matrices(((0, -1),), -torch.eye(3))
    (tensor([[-1.]]),)
    """
    work = R.to(torch.float32) if R.dtype in (torch.float16, torch.bfloat16) else R
    rotation, sign = nearest_rotation(work)
    ls = tuple(sorted({l for l, _ in irreps}))
    found = dict(zip(ls, rotation_blocks(ls, rotation), strict=True))
    return tuple((found[l] if p == 1 else found[l] * sign[..., None, None]).to(R.dtype) for l, p in irreps)


def characters(irreps: tuple[tuple[int, int], ...], R: Tensor) -> tuple[Tensor, ...]:
    r"""Return the characters of orthogonal ``R`` ``(..., 3, 3)`` in the irreps ``(l, p)``, each ``(...)``.

    With :math:`\cos\theta = (\det R \operatorname{tr} R - 1)/2` the sum :math:`1 + 2 \sum_{m \le l} \cos m\theta` is taken by Chebyshev's recursion.

    Raises
    ------
    DomainError
        If a matrix is not orthogonal.

    Examples
    --------
    >>> characters(((2, 1),), torch.eye(3))
    (tensor(5.),)
    """
    rotation, sign = nearest_rotation(R)
    cosine = (rotation.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    sums, before, now = [torch.ones_like(cosine)], torch.ones_like(cosine), cosine
    for _ in range(max((l for l, _ in irreps), default=0)):
        sums.append(sums[-1] + 2 * now)
        before, now = now, 2 * cosine * now - before
    return tuple(sums[l] if p == 1 else sums[l] * sign for l, p in irreps)
