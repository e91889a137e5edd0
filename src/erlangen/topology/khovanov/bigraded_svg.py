"""A bigraded table as a picture.

Definition: a square a bidegree, shaded by the logarithm of its rank; torsion stands in a second colour with its order as subscript.
Convention: h rises to the right, q upwards; diagonals q - 2 h = constant are tinted; colours follow the reader's light or dark scheme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import log2

__all__ = ["Layout", "draw"]

Cell = list[tuple[int, int]]

_SIDE, _LEFT, _TOP = 34.0, 46.0, 34.0
_STYLE = """
  .bigraded .bg { fill: #fbfbfa } .bigraded .grid { stroke: #d9d9d4; stroke-width: 1; fill: none }
  .bigraded .band { fill: #2f5d8c; opacity: .06 } .bigraded .free { fill: #2f5d8c }
  .bigraded text { font: 14px 'Source Serif 4', 'STIX Two Text', Georgia, serif; text-anchor: middle }
  .bigraded .n { fill: #16222e } .bigraded .inv { fill: #ffffff } .bigraded .tor { fill: #b2401d }
  .bigraded text.axis { font-size: 12px; fill: #5c6670 } .bigraded text.i { font-style: italic }
  .bigraded text.title { font-size: 15px; text-anchor: start; fill: #16222e } .bigraded .sub { font-size: 9.5px }
  .bigraded text.legend { font-size: 12px; text-anchor: start; fill: #5c6670 }
  @media (prefers-color-scheme: dark) {
    .bigraded .bg { fill: #14181c } .bigraded .grid { stroke: #343b42 } .bigraded .band { fill: #8fb8e0; opacity: .08 }
    .bigraded .free { fill: #8fb8e0 } .bigraded .n, .bigraded text.title { fill: #e8ecef } .bigraded .inv { fill: #10161b }
    .bigraded .tor { fill: #f0976f } .bigraded text.axis, .bigraded text.legend { fill: #9aa5af } }
"""


@dataclass(frozen=True)
class Layout:
    """What is drawn: degrees, cells with their (order, multiplicity) pairs, a legend and a title."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    cells: dict[tuple[int, int], Cell]
    legend: str
    title: str | None

    @property
    def cell_width(self) -> float:
        """Wide enough for the longest cell."""
        longest = max((sum(_length(pair) for pair in cell) for cell in self.cells.values()), default=1.0)
        return max(_SIDE, 8.0 * longest + 12.0)

    @property
    def top(self) -> float:
        """Where the first row begins."""
        return _TOP + (24.0 if self.title else 0.0)

    def x(self, column: int) -> float:
        """Return the left border of a column."""
        return _LEFT + column * self.cell_width

    def y(self, row: int) -> float:
        """Return the upper border of a row."""
        return self.top + row * _SIDE


def _length(pair: tuple[int, int]) -> float:
    order, n = pair
    return len(str(n)) + (0.7 * len(str(order)) + 0.6 if order else 0.0)


def _minus(number: int) -> str:
    return str(number).replace("-", "−")


def _bands(layout: Layout) -> Iterator[str]:
    """Tint the diagonals that are occupied."""
    occupied = {q - 2 * h for h, q in layout.cells}
    for i, q in enumerate(layout.rows):
        for j, h in enumerate(layout.columns):
            if q - 2 * h in occupied:
                place = f'x="{layout.x(j):g}" y="{layout.y(i):g}"'
                yield f'<rect class="band" {place} width="{layout.cell_width:g}" height="{_SIDE:g}"/>'


def _lines(layout: Layout) -> Iterator[str]:
    right, bottom = layout.x(len(layout.columns)), layout.y(len(layout.rows))
    across = "".join(f"M{_LEFT:g} {layout.y(i):g}H{right:g}" for i in range(len(layout.rows) + 1))
    down = "".join(f"M{layout.x(j):g} {layout.top:g}V{bottom:g}" for j in range(len(layout.columns) + 1))
    yield f'<path class="grid" d="{across}{down}"/>'


def _axes(layout: Layout) -> Iterator[str]:
    for j, h in enumerate(layout.columns):
        yield f'<text class="axis" x="{layout.x(j) + layout.cell_width / 2:g}" y="{layout.top - 9:g}">{_minus(h)}</text>'
    for i, q in enumerate(layout.rows):
        yield f'<text class="axis" x="{_LEFT - 16:g}" y="{layout.y(i) + _SIDE / 2 + 4:g}">{_minus(q)}</text>'
    yield f'<text class="axis i" x="{_LEFT - 30:g}" y="{layout.top - 9:g}">q</text>'
    yield f'<text class="axis i" x="{_LEFT - 10:g}" y="{layout.top - 18:g}">h</text>'
    yield f'<path class="grid" d="M{_LEFT - 26:g} {layout.top - 24:g}L{_LEFT:g} {layout.top:g}"/>'


def _words(cell: Cell, dark: bool) -> str:
    parts: list[str] = []
    for order, n in cell:
        if order:
            gap = ' dx="3"' if parts else ""
            drop = f'<tspan class="sub" dy="4">{order}</tspan><tspan dy="-4">&#8203;</tspan>'
            parts.append(f'<tspan class="{"inv" if dark else "tor"}"{gap}>{n}{drop}</tspan>')
        else:
            parts.append(f'<tspan class="{"inv" if dark else "n"}">{n}</tspan>')
    return "".join(parts)


def _cells(layout: Layout) -> Iterator[str]:
    most = max((n for cell in layout.cells.values() for order, n in cell if not order), default=1)
    for i, q in enumerate(layout.rows):
        for j, h in enumerate(layout.columns):
            cell = layout.cells.get((h, q))
            if cell is None:
                continue
            rank = sum(n for order, n in cell if not order)
            shade = 0.12 + 0.6 * log2(1 + rank) / log2(1 + max(most, 7)) if rank else 0.0
            x, y, wide = layout.x(j), layout.y(i), layout.cell_width
            if rank:
                box = f'x="{x + 1:g}" y="{y + 1:g}" width="{wide - 2:g}" height="{_SIDE - 2:g}"'
                yield f'<rect class="free" {box} rx="3" style="opacity:{shade:.2f}"/>'
            words = _words(cell, shade > 0.5)
            yield f'<text x="{x + wide / 2:g}" y="{y + _SIDE / 2 + 5:g}">{words}</text>'


def draw(layout: Layout) -> str:
    """Return the table as a self-contained SVG document."""
    right = max(layout.x(len(layout.columns)) + 14.0, _LEFT + 14.0 + 5.6 * len(layout.legend))
    bottom = layout.y(len(layout.rows)) + 30.0
    label = escape(layout.title or "bigraded homology", quote=True)
    head = f'<svg class="bigraded" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:g} {bottom:g}" width="{right:g}" height="{bottom:g}"'
    out = [f'{head} role="img" aria-label="{label}">', f"<style>{_STYLE}</style>"]
    out.append(f'<rect class="bg" width="{right:g}" height="{bottom:g}"/>')
    if layout.title:
        out.append(f'<text class="title" x="{_LEFT:g}" y="22">{escape(layout.title)}</text>')
    out += [*_bands(layout), *_lines(layout), *_axes(layout), *_cells(layout)]
    out.append(f'<text class="legend" x="{_LEFT:g}" y="{bottom - 10:g}">{escape(layout.legend)}</text></svg>')
    return "\n".join(out)
