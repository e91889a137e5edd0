"""Level lines of a function on a rectangle.

Definition: marching squares on a regular grid, corners interpolated linearly, segments joined to chains.
Convention: the rectangle is ``[x0, x1] × [y0, y1]``; cells with a corner where the function is None are left out.
"""

from __future__ import annotations

from collections.abc import Callable

from erlangen.gallery.thumbnails.canvas import Point

__all__ = ["level_lines"]

Segment = tuple[Point, Point]


def _cross(p: Point, q: Point, u: float, v: float, level: float) -> Point:
    share = (level - u) / (v - u)
    return (round(p[0] + share * (q[0] - p[0]), 6), round(p[1] + share * (q[1] - p[1]), 6))


def _cell(corners: list[tuple[Point, float]], level: float) -> list[Segment]:
    """Return the segments of one triangle fan cell (a square split in two triangles, so that no case is ambiguous)."""
    found = []
    for i, j, k in ((0, 1, 2), (0, 2, 3)):
        triangle = (corners[i], corners[j], corners[k])
        hits = []
        for a in range(3):
            (p, u), (q, v) = triangle[a], triangle[(a + 1) % 3]
            if (u < level) != (v < level):
                hits.append(_cross(p, q, u, v, level))
        if len(hits) == 2:
            found.append((hits[0], hits[1]))
    return found


def _chain(segments: list[Segment]) -> list[list[Point]]:
    """Join segments that share an end."""
    ends: dict[Point, list[int]] = {}
    for index, segment in enumerate(segments):
        for point in segment:
            ends.setdefault(point, []).append(index)
    left = set(range(len(segments)))
    chains = []
    while left:
        first = min(left)
        left.discard(first)
        chain = list(segments[first])
        for back in (False, True):
            while True:
                tip = chain[0] if back else chain[-1]
                following = next((i for i in ends[tip] if i in left), None)
                if following is None:
                    break
                left.discard(following)
                a, b = segments[following]
                chain.insert(0 if back else len(chain), b if a == tip else a)
        chains.append(chain)
    return chains


def level_lines(
    function: Callable[[float, float], float | None],
    level: float,
    box: tuple[float, float, float, float],
    steps: int,
) -> list[list[Point]]:
    """Return the chains of points of ``{function = level}`` on ``box = (x0, y0, x1, y1)`` with ``steps`` cells a side.

    Examples
    --------
    >>> chains = level_lines(lambda x, y: x, 0.25, (0.0, 0.0, 1.0, 1.0), 2)
    >>> {x for chain in chains for x, _ in chain}
    {0.25}
    """
    x0, y0, x1, y1 = box
    xs = [x0 + (x1 - x0) * i / steps for i in range(steps + 1)]
    ys = [y0 + (y1 - y0) * i / steps for i in range(steps + 1)]
    values = [[function(x, y) for x in xs] for y in ys]
    segments: list[Segment] = []
    for r in range(steps):
        for c in range(steps):
            square = ((c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1))
            corners = [((xs[i], ys[j]), value) for i, j in square if (value := values[j][i]) is not None]
            if len(corners) == 4:
                segments.extend(_cell(corners, level))
    return _chain(segments)
