r"""A spectral function inside a layer: eagerly with refusals and second derivatives, compiled as one graph without tests of data.

Definition: :math:`f(A) = V f(\lambda) V^T`, derivative by divided differences (Daleckii & Krein 1965).
Convention: ``positive=True`` refuses matrices that are not positive definite; under ``torch.compile`` nothing is refused.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.spd.check_spd import spd_eigh, symmetric_input
from erlangen.linalg.spectral.apply_spectral import check_image
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = ["spectral_map"]


class _Traced(Function):
    """The same value and first derivative in operations that one graph can hold."""

    @staticmethod
    def forward(ctx: Any, A: Tensor, f: SpectralFunction) -> Tensor:
        values, vectors = torch.linalg.eigh(A)
        values = values.to(torch.float64)
        ctx.save_for_backward(values, vectors)
        ctx.f = f
        return symmetric_part((vectors * f.value(values).to(A.dtype).unsqueeze(-2)) @ vectors.mT)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        values, vectors = ctx.saved_tensors
        differences = ctx.f.first(values.unsqueeze(-1), values.unsqueeze(-2)).to(vectors.dtype)
        return vectors @ ((vectors.mT @ symmetric_part(gradients[0]) @ vectors) * differences) @ vectors.mT, None


def spectral_map(A: Tensor, f: SpectralFunction, *, positive: bool = False, name: str = "X") -> Tensor:
    """Return f(A) for symmetric ``(..., n, n)``, with true first and (eagerly) second derivatives.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If A is not square, finite and symmetric within 1e-8, with ``positive`` not positive definite, or f(A) not finite.

    Examples
    --------
    >>> from erlangen.linalg import spectral
    >>> spectral_map(4 * torch.eye(2), spectral.SquareRoot())
    tensor([[2., 0.],
            [0., 2.]])
    """
    if torch.compiler.is_compiling():
        run: Any = _Traced.apply
        traced: Tensor = run(symmetric_part(A), f)
        return traced
    if positive:
        A, values, vectors = spd_eigh(A, name)
    else:
        A = symmetric_input(A, name)
        values, vectors = decompose(A, name)
        check_image(values, f, A.dtype, name)
    return spectral_value(A, values, vectors, f)
