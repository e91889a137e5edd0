"""The trefoil: three arcs that pass over and under each other.

Definition: the torus knot ``((2 + cos 3s) cos 2s, (2 + cos 3s) sin 2s, sin 3s)`` seen from above; the lower strand is broken at a crossing.
Convention: each arc from underpass to underpass has its own tone; the strip's edges are the outlines of a tube.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point

__all__ = ["draw"]


def _curve(s: float) -> tuple[float, float, float]:
    r = 2 + math.cos(3 * s)
    return r * math.cos(2 * s), r * math.sin(2 * s), math.sin(3 * s)


def _place(s: float, offset: float = 0.0) -> Point:
    x, y, _ = _curve(s)
    ahead = _curve(s + 1e-4)
    dx, dy = ahead[0] - x, ahead[1] - y
    size = math.hypot(dx, dy)
    turn = -0.5 * math.pi
    px, py = x - offset * dy / size, y + offset * dx / size
    return (
        800 + 172 * (px * math.cos(turn) - py * math.sin(turn)),
        632 - 172 * (px * math.sin(turn) + py * math.cos(turn)),
    )


def _strip(first: float, last: float, width: float) -> list[Point]:
    parameters = [first + (last - first) * k / 22 for k in range(23)]
    return [_place(s, width) for s in parameters] + [_place(s, -width) for s in reversed(parameters)]


def draw() -> str:
    """Return the picture: pieces from the lowest to the highest, each with a halo of the ground."""
    pieces = 24
    order = sorted(range(pieces), key=lambda k: _curve(2 * math.pi * (k + 0.5) / pieces)[2])
    sheet = Canvas()
    for k in order:
        first, last = 2 * math.pi * k / pieces, 2 * math.pi * (k + 1) / pieces
        high = _curve((first + last) / 2)[2]
        if high > 0.2:
            sheet.fill(_strip(first - 0.01, last + 0.01, 0.42), "ground")
        sheet.fill(_strip(first - 0.012, last + 0.012, 0.25), f"c{(0, 2, 6)[(k - 6) // 8 % 3]}")
        for side in (0.25, -0.25):
            sheet.line([_place(first + (last - first) * j / 12, side) for j in range(13)], "ink")
        sheet.line([_place(first + (last - first) * j / 12, 0.1) for j in range(13)], "gloss")
    return sheet.svg("A trefoil knot")
