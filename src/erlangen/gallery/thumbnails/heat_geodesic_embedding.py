"""A Swiss roll, coloured by distance along the sheet from one point, with the circles and rays of that distance.

Definition: ``(s cos s, h, s sin s)``; its isometric unrolling is ``(u(s), h)`` with ``u = (s sqrt(s^2+1) + asinh s)/2``, so geodesics are straight there.
Convention: the source lies on the front edge, half way in.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point, tone
from erlangen.gallery.thumbnails.space import Camera

__all__ = ["draw"]

_START, _END, _HEIGHT = 1.5 * math.pi, 4.5 * math.pi, 18.0
_CAMERA = Camera(0.5, 0.33, 34.0, (780.0, 660.0))
_GOLDEN = (math.sqrt(5) - 1) / 2


def _arc(s: float) -> float:
    return (s * math.sqrt(s * s + 1) + math.asinh(s)) / 2


def _angle(length: float) -> float:
    """Invert the arc length by Newton's method."""
    s = math.sqrt(max(2 * length, 1.0))
    for _ in range(20):
        s -= (_arc(s) - length) / math.sqrt(s * s + 1)
    return s


def _place(s: float, h: float) -> Point:
    return _CAMERA.place(s * math.cos(s), h - _HEIGHT / 2, s * math.sin(s))


def _geodesic(source: Point, target: Point) -> list[Point]:
    """Return the shortest path between two points of the sheet: a straight line where the sheet is flat."""
    path = []
    for k in range(61):
        u, h = (a + k / 60 * (b - a) for a, b in zip(source, target, strict=True))
        path.append(_place(_angle(u), h))
    return path


def draw() -> str:
    """Return the picture: bands from the back to the front, then the geodesics."""
    low, high = _arc(_START), _arc(_END)
    source = (_arc(3.02 * math.pi), 1.0)
    reach = math.hypot(high - source[0], _HEIGHT)
    bands: list[list[list[Point]]] = [[[] for _ in range(8)] for _ in range(5)]
    for index in range(900):
        u = low + (high - low) * (index + 0.5) / 900
        h = _HEIGHT * ((index * _GOLDEN) % 1.0)
        step = 7 - tone(math.hypot(u - source[0], h - source[1]), 0.0, reach)
        bands[4 - tone(h, 0.0, _HEIGHT, 5)][step].append(_place(_angle(u), h))
    sheet = Canvas()
    for edge in (_HEIGHT, 0.0):
        sheet.line([_place(_START + (_END - _START) * k / 90, edge) for k in range(91)], "soft" if edge else "ink")
        for band in bands if edge else ():
            for step, points in enumerate(band):
                sheet.dots(points, f"c{step} tiny")
    for target in ((high - 6.0, 3.0), (high - 14.0, 16.0)):
        sheet.line(_geodesic(source, target), "ink")
    sheet.dots([_place(_angle(source[0]), source[1])], "accent big")
    return sheet.svg("A Swiss roll coloured by geodesic distance from a point, with three geodesics")
