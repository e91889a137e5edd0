"""Closed cubic splines as chains of Bézier curves.

Definition: the curve through given points that is twice continuously differentiable in a parameter with given knots (periodic spline).
Convention: knots advance by the square root of the chord (centripetal); a Bézier curve is its four control points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["closed_spline", "open_spline", "piece_of", "points_on"]

Array = NDArray[np.float64]


def _solve_cyclic(lower: Array, middle: Array, upper: Array, right: Array) -> Array:
    """Solve a cyclic tridiagonal system: Thomas's elimination with two right sides, then Sherman and Morrison's correction."""
    n = len(middle)
    corner = -middle[0]
    diagonal = middle.copy()
    diagonal[0] -= corner
    diagonal[-1] -= lower[0] * upper[-1] / corner
    columns = np.column_stack([right, np.zeros(n)])
    columns[0, -1], columns[-1, -1] = corner, upper[-1]
    for k in range(1, n):
        factor = lower[k] / diagonal[k - 1]
        diagonal[k] -= factor * upper[k - 1]
        columns[k] -= factor * columns[k - 1]
    columns[-1] /= diagonal[-1]
    for k in range(n - 2, -1, -1):
        columns[k] = (columns[k] - upper[k] * columns[k + 1]) / diagonal[k]
    solution, extra = columns[:, :-1], columns[:, -1]
    ratio = lower[0] / corner
    shift = (solution[0] + ratio * solution[-1]) / (1 + extra[0] + ratio * extra[-1])
    return solution - np.outer(extra, shift)


def closed_spline(points: Array) -> Array:
    """Return the Bézier curves ``(n, 4, 2)`` of the closed spline through ``points`` (n, 2), n >= 3; curve k runs from point k to the next.

    Examples
    --------
    >>> turns = 2 * np.pi * np.arange(12) / 12
    >>> curves = closed_spline(np.column_stack([np.cos(turns), np.sin(turns)]))
    >>> bool(abs(np.linalg.norm(points_on(curves, 9), axis=1) - 1).max() < 1e-3)
    True
    """
    following = np.roll(points, -1, axis=0)
    h = np.linalg.norm(following - points, axis=1) ** 0.5
    before = np.roll(h, 1)
    slopes = (following - points) / h[:, None]
    right = 3 * (before[:, None] * slopes + h[:, None] * np.roll(slopes, 1, axis=0))
    tangents = _solve_cyclic(h, 2 * (h + before), before, right)
    third = h[:, None] / 3
    return np.stack(
        [points, points + third * tangents, following - third * np.roll(tangents, -1, axis=0), following], axis=1
    )


def open_spline(points: Array) -> Array:
    """Return the Bézier curves ``(n - 1, 4, 2)`` of the natural spline through ``points`` (n, 2), n >= 3, without curvature at its ends.

    Examples
    --------
    >>> open_spline(np.array([[0.0, 0], [1, 1], [2, 0]])).shape
    (2, 4, 2)
    """
    h = np.linalg.norm(np.diff(points, axis=0), axis=1) ** 0.5
    slopes = np.diff(points, axis=0) / h[:, None]
    n = len(points)
    matrix, right = np.zeros((n, n)), np.zeros((n, 2))
    inner = np.arange(1, n - 1)
    matrix[inner, inner - 1], matrix[inner, inner], matrix[inner, inner + 1] = h[1:], 2 * (h[1:] + h[:-1]), h[:-1]
    right[1:-1] = 3 * (h[:-1, None] * slopes[1:] + h[1:, None] * slopes[:-1])
    matrix[0, :2], right[0] = (2, 1), 3 * slopes[0]
    matrix[-1, -2:], right[-1] = (1, 2), 3 * slopes[-1]
    tangents = np.linalg.solve(matrix, right)
    third = h[:, None] / 3
    start, end = points[:-1], points[1:]
    return np.stack([start, start + third * tangents[:-1], end - third * tangents[1:], end], axis=1)


def points_on(curves: Array, samples: int) -> Array:
    """Return ``samples`` points on each of the curves ``(n, 4, 2)``, in order, at parameters (k + 1/2) / samples: ``(n samples, 2)``."""
    t = ((np.arange(samples) + 0.5) / samples)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    return np.einsum("sk,nkd->nsd", weights, curves).reshape(-1, 2)


def _split(curve: Array, t: float) -> tuple[Array, Array]:
    """Split a Bézier curve at a parameter (de Casteljau)."""
    left, right, level = [curve[0]], [curve[-1]], curve
    while len(level) > 1:
        level = (1 - t) * level[:-1] + t * level[1:]
        left.append(level[0])
        right.append(level[-1])
    return np.array(left), np.array(right[::-1])


def piece_of(curves: Array, start: float, end: float) -> Array:
    """Return the part of a closed chain of curves between two parameters, of which curve k has [k, k + 1]; ``start < end``.

    Examples
    --------
    >>> square = closed_spline(np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))
    >>> piece_of(square, 3.5, 5.25).shape
    (3, 4, 2)
    """
    first, last = int(np.floor(start)), int(np.ceil(end))
    part = [curves[k % len(curves)] for k in range(first, last)]
    if end < last:
        part[-1] = _split(part[-1], (end - (last - 1)))[0]
    if start > first:
        fraction = start - first
        if len(part) == 1:
            fraction /= min(1.0, end - first)
        part[0] = _split(part[0], fraction)[1]
    return np.array(part)
