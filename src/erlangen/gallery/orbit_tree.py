"""The orbits of Θ under the diffeomorphisms of the circle, drawn as a tree.

Definition: elliptic orbits lie on the axis at ``ν = √-Θ_0``; at each whole ν a hyperbolic branch rises, ``b = arcosh(|tr|/2)/π``, with two parabolic
    orbits beside its foot and, but for ν = 0, a vacuum at it (Lazutkin–Pankratova 1975; Balog–Fehér–Palla hep-th/9702178).
Convention: ``8GM = Θ_0`` is written below the axis, ``-ν²`` or on the branch of no winding ``b²``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

__all__ = ["orbit_place", "orbit_tree"]

_WIDTH, _HEIGHT, _LEFT, _UNIT, _BASE, _RISE, _TOP = 640.0, 262.0, 96.0, 158.0, 190.0, 120.0, 22.0
_MASSES = ((0, "0"), (0.5, "−1/4"), (1, "−1"), (1.5, "−9/4"), (2, "−4"), (2.5, "−25/4"), (3, "−9"))


def orbit_place(kind: str, winding: int, level: float, side: int = 1) -> tuple[float, float]:
    """Return where an orbit is drawn; ``level`` is ν for elliptic orbits, b for hyperbolic ones.

    Examples
    --------
    >>> orbit_place("vacuum", 1, 1.0), orbit_place("hyperbolic", 0, 0.5)
    ((254.0, 190.0), (96.0, 130.0))
    """
    foot = _LEFT + _UNIT * winding
    if kind == "elliptic":
        return min(_LEFT + _UNIT * level, _WIDTH - 6), _BASE
    if kind == "hyperbolic":
        return min(foot, _WIDTH - 6), max(_BASE - _RISE * level, _TOP)
    if kind == "parabolic":
        return min(foot + 13 * side, _WIDTH - 6), _BASE - 15
    return min(foot, _WIDTH - 6), _BASE


def orbit_tree(items: Iterable[Mapping[str, Any]]) -> Markup:
    """Return the tree with the examples as numbered points, and a mark that the script moves."""
    marks = [f'<path class="branch" d="M{_LEFT} {_BASE}H{_WIDTH}"/>']
    for n in range(4):
        x = _LEFT + _UNIT * n
        marks.append(f'<path class="branch hyper" d="M{x} {_BASE}V{_TOP - 10}"/>')
        sides = (1,) if n == 0 else (-1, 1)
        marks += [f'<path class="parabolic" d="M{x + 13 * side} {_BASE - 20}l5 5l-5 5l-5 -5Z"/>' for side in sides]
        kind = "vacuum" if n else "hole"
        marks.append(f'<circle class="{kind}" cx="{x}" cy="{_BASE}" r="6"/>')
        words = ("cosmologies", "winding 1", "winding 2", "winding 3")[n]
        marks.append(f'<text class="left" x="{x + 8}" y="{_TOP - 2}">{words}</text>')
    marks += [
        f'<text class="tick" x="{_LEFT + _UNIT * at}" y="{_BASE + 24}">{text}</text>'
        for at, text in _MASSES
        if _LEFT + _UNIT * at < _WIDTH - 20
    ]
    marks.append(f'<text class="tick right" x="{_LEFT - 22}" y="{_BASE + 24}">8GM</text>')
    for at, text in ((0.4, "conical defects"), (1, "Minkowski"), (2, "angular excesses")):
        marks.append(f'<text x="{_LEFT + _UNIT * at}" y="{_BASE + 48}">{text}</text>')
    for k, item in enumerate(items, 1):
        x, y = orbit_place(item["kind"], item["winding"], level(item))
        marks.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="9"/>')
        marks.append(f'<text class="count" x="{x:.1f}" y="{y + 4:.1f}">{k}</text>')
    marks.append('<circle class="mine" id="tree-mark" cx="-20" cy="-20" r="9"/>')
    title = (
        "The tree of orbits: elliptic orbits along the axis, vacua at whole windings, a hyperbolic branch above each"
    )
    head = f'<svg class="tree" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(marks) + "</svg>")  # noqa: S704 - numbers and our own words


def level(item: Mapping[str, Any]) -> float:
    """Return ν or b of an orbit."""
    constant = item["constant"]
    if item["kind"] == "hyperbolic":
        return float(item["branch"])
    return 0.0 if constant is None else max(0.0, -constant) ** 0.5
