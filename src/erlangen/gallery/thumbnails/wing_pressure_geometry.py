"""A swept wing as a surface, its strips toned by curvature.

Definition: NACA 2412 sections on a tapered, swept, slightly raised half span; the tone is the section's curvature, on a logarithmic scale.
Convention: leading edge to the front; the upper surface is drawn, and the root section whole.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, tone
from erlangen.gallery.thumbnails.space import Camera

__all__ = ["draw"]

_CAMERA = Camera(0.42, 0.68, 296.0, (130.0, 800.0))
_SPAN = 4.6


def _thickness(x: float) -> float:
    root = math.sqrt(max(x, 0.0))
    return 0.6 * (0.2969 * root - 0.126 * x - 0.3516 * x**2 + 0.2843 * x**3 - 0.1036 * x**4)


def _camber(x: float) -> float:
    m, p = 0.02, 0.4
    return m / p**2 * (2 * p * x - x * x) if x < p else m / (1 - p) ** 2 * (1 - 2 * p + 2 * p * x - x * x)


def _section(share: float, side: int) -> tuple[float, float]:
    """Return chord station and height for a cosine-spaced share of the chord."""
    x = 0.5 * (1 - math.cos(math.pi * share))
    return x, _camber(x) + side * _thickness(x)


def _curvature(share: float) -> float:
    h = 0.015
    (x0, y0), (x1, y1), (x2, y2) = (_section(min(max(share + d, 0.0), 1.0), 1) for d in (-h, 0.0, h))
    area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
    sides = math.hypot(x1 - x0, y1 - y0) * math.hypot(x2 - x1, y2 - y1) * math.hypot(x2 - x0, y2 - y0)
    return 2 * area / max(sides, 1e-12)


def _place(share: float, span: float, side: int = 1) -> tuple[float, float]:
    chord = 1.75 * (1 - 0.62 * span)
    x, z = _section(share, side)
    return _CAMERA.place(_SPAN * span, 1.05 - (1.5 * span + chord * x), 1.9 * chord * z + 0.28 * span)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    chordwise, spanwise = 16, 15
    for j in range(spanwise):
        for i in range(chordwise):
            a, b, c, d = i / chordwise, (i + 1) / chordwise, j / spanwise, (j + 1) / spanwise
            step = tone(math.log(max(_curvature((a + b) / 2), 1e-3)), math.log(0.12), math.log(4.0))
            sheet.fill([_place(a, c), _place(b, c), _place(b, d), _place(a, d)], f"c{step} half")
    for i in range(chordwise + 1):
        sheet.line([_place(i / chordwise, j / spanwise) for j in range(spanwise + 1)], "hair")
    for j in range(spanwise + 1):
        sheet.line([_place(i / 24, j / spanwise) for i in range(25)], "ink" if j in (0, spanwise) else "hair")
    sheet.line([_place(i / 24, 0.0, -1) for i in range(25)], "ink")
    for share in (0.0, 1.0):
        sheet.line([_place(share, j / spanwise) for j in range(spanwise + 1)], "ink")
    return sheet.svg("A swept wing toned by the curvature of its sections")
