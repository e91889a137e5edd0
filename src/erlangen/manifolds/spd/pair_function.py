r"""A function of a Kronecker sum applied to a symmetric matrix, twice differentiable also at repeated eigenvalues.

Definition: :math:`f(P \otimes I + I \otimes P)[V]`, in the eigenbasis of P :math:`V_{ij} f(p_i + p_j)`, for :math:`f = \sqrt{2x}` and :math:`1/\sqrt{2x}`.
Convention: P is ``(c, n, n)``, V is ``(N, c, n, n)``; derivatives in P follow Daleckii & Krein with closed divided differences.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.once import once

__all__ = ["first_difference", "pair_function", "to_base"]

_ROOT2 = 2.0**0.5


def value(w: Tensor, inverse: bool) -> Tensor:
    """Return f(w_i + w_j)."""
    double = 2 * (w.unsqueeze(-1) + w.unsqueeze(-2))
    return double.rsqrt() if inverse else double.sqrt()


def first_difference(w: Tensor, inverse: bool) -> Tensor:
    """Return f[w_i + w_j, w_k + w_j] as ``(..., i, k, j)``."""
    root = (w.unsqueeze(-1) + w.unsqueeze(-2)).sqrt()
    a, b = root.unsqueeze(-2), root.unsqueeze(-3)
    return -1 / (_ROOT2 * a * b * (a + b)) if inverse else _ROOT2 / (a + b)


def _second_difference(x: Tensor, y: Tensor, z: Tensor, inverse: bool) -> Tensor:
    """Return f[x, y, z]."""
    a, b, c = x.sqrt(), y.sqrt(), z.sqrt()
    sums = (a + b) * (b + c) * (c + a)
    return (a + b + c) / (_ROOT2 * a * b * c * sums) if inverse else -_ROOT2 / sums


def to_base(g: Tensor, v: Tensor, difference: Tensor) -> Tensor:
    """Return the gradient in P of ``<g, f(P)[v]>``, all in the eigenbasis of P, summed over samples."""
    products = g.permute(1, 3, 2, 0) @ v.permute(1, 3, 0, 2)  # (c, j, i, k)
    half = (products * difference.permute(0, 3, 1, 2)).sum(1)
    return half + half.mT


def _turn(A: Tensor, U: Tensor) -> Tensor:
    return U.mT @ A @ U


class _Pair(Function):
    @staticmethod
    def forward(ctx: Any, P: Tensor, V: Tensor, inverse: bool) -> Tensor:
        w, U = decompose(P)
        w = w.to(P.dtype)
        ctx.save_for_backward(P, V, w, U)
        ctx.inverse = inverse
        return U @ (_turn(V, U) * value(w, inverse)) @ U.mT

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        P, V, w, U = ctx.saved_tensors
        G = symmetric_part(gradients[0])
        moves = ctx.needs_input_grad[0]
        if torch.is_grad_enabled() and not torch.compiler.is_compiling():
            run: Any = _PairBase.apply
            base = run(P, V, G, w, U, ctx.inverse) if moves else None
            return base, pair_function(P, G, inverse=ctx.inverse), None
        g, base = _turn(G, U), None
        if moves:
            base = U @ to_base(g, _turn(V, U), first_difference(w, ctx.inverse)) @ U.mT
        return base, U @ (g * value(w, ctx.inverse)) @ U.mT, None


class _PairBase(Function):
    """The gradient in P, itself with gradients in P, V and G."""

    @staticmethod
    def forward(ctx: Any, P: Tensor, V: Tensor, G: Tensor, w: Tensor, U: Tensor, inverse: bool) -> Tensor:
        ctx.save_for_backward(P, V, G, w, U)
        ctx.inverse = inverse
        return U @ to_base(_turn(G, U), _turn(V, U), first_difference(w, inverse)) @ U.mT

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        P, V, G, w, U = ctx.saved_tensors
        with torch.no_grad():
            h, v, g = (_turn(A, U) for A in (symmetric_part(gradients[0]), V, G))
            first = first_difference(w, ctx.inverse)
            inside = _curvature(h, v, g, w, ctx.inverse), _along(h, g, first), _along(h, v, first)
        anchors = P, V, G, gradients[0]
        found = (once(U @ item @ U.mT, "the function of a Kronecker sum", *anchors, order=2) for item in inside)
        return *found, None, None, None


def _along(h: Tensor, v: Tensor, first: Tensor) -> Tensor:
    """Return the derivative of f(P)[v] in the direction h of P."""
    half = torch.einsum("cik,cikj,sckj->scij", h, first, v)
    return half + half.mT


def _curvature(h: Tensor, v: Tensor, g: Tensor, w: Tensor, inverse: bool) -> Tensor:
    """Return the gradient in P of ``<g, D f(P)[h] v>``."""
    products = torch.einsum("scij,sckl->cijkl", g, v)
    products = products + products.permute(0, 3, 4, 1, 2)
    pair = w.unsqueeze(-1) + w.unsqueeze(-2)
    # left, then left: (i, q) -> (p, q) -> (r, q)
    x, y, z = pair[:, :, None, None, :], pair[:, None, :, None, :], pair[:, None, None, :, :]
    same = products.diagonal(dim1=2, dim2=4)  # (c, i, r, q)
    left = torch.einsum("cip,ciprq,cirq->cpr", h, _second_difference(x, y, z, inverse), same)
    # right, then left: (p, j) -> (p, q) -> (r, q)
    x, y, z = pair[:, :, None, :, None], pair[:, :, None, None, :], pair[:, None, :, None, :]
    right = torch.einsum("cjq,cprjq,cpjrq->cpr", h, _second_difference(x, y, z, inverse), products)
    half = left + right
    return half + half.mT


def pair_function(P: Tensor, V: Tensor, *, inverse: bool = False) -> Tensor:
    r"""Return :math:`\sqrt{2 (P \oplus P)}\,[V]`, or with ``inverse`` the inverse operator applied to V.

    Examples
    --------
    >>> P, V = torch.diag(torch.tensor([1.0, 7.0]))[None], torch.ones(1, 1, 2, 2)
    >>> pair_function(P, V)[0, 0]
    tensor([[2.0000, 4.0000],
            [4.0000, 5.2915]])
    """
    run: Any = _Pair.apply
    found: Tensor = run(P, V, inverse)
    return found
