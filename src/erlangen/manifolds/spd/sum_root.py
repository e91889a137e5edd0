r"""The square root of the operator that Lyapunov's equation inverts.

Definition: :math:`\Phi_P : V \mapsto (\tfrac12(P \otimes I + I \otimes P))^{1/2} V`, in the eigenbasis of P :math:`V_{ij}\sqrt{(p_i + p_j)/2}`.
Convention: the derivative in P divides by sums :math:`\phi_{ij} + \phi_{kj}` only, so it holds at repeated eigenvalues; there is no second one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.once import once

__all__ = ["sum_root"]


def sum_root(P: Tensor, V: Tensor, *, inverse: bool = False) -> Tensor:
    """Return the root of half the Kronecker sum of P, or its inverse, applied to a symmetric V.

    Examples
    --------
    >>> sum_root(torch.diag(torch.tensor([1.0, 7.0])), torch.ones(2, 2))[0]
    tensor([1., 2.])
    """
    P, V = same_batch(P, V)
    run: Any = _SumRoot.apply
    found: Tensor = run(P, V, *decompose(P), inverse)
    return found


class _SumRoot(Function):
    """The operator from a decomposition of P."""

    @staticmethod
    def forward(ctx: Any, P: Tensor, V: Tensor, values: Tensor, vectors: Tensor, inverse: bool) -> Tensor:
        """Return the image of V."""
        phi = ((values.unsqueeze(-1) + values.unsqueeze(-2)) / 2).sqrt().to(V.dtype)
        inside = vectors.mT @ V @ vectors
        ctx.save_for_backward(P, V, phi, vectors, inside)
        ctx.inverse, ctx.values = inverse, values
        return vectors @ (inside / phi if inverse else inside * phi) @ vectors.mT

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        r"""Return the gradients in P, :math:`\sum_j G_{ij} V_{kj} f[\phi^2_{ij}, \phi^2_{kj}]`, and in V."""
        P, V, phi, vectors, inside = ctx.saved_tensors
        incoming = symmetric_part(gradients[0])
        if not ctx.needs_input_grad[0]:  # linear in V
            run: Any = _SumRoot.apply
            return None, run(P, incoming, ctx.values, vectors, ctx.inverse), None, None, None
        with torch.no_grad():
            to_P, to_V = _gradients(incoming, phi, vectors, inside, ctx.inverse)
        what = "the closed transport"
        return once(to_P, what, P, V, incoming), once(to_V, what, P, V, incoming), None, None, None


def _gradients(G: Tensor, phi: Tensor, vectors: Tensor, inside: Tensor, inverse: bool) -> tuple[Tensor, Tensor]:
    """Return the gradients in P and V, without graph."""
    G = vectors.mT @ G @ vectors
    left, right = phi.unsqueeze(-2), phi.unsqueeze(-3)
    quotient = 1 / (left + right)
    if inverse:
        quotient = -quotient / (left * right)
    to_P = torch.einsum("...ij,...kj,...ikj->...ik", G, inside, quotient)
    to_V = vectors @ (G / phi if inverse else G * phi) @ vectors.mT
    return vectors @ symmetric_part(to_P) @ vectors.mT, to_V
