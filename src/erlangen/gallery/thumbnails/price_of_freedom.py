"""The couplings of a tensor product of degrees up to three.

Definition: one dot for each ``(l1, l2, l3)`` with ``|l1 - l2| <= l3 <= l1 + l2``; full where the sum is even (Gaunt couplings exist), else hollow.
Convention: l1 to the right, l2 into the depth, l3 upwards; tone by l3.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point
from erlangen.gallery.thumbnails.space import Camera

__all__ = ["draw"]

_DEGREE = 3
_CAMERA = Camera(0.6, 0.42, 196.0, (660.0, 1080.0))


def _ring(centre: Point, radius: float) -> list[Point]:
    return [
        (centre[0] + radius * math.cos(2 * math.pi * k / 14), centre[1] + radius * math.sin(2 * math.pi * k / 14))
        for k in range(14)
    ]


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    for k in range(_DEGREE + 1):
        sheet.line([_CAMERA.place(k, 0, 0), _CAMERA.place(k, _DEGREE, 0)], "hair")
        sheet.line([_CAMERA.place(0, k, 0), _CAMERA.place(_DEGREE, k, 0)], "hair")
    paths = [(a, b, c) for a in range(_DEGREE + 1) for b in range(_DEGREE + 1) for c in range(abs(a - b), a + b + 1)]
    for a in range(_DEGREE + 1):
        for b in range(_DEGREE + 1):
            sheet.line([_CAMERA.place(a, b, 0.62 * abs(a - b)), _CAMERA.place(a, b, 0.62 * (a + b))], "soft")
    for a, b, c in sorted(paths, key=lambda p: _CAMERA.see(*p)[2]):
        place = _CAMERA.place(a, b, 0.62 * c)
        if (a + b + c) % 2:
            sheet.fill(_ring(place, 21), "ground")
            sheet.line(_ring(place, 21), f"c{c}", closed=True)
        else:
            sheet.dots([place], f"c{c}")
    return sheet.svg("The lattice of couplings of a tensor product, even ones full and odd ones hollow")
