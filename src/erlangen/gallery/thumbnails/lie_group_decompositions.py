"""A matrix taken apart: first a rotation, then a stretch.

Definition: the polar factors ``A = P R`` of ``[[1.25, 0.65], [-0.35, 0.95]]``, shown as the path ``exp(sX) exp(sΩ)`` from the unit grid to its image.
Convention: left the unit grid, middle after the rotation R, right after the stretch P; the accented arrows are the images of the axes.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point

__all__ = ["draw", "polar"]

Square = tuple[tuple[float, float], tuple[float, float]]


def polar(a: Square) -> tuple[Square, float]:
    """Return ``(P, angle)`` with ``A = P R(angle)``, P symmetric positive definite, for det A > 0.

    Examples
    --------
    >>> polar(((2.0, 0.0), (0.0, 3.0)))
    (((2.0, 0.0), (0.0, 3.0)), 0.0)
    """
    angle = math.atan2(a[1][0] - a[0][1], a[0][0] + a[1][1])
    c, s = math.cos(angle), math.sin(angle)
    p11, p12 = a[0][0] * c - a[0][1] * s, a[0][0] * s + a[0][1] * c
    p22 = a[1][0] * s + a[1][1] * c
    return ((round(p11, 12), round(p12, 12)), (round(p12, 12), round(p22, 12))), angle


def _apply(m: Square, x: float, y: float) -> tuple[float, float]:
    return m[0][0] * x + m[0][1] * y, m[1][0] * x + m[1][1] * y


def _grid(sheet: Canvas, m: Square, centre: Point, colour: str) -> None:
    def place(x: float, y: float) -> Point:
        u, v = _apply(m, x, y)
        return centre[0] + 168 * u, centre[1] - 168 * v

    sheet.fill([place(-1, -1), place(1, -1), place(1, 1), place(-1, 1)], f"{colour} pale")
    for k in range(-4, 5):
        sheet.line([place(k / 4, -1), place(k / 4, 1)], colour)
        sheet.line([place(-1, k / 4), place(1, k / 4)], colour)
    sheet.line([place(math.cos(0.1 * j), math.sin(0.1 * j)) for j in range(63)], "ink", closed=True)
    for x, y in ((1, 0), (0, 1)):
        sheet.line([place(0, 0), place(x, y)], "accent heavy")


def draw() -> str:
    """Return the picture."""
    stretch, angle = polar(((1.25, 0.65), (-0.35, 0.95)))
    c, s = math.cos(angle), math.sin(angle)
    turn = ((c, -s), (s, c))
    both = tuple(tuple(sum(stretch[i][k] * turn[k][j] for k in range(2)) for j in range(2)) for i in range(2))
    sheet = Canvas()
    _grid(sheet, ((1.0, 0.0), (0.0, 1.0)), (250, 600), "c2")
    _grid(sheet, turn, (720, 600), "c2")
    _grid(sheet, both, (1262, 600), "c2")  # type: ignore[arg-type]
    sheet.text(470, 1010, "R")
    sheet.text(985, 1010, "P")
    for x in (470, 985):
        sheet.line([(x - 70, 1040), (x + 70, 1040), (x + 46, 1026), (x + 70, 1040), (x + 46, 1054)], "ink")
    return sheet.svg("A grid, the same grid rotated, and then stretched")
