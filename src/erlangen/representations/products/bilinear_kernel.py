r"""The compiled bilinear product: one program for the value and one for the cotangents, and the choice of the twin where there is none.

Definition: value :math:`B(x, y)` or :math:`B(x, y) + B(x', y')`; cotangents :math:`\bar x_i = \sum c\,\bar z_k y_j`, :math:`\bar y_j = \sum c\,\bar z_k x_i`.
Convention: x (n, d1) or (n, d1, c), y (n, d2), (n, d2, c) or (n, d2, 1), contiguous, float32 or float64; a y shared by channels has the sum of their
cotangents.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from erlangen import native
from erlangen.representations.products.bilinear_program import bilinear_program
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.bilinear_twin import bilinear_twin

__all__ = ["bilinear_cotangents", "bilinear_value", "has_kernel", "kernel_built"]


@lru_cache(maxsize=256)
def _program(terms: BilinearTerms) -> Any:
    """Return the kernel's program of the terms."""
    module: Any = native.kernels("native")
    return module.BilinearProgram(*bilinear_program(terms).arguments())


@lru_cache(maxsize=1)
def kernel_built() -> bool:
    """Return whether the compiled product is there.

    Examples
    --------
    >>> isinstance(kernel_built(), bool)
    True
    """
    return hasattr(native.kernels("auto"), "BilinearProgram")


def has_kernel(x: Tensor, backend: str) -> bool:
    """Return whether the kernel serves, refusing ``backend="native"`` where it cannot."""
    if backend == "auto":
        return x.is_cpu and kernel_built()
    return native.kernels(backend) is not None and x.is_cpu


def _array(x: Tensor) -> Any:
    return x.detach().numpy() if x.requires_grad else x.numpy()


def bilinear_value(
    terms: BilinearTerms,
    x: Tensor,
    y: Tensor,
    other: tuple[Tensor, Tensor] | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Tensor:
    """Return z (n, d3) or (n, d3, c), plus the product of the ``other`` two, without gradient.

    Examples
    --------
    >>> dot = BilinearTerms([0, 1], [0, 1], [0, 0], [1.0, 1.0], 2, 2, 1)
    >>> bilinear_value(dot, torch.ones(1, 2, 1), torch.full((1, 2, 1), 3.0))
    tensor([[[6.]]])
    """
    if not has_kernel(x, backend):
        with torch.no_grad():
            value = bilinear_twin(terms, x, y)
            return value if other is None else value + bilinear_twin(terms, *other)
    z = torch.empty((x.shape[0], terms.d3, *x.shape[2:]), dtype=x.dtype)
    if z.numel():
        more = (None, None) if other is None else (_array(other[0]), _array(other[1]))
        _program(terms).forward(_array(x), _array(y), *more, z.numpy(), torch.get_num_threads(), level)
    return z


def bilinear_cotangents(
    terms: BilinearTerms,
    z: Tensor,
    x: Tensor,
    y: Tensor,
    wanted: tuple[bool, bool] = (True, True),
    backend: str = "auto",
    level: str = "auto",
) -> tuple[Tensor | None, Tensor | None]:
    """Return the cotangents of x and y (None where not wanted) from that of z, without gradient.

    Examples
    --------
    >>> dot = BilinearTerms([0, 1], [0, 1], [0, 0], [1.0, 1.0], 2, 2, 1)
    >>> bilinear_cotangents(dot, torch.ones(1, 1, 1), torch.ones(1, 2, 1), torch.full((1, 2, 1), 3.0))[0]
    tensor([[[3.],
             [3.]]])
    """
    if not has_kernel(z, backend):
        return _twin_cotangents(terms, z, x, y, wanted)
    to_x = torch.empty_like(x, memory_format=torch.contiguous_format) if wanted[0] else None
    to_y = torch.empty_like(y, memory_format=torch.contiguous_format) if wanted[1] else None
    if z.shape[0] and z.shape[-1]:
        _program(terms).backward(
            _array(z),
            None if to_y is None else _array(x),
            None if to_x is None else _array(y),
            None if to_x is None else to_x.numpy(),
            None if to_y is None else to_y.numpy(),
            torch.get_num_threads(),
            level,
        )
    elif to_y is not None:
        to_y.zero_()
    return to_x, to_y


def _twin_cotangents(
    terms: BilinearTerms, z: Tensor, x: Tensor, y: Tensor, wanted: tuple[bool, bool]
) -> tuple[Tensor | None, Tensor | None]:
    """Return the cotangents by autograd of the twin."""
    with torch.enable_grad():
        points = [x.detach().requires_grad_(wanted[0]), y.detach().requires_grad_(wanted[1])]
        value = bilinear_twin(terms, *points)
        found = iter(
            torch.autograd.grad(value, [p for p, want in zip(points, wanted, strict=True) if want], z.detach())
        )
    left = next(found) if wanted[0] else None
    return left, next(found) if wanted[1] else None
