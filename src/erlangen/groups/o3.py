r"""The rotations and reflections of space.

Definition: real matrices with :math:`R^T R = 1`; every one is a rotation times 1 or -1, so O(3) is SO(3) twice.
Convention: elements ``(..., 3, 3)`` act on columns; exponentials are rotations; Haar's measure has total mass one, half on each component.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.groups.checks import check_axes, check_orthogonal
from erlangen.groups.haar import normal, random_rotations
from erlangen.groups.matrices_of_space import MatricesOfSpace
from erlangen.groups.so3 import SO3
from erlangen.random import RngLike, as_generator

__all__ = ["O3"]

_ROTATIONS = SO3()


@dataclass(frozen=True)
class O3(MatricesOfSpace):
    """The group of rotations and reflections of space.

    Examples
    --------
    >>> import numpy as np
    >>> group = O3()
    >>> sign, rotation = group.factors(-np.eye(3))
    >>> float(sign[0, 0]), float(rotation[0, 0])
    (-1.0, 1.0)
    >>> float(group.dist(np.eye(3), -np.eye(3)))
    inf
    """

    def check(self, a: Tensor, name: str = "a") -> None:
        """Refuse what is not orthogonal.

        Raises
        ------
        ShapeError, DomainError
            Naming the first offender and the law it breaks.
        """
        check_orthogonal(torch.as_tensor(a), name)

    @array_edge("X")
    def exp(self, X: Tensor) -> Tensor:
        """Return the rotations of antisymmetric matrices; see :meth:`SO3.exp`."""
        rotations: Tensor = _ROTATIONS.exp(X)
        return rotations

    @array_edge("a")
    def log(self, a: Tensor) -> Tensor:
        """Return the antisymmetric matrices of rotations; see :meth:`SO3.log`.

        Raises
        ------
        DomainError
            If an element is a reflection, which has none, or a half turn, which has two.
        """
        logarithm: Tensor = _ROTATIONS.log(a)
        return logarithm

    @array_edge("a")
    def factors(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``det(a)`` times the unit matrix, and the rotation ``det(a) a``; refuses what is not orthogonal."""
        check_orthogonal(a, "a")
        sign = torch.linalg.det(a.detach()).sign()[..., None, None]
        return sign * torch.eye(3, dtype=a.dtype, device=a.device), sign * a

    @array_edge("a")
    def haar_log_density(self, a: Tensor) -> Tensor:
        """Return the logarithms ``(...)`` of half the density of :meth:`SO3.haar_log_density`, at the rotation ``det(a) a``."""
        density: Tensor = _ROTATIONS.haar_log_density(self.factors(a)[1])
        return density - math.log(2)

    @array_edge("a", "b")
    def dist(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the angles ``(...)`` of ``a^T b``, infinite between a rotation and a reflection."""
        check_axes(a, "a", self.shape)
        check_axes(b, "b", self.shape)
        apart = torch.linalg.det((a.mT @ b).detach()) < 0
        angle: Tensor = _ROTATIONS.dist(a, torch.where(apart[..., None, None], a, b))
        return torch.where(apart, torch.inf, angle)

    def sample(
        self,
        n: int | None = None,
        *,
        rng: RngLike = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float64,
        device: torch.device | str | None = None,
    ) -> Tensor:
        """Return n uniform elements ``(n, 3, 3)`` (or one ``(3, 3)``), rotations and reflections with equal chances."""
        source = as_generator(rng) if generator is None else None
        rotations = random_rotations(n, source, generator, dtype, device)
        signs = normal(rotations.shape[:-2], source, generator, dtype, device).sign()
        return torch.where(signs < 0, -1.0, 1.0).to(dtype)[..., None, None] * rotations
