"""Point clouds in delimited text: csv, tsv, blanks.

Definition: the delimiter is the first of tab, ``;``, ``|``, ``,`` that cuts the first 50 rows into equally many (> 1) fields, else blanks.
Convention: UTF-8, RFC 4180 quoting, ``.`` is the decimal point, blank lines and leading ``#`` lines are skipped; lines and columns are counted from 1.
"""

from __future__ import annotations

import csv
import itertools
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.points.cloud import PointCloud, ReadOptions
from erlangen.cli.points.columns import Layout, is_missing, is_number, looks_like_header, plan, remedy
from erlangen.errors import DomainError, ParseError, ShapeError
from erlangen.validation import check_memory

__all__ = ["detect_delimiter", "read_delimited"]

_SAMPLE = 1000
_BLANKS = " "
Row = tuple[int, list[str]]


def _widths(lines: Sequence[str], mark: str) -> list[int]:
    """Return how many fields a mark cuts each line into; nothing where the quotes do not fit."""
    try:
        return [len(fields) for fields in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        return []


def _has_underscores(path: Path) -> bool:
    """Return whether the file has an underscore, which Python would read over inside of a number."""
    with path.open("rb") as file:
        return any(b"_" in block for block in iter(lambda: file.read(1 << 20), b""))


def detect_delimiter(lines: Sequence[str]) -> str:
    r"""Return the delimiter of some lines; a blank stands for any run of blanks, also where there is one column.

    Examples
    --------
    >>> detect_delimiter(["a;b", "1,5;2,5"]), detect_delimiter(["1,2", "3,4"]), detect_delimiter(["1  2", " 3 4"])
    (';', ',', ' ')
    """
    rows = [line for line in lines if line.strip()]
    body = rows[1:] or rows
    counts = {mark: _widths(body, mark) for mark in "\t;|,"}
    for mark, widths in counts.items():
        if widths and min(widths) > 1 and min(widths) == max(widths):
            return mark
    widths = [len(line.split()) for line in body]
    if (
        widths
        and min(widths) > 1
        and min(widths) == max(widths)
        and not any(min(w, default=0) > 1 for w in counts.values())
    ):
        return _BLANKS
    ragged = [mark for mark, w in counts.items() if max(w, default=0) > 1]
    return max(ragged, key=lambda mark: sum(counts[mark])) if ragged else _BLANKS


def _open(path: Path) -> TextIO:
    """Open the file as text, refusing what is plainly not."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        message = (
            f"{path.name} is empty" if path.stat().st_size == len(start) else f"{path.name} begins with blanks only"
        )
        raise ParseError(message, position=0, hint="a row a point is needed")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = f"{path.name} is in UTF-16"
        raise ParseError(message, position=0, hint="save it as UTF-8")
    if b"\0" in start or start[:2] in (b"PK", b"\x1f\x8b") or start[:6] == b"\x93NUMPY" or start[:4] == b"\x89HDF":
        message = f"{path.name} is not a text file, its first bytes are {start[:6]!r}"
        raise ParseError(
            message, position=0, hint="the suffix has to say what the file is: csv, tsv, txt, npy, npz, h5ad"
        )
    return path.open("r", encoding="utf-8-sig", newline="")


def _rows(file: TextIO, path: Path, delimiter: str, skipped: int) -> Iterator[Row]:
    """Yield ``(line, fields)`` of the rows that are not blank."""
    if delimiter == _BLANKS:
        for number, line in enumerate(file, start=skipped + 1):
            fields = line.replace('"', " ").split() if '"' in line else line.split()
            if fields:
                yield number, fields
        return
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for fields in reader:
            if fields and not (len(fields) == 1 and not fields[0].strip()):
                yield reader.line_num + skipped, fields
    except csv.Error as error:
        message = f"{path.name}, line {reader.line_num + skipped}: {error}"
        raise ParseError(
            message, position=reader.line_num + skipped, hint="check the quotes around that line"
        ) from error


def _first_lines(path: Path) -> tuple[list[str], int]:
    """Return some first lines after the leading comments, and how many comments there are."""
    with _open(path) as file:
        skipped = 0
        lines: list[str] = []
        for line in itertools.islice(file, 200):
            if not lines and line.lstrip().startswith("#"):
                skipped += 1
            elif line.strip():
                lines.append(line)
            elif not lines:
                skipped += 1
            if len(lines) == 51:
                break
    if not lines:
        message = f"{path.name} holds comments only"
        raise ParseError(message, position=0, hint="a row a point is needed")
    return lines, skipped


def _check_size(path: Path, sample: Sequence[Row], layout: Layout) -> None:
    """Estimate the array before reading it."""
    length = sum(sum(map(len, row)) + len(row) for _, row in sample) / len(sample)
    points = path.stat().st_size / max(length, 1)
    check_memory(
        points * len(layout.numeric) * 8 * 2.2, f"reading {path.name}", hint="convert it to npy and use fewer columns"
    )


def read_delimited(path: Path, options: ReadOptions) -> PointCloud:
    """Read a point cloud from delimited text.

    Raises
    ------
    ParseError
        If a row has another number of fields, a field is not a number, or the file is not UTF-8 text.
    DomainError
        If a value is missing, naming its line and column.
    """
    try:
        return _read(path, options)
    except UnicodeDecodeError as error:
        message = f"{path.name} is not UTF-8: byte {error.object[error.start]:#04x} near offset {error.start}"
        raise ParseError(message, position=error.start, hint="save it as UTF-8") from error


def _read(path: Path, options: ReadOptions) -> PointCloud:
    lines, skipped = _first_lines(path)
    delimiter = options.delimiter or ("\t" if path.suffix.lower() == ".tsv" else detect_delimiter(lines))
    with _open(path) as file:
        for _ in range(skipped):
            file.readline()
        rows = _rows(file, path, delimiter, skipped)
        sample = list(itertools.islice(rows, _SAMPLE))
        head = _take_header(sample, options)
        if not sample:
            message = f"{path.name} holds a header and no points"
            raise ShapeError(message, hint="a row a point is needed")
        width = len(sample[0][1])
        for line, fields in sample:
            _check_width(path, line, fields, width)
        if head is not None and len(head) not in (width, width - 1):
            message = f"{path.name}: the header has {len(head)} fields, line {sample[0][0]} has {width}"
            raise ParseError(message, position=sample[0][0], hint="check the delimiter (--delimiter)")
        layout = plan(head, sample, options)
        _check_size(path, sample, layout)
        X, texts = _collect(path, itertools.chain(sample, rows), layout)
    return _cloud(X, texts, layout)


def _take_header(sample: list[Row], options: ReadOptions) -> list[str] | None:
    """Remove the header from the sample and return it, where there is one."""
    rest = [row for _, row in sample[1:]]
    if options.header == "no" or (options.header == "auto" and not looks_like_header(sample[0][1], rest)):
        return None
    return sample.pop(0)[1]


def _check_width(path: Path, line: int, fields: list[str], width: int) -> None:
    """Refuse a row with another number of fields."""
    if len(fields) != width:
        message = f"{path.name}, line {line}: {len(fields)} fields, the rows before have {width}"
        raise ParseError(message, position=line, hint="check that line, or the delimiter (--delimiter)")


def _collect(path: Path, rows: Iterator[Row], layout: Layout) -> tuple[NDArray[np.float64], dict[int, list[str]]]:
    """Read all rows: coordinates into one array, the other wanted columns as text."""
    width, numeric, suspicious = layout.width, layout.numeric, _has_underscores(path)
    everything = numeric == list(range(width))
    carried = [*layout.text, *([] if layout.index is None else [layout.index])]
    texts: dict[int, list[str]] = {j: [] for j in carried}
    values: array[float] = array("d")
    lines: array[int] = array("q")
    for line, fields in rows:
        if len(fields) != width:
            _check_width(path, line, fields, width)
        chosen = fields if everything else [fields[j] for j in numeric]
        try:
            values.extend(map(float, chosen))
        except ValueError:
            _refuse_field(path, line, fields, layout)
        if suspicious and any("_" in text for text in chosen):
            _refuse_field(path, line, fields, layout)
        for j in carried:
            texts[j].append(fields[j].strip())
        lines.append(line)
    X = np.frombuffer(values, dtype=np.float64).reshape(len(lines), len(numeric))
    finite = np.isfinite(X)
    if not finite.all():
        i, k = (int(v) for v in np.argwhere(~finite)[0])
        count = int(X.size - np.count_nonzero(finite))
        message = f"{path.name}, line {lines[i]}, {layout.title(numeric[k])}: {X[i, k]} is not finite; {count} of {X.size} values are NaN or infinity"
        raise DomainError(message, hint="remove or impute them first")
    return X, texts


def _refuse_field(path: Path, line: int, fields: list[str], layout: Layout) -> None:
    """Name the first field of a row that is not a number."""
    j = next(j for j in layout.numeric if not is_number(fields[j]))
    value, where = fields[j].strip(), f"{path.name}, line {line}, {layout.title(j)}"
    if is_missing(value):
        message = f"{where}: the value is missing ({value!r})"
        raise DomainError(message, hint="remove or impute such rows first")
    message = f"{where}: {value[:40]!r} is not a number"
    raise ParseError(message, position=line, hint=remedy(value, j))


def _cloud(X: NDArray[np.float64], texts: dict[int, list[str]], layout: Layout) -> PointCloud:
    """Assemble the point cloud."""
    index = None if layout.index is None else tuple(texts[layout.index])
    name = (
        "index"
        if layout.index is None or layout.names[layout.index].startswith("column ")
        else layout.names[layout.index]
    )
    extras = {layout.names[j]: texts[j] for j in layout.text}
    return PointCloud(X, tuple(layout.names[j] for j in layout.numeric), index, name, extras, tuple(layout.notes))
