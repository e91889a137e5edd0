"""A table of links: lines of names, diagrams or braid words, or CSV with such columns.

Definition: CSV where the first line has one of the known column names; of several the first of pd, braid, dt, gauss, name counts.
Convention: empty lines and lines that begin with # are passed over; ``-`` is standard input; lines are counted from 1.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erlangen import topology
from erlangen.errors import ErlangenError, ParseError

__all__ = ["Entry", "checked", "read_table"]

_KINDS = {
    "pd": ("pd", "pd_notation", "pd_code"),
    "braid": ("braid", "braid_notation"),
    "dt": ("dt", "dt_notation", "dt_code"),
    "gauss": ("gauss", "gauss_notation"),
    "name": ("name",),
}


@dataclass(frozen=True)
class Entry:
    """One link of a table: its line, its label and the text that spells it."""

    line: int
    label: str
    text: str


def read_table(path: Path) -> list[Entry]:
    """Return the links of a file, or of standard input for ``-``.

    Raises
    ------
    ParseError
        If the file holds no link or is no text.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is no text in UTF-8: {error.reason} at byte {error.start}"
        raise ParseError(message, hint="give a CSV file, or one link a line") from error
    lines = text.splitlines()
    first = next((line for line in lines if _counts(line)), "")
    separator = next((mark for mark in ",;\t|" if _columns(first.split(mark))), None)
    found = list(_plain(lines) if separator is None else _table(text, separator))
    if not found:
        message = f"{path} holds no link"
        raise ParseError(
            message, hint="one name, planar diagram or braid word a line, or CSV with a column pd, braid, dt or name"
        )
    return found


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _plain(lines: list[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        if _counts(line):
            yield Entry(number, line.strip(), line.strip())


def _columns(names: list[str]) -> dict[str, int]:
    """Return which kinds of code the columns of a heading hold."""
    plain = [name.strip().strip('"').lower() for name in names]
    return {kind: plain.index(name) for kind, known in _KINDS.items() for name in known if name in plain}


def _table(text: str, separator: str) -> Iterator[Entry]:
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    columns: dict[str, int] = {}
    for row in reader:
        if not row or not _counts(separator.join(row)):
            continue
        if not columns:
            columns = _columns(row)
            continue
        cells = {kind: row[index].strip() for kind, index in columns.items() if index < len(row) and row[index].strip()}
        kind = next((kind for kind in _KINDS if kind in cells), None)
        code = "" if kind is None else cells[kind]
        yield Entry(reader.line_num, cells.get("name", code), code if kind is None else f"{kind}: {code}")


def checked(entries: list[Entry], *, skip: bool) -> dict[int, str]:
    """Return what is wrong with lines, or refuse the first of them unless ``skip``.

    Raises
    ------
    ErlangenError
        As the reading of the link did, with the line.
    """
    wrong: dict[int, str] = {}
    for entry in entries:
        fault = _fault(entry)
        if fault is not None and not skip:
            fault.args = (f"line {entry.line}: {fault.message}",)
            fault.message = f"line {entry.line}: {fault.message}"
            raise fault
        if fault is not None:
            wrong[entry.line] = fault.message
    return wrong


def _fault(entry: Entry) -> Any:
    """Return the error that an entry gives, or None."""
    try:
        topology.parse_link(entry.text)
    except ErlangenError as error:
        return error
    return None
