"""Integrals over the closed surfaces of constant t and r.

Definition: intervals between bounds, polar angles by ``cos θ`` from 1 to -1, circles of length 2π on which nothing depends.
Convention: the coordinate ``x`` of rational charts runs from -1 to 1, one whose cosine the ring knows is polar, the others are circles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.jets.parts import antiderivative

__all__ = ["ClosedSurface"]

Bounds: TypeAlias = Mapping[str, tuple["DifferentialElement | int | Fraction", "DifferentialElement | int | Fraction"]]


@final
@dataclass(frozen=True)
class ClosedSurface:
    """Coordinates of a closed surface: intervals, polar angles and circles.

    Examples
    --------
    >>> ring = DifferentialRing("t r theta phi")
    >>> density = ring.parse("sin(theta)")
    >>> sphere = ClosedSurface.of(ring, ("t", "r"))
    >>> sphere
    ClosedSurface(intervals={}, polar=('theta',), circles=('phi',))
    >>> sphere.integrate(density)  # without the 2π of φ
    2
    """

    intervals: Bounds = field(default_factory=dict)
    polar: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()

    @classmethod
    def of(cls, ring: DifferentialRing, fixed: tuple[str, str]) -> ClosedSurface:
        """Return the surface that the names of the coordinates suggest.

        Examples
        --------
        >>> ClosedSurface.of(DifferentialRing("t r x phi"), ("t", "r"))
        ClosedSurface(intervals={'x': (-1, 1)}, polar=(), circles=('phi',))
        """
        rest = [name for name in ring.coordinates if name not in fixed]
        polar = tuple(name for name in rest if f"cos({name})" in ring.names and name.startswith("theta"))
        intervals = {name: (-1, 1) for name in rest if name == "x"}
        circles = tuple(name for name in rest if name not in polar and name not in intervals)
        return cls(intervals, polar, circles)

    def integrate(self, density: DifferentialElement) -> DifferentialElement:
        """Return the integral over ``(2π)`` to the number of circles.

        Raises
        ------
        DomainError
            If the density depends on the angle of a circle, or has no primitive in the ring.

        Examples
        --------
        >>> ring = DifferentialRing("t r x phi")
        >>> ClosedSurface.of(ring, ("t", "r")).integrate(ring.parse("r*x^2"))
        2*r/3
        """
        value = density
        for name, (low, high) in self.intervals.items():
            primitive = _primitive(value, name)
            value = primitive.substitute({name: high}) - primitive.substitute({name: low})
        for name in self.polar:
            primitive = _primitive(value, name)
            if name in primitive.generators:
                message = f"the integral over {name} holds pi, a transcendental number: {primitive}"
                raise DomainError(message, hint="use the chart x = cos(theta)")
            ends = [
                primitive.substitute({f"cos({name})": end, f"sin({name})": 0} if f"sin({name})" in value.ring else {})
                for end in (-1, 1)
            ]
            value = ends[0] - ends[1]
        for name in self.circles:
            if value.derivative(name):
                message = f"the density depends on the angle {name}"
                raise DomainError(message, hint="give bounds for it")
        return value


def _primitive(value: DifferentialElement, name: str) -> DifferentialElement:
    primitive = antiderivative(value, name)
    if primitive is None:
        message = f"the density has no primitive in {name} among the functions of the ring: {value}"
        raise DomainError(message, hint="integrate numerically: erlangen.gauge.surface_charge")
    return primitive
