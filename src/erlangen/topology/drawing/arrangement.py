"""Turning and placing the pieces of a drawing.

Definition: a piece lies with its longer axis of inertia horizontal, or, if it is nearly round, with its farthest point on top; pieces stand in rows.
Convention: rotations and translations only, never reflections, which would change the diagram.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.drawing.strand import Strand

__all__ = ["arrange", "upright"]

Array = NDArray[np.float64]
_ROUND = 1.2


def _rotation(angle: float) -> Array:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def upright(strands: Sequence[Strand]) -> list[Strand]:
    """Return the strands of one piece turned into their usual position, centred at 0."""
    points = np.concatenate([strand.points(4) for strand in strands])
    centre = points.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov((points - centre).T))
    if values[1] > _ROUND * values[0]:
        angle = -float(np.arctan2(axes[1, 1], axes[0, 1]))
        if abs(angle) > np.pi / 2:
            angle += np.pi
    else:
        far = np.linalg.norm(points - centre, axis=1)
        offset = (
            points[np.argmax(far > far.max() * (1 - 1e-6))] - centre
        )  # of symmetric ones the first, not rounding's choice
        angle = np.pi / 2 - float(np.arctan2(offset[1], offset[0]))
    matrix = _rotation(angle)
    return [strand.moved(matrix, -matrix @ centre) for strand in strands]


def arrange(pieces: Sequence[Sequence[Strand]], gap: float) -> list[Strand]:
    """Place pieces in rows, the tallest first, so that the whole is a little wider than high."""
    boxes = []
    for piece in pieces:
        points = np.concatenate([strand.points(4) for strand in piece])
        boxes.append((points.min(axis=0), points.max(axis=0)))
    order = sorted(range(len(pieces)), key=lambda k: -float(boxes[k][1][1] - boxes[k][0][1]))
    area = sum(float(np.prod(high - low + gap)) for low, high in boxes)
    widest = max((float(high[0] - low[0]) for low, high in boxes), default=0.0)
    limit = max(widest + gap, 1.4 * area**0.5)
    placed: list[Strand] = []
    x = y = height = 0.0
    for k in order:
        low, high = boxes[k]
        width, tall = (high - low).tolist()
        if x > 0 and x + width > limit:
            x, y, height = 0.0, y - height - gap, 0.0
        height = height or tall
        shift = np.array([x, y - (height + tall) / 2]) - low
        placed += [strand.moved(np.eye(2), shift) for strand in pieces[k]]
        x += width + gap
    return placed
