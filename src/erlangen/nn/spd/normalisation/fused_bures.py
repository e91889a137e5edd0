r"""The way from a batch to its normalised image as one operation with its derivative written out.

Definition: with :math:`G = U g U^T`, :math:`S = (\sqrt g U^T Y U \sqrt g)^{1/2}`,
:math:`U^T V U = S_{ij}\sqrt{2(g_i + g_j)/(g_i g_j)} - 2\sqrt{g_i}\,\delta_{ij}`;
with :math:`W = Q w Q^T`, :math:`L = k\, Q^T V Q / \sqrt{2(w_i + w_j)}`, :math:`Y' = Q (I + L) w (I + L) Q^T`.
Convention: the frame (U, g and the decomposition of S) is constant; one decomposition a sample forward, none backward; second derivatives recompute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spectral import SquareRoot
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.manifolds.spd.pair_function import first_difference, pair_function, to_base

__all__ = [
    "Frame",
    "centre_in_frame",
    "displacement",
    "eigenpairs",
    "fixed_point",
    "leave_frame",
    "left_image",
    "point_between",
    "whitened_root",
]


@dataclass(frozen=True)
class Frame:
    """What centring leaves for the way out: half-whitening ``P``, weights, basis, and the eigenpairs of the whitened batch."""

    P: Tensor
    weights: Tensor
    shift: Tensor
    basis: Tensor
    values: Tensor
    vectors: Tensor
    V: Tensor

    def vector(self, Y: Tensor) -> Tensor:
        """Return V of Y in the standard basis, differentiable in Y twice."""
        A = symmetric_part(self.P @ Y @ self.P.mT)
        S = spectral_value(A, self.values, self.vectors, SquareRoot())
        return symmetric_part(self.basis @ (self.weights * S - self.shift) @ self.basis.mT)


Pairs = tuple[Tensor, Tensor]


def eigenpairs(A: Tensor) -> Pairs:
    """Return eigenvalues in the dtype of A, and vectors, without gradient."""
    values, vectors = decompose(A)
    return values.to(A.dtype), vectors


def whitened_root(Y: Tensor, pairs: Pairs) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    r"""Return :math:`S = (P Y P^T)^{1/2}` with :math:`P = \sqrt g U^T`, P, and the eigenpairs of the batch inside the root."""
    g, U = pairs
    P = g.sqrt().unsqueeze(-1) * U.mT
    values, vectors = decompose(P @ Y @ P.mT)
    if bool((values[..., 0] <= Y.shape[-1] * torch.finfo(Y.dtype).eps * values[..., -1]).any()):
        check_spd(Y, "X")
        values = values.clamp_min(torch.finfo(Y.dtype).tiny)
    return (vectors * values.sqrt().to(Y.dtype).unsqueeze(-2)) @ vectors.mT, P, values, vectors


def fixed_point(Y: Tensor, pairs: Pairs) -> Tensor:
    r"""Return :math:`G^{-1/2} (\sum_i (G^{1/2} Y_i G^{1/2})^{1/2}/N)^2 G^{-1/2}` from the eigenpairs of G."""
    S, P, _, _ = whitened_root(Y, pairs)
    lower = P.mT / pairs[0].unsqueeze(-2)
    half = lower @ S.mean(0)
    return half @ half.mT


def point_between(pairs: Pairs, B: Tensor, t: float) -> Tensor:
    """Return the point at t on the geodesic to B from the matrix with these eigenpairs."""
    g, U = pairs
    S, _, _, _ = whitened_root(B, pairs)
    root = g.sqrt()
    lift = (1 - t) * torch.diag_embed(root) + t * (S / root.unsqueeze(-1))
    half = U @ lift
    return half @ half.mT


def centre_in_frame(Y: Tensor, pairs: Pairs) -> tuple[Tensor, Frame]:
    """Return the centred batch in the eigenbasis of G, and the frame, both without gradient.

    Examples
    --------
    >>> V, _ = centre_in_frame(4 * torch.eye(1).expand(2, 1, 1, 1), eigenpairs(torch.eye(1)[None]))
    >>> V.flatten()
    tensor([2., 2.])
    """
    g, U = pairs
    S, P, values, vectors = whitened_root(Y, pairs)
    weights = (2 / g.unsqueeze(-1) + 2 / g.unsqueeze(-2)).sqrt()
    shift = torch.diag_embed(2 * g.sqrt())
    V = weights * S - shift
    return V, Frame(P, weights, shift, U, values, vectors, V)


def displacement(
    V: Tensor, frame: Frame, k: Tensor, pairs: Pairs
) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Return L in the eigenbasis of W, and the way there: turn, basis, eigenvalues and factors; no gradient."""
    w, Q = pairs
    turn = Q.mT @ frame.basis
    factors = (2 * (w.unsqueeze(-1) + w.unsqueeze(-2))).rsqrt()
    return (factors * k[..., None, None]) * (turn @ V @ turn.mT), (turn, Q, w, factors)


def leave_frame(Y: Tensor, W: Tensor, k: Tensor, frame: Frame, L: Tensor, way: tuple[Tensor, ...]) -> Tensor:
    """Return the normalised image, differentiable in Y, W and k."""
    run: Any = _Leave.apply
    found: Tensor = run(Y, W, k, frame, L, way)
    return found


def left_image(Y: Tensor, W: Tensor, k: Tensor, frame: Frame) -> Tensor:
    """Return the normalised image in operations that can be differentiated any number of times."""
    L = pair_function(W, k[..., None, None] * frame.vector(Y), inverse=True)
    factor = L + torch.eye(L.shape[-1], dtype=L.dtype, device=L.device)
    return symmetric_part(factor @ W @ factor)


class _Leave(Function):
    @staticmethod
    def forward(ctx: Any, Y: Tensor, W: Tensor, k: Tensor, frame: Frame, L: Tensor, way: tuple[Tensor, ...]) -> Tensor:
        _, Q, w, _ = way
        half = (Q @ L + Q) * w.sqrt().unsqueeze(-2)
        ctx.save_for_backward(Y, W, k)
        ctx.constants = frame, L, way
        return half @ half.mT

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        Y, W, k = ctx.saved_tensors
        frame, L, way = ctx.constants
        if torch.is_grad_enabled():
            wanted = [item for item, need in zip((Y, W, k), ctx.needs_input_grad, strict=False) if need]
            found = iter(torch.autograd.grad(left_image(Y, W, k, frame), wanted, gradients[0], create_graph=True))
            return *(next(found) if need else None for need in ctx.needs_input_grad[:3]), None, None, None
        return *_gradients(gradients[0], k, frame, L, way, ctx.needs_input_grad), None, None, None


def _gradients(
    G: Tensor, k: Tensor, frame: Frame, L: Tensor, way: tuple[Tensor, ...], needs: tuple[bool, ...]
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    """Return the gradients in Y, W and k."""
    turn, Q, w, factors = way
    k = k[..., None, None]
    to_Y = to_W = to_k = None
    G = Q.mT @ symmetric_part(G) @ Q
    moved = G + G @ L
    to_L = moved * w.unsqueeze(-2)
    to_L = to_L + to_L.mT
    to_Z = factors * to_L
    if needs[1]:
        Z = L / factors
        direct = (moved + L @ moved).sum(0)
        to_W = Q @ (direct + to_base(to_L, Z, first_difference(w, True))) @ Q.mT
    if needs[2]:
        unscaled = turn @ frame.V @ turn.mT
        to_k = (to_Z * unscaled).sum((0, -2, -1))
    if needs[0]:
        to_S = (frame.weights * k) * (turn.mT @ to_Z @ turn)
        root = frame.values.sqrt().to(L.dtype)
        inside = (frame.vectors.mT @ to_S @ frame.vectors) / (root.unsqueeze(-1) + root.unsqueeze(-2))
        half = frame.vectors.mT @ frame.P
        to_Y = half.mT @ inside @ half
    return to_Y, to_W, to_k
