"""A component of a drawing: a curve in the plane and the crossings it passes.

Definition: a chain of Bézier curves, closed for links, open for braids; a passage is a parameter at which it meets a crossing, over or under.
Convention: curve k has the parameters [k, k + 1]; the curve runs along the orientation, the y-axis points upwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.drawing.splines import points_on

__all__ = ["Passage", "Strand"]

Array = NDArray[np.float64]


class Passage(NamedTuple):
    """Where a strand meets a crossing."""

    parameter: int
    crossing: int
    over: bool


@final
@dataclass(frozen=True, eq=False)
class Strand:
    """A curve with its passages, in order; ``edges`` are the labels of the edges between them, the first one ends at the first passage."""

    component: int
    curves: Array  # (n, 4, 2)
    passages: tuple[Passage, ...] = ()
    edges: tuple[int, ...] = ()
    closed: bool = True

    def moved(self, matrix: Array, shift: Array) -> Strand:
        """Return the strand under an affine map of the plane."""
        return replace(self, curves=self.curves @ matrix.T + shift)

    def points(self, samples: int = 8) -> Array:
        """Return points ``(n samples, 2)`` along the curve, none of them a crossing."""
        return points_on(self.curves, samples)

    def at(self, parameter: float) -> tuple[Array, Array]:
        """Return the point at a parameter and the unit tangent there."""
        k = int(parameter // 1)
        k = k % len(self.curves) if self.closed else min(k, len(self.curves) - 1)
        t = parameter - k if not self.closed else parameter % 1
        a, b, c, d = self.curves[k]
        point = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
        velocity = (1 - t) ** 2 * (b - a) + 2 * t * (1 - t) * (c - b) + t**2 * (d - c)
        return point, velocity / np.linalg.norm(velocity)

    def speed(self, parameter: int, *, after: bool) -> float:
        """Return the length of the derivative just after or just before an integer parameter."""
        curve = self.curves[parameter if after else parameter - 1]
        return 3 * float(np.linalg.norm(curve[1] - curve[0] if after else curve[3] - curve[2]))

    def length(self, start: float, end: float) -> float:
        """Return the length, of chords, of the curve between two parameters."""
        places = np.linspace(start, end, 4 * max(1, round(end - start)) + 1)
        points = np.array([self.at(place)[0] for place in places])
        return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())

    def spans(self) -> list[tuple[int, float, float]]:
        """Return each edge, -1 without a label, with the parameters of its ends, the first beginning at a negative one if need be."""
        ends = [passage.parameter for passage in self.passages]
        if self.closed:
            starts = [ends[-1] - len(self.curves), *ends[:-1]] if ends else []
        else:
            starts, ends = [0, *ends], [*ends, len(self.curves)]
        labels = self.edges or (-1,) * len(ends)
        return [(edge, float(a), float(b)) for edge, a, b in zip(labels, starts, ends, strict=True)]
