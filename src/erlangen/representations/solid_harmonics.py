r"""Real solid harmonics of all degrees up to a bound, differentiable any number of times: the twin of the compiled kernel.

Definition: :math:`R_{lm}(v) = |v|^l Y_{lm}(v/|v|)`, polynomials by the recursion of :mod:`erlangen.representations.harmonic_tables`.
Convention: derivatives are not taken through the recursion (compiled graphs apart): the gradient of degree l is a fixed combination of degree l - 1, so
derivatives of any order are again solid harmonics.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.representations.harmonic_numbers import recursion_numbers
from erlangen.representations.harmonic_tables import ladder_table

__all__ = ["solid_harmonics", "unit_vectors"]


def unit_vectors(v: Tensor) -> Tensor:
    """Return ``v / |v|`` (..., 3); zero where v = 0, with derivatives zero there, and for lengths of any size.

    Examples
    --------
    >>> unit_vectors(torch.tensor([[0.0, 3e-30, 4e-30], [0.0, 0.0, 0.0]]))
    tensor([[0.0000, 0.6000, 0.8000],
            [0.0000, 0.0000, 0.0000]])
    """
    top = v.detach().abs().amax(-1, keepdim=True)
    zero = top == 0
    w = v / torch.where(zero, 1.0, top)
    square = torch.where(zero, 1.0, w.square().sum(-1, keepdim=True))
    return torch.where(zero, 0.0, w / square.sqrt())


def solid_harmonics(v: Tensor, lmax: int, normalization: str = "integral") -> Tensor:
    r"""Return :math:`R_{lm}(v)` for ``l <= lmax``.

    .. math:: R_{1}(v) = \sqrt{\tfrac{3}{4\pi}}\,(x, y, z) \quad\text{("integral")}

    Parameters
    ----------
    v : Tensor (..., 3)
        float32 or float64.
    lmax : int
        Highest degree.
    normalization : {"integral", "component", "norm"}
        See :func:`erlangen.representations.spherical_harmonics`.

    Returns
    -------
    Tensor (..., (lmax + 1) ** 2)

    Examples
    --------
    >>> solid_harmonics(torch.tensor([1.0, 2.0, 3.0]), 1, "norm")
    tensor([1., 1., 2., 3.])
    """
    graph = torch.compiler.is_compiling()  # differentiates the recursion itself, for it takes no rule of ours
    out: Tensor = (_recursion if graph else _Solid.apply)(v.reshape(-1, 3), lmax, normalization)
    return out.reshape(*v.shape[:-1], (lmax + 1) ** 2)


class _Solid(torch.autograd.Function):
    """The recursion forwards; backwards the ladder, made of solid harmonics again and so differentiable in its turn."""

    generate_vmap_rule = True

    @staticmethod
    def forward(v: Tensor, lmax: int, normalization: str) -> Tensor:
        return _recursion(v, lmax, normalization)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        v, ctx.lmax, ctx.normalization = inputs
        ctx.save_for_backward(v)
        ctx.save_for_forward(v)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None]:
        (v,) = ctx.saved_tensors
        return pullback(v, g, ctx.lmax, ctx.normalization), None, None

    @staticmethod
    def jvp(ctx: Any, h: Tensor, *_: None) -> Tensor:
        (v,) = ctx.saved_tensors
        return pushforward(v, h, ctx.lmax, ctx.normalization)


def _ladder(lmax: int, normalization: str, like: Tensor) -> tuple[Tensor, Tensor]:
    """Return source (3, 2, lmax ** 2) and coefficient of the ladder on the device of ``like``, in its type."""
    table = ladder_table(lmax, normalization)
    source, coefficient = torch.from_numpy(table.source), torch.from_numpy(table.coefficient)
    return source.to(like.device), coefficient.to(like)


def lowered(g: Tensor, lmax: int, normalization: str) -> Tensor:
    """Return the transposed ladder (3, N, lmax ** 2) of cotangents g (N, (lmax + 1) ** 2), one for each axis."""
    source, coefficient = _ladder(lmax, normalization, g)
    return torch.stack([(g[:, source[d]] * coefficient[d]).sum(1) for d in range(3)])


def pullback(v: Tensor, g: Tensor, lmax: int, normalization: str) -> Tensor:
    """Return the cotangents (N, 3) of v: ``sum_k g_k grad R_k(v)``."""
    if lmax == 0:
        return torch.zeros_like(v) * g.sum()
    below = solid_harmonics(v, lmax - 1, normalization)
    return torch.stack([(below * part).sum(-1) for part in lowered(g, lmax, normalization)], -1)


def pushforward(v: Tensor, h: Tensor, lmax: int, normalization: str) -> Tensor:
    """Return the directional derivatives (N, (lmax + 1) ** 2) along h (N, 3)."""
    out = torch.zeros(len(v), (lmax + 1) ** 2, dtype=v.dtype, device=v.device)
    if lmax == 0:
        return out
    source, coefficient = _ladder(lmax, normalization, v)
    below = solid_harmonics(v, lmax - 1, normalization)
    for d in range(3):
        for t in range(2):
            out = out.index_add(1, source[d, t], below * coefficient[d, t] * h[:, d, None])
    return out


def _recursion(v: Tensor, lmax: int, normalization: str) -> Tensor:
    """Return the harmonics (N, (lmax + 1) ** 2) of v (N, 3), all orders m of a degree at a time."""
    a, b, top = recursion_numbers(lmax, normalization, v)[:, :, None]
    x, y, z = v.unbind(-1)
    square = x * x + y * y + z * z
    cosines, sines = [torch.ones_like(x)], [torch.zeros_like(x)]
    for _ in range(lmax):
        c, s = cosines[-1], sines[-1]
        cosines.append(z * c - x * s)
        sines.append(z * s + x * c)
    waves = torch.stack([*sines[:0:-1], *cosines])
    q = [top[:1].expand(1, len(x))]
    out = [q[0]]
    for l in range(1, lmax + 1):
        row = l * (l + 1) // 2
        new = a[row : row + l] * y * q[-1]
        if l > 1:
            lower = b[row : row + l - 1] * square * q[-2]
            new = torch.cat([new[:-1] - lower, new[-1:]])
        q.append(torch.cat([new, top[l : l + 1].expand(1, len(x))]))
        out.append(torch.cat([q[-1][1:].flip(0), q[-1]]) * waves[lmax - l : lmax + l + 1])
    return torch.cat(out).T.contiguous()
