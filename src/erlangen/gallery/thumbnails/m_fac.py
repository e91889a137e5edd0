"""Two ways down a valley: plain gradient steps, and one step by the inverse Hessian.

Definition: level ellipses of ``x^T H x / 2``; gradient descent ``x - 1.9/λ_max H x`` zigzags, ``x - H^{-1} g`` arrives at once.
Convention: the minimum is the accented dot; the thin broken line is gradient descent, the heavy one the inverse-Hessian step.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point

__all__ = ["draw"]

_TILT, _LOW, _HIGH = 0.38, 0.09, 1.0


def _place(along: float, across: float) -> Point:
    """Return the place of a point in the eigenbasis of the Hessian."""
    c, s = math.cos(_TILT), math.sin(_TILT)
    return 880 + 170 * (c * along - s * across), 640 - 170 * (s * along + c * across)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    for step in reversed(range(8)):
        radius = 0.16 + 0.165 * step
        ring = []
        for k in range(80):
            angle = 2 * math.pi * k / 80
            ring.append(_place(radius / math.sqrt(_LOW) * math.cos(angle), radius / math.sqrt(_HIGH) * math.sin(angle)))
        sheet.fill(ring, f"c{7 - step} pale")
        sheet.line(ring, f"c{7 - step}", closed=True)
    along, across = -3.55, 1.02
    path = [_place(along, across)]
    for _ in range(22):
        along, across = along * (1 - 1.86 * _LOW / _HIGH), across * (1 - 1.86)
        path.append(_place(along, across))
    sheet.line(path, "ink")
    sheet.dots(path, "ink tiny")
    sheet.line([path[0], _place(0, 0)], "accent heavy")
    sheet.dots([_place(0, 0)], "accent big")
    return sheet.svg("Level ellipses with a zigzag of gradient steps and one straight inverse-Hessian step")
