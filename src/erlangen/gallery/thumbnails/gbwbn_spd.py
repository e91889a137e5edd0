"""A field of ellipses: weighted Bures–Wasserstein means of four symmetric positive definite matrices at the corners.

Definition: the mean ``K`` solves ``K = Σ w_i (K^{1/2} X_i K^{1/2})^{1/2}``, found by the fixed point ``K ↦ T K T`` with ``T = Σ w_i K^{-1} # X_i``.
Convention: an ellipse shows ``{x : x^T X^{-1} x = 1}``; its colour is the direction of the longer axis.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, tone

__all__ = ["bures_wasserstein_mean", "draw"]

Matrix = tuple[float, float, float]
"""Entries a, b, c of the symmetric matrix with rows (a, b) and (b, c)."""


def _product(p: Matrix, q: Matrix) -> tuple[float, float, float, float]:
    a, b, c = p
    d, e, f = q
    return a * d + b * e, a * e + b * f, b * d + c * e, b * e + c * f


def _congruence(p: Matrix, q: Matrix) -> Matrix:
    """Return P Q P."""
    m11, m12, m21, m22 = _product(p, q)
    a, b, c = p
    return m11 * a + m12 * b, m11 * b + m12 * c, m21 * b + m22 * c


def _power(p: Matrix, exponent: float) -> Matrix:
    """Return the power of a positive definite matrix through its eigenvalues."""
    a, b, c = p
    centre, radius = (a + c) / 2, math.hypot((a - c) / 2, b)
    first, second = (centre + radius) ** exponent, (centre - radius) ** exponent
    if radius == 0:
        return first, 0.0, first
    mean, half = (first + second) / 2, (first - second) / (2 * radius)
    return mean + half * (a - c) / 2, half * b, mean - half * (a - c) / 2


def bures_wasserstein_mean(weights: tuple[float, ...], matrices: tuple[Matrix, ...], steps: int = 40) -> Matrix:
    """Return the weighted mean of 2 × 2 matrices by the fixed point iteration.

    Examples
    --------
    >>> bures_wasserstein_mean((0.5, 0.5), ((1.0, 0.0, 1.0), (9.0, 0.0, 1.0)))
    (4.0, 0.0, 1.0)
    """
    mean: Matrix = (1.0, 0.0, 1.0)
    for _ in range(steps):
        root, inverse = _power(mean, 0.5), _power(mean, -0.5)
        total = [0.0, 0.0, 0.0]
        for weight, matrix in zip(weights, matrices, strict=True):
            for k, entry in enumerate(_power(_congruence(root, matrix), 0.5)):
                total[k] += weight * entry
        mean = _congruence(inverse, _power((total[0], total[1], total[2]), 2.0))
    return tuple(round(entry, 12) for entry in mean)  # type: ignore[return-value]


def _turned(long: float, short: float, angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return long * c * c + short * s * s, (long - short) * c * s, long * s * s + short * c * c


def draw() -> str:
    """Return the picture."""
    corners = (_turned(5.0, 0.35, 0.35), _turned(0.9, 0.9, 0.0), _turned(1.0, 0.16, 2.2), _turned(4.6, 0.45, 1.35))
    sheet = Canvas()
    columns, rows = 7, 5
    for row in range(rows):
        for column in range(columns):
            x, y = column / (columns - 1), row / (rows - 1)
            weights = ((1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y)
            a, b, c = bures_wasserstein_mean(weights, corners)
            root = _power((a, b, c), 0.5)
            points = []
            for k in range(28):
                angle = 2 * math.pi * k / 28
                u, v = math.cos(angle), math.sin(angle)
                points.append(
                    (
                        152 + 216 * column + 50 * (root[0] * u + root[1] * v),
                        118 + 222 * row - 50 * (root[1] * u + root[2] * v),
                    )
                )
            direction = (math.atan2(2 * b, a - c) / 2) % math.pi
            colour = f"c{tone(direction, 0.0, math.pi)}"
            sheet.fill(points, f"{colour} pale")
            sheet.line(points, colour, closed=True)
    return sheet.svg("Ellipses interpolated between four corners by Bures–Wasserstein means")
