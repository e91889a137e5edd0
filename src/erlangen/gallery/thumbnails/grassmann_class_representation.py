"""A vector and its shadows on three planes through the origin.

Definition: a class is a subspace; its score is ``|S^T x|``, the length of the projection of ``x`` on it.
Convention: the vector is accented; the shadows end where the perpendiculars meet the planes.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, Point
from erlangen.gallery.thumbnails.space import Camera

__all__ = ["draw"]

Vector = tuple[float, float, float]

_CAMERA = Camera(-0.55, 0.36, 330.0, (800.0, 650.0))
_X: Vector = (0.55, -0.35, 1.28)
_PLANES: tuple[tuple[Vector, Vector, str], ...] = (
    ((1.0, 0.15, -0.1), (-0.15, 1.0, 0.05), "c2"),
    ((1.0, 0.45, 0.55), (-0.35, 0.75, -0.75), "c6"),
    ((0.25, 0.2, 1.0), (0.9, -0.5, 0.0), "c0"),
)


def _dot(u: Vector, v: Vector) -> float:
    return sum(a * b for a, b in zip(u, v, strict=True))


def _combine(u: Vector, s: float, v: Vector, t: float) -> Vector:
    return s * u[0] + t * v[0], s * u[1] + t * v[1], s * u[2] + t * v[2]


def _basis(u: Vector, v: Vector) -> tuple[Vector, Vector]:
    """Orthonormalise two vectors by Gram and Schmidt."""
    e = _combine(u, 1 / math.sqrt(_dot(u, u)), u, 0.0)
    w = _combine(v, 1.0, e, -_dot(v, e))
    return e, _combine(w, 1 / math.sqrt(_dot(w, w)), w, 0.0)


def _place(v: Vector) -> Point:
    return _CAMERA.place(*v)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    shadows = []
    for u, v, colour in _PLANES:
        e, f = _basis(u, v)
        disc = [_combine(e, 1.62 * math.cos(0.1 * k), f, 1.62 * math.sin(0.1 * k)) for k in range(63)]
        sheet.fill([_place(p) for p in disc], f"{colour} pale")
        for ring in (0.54, 1.08, 1.62):
            circle = [_combine(e, ring * math.cos(0.1 * k), f, ring * math.sin(0.1 * k)) for k in range(63)]
            sheet.line([_place(p) for p in circle], colour, closed=True)
        shadows.append((_combine(e, _dot(_X, e), f, _dot(_X, f)), colour))
    for shadow, colour in shadows:
        sheet.line([_place(_X), _place(shadow)], "soft")
        sheet.line([_place((0, 0, 0)), _place(shadow)], f"{colour} heavy")
        sheet.dots([_place(shadow)], colour)
    sheet.line([_place((0, 0, 0)), _place(_X)], "accent heavy")
    sheet.dots([_place(_X)], "accent big")
    sheet.dots([_place((0, 0, 0))], "ink")
    return sheet.svg("A vector and its projections on three planes")
