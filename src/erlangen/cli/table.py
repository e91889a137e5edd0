"""A small table for a shell: rich on a terminal, plain columns in a pipe.

Definition: a :class:`Table` is a list of columns and of rows of strings; a column is left or right aligned.
Convention: nothing is cut: columns that may be folded share what the others leave; colours come from the word in the cell, never alone.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import permutations, zip_longest
from typing import TextIO

__all__ = ["Column", "Table", "number", "seconds", "style_of"]

_STYLES = {
    "reproduced": "green",
    "better than the paper": "bold green",
    "same direction at smaller scale": "cyan",
    "theorem checked": "green",
    "not reproducible here": "dim",
    "failed": "bold red",
    "fail": "bold red",
    "warning": "yellow",
    "ok": "green",
    "finished": "green",
    "running": "cyan",
    "interrupted": "yellow",
    "not built yet": "dim",
    "not run yet": "yellow",
}


def style_of(text: str) -> str:
    """Return the style of a verdict, a status, or a phrase that counts verdicts; other words have none.

    Examples
    --------
    >>> style_of("interrupted"), style_of("1 failed, 3 reproduced"), style_of("4 reproduced")
    ('yellow', 'bold red', 'green')
    """
    if not text[:1].isdigit():
        return _STYLES.get(text, "")
    parts = [part.partition(" ")[2] for part in text.split(", ")]
    known = all(part in _STYLES or part.startswith("left to ") for part in parts)
    return ("bold red" if "failed" in parts else _STYLES.get(parts[0], "")) if known else ""


def number(value: object, digits: int = 4) -> str:
    """Return a metric as a person reads it: four significant digits, ``–`` where there is none.

    Examples
    --------
    >>> number(0.123456), number(None), number(3), number(True), number(2e-9)
    ('0.1235', '–', '3', 'yes', '2e-09')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def seconds(value: float | None) -> str:
    """Return a duration as a person reads it.

    Examples
    --------
    >>> seconds(0.0123), seconds(12.34), seconds(4000), seconds(None)
    ('0.0123 s', '12.3 s', '1 h 06 min', '–')
    """
    if value is None:
        return "–"
    if value < 60:
        return f"{value:.3g} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


_WIDTH = 120
_WORD = 16
_INDENT = "    "
_KEPT = "\u00a0"


def _shared(amounts: Sequence[int], floors: Sequence[int], widths: Sequence[int], room: int) -> list[int]:
    """Share ``room`` among columns by how much text each holds, none below its floor and none above its widest cell.

    Examples
    --------
    >>> _shared([600, 100, 100], [10, 10, 12], [60, 10, 40], 82)
    [60, 10, 12]
    """
    shares = list(floors)
    left = room - sum(shares)
    while left > 0 and (open_ := [i for i in range(len(shares)) if shares[i] < widths[i]]):
        neediest = max(open_, key=lambda i: amounts[i] / shares[i])
        shares[neediest] += 1
        left -= 1
    return shares


def _lowered(columns: Sequence[Sequence[str]], shares: list[int], floors: Sequence[int]) -> list[int]:
    """Move width from column to column as long as the table becomes lower by it.

    Examples
    --------
    >>> _lowered([["one two three"], ["five six"]], [16, 5], [5, 4])
    [13, 8]
    """
    wrapped = cache(lambda i, width: [len(_wrap(cell, width)) for cell in columns[i]])

    def height(widths: Sequence[int]) -> int:
        return sum(map(max, zip(*(wrapped(i, width) for i, width in enumerate(widths)), strict=True)))

    pairs = [(i, j, step) for step in (1, 2, 3, 5, 8) for i, j in permutations(range(len(shares)), 2)]
    lowest = height(shares)
    while lowest:
        moved = [
            [width - step * (k == i) + step * (k == j) for k, width in enumerate(shares)]
            for i, j, step in pairs
            if shares[i] - step >= floors[i]
        ]
        best = min(moved, key=height, default=shares)
        if height(best) >= lowest:
            break
        shares, lowest = best, height(best)
    return shares


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text, broken at its blanks."""
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


@dataclass(frozen=True)
class Column:
    """A heading, its side, and whether its text may be folded."""

    title: str
    right: bool = False
    fold: bool = False


@dataclass
class Table:
    """Rows of strings under columns.

    Examples
    --------
    >>> table = Table([Column("a"), Column("b", right=True)])
    >>> table.add("x", "1")
    >>> table.add("yy", "10")
    >>> print(table.text())
    a    b
    x    1
    yy  10
    """

    columns: Sequence[Column]
    title: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Append one row."""
        self.rows.append(cells)

    def text(self, width: int | None = None) -> str:
        """Return the table as plain text of at most ``width`` columns, if its words and unfolded columns let it.

        Where no width is given, it is that of the terminal (or ``COLUMNS``), and 120 where there is none. Where so little is left
        for the folded columns that a row would become a ladder, each row is written as a paragraph: first cell, then the others by name.
        """
        total = width or shutil.get_terminal_size((_WIDTH, 24)).columns
        widths = self._widths(total)
        body = self._paragraphs(total) if widths is None else self._lines(widths)
        return "\n".join([*([self.title] if self.title else []), *body])

    def _lines(self, widths: Sequence[int]) -> Iterator[str]:
        """Yield the lines of heading and rows under columns of these widths."""
        for row in (tuple(column.title for column in self.columns), *self.rows):
            folded = [_wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
            for parts in zip_longest(*folded, fillvalue=""):
                cells = [
                    part.rjust(size) if column.right else part.ljust(size)
                    for part, size, column in zip(parts, widths, self.columns, strict=True)
                ]
                yield "  ".join(cells).rstrip()

    def _paragraphs(self, total: int) -> Iterator[str]:
        """Yield the lines of one paragraph a row."""
        for row in self.rows:
            yield from _wrap(row[0], total)
            named = zip(self.columns[1:], row[1:], strict=True)
            parts = [f"{column.title} {cell}" for column, cell in named if cell not in ("", "–")]
            whole = [part.replace(" ", _KEPT) if len(part) + 2 <= total - len(_INDENT) else part for part in parts]
            yield from (line.replace(_KEPT, " ") for line in _wrap(f"{_KEPT}· ".join(whole), total, _INDENT))

    def _widths(self, total: int, *, gap: int = 2) -> list[int] | None:
        """Return the width of every column in a table ``total`` wide, with ``gap`` between columns; None where that is too narrow."""
        lines = [tuple(column.title for column in self.columns), *self.rows]
        widths = [max(1, *(len(line[i]) for line in lines)) for i in range(len(self.columns))]
        free = [i for i, column in enumerate(self.columns) if column.fold]
        room = total - gap * (len(widths) - 1) - sum(widths[i] for i in range(len(widths)) if i not in free)
        if room >= sum(widths[i] for i in free):
            return widths
        floors = [min(_WORD, max(len(word) for line in lines for word in line[i].split() or [""])) for i in free]
        if free and 4 * room < 5 * sum(floors):
            return None
        amounts = [sum(len(line[i]) for line in lines) for i in free]
        shares = _shared(amounts, floors, [widths[i] for i in free], room)
        for i, share in zip(free, _lowered([[line[i] for line in lines] for i in free], shares, floors), strict=True):
            widths[i] = share
        return widths

    def print_rich(self, stream: TextIO) -> None:
        """Print the table on a terminal with rich."""
        console = import_module("rich.console").Console(file=stream, highlight=False)
        make_text = import_module("rich.text").Text
        widths = self._widths(console.width, gap=3)
        if widths is None:
            console.print(make_text(self.text(console.width)))
            return
        table = import_module("rich.table").Table(
            title=make_text(self.title) if self.title else None,
            title_justify="left",
            title_style="bold",
            box=import_module("rich.box").SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
        )
        for column, width in zip(self.columns, widths, strict=True):
            side = "right" if column.right else "left"
            table.add_column(
                column.title,
                justify=side,
                no_wrap=not column.fold,
                overflow="fold",
                width=width if column.fold else None,
            )
        for row in self.rows:
            table.add_row(*(make_text(cell, style=style_of(cell)) for cell in row))
        console.print(table)
