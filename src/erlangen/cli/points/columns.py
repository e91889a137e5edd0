"""What the columns of a delimited file are: numbers, text, an index.

Definition: a :class:`Layout` says which fields of a row are coordinates, which one is the index and which are carried as text.
Convention: columns are counted from 1 where a person reads the number, from 0 in code; decided on the first rows, enforced on all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.cloud import ReadOptions
from erlangen.errors import DomainError, ParseError

__all__ = [
    "MISSING",
    "Layout",
    "find_column",
    "has_decimal_comma",
    "is_missing",
    "is_number",
    "looks_like_header",
    "plan",
    "remedy",
]

MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "nan",
        "-nan",
        "null",
        "none",
        "nil",
        "inf",
        "-inf",
        "+inf",
        "infinity",
        "-infinity",
        "#n/a",
        "?",
        ".",
    }
)
_INDEX_NAMES = frozenset({"", "index", "unnamed: 0", "id", "idx", "row", "#"})


def is_number(text: str) -> bool:
    """Return whether a field is a number (NaN and infinity count as numbers that are missing)."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def is_missing(text: str) -> bool:
    """Return whether a field stands for a missing value."""
    return text.strip().lower() in MISSING


def looks_like_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns.

    It does if it is one field shorter than the rows (as R writes), if a text stands above a column of numbers, if all its fields are text,
    or if it counts 0, 1, 2, … (as pandas names columns that have no name).

    Examples
    --------
    >>> looks_like_header(["x", "y"], [["1", "2"]]), looks_like_header(["1", "A"], [["2", "B"]])
    (True, False)
    """
    if rest and len(rest[0]) == len(first) + 1:
        return True
    names = [field.strip() for field in first]
    counted = names[1:] if names and names[0] == "" else names
    if len(counted) >= 2 and counted == [str(i) for i in range(len(counted))]:
        return True
    text = [bool(name) and not is_number(name) and not is_missing(name) for name in names]
    if all(text) or (names[0] == "" and all(text[1:]) and len(names) > 1):
        return True
    return any(
        text[j]
        and all(is_number(row[j]) for row in rest[:20] if j < len(row) and not is_missing(row[j]))
        and any(j < len(row) and is_number(row[j]) for row in rest[:20])
        for j in range(len(names))
    )


def find_column(wanted: str, names: Sequence[str], option: str) -> int:
    """Return the position of a column given by its name, or by its number from 1.

    Raises
    ------
    DomainError
        If there is no such column, or two of that name.
    """
    found = [j for j, name in enumerate(names) if name == wanted]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        message = (
            f"{option}: {len(found)} columns are called {wanted!r} (columns {', '.join(str(j + 1) for j in found)})"
        )
        raise DomainError(message, hint="give the number of the column instead")
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    message = f"{option}: the file has no column {wanted!r}"
    listed = ", ".join(map(repr, names[:8])) + (" …" if len(names) > 8 else "")
    raise DomainError(message, hint=suggestion(wanted, list(names)) or f"its columns are {listed}")


def remedy(value: str, j: int) -> str:
    """Return what to do about a field that is not a number.

    Examples
    --------
    >>> remedy("1,5", 0), remedy("abc", 2)
    ('write numbers with a decimal point, or check --delimiter', 'mend the value, or leave the column out with --drop 3')
    """
    if has_decimal_comma(value):
        return "write numbers with a decimal point, or check --delimiter"
    return f"mend the value, or leave the column out with --drop {j + 1}"


def has_decimal_comma(text: str) -> bool:
    """Return whether a text is a number but for its decimal comma.

    Examples
    --------
    >>> has_decimal_comma("-1.234,5e3"), has_decimal_comma("a,b"), has_decimal_comma("")
    (True, False, False)
    """
    return "," in text and is_number(text.replace(".", "").replace(",", "."))


@dataclass
class Layout:
    """Which fields are what."""

    names: list[str]
    numeric: list[int]
    text: list[int] = field(default_factory=list)
    index: int | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Fields a row must have."""
        return len(self.names)

    def title(self, j: int) -> str:
        """Return a column as an error names it."""
        generated = f"column {j + 1}"
        return generated if self.names[j] == generated else f"{generated} ({self.names[j]!r})"


def _kind(values: Iterable[str]) -> str:
    """Return ``number``, ``text``, ``mixed`` or ``empty`` for the fields of one column."""
    seen = {is_number(v) for v in values if not is_missing(v)}
    return {frozenset({True}): "number", frozenset({False}): "text", frozenset(): "empty"}.get(frozenset(seen), "mixed")


def _is_count(values: Sequence[str]) -> bool:
    """Return whether the fields count 0, 1, 2, … or 1, 2, 3, …."""
    return len(values) > 2 and any(list(values) == [str(i + start) for i in range(len(values))] for start in (0, 1))


def _find_index(
    names: Sequence[str], sample: Sequence[tuple[int, list[str]]], *, header: bool, short: bool
) -> int | None:
    """Return 0 if the first column names the rows."""
    if short:
        return 0
    first = [row[0].strip() for _, row in sample]
    if len(names) < 2 or not header:
        return None
    name = names[0].strip().lower()
    if name in {"", "unnamed: 0"}:
        return 0
    if name in _INDEX_NAMES and _is_count(first):
        return 0
    distinct_text = (
        _kind(first) == "text"
        and not any(map(has_decimal_comma, first))
        and len(set(first)) == len(first)
        and len(first) > 1
    )
    return 0 if distinct_text else None


def plan(head: Sequence[str] | None, sample: Sequence[tuple[int, list[str]]], options: ReadOptions) -> Layout:
    """Decide on a sample ``[(line, fields), …]`` what each column is.

    Raises
    ------
    ParseError
        If a column mixes numbers and text, or no column holds numbers.
    """
    width = len(sample[0][1])
    short = head is not None and len(head) == width - 1
    raw = ["", *list(head)] if short and head is not None else list(head or [])
    names = [(raw[j].strip() if j < len(raw) else "") or f"column {j + 1}" for j in range(width)]
    layout = Layout(names, [])
    layout.index = _find_index(raw or names, sample, header=head is not None, short=short)
    aside = {find_column(name, names, "--drop") for name in options.drop}
    if options.color is not None and (options.color in names or not Path(options.color).is_file()):
        aside.add(find_column(options.color, names, "--color"))
    for j in range(width):
        if j == layout.index:
            continue
        _place(layout, j, sample, j in aside)
    _describe(layout, sample, aside)
    return layout


def _place(layout: Layout, j: int, sample: Sequence[tuple[int, list[str]]], aside: bool) -> None:
    """Put one column among the coordinates or aside."""
    kind = "text" if aside else _kind(row[j] for _, row in sample)
    commas = kind == "text" and not aside and any(has_decimal_comma(row[j]) for _, row in sample)
    if kind == "mixed" or commas:
        line, value = next((n, row[j]) for n, row in sample if not is_number(row[j]) and not is_missing(row[j]))
        message = f"line {line}, {layout.title(j)}: {value.strip()[:40]!r} is not a number{'' if commas else ', other rows of the column are'}"
        raise ParseError(message, position=line, hint=remedy(value, j))
    (layout.text if kind == "text" else layout.numeric).append(j)


def _describe(layout: Layout, sample: Sequence[tuple[int, list[str]]], aside: set[int]) -> None:
    """Note what was left out, and refuse a file without coordinates."""
    if layout.index is not None:
        layout.notes.append(f"{layout.title(layout.index)} names the rows; it is no coordinate")
    left = [layout.title(j) for j in layout.text if j not in aside]
    if left:
        shown = ", ".join(left[:6]) + (f" and {len(left) - 6} more" if len(left) > 6 else "")
        layout.notes.append(f"left out, not numbers: {shown} (--color NAME colours the plot by one)")
    if not layout.numeric:
        line, row = sample[0]
        message = f"no column holds numbers; line {line} begins with {row[0].strip()[:40]!r}"
        raise ParseError(message, position=line, hint="check the delimiter (--delimiter) and the decimal point")
    first = layout.numeric[0]
    if (
        layout.index is None
        and first == 0
        and len(layout.numeric) > 1
        and _is_count([row[0].strip() for _, row in sample])
    ):
        layout.notes.append(
            f"{layout.title(0)} counts its rows and is used as a coordinate; if it is an index, pass --drop 1"
        )
