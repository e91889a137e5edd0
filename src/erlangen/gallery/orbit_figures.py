"""Pictures of paths in SL(2, R): its universal cover as a solid cylinder, in section and in plan.

Definition: ``M = (a + b, c + d; c - d, a - b)`` has ``tan θ = d/a`` and ``tan w = √(b² + c²)``, ``0 <= w < π/2``; ``tr M = 2 cos θ / cos w``.
Convention: solutions as ``(ψ, 2ψ')``, so that Minkowski space goes along the axis; the parabolic elements are the light cones ``w = |θ - nπ|``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

__all__ = ["angle_curve", "class_strip", "lift", "plan_disc"]

Array = NDArray[np.float64]
_WIDTH, _FOOT, _SHEETS = 640.0, 22.0, 4


def lift(path: Array) -> Array:
    """Return ``(θ/π, w/π, angle in the disc)`` of a path ``(n, 2, 2)`` that starts at the identity, θ followed through all turns.

    Examples
    --------
    >>> [float(x) for x in lift(np.array([np.eye(2), -np.eye(2)]))[-1, :2]]
    [1.0, 0.0]
    """
    one, two, three, four = path[:, 0, 0], path[:, 0, 1] / 2, 2 * path[:, 1, 0], path[:, 1, 1]
    a, b, c, d = (one + four) / 2, (one - four) / 2, (two + three) / 2, (two - three) / 2
    turns = np.unwrap(np.arctan2(d, a)) / np.pi
    return np.stack([turns, np.arctan(np.hypot(b, c)) / np.pi, np.arctan2(c, b)], axis=1)


def _frame(end: float) -> tuple[float, float, float]:
    """Return unit (pixels for π), left edge in turns, and the number of turns shown."""
    high = max(1.6, math.ceil(end - 0.35) + 0.6)
    return _WIDTH / (high + 0.35), -0.35, high


def _points(xs: Iterable[float], ys: Iterable[float]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))


def _pieces(way: Array) -> list[tuple[int, Array]]:
    """Return a path cut where it passes from one sheet, θ from nπ to (n + 1)π, to the next."""
    sheets = np.floor(way[:, 0] + 1e-9).astype(int)
    cuts = [0, *(np.flatnonzero(np.diff(sheets)) + 1).tolist(), len(way)]
    return [(int(sheets[i]), way[i : j + 1]) for i, j in pairwise(cuts)]


def class_strip(way: Array, kind: str, trace: float, title: str) -> Markup:
    """Return a lifted path in the section (θ, w) of the cylinder, with the regions of the three classes and the class of its end."""
    unit, left, high = _frame(float(way[-1, 0]))
    base = unit / 2 + 6

    def x(turn: float) -> float:
        return unit * (turn - left)

    marks = []
    for n in range(math.ceil(high)):
        middle = min(n + 0.5, high)
        marks.append(f'<path class="elliptic" d="{_points([x(n), x(middle), x(n + 1)], [base, 6, base])}Z"/>')
    for n in range(math.ceil(high)):
        marks.append(f'<path class="cone" d="{_points([x(n - 0.5), x(n), x(n + 0.5)], [6, base, 6])}"/>')
        marks.append(f'<text x="{x(n):.1f}" y="{base + 17:.1f}">{n}</text>')
    marks.append(f'<path class="axis" d="M0 {base:.1f}H{_WIDTH:g}"/>')
    curve = _class_curve(kind, trace, float(way[-1, 0]))
    if curve is not None:
        marks.append(
            f'<path class="class" d="{_points([x(t) for t in curve[:, 0]], [base - unit * w for w in curve[:, 1]])}"/>'
        )
    for sheet, piece in _pieces(way):
        line = _points([x(t) for t in piece[:, 0]], [base - unit * w for w in piece[:, 1]])
        marks.append(f'<path class="way w{sheet % _SHEETS}" d="{line}"/>')
    marks.append(f'<circle class="start" cx="{x(0):.1f}" cy="{base:.1f}" r="4"/>')
    marks.append(f'<circle class="end" cx="{x(way[-1, 0]):.1f}" cy="{base - unit * way[-1, 1]:.1f}" r="6"/>')
    return _svg("cover", _WIDTH, base + _FOOT, title, marks)


def _class_curve(kind: str, trace: float, end: float) -> Array | None:
    """Return the points (θ, w)/π with the trace and winding of an end: what conjugations, and superrotations, can move it to."""
    half = abs(trace) / 2
    if kind == "hyperbolic":
        turns = round(end) + np.linspace(-0.5, 0.5, 81)
        return np.stack([turns, np.arccos(np.abs(np.cos(np.pi * turns)) / half) / np.pi], axis=1)
    if kind == "elliptic":
        sheet, angle = math.floor(end), math.acos(half) / math.pi
        near = (trace > 0) == (sheet % 2 == 0)
        turns = np.linspace(sheet + angle, sheet + 0.5, 61) if near else np.linspace(sheet + 0.5, sheet + 1 - angle, 61)
        ratio = np.clip(np.abs(np.cos(np.pi * turns)) / half, 0, 1)
        return np.stack([turns, np.arccos(ratio) / np.pi], axis=1)
    return None


def plan_disc(way: Array, title: str) -> Markup:
    """Return a lifted path seen along the axis: distance w from the middle, the sheet as colour."""
    marks = ['<circle class="rim" cx="100" cy="100" r="94"/>', '<path class="axis" d="M100 97v6M97 100h6"/>']
    for sheet, piece in _pieces(way):
        radius = 188 * piece[:, 1]
        line = _points(100 + radius * np.cos(piece[:, 2]), 100 - radius * np.sin(piece[:, 2]))
        marks.append(f'<path class="way w{sheet % _SHEETS}" d="{line}"/>')
    radius, angle = 188 * way[-1, 1], way[-1, 2]
    x, y = 100 + radius * math.cos(angle), 100 - radius * math.sin(angle)
    marks.append(f'<circle class="end" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
    return _svg("plan", 200, 200, title, marks)


def angle_curve(values: Array, title: str) -> Markup:
    """Return a function on equal steps from 0 to 2π as a small curve with its zero line and its extremes."""
    low, high = min(0.0, float(np.min(values))), max(0.0, float(np.max(values)))
    span = (high - low) or 1.0
    ys = 58 - 52 * (values - low) / span
    xs = np.linspace(4, 196, len(values))
    marks = [
        f'<path class="axis" d="M4 {58 - 52 * (0 - low) / span:.1f}H196"/>',
        f'<path class="way w0" d="{_points(xs, ys)}"/>',
    ]
    return _svg("angle", 200, 64, f"{title}, from {np.min(values):.3g} to {np.max(values):.3g}", marks)


def _svg(kind: str, width: float, height: float, title: str, marks: list[str]) -> Markup:
    head = f'<svg class="{kind}" viewBox="0 0 {width:g} {height:.1f}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(marks) + "</svg>")  # noqa: S704 - numbers and an escaped title
