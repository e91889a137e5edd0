r"""The compiled harmonics and their place in autograd.

Definition: forwards the values; backwards :math:`\sum_k g_k \nabla Y_k(v)`; of that again, by the same degree-lowering, the second derivative.
Convention: CPU, float32 or float64, points (N, 3); third and higher derivatives are those of the twin (:mod:`erlangen.representations.solid_harmonics`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import forward_ad

from erlangen import native
from erlangen.errors import DomainError
from erlangen.representations.harmonic_tables import kernel_table
from erlangen.representations.solid_harmonics import pushforward, solid_harmonics, unit_vectors

__all__ = ["MOST_DEGREE", "Request", "kernel_gradients", "kernel_harmonics", "refuse_rows"]

MOST_DEGREE = 200


@dataclass(frozen=True)
class Request:
    """What is computed and how."""

    lmax: int
    normalize: bool
    normalization: str
    threads: int
    level: str

    @property
    def size(self) -> int:
        """Number of components."""
        return (self.lmax + 1) ** 2

    def arguments(self, dtype: torch.dtype) -> tuple[int, bool, NDArray[Any]]:
        """Return the leading arguments of every kernel."""
        return self.lmax, self.normalize, _table(self.lmax, self.normalization, dtype)

    def twin(self, v: Tensor) -> Tensor:
        """Return the same harmonics by torch operations."""
        return solid_harmonics(unit_vectors(v) if self.normalize else v, self.lmax, self.normalization)


@lru_cache(maxsize=256)
def _table(lmax: int, normalization: str, dtype: torch.dtype) -> NDArray[Any]:
    return kernel_table(lmax, normalization).astype(np.float32 if dtype == torch.float32 else np.float64)


def _array(x: Tensor) -> NDArray[Any]:
    """Return the memory of a tensor, copied only if its rows are not contiguous."""
    return (x.detach() if x.requires_grad else x).contiguous().resolve_neg().numpy()


def _call(
    name: str, request: Request, inputs: tuple[Tensor, ...], *shapes: tuple[int, ...], lead: tuple[int, ...] = ()
) -> tuple[Tensor, ...]:
    """Run a kernel on arrays and return its results in new tensors of the given shapes; refuse points it finds not finite."""
    module: Any = native.kernels("native")
    v = inputs[0]
    out = tuple([v.new_empty(shape) for shape in shapes])
    arrays = [_array(x) for x in (*inputs, *out)]
    wrong = getattr(module, name)(*request.arguments(v.dtype), *arrays, request.threads, request.level)
    if wrong is not None and wrong >= 0:
        refuse_rows(v.detach(), lead)
    return out


def refuse_rows(v: Tensor, lead: tuple[int, ...]) -> None:
    """Refuse rows (N, 3) that are not finite, by their place in the leading shape."""
    wrong = v.isfinite().all(-1).logical_not().nonzero()
    if len(wrong):
        row = int(wrong[0])
        place = ", ".join(str(int(i)) for i in np.unravel_index(row, lead)) if lead else "..."
        message = f"vectors[{place}] is {v[row].tolist()}; {len(wrong)} of {len(v)} are not finite"
        raise DomainError(message, hint="find where NaN or infinity comes in; a zero vector is allowed")


def _differentiated(v: Tensor) -> bool:
    """Return whether a derivative can be asked of what is computed from v, in reverse or in forward mode."""
    return (v.requires_grad and torch.is_grad_enabled()) or forward_ad._current_level >= 0


def kernel_harmonics(v: Tensor, request: Request, lead: tuple[int, ...]) -> Tensor:
    """Return the harmonics (N, K) of points (N, 3), which are refused by their place in ``lead``."""
    if not _differentiated(v):
        return _call("harmonics", request, (v,), (len(v), request.size), lead=lead)[0]
    out: Tensor = _Harmonics.apply(v, request, lead)  # type: ignore[no-untyped-call]
    return out


def kernel_gradients(v: Tensor, request: Request, lead: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Return harmonics (N, K) and their gradients (N, 3, K), without autograd."""
    shapes = (len(v), request.size), (len(v), 3, request.size)
    values, gradients = _call("harmonics_gradient", request, (v,), *shapes, lead=lead)
    return values, gradients


class _Harmonics(torch.autograd.Function):
    """Values; differentiable twice by kernels, and in forward mode."""

    @staticmethod
    def forward(ctx: Any, v: Tensor, request: Request, lead: tuple[int, ...]) -> Tensor:
        ctx.request = request
        ctx.save_for_backward(v)
        ctx.save_for_forward(v)
        return _call("harmonics", request, (v,), (len(v), request.size), lead=lead)[0]

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None]:
        (v,) = ctx.saved_tensors
        return _Pullback.apply(v, g, ctx.request), None, None  # type: ignore[no-untyped-call]

    @staticmethod
    def jvp(ctx: Any, h: Tensor, *_: None) -> Tensor:
        (v,) = ctx.saved_tensors
        request: Request = ctx.request
        if not request.normalize:
            return pushforward(v, h, request.lmax, request.normalization)
        u = unit_vectors(v)
        length = (u * v).sum(-1, keepdim=True)
        along = torch.where(length == 0, 0.0, (h - u * (u * h).sum(-1, keepdim=True)) / length)
        return pushforward(u, along, request.lmax, request.normalization)


class _Pullback(torch.autograd.Function):
    """The sum of gradients, weighted by cotangents g (N, K)."""

    @staticmethod
    def forward(ctx: Any, v: Tensor, g: Tensor, request: Request) -> Tensor:
        ctx.request = request
        ctx.save_for_backward(v, g)
        return _call("harmonics_pullback", request, (v, g), (len(v), 3))[0]

    @staticmethod
    def backward(ctx: Any, h: Tensor) -> tuple[Tensor, Tensor, None]:
        v, g = ctx.saved_tensors
        request: Request = ctx.request
        if torch.is_grad_enabled():  # a derivative beyond the second is wanted
            by_v, by_g = _differentiable_second(v, g, h, request)
            return by_v, by_g, None
        out_v, out_g = _call("harmonics_second", request, (v, g, h), (len(v), 3), (len(v), request.size))
        return out_v, out_g, None


def _differentiable_second(v: Tensor, g: Tensor, h: Tensor, request: Request) -> tuple[Tensor, Tensor]:
    """Return the derivatives of the pullback by torch operations, which can be differentiated again."""
    slope = torch.autograd.grad(request.twin(v), v, g, create_graph=True)[0]
    by_v, by_g = torch.autograd.grad(slope, (v, g), h, create_graph=True, allow_unused=True, materialize_grads=True)
    return by_v, by_g
