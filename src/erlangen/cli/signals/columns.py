"""One value a trial: labels, sessions, subjects, groups, weights.

Definition: a NAME is an array of the trials' own file; else a FILE of one value a trial (csv, tsv, txt, npy), or ``FILE:COLUMN`` of a table.
Convention: numbers that are integers become integers, other text stays text; there is one value a trial, in the order of the trials.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.columns import is_missing, is_number
from erlangen.cli.points.delimited import detect_delimiter
from erlangen.cli.points.labels import read_values
from erlangen.cli.points.reader import check_readable
from erlangen.cli.signals.signals import Signals
from erlangen.errors import DomainError, ParseError, ShapeError

__all__ = ["find_column", "find_labels", "find_numbers"]


def find_labels(what: str | None, signals: Signals) -> tuple[NDArray[Any], str]:
    """Return the labels (N,) and where they come from; without a name, those that the file itself has.

    Raises
    ------
    DomainError
        If there are none, one is missing, they are no classes, or are all the same.
    """
    name = signals.labels if what is None else what
    if name is None:
        message = f"--labels is needed: {signals.name} says no class of its trials"
        held = ", ".join(signals.columns)
        raise DomainError(message, hint=f"one of {held}, or a file" if held else "a file of one label a trial")
    labels = find_column(name, "--labels", signals)
    if labels.dtype.kind == "f":
        i = int(np.argmax(labels != np.round(labels)))
        message = f"--labels: {name} holds {labels[i]:g} at trial {i}, which is no class"
        raise DomainError(message, hint="labels are words or integers")
    classes = np.unique(labels)
    if len(classes) < 2:
        message = f"--labels: all {len(labels)} trials are of class {classes.tolist()[0]!r}"
        raise DomainError(message, hint="a classifier needs two classes")
    if 2 * len(classes) > len(labels):
        message = (
            f"--labels: {name} has {len(classes)} classes among {len(labels)} trials, fewer than two trials a class"
        )
        raise DomainError(message, hint="check which column the labels are in")
    return labels, name


def find_column(what: str, option: str, signals: Signals) -> NDArray[Any]:
    """Return the values (N,) that an option names.

    Raises
    ------
    DomainError
        If there is neither such an array nor such a file, or a value is missing.
    ShapeError
        If there is not one value a trial.
    """
    if what in signals.columns:
        return _plain(signals.columns[what].tolist(), option)
    path, _, column = what.rpartition(":") if ":" in what and not Path(what).exists() else (what, "", "")
    if not Path(path).exists() and suggestion(what, list(signals.columns)):
        message = f"{option}: {signals.name} has no array {what!r} of one value a trial, and there is no such file"
        raise DomainError(message, hint=suggestion(what, list(signals.columns)))
    check_readable(Path(path), option)
    values = _column_of(Path(path), column, option) if column else _only_column(Path(path), option)
    if len(values) == signals.n + 1 and not column and Path(path).suffix.lower() != ".npy":
        values = values[1:]
    if len(values) != signals.n:
        message = f"{option}: {what} has {len(values)} values, there are {signals.n} trials"
        same = [axis for axis, size in zip("CT", signals.X.shape[1:], strict=True) if size == len(values)]
        hint = "one value a trial, in the order of the trials"
        raise ShapeError(message, hint=f"{hint}; or the trials lie along another axis, see --axes" if same else hint)
    return _plain(values, option)


def find_numbers(what: str, option: str, signals: Signals) -> NDArray[np.float64]:
    """Return numbers (N,) that an option names.

    Raises
    ------
    DomainError
        If one is no number.
    """
    values = find_column(what, option, signals)
    if values.dtype.kind not in "iuf":
        message = f"{option}: {what} holds words"
        raise DomainError(message, hint="one number a trial")
    return values.astype(np.float64)


def _only_column(path: Path, option: str) -> list[Any]:
    """Return the values of a file of one value a row; of a table one column has to be named."""
    try:
        return read_values(path, option)[1]
    except DomainError as error:
        error.hint = f"name one of them: {option} {path}:COLUMN"
        raise


def _plain(values: list[Any], option: str) -> NDArray[Any]:
    """Return values as integers, real numbers or words."""
    texts = [str(value).strip() for value in values]
    missing = [i for i, text in enumerate(texts) if is_missing(text)]
    if missing:
        message = f"{option}: the value of trial {missing[0]} is missing ({texts[missing[0]]!r})"
        raise DomainError(message, hint="give every trial one, or leave such trials out")
    if not all(map(is_number, texts)):
        return np.array(texts)
    numbers = np.array(list(map(float, texts)))
    return numbers.astype(np.int64) if bool((numbers == np.round(numbers)).all()) else numbers


def _column_of(path: Path, column: str, option: str) -> list[Any]:
    """Return one column of a table with a header."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{option}: {path.name} is not UTF-8 text"
        raise ParseError(message, position=error.start, hint="csv, tsv or txt") from error
    lines = [line for line in text.splitlines() if line.strip()]
    rows = list(csv.reader(lines, delimiter=detect_delimiter(lines[:51]))) if lines else [[]]
    names = [name.strip() for name in rows[0]]
    if column not in names:
        message = f"{option}: {path.name} has no column {column!r}"
        raise DomainError(message, hint=suggestion(column, names) or f"it has {', '.join(map(repr, names[:8]))}")
    place = names.index(column)
    short = [i for i, row in enumerate(rows) if len(row) != len(names)]
    if short:
        message = f"{option}: {path.name}, row {short[0] + 1} has {len(rows[short[0]])} fields, the header {len(names)}"
        raise ParseError(message, hint="check that line")
    return [row[place] for row in rows[1:]]
