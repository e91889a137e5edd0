"""Charge against radius as a drawn curve: logarithmic radius, a charge axis that is linear near zero and logarithmic far from it.

Definition: a value q is drawn at ``sign(q) log10(1 + |q|)``; Barnich and Brandt's form is the full line, Iyer and Wald's the broken one.
Convention: the frame is the same as the script's, which redraws it when a parameter is moved.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

__all__ = ["charge_plot"]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT = 400.0, 190.0, 44.0, 18.0, 8.0, 28.0
_TICKS = (0, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10000)


def charge_plot(curves: Iterable[Mapping[str, Any]], radii: Sequence[float], title: str) -> Markup:
    """Return the curves of a charge; ``charges`` of each are at the radii, ``None`` where they are not finite.

    Examples
    --------
    >>> picture = charge_plot([{"prescription": "iyer-wald", "charges": [1.0, 2.0]}], [1.0, 10.0], "A charge")
    >>> 'class="curve iyer-wald"' in picture
    True
    """
    lines = list(curves)
    values = [q for line in lines for q in line["charges"] if q is not None]
    high, low = 1.08 * _pressed(max([1.25, *values])), 1.1 * _pressed(min([0.0, *values]))
    decades = math.log10(radii[-1])

    def x(radius: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log10(radius) / decades

    def y(q: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _FOOT) * (high - _pressed(q)) / (high - low)

    marks = []
    last = math.inf
    for tick in sorted({s * t for t in _TICKS for s in (1, -1)}):
        if low <= _pressed(tick) <= high and (abs(y(tick) - last) >= 15 or tick == 0):
            last = y(tick)
            marks.append(f'<path class="grid" d="M{_LEFT:g} {last:.1f}H{_WIDTH - _RIGHT:g}"/>')
            marks.append(_label(tick, last))
    for k in range(round(decades) + 1):
        marks.append(f'<text x="{x(10.0**k):.1f}" y="{_HEIGHT - 8:g}">{_decade(k)}</text>')
    for line in lines:
        marks.append(f'<path class="curve {line["prescription"]}" d="{_path(line["charges"], radii, x, y)}"/>')
    head = f'<svg class="plot" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(marks) + "</svg>")  # noqa: S704 - numbers and an escaped title


def _decade(k: int) -> str:
    return str(10**k) if k else "r = 1"


def _pressed(q: float) -> float:
    return math.copysign(math.log10(1 + abs(q)), q)


def _label(tick: float, height: float) -> str:
    words = f"{tick:g}".replace("-", "−")
    return f'<text class="right" x="{_LEFT - 7:g}" y="{height + 4:.1f}">{words}</text>'


def _path(charges: Sequence[float | None], radii: Sequence[float], x: Any, y: Any) -> str:
    """Return the path of a curve, lifted where a value is missing."""
    steps, down = [], False
    for radius, q in zip(radii, charges, strict=True):
        if q is not None:
            steps.append(f"{'L' if down else 'M'}{x(radius):.1f} {y(q):.1f}")
        down = q is not None
    return "".join(steps)
