"""The conformal diagram of flat space, with lines of constant time and radius, and cuts of null infinity.

Definition: ``u = t - r``, ``v = t + r`` are pressed to ``tan p = v``, ``tan q = u``; the diagram shows ``(p - q, p + q)``, radius doubled to both sides.
Convention: time goes up; the waves beside the upper edges are supertranslations ``u ↦ u + f(θ)`` of null infinity.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point

__all__ = ["draw"]


def _place(t: float, r: float) -> Point:
    p, q = math.atan(t + r), math.atan(t - r)
    return 800 + 168 * (p - q), 600 - 168 * (p + q)


def _spread(k: int, count: int) -> float:
    return math.tan(0.5 * math.pi * (k / count) * 0.985)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    far = [_spread(k, 34) for k in range(-34, 35)]
    for level in (0.32, 0.75, 1.45, 3.2):
        for sign in (1, -1):
            sheet.line([_place(sign * level, r) for r in far], "c2")
            sheet.line([_place(t, sign * level) for t in far], "c6")
    sheet.line([_place(0, r) for r in far], "c2")
    sheet.line([_place(t, 0) for t in far], "c6")
    edge = 168 * math.pi
    diamond = [(800 + edge, 600), (800, 600 - edge), (800 - edge, 600), (800, 600 + edge)]
    sheet.line(diamond, "ink", closed=True)
    for side in (1, -1):
        wave = []
        for k in range(121):
            share = k / 120
            height = 34 + 22 * math.sin(6 * math.pi * share) * math.sin(math.pi * share)
            wave.append((800 + side * (edge * share + height * 0.707), 600 - edge * (1 - share) - height * 0.707))
        sheet.line(wave, "accent")
    sheet.dots([(800, 600 - edge), (800, 600 + edge), (800 + edge, 600), (800 - edge, 600)], "ink")
    return sheet.svg("The conformal diagram of flat space with supertranslated null infinity")
