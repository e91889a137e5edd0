"""A sheet to draw on: paths, dots and fills that become one small inline SVG.

Definition: the sheet is 1600 by 1200 units, y downwards; lines are thinned to 1.6 units, rounded to 2 units and written relative: a drawing stays small.
Convention: colours are class names only (``c0`` … ``c7`` the ramp, ``ink``, ``soft``, ``accent``), so that the style sheet decides light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["HEIGHT", "WIDTH", "Canvas", "Point", "tone"]

WIDTH, HEIGHT = 1600, 1200
_UNIT, _TOLERANCE = 2, 1.6

Point = tuple[float, float]


def tone(value: float, low: float = 0.0, high: float = 1.0, count: int = 8) -> int:
    """Return the step 0 … ``count - 1`` of the ramp for a value in ``[low, high]``; values outside take the ends.

    Examples
    --------
    >>> [tone(x) for x in (-1.0, 0.0, 0.5, 1.0)]
    [0, 0, 4, 7]
    """
    share = (value - low) / (high - low)
    return min(count - 1, max(0, int(share * count)))


def _numbers(*values: int) -> str:
    """Join integers as SVG path data does: a minus sign separates as well as a blank."""
    text = ""
    for value in values:
        text += str(value) if not text or value < 0 else f" {value}"
    return text


def _thin(points: Sequence[Point]) -> list[Point]:
    """Leave out points that lie within the tolerance of the line without them (Douglas and Peucker)."""
    if len(points) < 3:
        return list(points)
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    worst, where = -1.0, 0
    for index in range(1, len(points) - 1):
        x, y = points[index]
        cross = abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))
        gap = cross / length if length > _TOLERANCE else math.hypot(x - x0, y - y0)
        if gap > worst:
            worst, where = gap, index
    if worst <= _TOLERANCE:
        return [points[0], points[-1]]
    return _thin(points[: where + 1])[:-1] + _thin(points[where:])


def _data(whole: Sequence[Point], closed: bool) -> str:
    points = [(x / _UNIT, y / _UNIT) for x, y in _thin(whole)]
    x, y = round(points[0][0]), round(points[0][1])
    parts = [f"M{_numbers(x, y)}"]
    steps = []
    for px, py in points[1:]:
        nx, ny = round(px), round(py)
        if (nx, ny) != (x, y):
            steps.append(_numbers(nx - x, ny - y))
        x, y = nx, ny
    if steps:
        text = steps[0]
        for step in steps[1:]:
            text += step if step.startswith("-") else f" {step}"
        parts.append(f"l{text}")
    return "".join(parts) + ("z" if closed else "")


class Canvas:
    """Collects marks by class, in the order the classes were first used.

    Examples
    --------
    >>> sheet = Canvas()
    >>> sheet.line([(0, 0), (10, -5)], "ink")
    >>> sheet.svg("a stroke")
    '<svg class="thumb" viewBox="0 0 800 600" role="img" aria-label="a stroke"><path class="l ink" d="M0 0l5-2"/></svg>'
    """

    def __init__(self) -> None:
        self._layers: list[tuple[str, list[str]]] = []

    def _add(self, kind: str, data: str) -> None:
        if self._layers and self._layers[-1][0] == kind:
            self._layers[-1][1].append(data)
            return
        self._layers.append((kind, [data]))

    def line(self, points: Sequence[Point], colour: str, *, closed: bool = False) -> None:
        """Draw an open or closed polygon line."""
        self._add(f"l {colour}", _data(points, closed))

    def fill(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._add(f"f {colour}", _data(points, True))

    def dots(self, points: Iterable[Point], colour: str) -> None:
        """Set round dots; ``colour`` may carry a size class (``big``, ``tiny``)."""
        data = "".join(f"M{_numbers(round(x / _UNIT), round(y / _UNIT))}h0" for x, y in points)
        if data:
            self._add(f"d {colour}", data)

    def text(self, x: float, y: float, words: str, colour: str = "ink") -> None:
        """Write a short label, centred at ``(x, y)``."""
        self._layers.append((f"text {colour}", [f'x="{round(x / _UNIT)}" y="{round(y / _UNIT)}">{escape(words)}']))

    def svg(self, label: str) -> str:
        """Return the drawing as an ``<svg>`` element named ``label``."""
        body = []
        for kind, data in self._layers:
            if kind.startswith("text"):
                body.append(f'<text class="{kind[5:]}" {data[0]}</text>')
            else:
                body.append(f'<path class="{kind}" d="{"".join(data)}"/>')
        head = f'<svg class="thumb" viewBox="0 0 {WIDTH // _UNIT} {HEIGHT // _UNIT}" role="img" aria-label="{escape(label, quote=True)}">'
        return f"{head}{''.join(body)}</svg>"
