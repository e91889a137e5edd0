"""Nodes and weights on the closed surfaces over which charges are integrated.

Definition: a product of Gauss–Legendre rules on intervals and in ``cos θ`` and of equal steps on circles of length 2π.
Convention: points have all coordinates of the chart, those that are fixed too; weights are those of the coordinates, not of an area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.validation import check_integer

__all__ = ["SurfaceQuadrature"]


@final
@dataclass(frozen=True, eq=False)
class SurfaceQuadrature:
    """Points ``(q, n)`` and weights ``(q,)`` in double precision.

    Examples
    --------
    >>> sphere = SurfaceQuadrature.product("t r x phi", {"t": 0.0, "r": 10.0}, intervals={"x": (-1, 1)}, circles=("phi",))
    >>> sphere.points.shape, round(float(sphere.weights.sum()), 12) == round(4 * torch.pi, 12)
    (torch.Size([24, 4]), True)
    """

    points: Tensor
    weights: Tensor
    fixed: tuple[int, int]

    @classmethod
    def product(
        cls,
        coordinates: str,
        fixed: Mapping[str, float],
        *,
        intervals: Mapping[str, tuple[float, float]] | None = None,
        polar: tuple[str, ...] = (),
        circles: tuple[str, ...] = (),
        nodes: int = 24,
        steps: int = 1,
    ) -> SurfaceQuadrature:
        """Return a product rule.

        Parameters
        ----------
        coordinates : str
            The names of the chart, in order.
        fixed : mapping
            The values of t and r, in the order in which they stand in ``B^{tr}``.
        intervals : mapping, optional
            Bounds of coordinates with a Gauss–Legendre rule.
        polar : tuple of str
            Angles from 0 to π, by the rule in their cosines.
        circles : tuple of str
            Angles of period 2π, in equal steps.
        nodes, steps : int
            Of each Gauss–Legendre rule and on each circle; one step suffices where nothing depends on the angle.

        Raises
        ------
        DomainError
            If two coordinates are not fixed, or one of the others is not said how to be integrated.

        Examples
        --------
        >>> circle = SurfaceQuadrature.product("t r phi", {"t": 0.0, "r": 2.0}, circles=("phi",), steps=4)
        >>> circle.points[:, 2].tolist()
        [0.0, 1.5707963267948966, 3.141592653589793, 4.71238898038469]
        """
        names = coordinates.split()
        nodes, steps = check_integer(nodes, "nodes", low=1), check_integer(steps, "steps", low=1)
        ranges = dict(intervals or {})
        told = [*fixed, *ranges, *polar, *circles]
        if len(fixed) != 2 or sorted(told) != sorted(names):
            message = f"the coordinates {coordinates} are not two fixed ones, intervals, polar angles and circles, each once: {' '.join(told)}"
            raise DomainError(message, hint="name each coordinate once")
        x, w = np.polynomial.legendre.leggauss(nodes)
        rules: dict[str, tuple[np.ndarray, np.ndarray]] = {
            name: (np.array([v]), np.ones(1)) for name, v in fixed.items()
        }
        for name, (low, high) in ranges.items():
            rules[name] = (low + (high - low) * (x + 1) / 2, w * (high - low) / 2)
        for name in polar:
            rules[name] = (np.arccos(-x), w / np.sqrt(1 - x * x))
        for name in circles:
            rules[name] = (2 * np.pi * np.arange(steps) / steps, np.full(steps, 2 * np.pi / steps))
        grids = np.meshgrid(*(rules[name][0] for name in names), indexing="ij")
        weights = np.meshgrid(*(rules[name][1] for name in names), indexing="ij")
        points = np.stack([grid.reshape(-1) for grid in grids], axis=-1)
        total = np.prod([weight.reshape(-1) for weight in weights], axis=0)
        first, second = (names.index(name) for name in fixed)
        return cls(torch.as_tensor(points), torch.as_tensor(total), (first, second))
