"""Two functions on the sphere and their product.

Definition: ``F = Y_{3,2}``, ``G = Y_{2,0} + Y_{1,1}``, and ``F G``, whose coefficients are the Gaunt coefficients times those of F and G.
Convention: orthographic view of the front half; level lines, blue where negative, ochre where positive, the zero line in ink.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from erlangen.gallery.thumbnails.canvas import Canvas
from erlangen.gallery.thumbnails.contours import level_lines

__all__ = ["draw"]

Function = Callable[[float, float, float], float]


def _first(x: float, y: float, z: float) -> float:
    return 2.6 * z * (x * x - y * y)


def _second(x: float, y: float, z: float) -> float:
    return 0.5 * (3 * z * z - 1) + 0.8 * x


def _on_disc(function: Function) -> Callable[[float, float], float | None]:
    def value(u: float, v: float) -> float | None:
        rest = 1 - u * u - v * v
        if rest < -0.06:
            return None
        w = math.sqrt(max(rest, 0.0))
        tilt, turn = 0.5, 0.6
        y, z = math.cos(tilt) * v + math.sin(tilt) * w, -math.sin(tilt) * v + math.cos(tilt) * w
        x, z = math.cos(turn) * u + math.sin(turn) * z, -math.sin(turn) * u + math.cos(turn) * z
        return function(x, z, y)

    return value


def _sphere(sheet: Canvas, function: Function, centre: tuple[float, float], radius: float, peak: float) -> None:
    rim = [(centre[0] + radius * math.cos(0.1 * k), centre[1] + radius * math.sin(0.1 * k)) for k in range(63)]
    sheet.fill(rim, "c3 faint")
    for level, colour in (
        (-0.75, "c0"),
        (-0.5, "c1"),
        (-0.25, "c2"),
        (0.0, "ink"),
        (0.25, "c5"),
        (0.5, "c6"),
        (0.75, "c7"),
    ):
        for chain in level_lines(_on_disc(function), level * peak + 1e-7, (-1.02, -1.02, 1.02, 1.02), 26):
            inside = [(u, v) for u, v in chain if u * u + v * v <= 1.0]
            if len(inside) > 2:
                sheet.line([(centre[0] + radius * u, centre[1] - radius * v) for u, v in inside], colour)
    sheet.line(rim, "ink", closed=True)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    _sphere(sheet, _first, (300, 322), 232, 1.0)
    _sphere(sheet, _second, (300, 878), 232, 1.0)
    _sphere(sheet, lambda x, y, z: _first(x, y, z) * _second(x, y, z), (1120, 600), 410, 0.75)
    sheet.text(300, 634, "×")
    sheet.text(618, 630, "=")
    return sheet.svg("Level lines of two functions on the sphere and of their product")
