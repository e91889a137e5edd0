"""Uniform rotations: the measure that no rotation changes.

Definition: four independent normal numbers, divided by their length, are a uniform unit quaternion; its rotation has Haar's measure.
Convention: numbers come from ``rng=`` (NumPy) or ``generator=`` (torch), never from a global state.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.groups.quaternions import quaternion_to_matrix
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer

__all__ = ["normal", "random_rotations"]


def normal(
    shape: tuple[int, ...],
    rng: RngLike,
    generator: torch.Generator | None,
    dtype: torch.dtype,
    device: torch.device | str | None,
) -> Tensor:
    """Return normal numbers from a torch generator where there is one, else from NumPy's."""
    if generator is not None:
        return torch.randn(shape, generator=generator, dtype=dtype, device=device or generator.device)
    return torch.from_numpy(as_generator(rng).standard_normal(shape)).to(dtype=dtype, device=device)


def random_rotations(
    n: int | None,
    rng: RngLike,
    generator: torch.Generator | None,
    dtype: torch.dtype,
    device: torch.device | str | None,
) -> Tensor:
    """Return uniform rotations ``(n, 3, 3)``, or one ``(3, 3)`` for ``None``."""
    shape = () if n is None else (check_integer(n, "n", low=0),)
    rotations: Tensor = quaternion_to_matrix(normal((*shape, 4), rng, generator, dtype, device))
    return rotations
