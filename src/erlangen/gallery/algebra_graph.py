"""The structure constants of a Lie algebra as a drawn graph.

Definition: an element stands at its weight under the diagonal elements, in the metric of the Killing form, so that roots stand as roots;
    each bracket ``[e_i, e_j] = Σ c e_k`` is two strokes from i and j that join and end in k.
Convention: brackets with diagonal elements are the positions themselves and are not drawn; without diagonal elements all stand on a circle.
"""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from erlangen.gallery.algebra_parts import AlgebraParts

__all__ = ["algebra_graph", "positions"]

Array = NDArray[np.float64]
_SIZE, _NODE, _REACH = 360.0, 14.0, 150.0


def positions(found: AlgebraParts) -> Array:
    """Return where the elements stand in the picture, ``(n, 2)``.

    Examples
    --------
    >>> from erlangen.gallery.algebra_parts import algebra_parts
    >>> from erlangen.symbolic import LieAlgebra
    >>> positions(algebra_parts(LieAlgebra(2, {(0, 1): {1: 1}}))).shape
    (2, 2)
    """
    count = len(found.basis)
    weights = np.array([[float(x) for x in row] for row in found.weights]).reshape(count, len(found.diagonal))
    if not np.any(weights):
        angles = 2 * np.pi * np.arange(count) / max(count, 1) - np.pi / 2
        return _SIZE / 2 + _REACH * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    values, vectors = np.linalg.eigh(weights.T @ weights)  # the Killing form of the diagonal elements
    kept = values > 1e-9 * values[-1]
    flat = weights @ (vectors[:, kept] / np.sqrt(values[kept]))
    plane = _plane(flat)
    plane *= _REACH / max(np.max(np.hypot(*plane.T)), 1e-9)
    plane[:, 1] *= -1
    return _SIZE / 2 + _apart(plane, found.parts)


def _plane(flat: Array) -> Array:
    """Return weights in the plane: turned so that a longest one lies to the right, seen obliquely where there are three or more."""
    if flat.shape[1] == 1:
        return np.concatenate([flat, np.zeros_like(flat)], axis=1)
    if flat.shape[1] > 2:
        turn = np.linalg.qr(np.cos(np.arange(flat.shape[1] ** 2).reshape(flat.shape[1], -1) + 1.0))[0]
        flat = (flat @ turn)[:, :2]
    longest = flat[int(np.argmax(np.round(np.hypot(*flat.T), 9)))]
    angle = math.atan2(longest[1], longest[0])
    c, s = math.cos(angle), math.sin(angle)
    return flat @ np.array([[c, -s], [s, c]])


def _apart(plane: Array, parts: tuple[str, ...]) -> Array:
    """Move elements of equal weight apart: above each other on a line, around their place in the plane."""
    groups: dict[tuple[float, ...], list[int]] = defaultdict(list)
    for i, place in enumerate(plane):
        groups[tuple(np.round(place, 6) + 0.0)].append(i)
    moved = plane.copy()
    line = not np.any(np.abs(plane[:, 1]) > 1e-6)
    for members in groups.values():
        members.sort(key=lambda i: parts[i] != "levi")
        n = len(members)
        for k, i in enumerate(members):
            if line:
                moved[i, 1] += 66 * (k - (n - 1) / 2) + (
                    0 if n > 1 else (-33 if parts[i] == "levi" else 33) * _mixed(parts)
                )
            elif n > 1:
                angle = 2 * math.pi * k / n + math.pi / 6
                moved[i] += 26 * np.array([math.cos(angle), math.sin(angle)])
    return moved


def _mixed(parts: tuple[str, ...]) -> int:
    return int("levi" in parts and set(parts) != {"levi"})


def algebra_graph(found: AlgebraParts, title: str) -> Markup:
    """Return the graph as SVG; nodes carry ``data-node``, brackets ``data-pair``."""
    places = positions(found)
    marks = []
    if np.any([[float(x) for x in row] for row in found.weights]):
        centre = _SIZE / 2
        marks.append(f'<path class="cross" d="M{centre} 20V{_SIZE - 20}M20 {centre}H{_SIZE - 20}"/>')
    for (i, j), value in found.brackets.items():
        if i in found.diagonal or j in found.diagonal:
            continue
        strokes = "".join(_strokes(places[i], places[j], places[k]) for k in value)
        part = found.parts[next(iter(value))]
        marks.append(f'<path class="bracket {part}" data-pair="{i} {j}" d="{strokes}"/>')
    for i, (x, y) in enumerate(places):
        shape = (
            f'<rect x="{x - 12:.1f}" y="{y - 12:.1f}" width="24" height="24" rx="3"/>'
            if found.parts[i] == "levi"
            else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE:g}"/>'
        )
        marks.append(
            f'<g class="node {found.parts[i]}" data-node="{i}">{shape}<text x="{x:.1f}" y="{y + 4.5:.1f}">{i + 1}</text></g>'
        )
    low, high = (_SIZE - _reach(places)) / 2, _reach(places)
    head = f'<svg class="algebra" viewBox="0 {low:.0f} {_SIZE:g} {high:.0f}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(marks) + "</svg>")  # noqa: S704 - numbers and an escaped title


def _reach(places: Array) -> float:
    """Return the height of the picture: less than its width where all stands on a line."""
    return min(_SIZE, 2 * float(np.max(np.abs(places[:, 1] - _SIZE / 2), initial=0.0)) + 110)


def _strokes(p: Array, q: Array, goal: Array) -> str:
    """Return two curves from p and q that meet before the goal, and an arrow's head there."""
    middle = (p + q) / 2
    knot = middle + 0.45 * (goal - middle)
    across = np.array([p[1] - q[1], q[0] - p[0]])
    bent = abs(float(across @ (goal - middle)))
    length = max(float(np.hypot(*across)), 1e-9)
    if bent < 18 * length:  # nearly on one line: bow the strokes
        knot = knot + across / length * max(34.0, 0.26 * length)
    way = goal - knot
    way = way / max(float(np.hypot(*way)), 1e-9)
    tip = goal - way * (_NODE + 2)
    side = np.array([-way[1], way[0]])
    left, right = tip - 8 * way + 4 * side, tip - 8 * way - 4 * side
    curves = "".join(f"M{a[0]:.1f} {a[1]:.1f}Q{knot[0]:.1f} {knot[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}" for a in (p, q))
    return curves + f"M{left[0]:.1f} {left[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}L{right[0]:.1f} {right[1]:.1f}"
