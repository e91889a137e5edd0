r"""The square root of the operator that Lyapunov's equation inverts.

Definition: :math:`\Phi_P : V \mapsto (\tfrac12(P \otimes I + I \otimes P))^{1/2} V`, in the eigenbasis of P :math:`V_{ij}\sqrt{(p_i + p_j)/2}`.
Convention: the derivative in P divides by sums :math:`\phi_{ij} + \phi_{kj}` only, so it holds at repeated eigenvalues; there is no second one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import symmetric_part

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
        ctx.save_for_backward(phi, vectors, inside)
        ctx.inverse = inverse
        return vectors @ (inside / phi if inverse else inside * phi) @ vectors.mT

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        r"""Return the gradients in P, :math:`\sum_j G_{ij} V_{kj} f[\phi^2_{ij}, \phi^2_{kj}]`, and in V."""
        phi, vectors, inside = ctx.saved_tensors
        G = vectors.mT @ symmetric_part(gradients[0]) @ vectors
        to_V = vectors @ (G / phi if ctx.inverse else G * phi) @ vectors.mT
        if not ctx.needs_input_grad[0]:
            return None, to_V, None, None, None
        left, right = phi.unsqueeze(-2), phi.unsqueeze(-3)
        quotient = 1 / (left + right)
        if ctx.inverse:
            quotient = -quotient / (left * right)
        to_P = torch.einsum("...ij,...kj,...ikj->...ik", G, inside, quotient)
        return vectors @ symmetric_part(to_P) @ vectors.mT, to_V, None, None, None
