"""Whether a compiled kernel serves a tensor.

Definition: kernels work on float32 and float64 on the CPU.
Convention: in a compiled graph the plain operations stand, which every compiler of torch can read.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen import native
from erlangen.errors import BackendError, DomainError

__all__ = ["by_kernel", "refuse_third"]


def by_kernel(x: Tensor, backend: str, name: str) -> bool:
    """Return whether the kernel of a name serves: on the CPU, in single or double precision, outside a compiled graph."""
    if torch.compiler.is_compiling():
        return False
    module = native.kernels(backend)
    if module is None or not hasattr(module, name):
        return False
    serves = x.device.type == "cpu" and x.dtype in (torch.float32, torch.float64)
    if backend == "native" and not serves:
        message = f"backend='native' takes float32 and float64 on the CPU, got {x.dtype} on {x.device}"
        raise BackendError(message, hint="use backend='auto'")
    return serves


def refuse_third() -> None:
    """Refuse to build a graph of second derivatives: the kernels have no third ones.

    Raises
    ------
    DomainError
        Inside a second backward pass with ``create_graph=True``.
    """
    if torch.is_grad_enabled():
        message = "the kernel has two derivatives; a graph for a third one was asked for"
        raise DomainError(message, hint="use backend='python', or create_graph=False in the second pass")
