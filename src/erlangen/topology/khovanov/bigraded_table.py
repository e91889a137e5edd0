"""Bigraded groups as tables: text, LaTeX, HTML, SVG.

Definition: one cell a bidegree; rows are quantum degrees q, falling, columns homological degrees h, rising (Bar-Natan 2002, fig. 1).
Convention: n is rank n; n with subscript p^e is n summands Z/p^e; only q of the parity that occurs has rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from erlangen.exact import Ring
from erlangen.topology.khovanov.bigraded_svg import Layout, draw
from erlangen.validation import check_choice

__all__ = ["table"]

Summand = tuple[int, int, int, int]
Cell = list[tuple[int, int]]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class _Grid:
    """Degrees of rows and columns, and the (order, multiplicity) pairs of the cells that are not empty."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    cells: dict[tuple[int, int], Cell]
    ring: Ring
    title: str | None

    def lines(self, word: Callable[[Cell], str]) -> list[list[str]]:
        """Return the cells as words, row by row."""
        return [[word(self.cells.get((h, q), [])) for h in self.columns] for q in self.rows]


def _grid(summands: Iterable[Summand], ring: Ring, title: str | None) -> _Grid:
    cells: dict[tuple[int, int], Cell] = {}
    for order, n, h, q in summands:
        cells.setdefault((h, q), []).append((order, n))
    hs, qs = {h for h, _ in cells} or {0}, {q for _, q in cells} or {0}
    step = 2 if len({q % 2 for q in qs}) == 1 else 1
    columns, rows = range(min(hs), max(hs) + 1), range(max(qs), min(qs) - 1, -step)
    return _Grid(tuple(columns), tuple(rows), cells, ring, title)


def table(summands: Iterable[Summand], ring: Ring, format: str, title: str | None) -> str:
    """Return summands as a table in one of the formats.

    Raises
    ------
    DomainError
        If the format is none of ``text``, ``latex``, ``html``, ``svg``.
    """
    grid = _grid(summands, ring, title)
    kinds = {"text": _text, "latex": _latex, "html": _html, "svg": _svg}
    return kinds[check_choice(format, "format", kinds)](grid)


def _plain(cell: Cell) -> str:
    words = [f"{n}{str(order).translate(_SUBSCRIPTS)}" if order else str(n) for order, n in cell]
    return " ".join(words) or "."


def _text(grid: _Grid) -> str:
    lines = grid.lines(_plain)
    widths = [
        max(map(len, [str(h), *column])) for h, column in zip(grid.columns, zip(*lines, strict=True), strict=True)
    ]
    side = max(3, *(len(str(q)) for q in grid.rows))
    head = "  ".join(str(h).rjust(w) for h, w in zip(grid.columns, widths, strict=True))
    corner = r"q\h".center(side + 2)
    rule = "-" * (side + 2) + "+" + "-" * (len(head) + 1)
    out = [*([grid.title] if grid.title else []), f"{corner}| {head}", rule]
    for q, line in zip(grid.rows, lines, strict=True):
        words = "  ".join(word.rjust(w) for word, w in zip(line, widths, strict=True))
        out.append(f"{f'{q:>{side - 1}}':^{side + 2}}| {words}")
    return "\n".join(out)


def _latex(grid: _Grid) -> str:
    def word(cell: Cell) -> str:
        return r"\,".join(f"{n}_{{{order}}}" if order else str(n) for order, n in cell)

    lines = [rf"\begin{{array}}{{r|{'c' * len(grid.columns)}}}"]
    lines.append(r"q \backslash h & " + " & ".join(map(str, grid.columns)) + r" \\ \hline")
    for q, words in zip(grid.rows, grid.lines(word), strict=True):
        lines.append(f"{q} & " + " & ".join(words).rstrip() + r" \\")
    return "\n".join([*lines, r"\end{array}"])


def _minus(number: int) -> str:
    return str(number).replace("-", "−")


def _html(grid: _Grid) -> str:
    def word(cell: Cell) -> str:
        return " ".join(f"{n}<sub>{order}</sub>" if order else str(n) for order, n in cell)

    head = "".join(f'<th scope="col">{_minus(h)}</th>' for h in grid.columns)
    caption = f"<caption>{escape(grid.title)}</caption>" if grid.title else ""
    out = [
        f'<table class="bigraded">{caption}',
        f'<thead><tr><th scope="col"><i>q</i> \\ <i>h</i></th>{head}</tr></thead><tbody>',
    ]
    for q, words in zip(grid.rows, grid.lines(word), strict=True):
        out.append(f'<tr><th scope="row">{_minus(q)}</th>' + "".join(f"<td>{w}</td>" for w in words) + "</tr>")
    return "\n".join([*out, "</tbody></table>"])


def _svg(grid: _Grid) -> str:
    return draw(Layout(grid.columns, grid.rows, grid.cells, _legend(grid), grid.title))


def _legend(grid: _Grid) -> str:
    """Return one line that says what the numbers mean."""
    name = f"𝔽{str(grid.ring.characteristic).translate(_SUBSCRIPTS)}" if grid.ring.characteristic else None
    base = name or ("ℚ" if grid.ring.is_field else "ℤ")
    orders = sorted({order for cell in grid.cells.values() for order, _ in cell if order})
    torsion = "".join(f"  ·  n{str(m).translate(_SUBSCRIPTS)} = (ℤ/{m})ⁿ" for m in orders)
    return f"n = {base}ⁿ{torsion}"
