r"""Value and three derivatives of a spectral function, as operations that autograd can follow.

Definition: Daleckii & Krein 1965: :math:`L(G) = V[(V^T G V) \circ F_1]V^T`, and with :math:`F_2`, :math:`F_3` for the further ones (Higham 2008, sec. 3.2).
Convention: A, G and H are symmetric; derivatives are symmetric again; a fourth derivative is refused.
"""

from __future__ import annotations

import inspect
import math
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.errors import DomainError
from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = [
    "SpectralDerivative",
    "SpectralSecondDerivative",
    "SpectralThirdDerivative",
    "SpectralValue",
    "spectral_value",
    "symmetric_part",
]

_CHUNK = 4_000_000


def symmetric_part(G: Tensor) -> Tensor:
    """Return :math:`(G + G^T)/2`."""
    return (G + G.mT) / 2


def _checked(differences: Tensor, f: SpectralFunction, dtype: torch.dtype) -> Tensor:
    """Return divided differences in the matrix's dtype, refused where they are not finite."""
    cast = differences.to(dtype)
    if not (math.isfinite(cast.sum()) or bool(torch.isfinite(cast).all())):
        message = f"{f.name} has no finite derivative at these eigenvalues (within the range of {dtype})"
        raise DomainError(message, hint="keep the eigenvalues away from the border of the domain, or rescale")
    return cast


def _remember(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    """Keep the tensors and, last of the inputs, the function for the backward pass (apart from forward, as torch.func asks)."""
    ctx.save_for_backward(*inputs[:-1])
    ctx.f = inputs[-1]


Operation = TypeVar("Operation", bound=type[Function])


def described(operation: Operation) -> Operation:
    """Decorate an operation so that torch, which asks for the signature of ``forward`` at every call, finds it ready."""
    forward: Any = operation.forward
    forward.__signature__ = inspect.signature(forward)
    return operation


def _apply(operation: type[Function], *arguments: object) -> Any:
    """Run an operation under autograd."""
    run: Any = operation.apply
    return run(*arguments)


def spectral_value(A: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction) -> Tensor:
    """Return f(A) from a decomposition of A, differentiable three times in A (once in a compiled graph)."""
    if torch.compiler.is_compiling():
        return _traced_value(A, values, vectors, f)
    result: Tensor = _apply(SpectralValue, A, values, vectors, f)
    return result


def _traced_value(A: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction) -> Tensor:
    """Return f(A) in plain operations: its value, and zero with the slope of f(A), which is all that a traced graph needs."""
    image = symmetric_part((vectors * f.value(values).to(A.dtype).unsqueeze(-2)) @ vectors.mT)
    if not A.requires_grad:
        return image
    first = f.first(values.unsqueeze(-1), values.unsqueeze(-2)).to(A.dtype)
    nothing = vectors.mT @ (A - A.detach()) @ vectors
    return image + symmetric_part(vectors @ (nothing * first) @ vectors.mT)


@described
class SpectralValue(Function):
    """f(A) from a decomposition of A."""

    @staticmethod
    def forward(A: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction) -> Tensor:
        r"""Return :math:`V f(\lambda) V^T`."""
        image = f.value(values).to(A.dtype)
        return symmetric_part((vectors * image.unsqueeze(-2)) @ vectors.mT)

    setup_context = staticmethod(_remember)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the derivative applied to the gradient; it is its own adjoint."""
        A, values, vectors = ctx.saved_tensors
        return _apply(SpectralDerivative, A, symmetric_part(gradients[0]), values, vectors, ctx.f), None, None, None


@described
class SpectralDerivative(Function):
    """The derivative of f at A in the direction G."""

    @staticmethod
    def forward(A: Tensor, G: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction) -> Tensor:
        r"""Return :math:`V[(V^T G V) \circ F_1] V^T`."""
        first = _checked(f.first(values.unsqueeze(-1), values.unsqueeze(-2)), f, A.dtype)
        return vectors @ ((vectors.mT @ G @ vectors) * first) @ vectors.mT

    setup_context = staticmethod(_remember)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the second derivative in (G, H), and the derivative in H."""
        A, G, values, vectors = ctx.saved_tensors
        H = symmetric_part(gradients[0])
        to_matrix = to_direction = None
        if ctx.needs_input_grad[0]:
            to_matrix = _apply(SpectralSecondDerivative, A, G, H, values, vectors, ctx.f)
        if ctx.needs_input_grad[1]:
            to_direction = _apply(SpectralDerivative, A, H, values, vectors, ctx.f)
        return to_matrix, to_direction, None, None, None


@described
class SpectralSecondDerivative(Function):
    """The second derivative of f at A in the directions G and H."""

    @staticmethod
    def forward(A: Tensor, G: Tensor, H: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction) -> Tensor:
        r"""Return V M V^T with :math:`M_{ij} = \sum_k f[\lambda_i, \lambda_k, \lambda_j](g_{ik} h_{kj} + h_{ik} g_{kj})`."""
        g, h = vectors.mT @ G @ vectors, vectors.mT @ H @ vectors
        n = A.shape[-1]
        step = max(1, _CHUNK // max(A.numel(), 1))
        total = torch.zeros_like(g)
        for start in range(0, n, step):
            part = slice(start, start + step)
            middle = values[..., None, part, None]
            second = f.second(values[..., :, None, None], middle, values[..., None, None, :])
            second = _checked(second, f, A.dtype)
            total = total + torch.einsum("...ik,...ikj,...kj->...ij", g[..., part], second, h[..., part, :])
            total = total + torch.einsum("...ik,...ikj,...kj->...ij", h[..., part], second, g[..., part, :])
        return vectors @ total @ vectors.mT

    setup_context = staticmethod(_remember)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the third derivative in (G, H, E), and the second ones in (H, E) and (G, E)."""
        A, G, H, values, vectors = ctx.saved_tensors
        E = symmetric_part(gradients[0])
        needs = ctx.needs_input_grad
        to_matrix = _apply(SpectralThirdDerivative, A, G, H, E, values, vectors, ctx.f) if needs[0] else None
        to_G = _apply(SpectralSecondDerivative, A, H, E, values, vectors, ctx.f) if needs[1] else None
        to_H = _apply(SpectralSecondDerivative, A, G, E, values, vectors, ctx.f) if needs[2] else None
        return to_matrix, to_G, to_H, None, None, None


@described
class SpectralThirdDerivative(Function):
    """The third derivative of f at A in the directions G, H and E."""

    @staticmethod
    def forward(
        A: Tensor, G: Tensor, H: Tensor, E: Tensor, values: Tensor, vectors: Tensor, f: SpectralFunction
    ) -> Tensor:
        r"""Return V M V^T, :math:`M_{ij} = \sum_{kl} f[\lambda_i, \lambda_k, \lambda_l, \lambda_j] g_{ik} h_{kl} e_{lj}` summed over all orders of g, h, e."""
        g, h, e = (vectors.mT @ B @ vectors for B in (G, H, E))
        n = A.shape[-1]
        step = max(1, _CHUNK // max(A.numel() * n, 1))
        total = torch.zeros_like(g)
        ends = values[..., :, None, None, None], values[..., None, None, :, None], values[..., None, None, None, :]
        for start in range(0, n, step):
            part = slice(start, start + step)
            middle = values[..., None, part, None, None]
            third = _checked(f.third(ends[0], middle, ends[1], ends[2]), f, A.dtype)
            for x, y, z in ((g, h, e), (g, e, h), (h, g, e)):
                for first, last in ((x, z), (z, x)):  # an order and its reverse
                    total = total + torch.einsum(
                        "...ik,...iklj,...kl,...lj->...ij", first[..., part], third, y[..., part, :], last
                    )
        return vectors @ total @ vectors.mT

    setup_context = staticmethod(_remember)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Refuse: fourth derivatives are not provided."""
        message = "spectral functions have three derivatives; a fourth one was asked for"
        raise DomainError(message, hint="differentiate at most three times")
