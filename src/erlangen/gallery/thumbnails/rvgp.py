"""A vector field on a torus.

Definition: ``(R + r cos b)(cos a, sin a)``, ``r sin b``; the field is ``cos(2a) ∂_a / |∂_a| + 0.8 sin(a + b) ∂_b / |∂_b|``, drawn where it faces the eye.
Convention: tone by length; points at the back are left out.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point, tone
from erlangen.gallery.thumbnails.space import Camera

__all__ = ["draw"]

_LARGE, _SMALL = 2.0, 0.86
_CAMERA = Camera(0.35, 0.86, 232.0, (800.0, 590.0))


def _point(a: float, b: float) -> tuple[float, float, float]:
    ring = _LARGE + _SMALL * math.cos(b)
    return ring * math.cos(a), ring * math.sin(a), _SMALL * math.sin(b)


def _faces(a: float, b: float) -> float:
    x, y, z = _point(a, b)
    depth = _CAMERA.see(x, y, z)[2]
    n = (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
    return _CAMERA.see(x + n[0], y + n[1], z + n[2])[2] - depth


def _arrow(a: float, b: float) -> tuple[list[Point], int]:
    x, y, z = _point(a, b)
    along, around = math.cos(2 * a), 0.8 * math.sin(a + b)
    size = math.hypot(along, around)
    d = 0.27 * (0.35 + 0.65 * size)
    ux, uy, uz = -math.sin(a), math.cos(a), 0.0
    wx, wy, wz = -math.sin(b) * math.cos(a), -math.sin(b) * math.sin(a), math.cos(b)
    v = [(along * u + around * w) / max(size, 1e-9) for u, w in ((ux, wx), (uy, wy), (uz, wz))]
    tail = _CAMERA.place(x - d * v[0], y - d * v[1], z - d * v[2])
    head = _CAMERA.place(x + d * v[0], y + d * v[1], z + d * v[2])
    dx, dy = head[0] - tail[0], head[1] - tail[1]
    left = (head[0] - 0.34 * dx - 0.2 * dy, head[1] - 0.34 * dy + 0.2 * dx)
    right = (head[0] - 0.34 * dx + 0.2 * dy, head[1] - 0.34 * dy - 0.2 * dx)
    return [tail, head, left, head, right], tone(size, 0.1, 1.25)


def _outline(sheet: Canvas) -> None:
    """Draw the meridians and parallels that face the eye."""
    for k in range(24):
        _visible(sheet, [(2 * math.pi * k / 24, 2 * math.pi * j / 48) for j in range(49)])
    for j in range(10):
        _visible(sheet, [(2 * math.pi * k / 90, 2 * math.pi * j / 10) for k in range(91)])


def _visible(sheet: Canvas, angles: list[tuple[float, float]]) -> None:
    piece: list[Point] = []
    for a, b in angles:
        if _faces(a, b) > 0:
            piece.append(_CAMERA.place(*_point(a, b)))
        elif piece:
            if len(piece) > 1:
                sheet.line(piece, "hair")
            piece = []
    if len(piece) > 1:
        sheet.line(piece, "hair")


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    _outline(sheet)
    arrows = []
    for j in range(9):
        b = 2 * math.pi * (j + 0.5) / 9
        count = round(9 * (_LARGE + _SMALL * math.cos(b)))
        for k in range(count):
            a = 2 * math.pi * (k + 0.5 * (j % 2)) / count
            if _faces(a, b) > 0.12:
                arrows.append(_arrow(a, b))
    for points, step in sorted(arrows, key=lambda item: item[1]):
        sheet.line(points, f"c{step} firm")
    return sheet.svg("A vector field on a torus")
