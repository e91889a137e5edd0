"""Charts of the page as SVG.

Definition: :func:`ratio_chart` shows one ratio with its quartiles on a logarithmic axis; 1 is equal speed.
Convention: colours are classes of the style sheet; every chart has a text alternative with its numbers.
"""

from __future__ import annotations

import math

from markupsafe import Markup

from erlangen.gallery.benchmark import Benchmark
from erlangen.gallery.text import number

__all__ = ["ratio_chart"]

_WIDTH, _HEIGHT, _MARGIN = 360.0, 34.0, 12.0


def _ticks(low: float, high: float) -> list[float]:
    found = [
        m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)
    ]
    return [tick for tick in found if low <= tick <= high]


def ratio_chart(record: Benchmark, low: float, high: float) -> Markup:
    """Return the ratio of a record on the axis ``[low, high]``.

    Examples
    --------
    >>> chart = ratio_chart(Benchmark("c", "C", None, "peer", "1", 4.0, 3.0, 5.0), 0.5, 10.0)
    >>> 'aria-label="4 times as fast as peer 1, quartiles 3 to 5"' in chart
    True
    """

    def place(ratio: float) -> float:
        share = (math.log(ratio) - math.log(low)) / (math.log(high) - math.log(low))
        return round(_MARGIN + (_WIDTH - 2 * _MARGIN) * min(1.0, max(0.0, share)), 1)

    kind = "less memory than" if record.unit == "memory" else "as fast as"
    label = f"{number(record.ratio, 3)} times {kind} {record.peer} {record.version}".rstrip()
    label += f", quartiles {number(record.low, 3)} to {number(record.high, 3)}"
    marks = [
        f'<path class="axis" d="M{_MARGIN} 17H{_WIDTH - _MARGIN}"/>',
        *(f'<path class="tick" d="M{place(tick)} 13v8"/>' for tick in _ticks(low, high)),
        f'<path class="equal" d="M{place(1.0)} 4v26"/>',
        f'<path class="bar" d="M{place(1.0)} 17H{place(record.ratio)}"/>',
        f'<path class="spread" d="M{place(record.low)} 11v12M{place(record.low)} 17H{place(record.high)}M{place(record.high)} 11v12"/>',
        f'<circle class="median" cx="{place(record.ratio)}" cy="17" r="5"/>',
    ]
    if record.goal:
        marks.insert(3, f'<path class="goal" d="M{place(record.goal)} 6v22"/>')
    head = Markup('<svg class="ratio" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">').format(
        _WIDTH, _HEIGHT, label
    )
    return head + Markup("".join(marks)) + Markup("</svg>")  # noqa: S704 - numbers only
