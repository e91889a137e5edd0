"""Smith's normal form with the matrices that bring it about.

Definition: U A V = D with U and V unimodular and D diagonal, d_1 | d_2 | ... (Newman, Integral Matrices, theorem II.9).
Convention: the d_i are positive; ``left`` is U, ``right`` is V.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from erlangen.exact.sparse_matrix import SparseMatrix

__all__ = ["SmithForm", "smith_with_transformations"]

Dense = list[list[int]]


@final
@dataclass(frozen=True)
class SmithForm:
    """Smith's normal form of an integer matrix, ``left @ A @ right`` = diagonal.

    Attributes
    ----------
    diagonal : tuple of int
        The elementary divisors, positive, each dividing the next.
    left, right : SparseMatrix
        Unimodular, of the orders of A's rows and columns.
    shape : tuple of int
        The shape of A.

    Examples
    --------
    >>> from erlangen.exact import SparseMatrix
    >>> A = SparseMatrix.from_dense([[2, 4], [6, 8]])
    >>> form = A.smith_form()
    >>> form.diagonal, form.left @ A @ form.right == form.matrix
    ((2, 4), True)
    """

    diagonal: tuple[int, ...]
    left: SparseMatrix
    right: SparseMatrix
    shape: tuple[int, int]

    @property
    def matrix(self) -> SparseMatrix:
        """The diagonal as a matrix of A's shape."""
        return type(self.left)({(i, i): d for i, d in enumerate(self.diagonal)}, self.shape)


def _identity(n: int) -> Dense:
    return [[int(i == j) for j in range(n)] for i in range(n)]


class _Work:
    """A matrix under row and column operations that are recorded; columns are operated on through the transpose's rows."""

    def __init__(self, a: Dense, n_columns: int) -> None:
        self.a, self.m, self.n = a, len(a), n_columns
        self.left, self.right = _identity(self.m), _identity(self.n)  # right is kept transposed

    def add_row(self, target: int, source: int, factor: int) -> None:
        for matrix in (self.a, self.left):
            matrix[target] = [x + factor * y for x, y in zip(matrix[target], matrix[source], strict=True)]

    def add_column(self, target: int, source: int, factor: int) -> None:
        for row in self.a:
            if row[source]:
                row[target] += factor * row[source]
        self.right[target] = [x + factor * y for x, y in zip(self.right[target], self.right[source], strict=True)]

    def bring(self, t: int, i: int, j: int) -> None:
        """Bring the entry at (i, j) to (t, t)."""
        for matrix in (self.a, self.left):
            matrix[t], matrix[i] = matrix[i], matrix[t]
        for row in self.a:
            row[t], row[j] = row[j], row[t]
        self.right[t], self.right[j] = self.right[j], self.right[t]

    def least(self, t: int) -> tuple[int, int] | None:
        """Return the place of the entry of least absolute value from (t, t) on, or None where all are zero."""
        places = ((abs(x), i, j) for i in range(t, self.m) for j, x in enumerate(self.a[i]) if j >= t and x)
        found = min(places, default=None)
        return found and found[1:]

    def clear(self, t: int) -> bool:
        """Reduce row and column t by the pivot; return whether both are clear."""
        pivot, clear = self.a[t][t], True
        for i in range(t + 1, self.m):
            if self.a[i][t]:
                self.add_row(i, t, -(self.a[i][t] // pivot))
                clear = clear and not self.a[i][t]
        for j in range(t + 1, self.n):
            if self.a[t][j]:
                self.add_column(j, t, -(self.a[t][j] // pivot))
                clear = clear and not self.a[t][j]
        return clear

    def undivided(self, t: int) -> int | None:
        """Return a row that holds an entry not divisible by the pivot."""
        pivot = self.a[t][t]
        return next((i for i in range(t + 1, self.m) if any(x % pivot for x in self.a[i][t + 1 :])), None)

    def step(self, t: int) -> bool:
        """Finish the pivot at (t, t); return False where nothing is left."""
        while True:
            place = self.least(t)
            if place is None:
                return False
            self.bring(t, *place)
            if not self.clear(t):
                continue
            row = self.undivided(t)
            if row is None:
                break
            self.add_row(t, row, 1)
        if self.a[t][t] < 0:
            self.a[t] = [-x for x in self.a[t]]
            self.left[t] = [-x for x in self.left[t]]
        return True


def smith_with_transformations(matrix: SparseMatrix) -> SmithForm:
    """Return Smith's normal form with U and V, by elementary operations on a dense copy."""
    kind = type(matrix)
    work = _Work(matrix.to_dense(), matrix.shape[1])
    rank = 0
    while rank < min(work.m, work.n) and work.step(rank):
        rank += 1
    diagonal = tuple(work.a[i][i] for i in range(rank))
    left = kind.from_dense(work.left, n_columns=work.m)
    right = kind.from_dense(work.right, n_columns=work.n).transpose()
    return SmithForm(diagonal, left, right, matrix.shape)
