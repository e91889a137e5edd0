"""The tables of knots and links: rows of KnotInfo and LinkInfo from the data package database_knotinfo.

Definition: KnotInfo has the knots up to 13 crossings, LinkInfo the oriented links up to 11 (Livingston, Moore, knotinfo.org).
Convention: a row is a dictionary from column to text; the package is data only, and is read from its files line by line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from erlangen.errors import DomainError
from erlangen.validation import check_choice, require

__all__ = ["row_of", "rows", "table_names"]

_FILES = {"knots": "knotinfo_data_complete.csv", "links": "linkinfo_data_complete.csv"}


def _path(kind: str) -> Path:
    """Return the file of a table."""
    check_choice(kind, "kind", _FILES)
    package = require("database_knotinfo", extra="knots", purpose="the table of knots")
    return Path(package.__path__[0]) / "csv_data" / _FILES[kind]


@cache
def _index(path: Path) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the columns of a table and where each name's line begins."""
    places: dict[str, int] = {}
    with path.open("rb") as file:
        columns = tuple(file.readline().decode().rstrip("\n").split("|"))
        position = file.tell() + len(file.readline())
        file.seek(position)
        for line in file:
            name = line[: line.find(b"|")].decode()
            if name:
                places[name] = position
            position += len(line)
    return columns, places


def table_names(kind: str) -> tuple[str, ...]:
    """Return the names of all rows of the table of ``"knots"`` or ``"links"``.

    Raises
    ------
    MissingDependencyError
        If the data package is not installed.
    """
    return tuple(_index(_path(kind))[1])


def row_of(kind: str, name: str) -> dict[str, str] | None:
    """Return the row of a name, or ``None``."""
    path = _path(kind)
    columns, places = _index(path)
    if name not in places:
        return None
    with path.open("rb") as file:
        file.seek(places[name])
        return dict(zip(columns, file.readline().decode().rstrip("\n").split("|"), strict=False))


def rows(kind: str, wanted: Sequence[str] | None = None) -> Iterator[dict[str, str]]:
    """Yield the rows of a table in order, with the wanted columns.

    Raises
    ------
    DomainError
        If there is no such column, with those nearest to it.
    """
    path = _path(kind)
    columns, places = _index(path)
    chosen = columns if wanted is None else tuple(wanted)
    for column in chosen:
        if column not in columns:
            message = f"the table of {kind} has no column {column!r}"
            raise DomainError(
                message, hint=f"the nearest are {', '.join(get_close_matches(column, columns)) or columns[0]}"
            )
    numbers = [columns.index(column) for column in chosen]
    with path.open("rb") as file:
        file.seek(min(places.values()))
        for line in file:
            entries = line.rstrip(b"\n").split(b"|")
            if entries[0]:
                yield {column: entries[number].decode() for column, number in zip(chosen, numbers, strict=True)}


@cache
def other_names(kind: str, column: str) -> dict[str, str]:
    """Return the first name of each entry of a column of further names."""
    found: dict[str, str] = {}
    for row in rows(kind, (column, "name")):
        found.setdefault(row[column], row["name"])
    found.pop("", None)
    return found
