"""One value a point, to colour by.

Definition: ``--color NAME`` is a column of the points' file, else a file of its own with one value a row (csv, tsv, txt or npy).
Convention: text is categorical; integers of at most twelve values are too; other numbers are a scale.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from erlangen.cli.points.arrays import read_array
from erlangen.cli.points.cloud import Labels, PointCloud
from erlangen.cli.points.columns import is_missing, is_number, looks_like_header
from erlangen.cli.points.delimited import detect_delimiter
from erlangen.cli.points.reader import check_readable
from erlangen.errors import DomainError, ParseError, ShapeError

__all__ = ["as_labels", "find_labels", "read_values"]

_MANY = 12


def as_labels(name: str, values: Sequence[object]) -> Labels:
    """Return labels with their kind decided.

    Examples
    --------
    >>> as_labels("batch", ["1", "2", "1"]).categorical, as_labels("age", ["1.5", "2.25"]).categorical
    (True, False)
    """
    texts = ["" if value is None else str(value).strip() for value in values]
    numeric = [text for text in texts if not is_missing(text)]
    if not numeric or not all(map(is_number, numeric)):
        return Labels(name, np.array(texts, dtype=object), categorical=True)
    numbers = np.array([np.nan if is_missing(text) else float(text) for text in texts])
    known = numbers[~np.isnan(numbers)]
    few = len(np.unique(known)) <= _MANY and bool(np.all(known == np.round(known)))
    return Labels(name, np.array(texts, dtype=object) if few else numbers, categorical=few)


def find_labels(color: str, cloud: PointCloud) -> Labels:
    """Return the labels that ``--color`` names.

    Raises
    ------
    ShapeError
        If a file of labels has not one value a point.
    DomainError
        If there is neither such a column nor such a file.
    """
    if color in cloud.extras:
        return as_labels(color, cloud.extras[color])
    if color.isdecimal() and len(cloud.extras) == 1:
        (name,) = cloud.extras
        return as_labels(name, cloud.extras[name])
    path = Path(color)
    check_readable(path, "--color")
    name, values = read_values(path, "--color")
    if len(values) == cloud.n + 1 and path.suffix.lower() != ".npy":
        name, values = str(values[0]), values[1:]
    if len(values) != cloud.n:
        message = f"--color: {path.name} has {len(values)} values, there are {cloud.n} points"
        raise ShapeError(message, hint="one value a point, in the order of the points")
    return as_labels(name, values)


def read_values(path: Path, option: str) -> tuple[str, list[object]]:
    """Return a name and the values of a file of one value a row (csv, tsv, txt or npy), which ``option`` named.

    Raises
    ------
    ParseError, ShapeError, DomainError
        If it cannot be read, or has more than one value a row (and no index).
    """
    if path.suffix.lower() == ".npy":
        array = np.asarray(read_array(path))
        if array.squeeze().ndim != 1:
            message = f"{option}: {path.name} has shape {array.shape}"
            raise ShapeError(message, hint="one value a point")
        return path.stem, array.squeeze().tolist()
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        message = f"{option}: {path.name} is not UTF-8 text"
        raise ParseError(message, position=error.start, hint="csv, tsv, txt or npy") from error
    mark = detect_delimiter(lines[:51])
    try:
        rows = [[line.strip()] for line in lines] if mark == " " else list(csv.reader(lines, delimiter=mark))
    except csv.Error as error:
        message = f"{option}: {path.name}: {error}"
        raise ParseError(message, hint="check the quotes") from error
    if rows and len(rows[0]) > 1:
        return _last_of_two(path, rows, option)
    return path.stem, [row[0] for row in rows]


def _last_of_two(path: Path, rows: list[list[str]], option: str) -> tuple[str, list[object]]:
    """Return the second of two columns, the first being an index."""
    if len(rows[0]) != 2 or any(len(row) != 2 for row in rows):
        message = f"{option}: {path.name} has {len(rows[0])} columns"
        raise DomainError(message, hint="one value a row, or an index and a value")
    head = looks_like_header(rows[0], rows[1:])
    body = rows[1:] if head else rows
    return (rows[0][1] if head else path.stem), [row[1] for row in body]
