"""Reduced row echelon forms, kernels and solutions over Q or over a differential field.

Definition: Gauss–Jordan elimination, the sparsest row of the least coefficients first; a pivot is 1, everything above and below it 0.
Convention: rows are mappings from column to entry; entries are integers, fractions or elements of one differential ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.linear.modular_kernel import rational_kernel

__all__ = ["Echelon", "echelon_form", "nullspace", "solve_linear"]

Entry: TypeAlias = "int | Fraction | DifferentialElement"
Row: TypeAlias = Mapping[int, Entry]


@final
@dataclass(frozen=True)
class Echelon:
    """A reduced row echelon form: ``rows[column]`` is the row whose pivot, 1, stands in that column.

    Examples
    --------
    >>> echelon_form([{0: 2, 1: 4}], 2).rank
    1
    """

    rows: dict[int, dict[int, Any]]
    columns: int

    @property
    def rank(self) -> int:
        """The number of independent rows.

        Examples
        --------
        >>> echelon_form([{0: 1}, {0: 2}], 1).rank
        1
        """
        return len(self.rows)

    @property
    def free(self) -> tuple[int, ...]:
        """The columns without pivot, which parametrise the kernel.

        Examples
        --------
        >>> echelon_form([{0: 1, 2: 1}], 3).free
        (1, 2)
        """
        return tuple(column for column in range(self.columns) if column not in self.rows)


def echelon_form(rows: Iterable[Row], columns: int) -> Echelon:
    """Return the reduced row echelon form of a matrix given by sparse rows.

    Raises
    ------
    DomainError
        If a row has an entry outside the columns, or a floating-point one.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> x = DifferentialRing("x")["x"]
    >>> echelon_form([{0: x, 1: x**2}, {0: 1, 1: x}], 2).rows
    {0: {0: Fraction(1, 1), 1: x}}
    """
    return Echelon(dict(sorted((_eliminate(rows, columns) or {}).items())), columns)


def nullspace(rows: Iterable[Row], columns: int) -> list[dict[int, Any]]:
    """Return a basis of ``{v : A v = 0}``, one sparse vector for each free column, which has 1 there.

    Raises
    ------
    DomainError
        As for :func:`echelon_form`.

    Examples
    --------
    >>> nullspace([{0: 1, 1: 2, 2: 3}], 3)
    [{1: Fraction(1, 1), 0: Fraction(-2, 1)}, {2: Fraction(1, 1), 0: Fraction(-3, 1)}]
    """
    checked = [_checked(row, i, columns) for i, row in enumerate(rows)]
    if not any(isinstance(entry, DifferentialElement) for row in checked for entry in row.values()):
        basis = rational_kernel(checked, columns)
        if basis is not None:
            return basis
    return _kernel(echelon_form(checked, columns).rows, columns)


def solve_linear(rows: Iterable[Row], columns: int) -> tuple[dict[int, Any], list[dict[int, Any]]] | None:
    """Return one solution and the kernel of ``A v = b``, or ``None`` if there is no solution; ``b`` stands in column ``columns``.

    Raises
    ------
    DomainError
        As for :func:`echelon_form`.

    Examples
    --------
    >>> solve_linear([{0: 2, 1: 6}], 1)
    ({0: Fraction(3, 1)}, [])
    >>> solve_linear([{1: 1}], 1) is None
    True
    """
    found = _eliminate(rows, columns, right=True)
    if found is None:
        return None
    particular = {pivot: row[columns] for pivot, row in sorted(found.items()) if columns in row}
    return particular, _kernel(found, columns)


def _kernel(done: dict[int, dict[int, Any]], columns: int) -> list[dict[int, Any]]:
    free = [column for column in range(columns) if column not in done]
    return [
        {column: 1} | {pivot: -row[column] for pivot, row in sorted(done.items()) if column in row} for column in free
    ]


def _eliminate(rows: Iterable[Row], columns: int, *, right: bool = False) -> dict[int, dict[int, Any]] | None:
    """Return the reduced rows by pivot; with ``right`` the column ``columns`` is never a pivot, and ``None`` says that it had to be."""
    waiting = sorted((_in_field(_checked(row, i, columns + right)) for i, row in enumerate(rows)), key=_cost)
    done: dict[int, dict[int, Any]] = {}
    for row in waiting:
        for column in [column for column in row if column in done]:
            _subtract(row, row[column], done[column])
        unknowns = [column for column in row if column < columns]
        if not unknowns:
            if row:
                return None
            continue
        pivot = min(unknowns, key=lambda column, row=row: (_size(row[column]), column))  # type: ignore[misc]
        scale = row[pivot]
        if scale != 1:
            for column in row:
                row[column] = row[column] / scale
        for other in done.values():
            if pivot in other:
                _subtract(other, other[pivot], row)
        done[pivot] = row
    return done


def _checked(row: Row, index: int, columns: int) -> dict[int, Any]:
    kept: dict[int, Any] = {}
    for column, entry in row.items():
        if not 0 <= column < columns:
            message = f"row {index} has an entry in column {column}, outside 0..{columns - 1}"
            raise DomainError(message)
        if isinstance(entry, bool) or not isinstance(entry, int | Fraction | DifferentialElement):
            message = f"row {index}, column {column}: {entry!r} is not an exact number of a field"
            raise DomainError(message, hint="use integers, fractions or elements of a differential ring")
        if entry:
            kept[column] = entry
    return kept


def _in_field(row: dict[int, Any]) -> dict[int, Any]:
    return {column: Fraction(entry) if isinstance(entry, int) else entry for column, entry in row.items()}


def _subtract(row: dict[int, Any], factor: Any, pivot: dict[int, Any]) -> None:
    """Replace ``row`` by ``row - factor · pivot``, in place."""
    for column, entry in pivot.items():
        value = row[column] - factor * entry if column in row else -factor * entry
        if value:
            row[column] = value
        else:
            row.pop(column, None)


def _size(entry: Any) -> int:
    """Return how costly a pivot is: nothing for numbers, the number of terms for elements."""
    return 0 if isinstance(entry, Fraction) else len(entry)


def _cost(row: dict[int, Any]) -> tuple[int, int]:
    return len(row), sum(_size(entry) for entry in row.values())
