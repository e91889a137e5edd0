"""A foliation that touches a wall to second order.

Definition: leaves of ``∂_x + z^2 ∂_z``: ``z = z_0 / (1 - z_0 x)``; every leaf comes close to the wall ``z = 0`` and none crosses it.
Convention: the wall is the accented line; the tone of a leaf grows with its distance from it.
"""

from __future__ import annotations

from erlangen.gallery.thumbnails.canvas import Canvas, Point, tone

__all__ = ["draw"]


def _leaf(constant: float) -> list[list[Point]]:
    """Return the pieces of ``z = -1 / (x - c)`` inside the frame."""
    pieces: list[list[Point]] = [[]]
    for k in range(161):
        x = -4 + 8 * k / 160
        gap = constant - x
        z = 1 / gap if abs(gap) > 1e-9 else 1e9
        if abs(z) < 2.75:
            pieces[-1].append((800 + 178 * x, 600 - 190 * z))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if len(piece) > 1]


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    for k in range(-12, 13):
        constant = 0.9 * k + 0.2
        for piece in _leaf(constant):
            near = min(abs(y - 600) for _, y in piece)
            upper = piece[0][1] < 600
            step = tone(near, 12, 130, 4)
            sheet.line(piece, f"c{3 - step}" if upper else f"c{4 + step}")
    sheet.line([(88, 600), (1512, 600)], "accent heavy")
    return sheet.svg("Leaves of a foliation that are tangent to a wall")
