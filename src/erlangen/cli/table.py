"""A small table for a shell: rich on a terminal, plain columns in a pipe.

Definition: a :class:`Table` is a list of columns and of rows of strings; a column is left or right aligned.
Convention: plain text is never cut, its columns stand two blanks apart; colours come from the word in the cell (a verdict, a status), never alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
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
    known = all(part in _STYLES for part in parts)
    return ("bold red" if "failed" in parts else _STYLES[parts[0]]) if known else ""


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

    def text(self) -> str:
        """Return the table as plain text, never cut."""
        lines = [tuple(column.title for column in self.columns), *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        out = [self.title] if self.title else []
        for line in lines:
            cells = [
                cell.rjust(width) if column.right else cell.ljust(width)
                for cell, width, column in zip(line, widths, self.columns, strict=True)
            ]
            out.append("  ".join(cells).rstrip())
        return "\n".join(out)

    def print_rich(self, stream: TextIO) -> None:
        """Print the table on a terminal with rich."""
        console = import_module("rich.console").Console(file=stream, highlight=False)
        box = import_module("rich.box").SIMPLE_HEAD
        make_text = import_module("rich.text").Text
        table = import_module("rich.table").Table(
            title=make_text(self.title) if self.title else None,
            title_justify="left",
            title_style="bold",
            box=box,
            pad_edge=False,
        )
        for column in self.columns:
            overflow = "fold" if column.fold else "ellipsis"
            table.add_column(
                column.title, justify="right" if column.right else "left", no_wrap=not column.fold, overflow=overflow
            )
        for row in self.rows:
            table.add_row(*(make_text(cell, style=style_of(cell)) for cell in row))
        console.print(table)
