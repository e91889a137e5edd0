"""Sparse matrices over Z, Q and the prime fields.

Definition: m x n matrices with entries in a ring, of which only those that are not zero are held.
Convention: entry (i, j) stands in row i and column j; a differential d: C^k -> C^(k+1) is (rank of k+1, rank of k) and acts on columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.elimination import Rows, diagonal_entries, rank_mod, rank_over_q
from erlangen.exact.ring import Element, Ring, RingLike, Z, parse_ring
from erlangen.exact.smith_form import SmithForm, smith_with_transformations

__all__ = ["Coordinates", "SparseMatrix"]


class Coordinates(NamedTuple):
    """A matrix as three arrays: row, column and value of each entry, in rows and columns ascending.

    ``data`` is int64 where the values fit, else an array of Python objects. SciPy reads it as ``coo_array((data, (row, col)), shape)``.

    Examples
    --------
    >>> SparseMatrix.from_dense([[0, 5]]).tocoo().col
    array([1], dtype=int32)
    """

    row: NDArray[np.int32]
    col: NDArray[np.int32]
    data: NDArray[Any]
    shape: tuple[int, int]


@final
class SparseMatrix:
    """A matrix over Z, Q or F_p.

    Parameters
    ----------
    entries : mapping from (row, column) to element
        Zeros are dropped.
    shape : tuple of int
        Numbers of rows and columns.
    ring : Ring or str
        Where the entries lie.

    Raises
    ------
    ShapeError
        If an entry stands outside the shape.
    DomainError
        If an entry is no element of the ring.

    Examples
    --------
    >>> A = SparseMatrix({(0, 0): 2, (1, 1): 6, (0, 1): 4}, (2, 3))
    >>> A
    SparseMatrix({(0, 0): 2, (0, 1): 4, (1, 1): 6}, (2, 3), Z)
    >>> A.elementary_divisors(), A.rank(), A.rank("F3"), str(A.cokernel())
    ((2, 6), 2, 1, '(Z/2)^2 + Z/3')
    """

    __slots__ = ("_rows", "ring", "shape")

    def __init__(self, entries: Mapping[tuple[int, int], Element], shape: tuple[int, int], ring: RingLike = Z) -> None:
        self.ring = parse_ring(ring)
        self.shape = (int(shape[0]), int(shape[1]))
        self._rows: tuple[dict[int, Any], ...] = tuple({} for _ in range(self.shape[0]))
        for (i, j), value in sorted(entries.items()):
            if not (0 <= i < self.shape[0] and 0 <= j < self.shape[1]):
                message = f"the entry at ({i}, {j}) stands outside the shape {self.shape}"
                raise ShapeError(message, hint="indices start at 0")
            element = self.ring.element(_plain(value))
            if element:
                self._rows[i][j] = element

    @classmethod
    def _made(cls, rows: Iterable[dict[int, Any]], n_columns: int, ring: Ring) -> SparseMatrix:
        """Return the matrix of rows whose entries are in normal form, none zero."""
        new = cls.__new__(cls)
        new._rows, new.ring = tuple(rows), ring
        new.shape = (len(new._rows), n_columns)
        return new

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[int, Element]], n_columns: int, ring: RingLike = Z) -> SparseMatrix:
        """Return the matrix of rows given as mappings from column to entry."""
        full = list(rows)
        entries = {(i, j): value for i, row in enumerate(full) for j, value in row.items()}
        return cls(entries, (len(full), n_columns), ring)

    @classmethod
    def from_dense(cls, rows: Any, *, n_columns: int | None = None, ring: RingLike = Z) -> SparseMatrix:
        """Return the matrix of a nested sequence or a NumPy array ``(m, n)``; ``n_columns`` where there is no row."""
        table = [list(map(_plain, row)) for row in rows]
        width = len(table[0]) if table else (n_columns or 0)
        bad = next((i for i, row in enumerate(table) if len(row) != width), None)
        if bad is not None:
            message = f"row {bad} has {len(table[bad])} entries where {width} were expected"
            raise ShapeError(message, hint="give every row the same length")
        entries = {(i, j): value for i, row in enumerate(table) for j, value in enumerate(row) if value}
        return cls(entries, (len(table), width), ring)

    @classmethod
    def from_coo(
        cls, row: Sequence[int], col: Sequence[int], data: Sequence[Any], shape: tuple[int, int], ring: RingLike = Z
    ) -> SparseMatrix:
        """Return the matrix of triples (row, column, value); values at the same place are added."""
        entries: dict[tuple[int, int], Element] = {}
        for i, j, value in zip(row, col, data, strict=True):
            key = (int(i), int(j))
            entries[key] = entries.get(key, 0) + _plain(value)
        return cls(entries, shape, ring)

    @classmethod
    def identity(cls, n: int, ring: RingLike = Z) -> SparseMatrix:
        """Return the unit matrix of order n."""
        return cls._made(({i: 1} for i in range(n)), n, parse_ring(ring))

    @classmethod
    def zero(cls, m: int, n: int, ring: RingLike = Z) -> SparseMatrix:
        """Return the zero matrix of m rows and n columns."""
        return cls._made(({} for _ in range(m)), n, parse_ring(ring))

    # -- reading ------------------------------------------------------------------------------------------------------

    def __getitem__(self, place: tuple[int, int]) -> Element:
        i, j = place
        if not (0 <= i < self.shape[0] and 0 <= j < self.shape[1]):
            message = f"({i}, {j}) stands outside the shape {self.shape}"
            raise ShapeError(message, hint="indices start at 0")
        return self._rows[i].get(j, 0)

    def items(self) -> Iterator[tuple[tuple[int, int], Element]]:
        """Yield places and values of the entries that are not zero, row by row."""
        for i, row in enumerate(self._rows):
            for j in sorted(row):
                yield (i, j), row[j]

    def rows(self) -> list[dict[int, Any]]:
        """Return copies of the rows, as dictionaries from column to entry."""
        return [dict(row) for row in self._rows]

    @property
    def nnz(self) -> int:
        """Number of entries that are not zero."""
        return sum(map(len, self._rows))

    def tocoo(self) -> Coordinates:
        """Return rows, columns and values as arrays."""
        places = list(self.items())
        row = np.array([i for (i, _), _ in places], dtype=np.int32)
        col = np.array([j for (_, j), _ in places], dtype=np.int32)
        values = [value for _, value in places]
        fits = all(isinstance(v, int) and -(2**63) <= v < 2**63 for v in values)
        return Coordinates(row, col, np.array(values, dtype=np.int64 if fits else object), self.shape)

    def to_dense(self) -> list[list[Any]]:
        """Return the matrix as nested lists."""
        return [[row.get(j, 0) for j in range(self.shape[1])] for row in self._rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SparseMatrix):
            return NotImplemented
        return self.shape == other.shape and self.ring == other.ring and self._rows == other._rows

    def __hash__(self) -> int:
        return hash((self.shape, self.ring, tuple(self.items())))

    def __bool__(self) -> bool:
        """Return whether an entry is not zero."""
        return any(self._rows)

    def __repr__(self) -> str:
        return f"SparseMatrix({dict(self.items())}, {self.shape}, {self.ring!r})"

    # -- arithmetic ---------------------------------------------------------------------------------------------------

    def over(self, ring: RingLike) -> SparseMatrix:
        """Return the same matrix over another ring: from Z to any, from Q where the denominators allow it."""
        target = parse_ring(ring)
        if self.ring.characteristic not in (0, target.characteristic):
            message = f"a matrix over {self.ring} has no image over {target}"
            raise DomainError(message, hint="start from the matrix over Z")
        images = ({j: target.element(a) for j, a in row.items()} for row in self._rows)
        return SparseMatrix._made(({j: a for j, a in row.items() if a} for row in images), self.shape[1], target)

    def transpose(self) -> SparseMatrix:
        """Return the transposed matrix."""
        columns: Rows = [{} for _ in range(self.shape[1])]
        for i, row in enumerate(self._rows):
            for j, value in row.items():
                columns[j][i] = value
        return SparseMatrix._made(columns, self.shape[0], self.ring)

    def _alike(self, other: SparseMatrix, law: str, fits: bool) -> None:
        if self.ring != other.ring:
            message = f"matrices over {self.ring} and {other.ring} do not mix"
            raise DomainError(message, hint="bring both over one ring with .over(ring)")
        if not fits:
            message = f"shapes {self.shape} and {other.shape} do not fit {law}"
            raise ShapeError(message, hint="check the order of the factors")

    def __matmul__(self, other: SparseMatrix) -> SparseMatrix:
        self._alike(other, "a product", self.shape[1] == other.shape[0])
        product = ({k: a for k, a in self._row_times(row, other).items() if a} for row in self._rows)
        return SparseMatrix._made(product, other.shape[1], self.ring)

    def _row_times(self, row: dict[int, Any], other: SparseMatrix) -> dict[int, Any]:
        total: dict[int, Any] = {}
        for j, a in row.items():
            for k, b in other._rows[j].items():
                total[k] = total.get(k, 0) + a * b
        element = self.ring.element
        return {k: element(a) for k, a in total.items()}

    def _combined(self, other: SparseMatrix, sign: int) -> SparseMatrix:
        self._alike(other, "a sum", self.shape == other.shape)
        element, rows = self.ring.element, []
        for mine, theirs in zip(self._rows, other._rows, strict=True):
            row = dict(mine)
            for j, b in theirs.items():
                row[j] = element(row.get(j, 0) + sign * b)
            rows.append({j: a for j, a in row.items() if a})
        return SparseMatrix._made(rows, self.shape[1], self.ring)

    def __add__(self, other: SparseMatrix) -> SparseMatrix:
        return self._combined(other, 1)

    def __sub__(self, other: SparseMatrix) -> SparseMatrix:
        return self._combined(other, -1)

    def __neg__(self) -> SparseMatrix:
        return -1 * self

    def __mul__(self, factor: Element) -> SparseMatrix:
        element = self.ring.element
        products = ({j: element(factor * a) for j, a in row.items()} for row in self._rows)
        return SparseMatrix._made(({j: a for j, a in row.items() if a} for row in products), self.shape[1], self.ring)

    __rmul__ = __mul__

    # -- invariants ---------------------------------------------------------------------------------------------------

    def integer_rows(self) -> Iterable[dict[int, int]]:
        """Return the rows with denominators cleared, which changes no rank."""
        if self.ring.characteristic or not self.ring.is_field:
            return self._rows
        return (_cleared(row) for row in self._rows)

    def rank(self, ring: RingLike | None = None) -> int:
        """Return the rank over a ring (default: the matrix's own; over Z the same as over Q), by exact elimination."""
        target = self.ring if ring is None else parse_ring(ring)
        matrix = self if target == self.ring else self.over(target)
        rows, p = matrix.integer_rows(), target.characteristic
        return rank_mod(rows, p) if p else rank_over_q(rows)

    def _refuse_unless_integral(self, what: str) -> None:
        if self.ring != Z:
            message = f"{what} are a matter of integer matrices, this one is over {self.ring}"
            raise DomainError(message, hint="use rank() over a field")

    def elementary_divisors(self) -> tuple[int, ...]:
        """Return the elementary divisors of an integer matrix, positive, each dividing the next.

        Raises
        ------
        DomainError
            If the ring is not Z.
        """
        self._refuse_unless_integral("elementary divisors")
        entries = diagonal_entries(self._rows)
        factors = AbelianGroup(0, tuple(entries)).invariant_factors
        return (1,) * (len(entries) - len(factors)) + factors

    def cokernel(self) -> AbelianGroup:
        """Return the quotient of Z^m by the span of the columns of an integer matrix.

        Raises
        ------
        DomainError
            If the ring is not Z.
        """
        self._refuse_unless_integral("cokernels with torsion")
        entries = diagonal_entries(self._rows)
        return AbelianGroup(self.shape[0] - len(entries), tuple(entries))

    def smith_form(self) -> SmithForm:
        """Return Smith's normal form of an integer matrix with its transformation matrices, computed densely.

        Raises
        ------
        DomainError
            If the ring is not Z.
        """
        self._refuse_unless_integral("Smith forms")
        return smith_with_transformations(self)


def _plain(value: Any) -> Element:
    """Return a number as a Python integer or fraction; floating-point numbers must be whole."""
    if isinstance(value, (int, Fraction)):
        return value
    whole = int(value)
    if whole != value:
        message = f"{value} is not an integer"
        raise DomainError(message, hint="pass integers or fractions")
    return whole


def _cleared(row: dict[int, Any]) -> dict[int, int]:
    """Return a row of rationals times the least common denominator."""
    common = lcm(*(a.denominator for a in row.values())) if row else 1
    return {j: int(a * common) for j, a in row.items()}
