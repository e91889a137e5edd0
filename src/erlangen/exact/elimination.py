"""Sparse elimination of a matrix to a diagonal and a small rest.

Definition: a pivot that divides its row and its column splits the matrix as (pivot) + rest, by unimodular operations; units always do.
Convention: rows are dictionaries from column to entry; the row of fewest entries goes first, in it the column of fewest (Markowitz 1957).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from math import gcd
from typing import Any

from erlangen.exact.flint_later import fmpz_mat, nmod_mat

__all__ = ["Rows", "blocks", "diagonal_entries", "located_divisors", "located_pivots", "rank_mod", "rank_over_q"]

Rows = list[dict[int, int]]
Located = list[tuple[int, int]]


class _Elimination:
    """Rows and columns of a matrix while pivots are split off; ``prime`` = 0 for the integers."""

    def __init__(self, rows: Iterable[tuple[int, dict[int, int]]], prime: int) -> None:
        self.prime = prime
        self.rows = {i: dict(row) for i, row in rows if row}
        self.columns: dict[int, set[int]] = {}
        for i, row in self.rows.items():
            for j in row:
                self.columns.setdefault(j, set()).add(i)
        self.diagonal: Located = []

    def _divides(self, i: int, j: int) -> bool:
        """Return whether the entry at (i, j), of least absolute value in its row, divides its column; it may not divide its row."""
        a = self.rows[i][j]
        return a in (1, -1) or all(self.rows[r][j] % a == 0 for r in self.columns[j])

    def pivot_in(self, i: int) -> int | None:
        """Return the column of the row's best pivot."""
        row = self.rows[i]
        if self.prime:
            return min(row, key=lambda j: len(self.columns[j]))
        least = gcd(*row.values())
        able = sorted((j for j, a in row.items() if abs(a) == least), key=lambda j: len(self.columns[j]))
        return next((j for j in able if self._divides(i, j)), None)

    def split(self, i: int, j: int) -> list[int]:
        """Split the pivot off and return the rows that changed and are not zero."""
        pivot = self.rows.pop(i)
        a, prime = pivot.pop(j), self.prime
        inverse = pow(a, -1, prime) if prime else 0
        touched = self.columns.pop(j) - {i}
        for k in pivot:
            self.columns[k].discard(i)
        for r in touched:
            row = self.rows[r]
            b = row.pop(j)
            factor = b * inverse % prime if prime else b // a
            self._subtract(r, row, factor, pivot)
            if not row:
                del self.rows[r]
        self.diagonal.append((i, abs(a)))
        return [r for r in touched if r in self.rows]

    def _subtract(self, r: int, row: dict[int, int], factor: int, pivot: dict[int, int]) -> None:
        prime, columns = self.prime, self.columns
        for k, b in pivot.items():
            old = row.get(k, 0)
            new = old - factor * b
            if prime:
                new %= prime
            if new:
                row[k] = new
                if not old:
                    columns[k].add(r)
            elif old:
                del row[k]
                columns[k].discard(r)

    def run(self) -> None:
        """Split off pivots until no row has one."""
        progress = True
        while progress:
            progress = False
            queue = [(len(row), i) for i, row in self.rows.items()]
            heapq.heapify(queue)
            while queue:
                length, i = heapq.heappop(queue)
                if i not in self.rows or len(self.rows[i]) != length:
                    continue
                j = self.pivot_in(i)
                if j is None:
                    continue
                progress = True
                for r in self.split(i, j):
                    heapq.heappush(queue, (len(self.rows[r]), r))
                if self.prime and self._dense():
                    return

    def _dense(self) -> bool:
        """Return whether what is left is better done by dense elimination."""
        if len(self.diagonal) % 64:
            return False
        height, width = len(self.rows), sum(1 for rows in self.columns.values() if rows)
        return min(height, width) > 64 and 5 * sum(map(len, self.rows.values())) > height * width


def blocks(rows: Iterable[tuple[int, dict[int, int]]]) -> Iterator[tuple[int, Rows]]:
    """Yield the connected blocks of numbered rows: the number of a row in it, and its rows with columns renumbered 0, 1, ...

    Zero rows and columns are dropped.
    """
    parent: dict[int, int] = {}

    def root(j: int) -> int:
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        return j

    filled = [(i, row) for i, row in rows if row]
    for _, row in filled:
        first = next(iter(row))
        for j in row:
            parent.setdefault(j, j)
            parent[root(j)] = root(first)
    groups: dict[int, list[tuple[int, dict[int, int]]]] = {}
    for i, row in filled:
        groups.setdefault(root(next(iter(row))), []).append((i, row))
    for group in groups.values():
        names = {j: place for place, j in enumerate(sorted({j for _, row in group for j in row}))}
        yield group[0][0], [{names[j]: a for j, a in row.items()} for _, row in group]


def _dense(rows: Rows) -> list[list[int]]:
    width = 1 + max(j for row in rows for j in row)
    return [[row.get(j, 0) for j in range(width)] for row in rows]


def _full_rank(matrix: Any) -> Any:
    """Return the rows of Hermite's normal form that are not zero."""
    hermite = matrix.hnf()
    table = hermite.table()
    rank = next((i for i, row in enumerate(table) if not any(row)), len(table))
    return fmpz_mat(table[:rank])


def _smith_diagonal(rows: Rows) -> list[int]:
    """Return the diagonal of Smith's normal form of a block, by FLINT, after two Hermite forms have made it square and regular."""
    square = _full_rank(_full_rank(fmpz_mat(_dense(rows))).transpose())
    smith = square.snf()
    return [abs(int(smith[i, i])) for i in range(smith.nrows())]


def located_divisors(rows: Iterable[tuple[int, dict[int, int]]]) -> Located:
    """Return the diagonal entries of an integer matrix given by numbered rows, each with the number of a row of its connected block.

    They need not divide one another: the cokernel is the sum of the cyclic groups of these orders.

    References
    ----------
    J.-G. Dumas, B. D. Saunders and G. Villard, On efficient sparse integer matrix Smith normal form computations, J. Symb. Comp. 32 (2001), sec. 4.
    """
    work = _Elimination(rows, 0)
    work.run()
    rest = [(i, d) for i, block in blocks(work.rows.items()) for d in _smith_diagonal(block)]
    return work.diagonal + rest


def diagonal_entries(rows: Iterable[dict[int, int]]) -> list[int]:
    """Return the entries, none zero, of a diagonal matrix equivalent to an integer matrix by unimodular operations."""
    return [d for _, d in located_divisors(enumerate(rows))]


def rank_over_q(rows: Iterable[dict[int, int]]) -> int:
    """Return the rank over the rationals of an integer matrix: pivots that divide, then fraction-free elimination by FLINT; exact."""
    work = _Elimination(enumerate(rows), 0)
    work.run()
    return len(work.diagonal) + sum(int(fmpz_mat(_dense(block)).rank()) for _, block in blocks(work.rows.items()))


def rank_mod(rows: Iterable[dict[int, int]], prime: int) -> int:
    """Return the rank over the field of ``prime`` elements of a matrix of integers."""
    reduced = ({j: a % prime for j, a in row.items() if a % prime} for row in rows)
    work = _Elimination(enumerate(reduced), prime)
    work.run()
    left = blocks(work.rows.items())
    return len(work.diagonal) + sum(int(nmod_mat(fmpz_mat(_dense(block)), prime).rank()) for _, block in left)


def located_pivots(rows: Iterable[tuple[int, dict[int, int]]], prime: int) -> Located:
    """Return a pair (number of a row of its connected block, 1) for each rank over the field of ``prime`` elements."""
    work = _Elimination(((i, {j: a % prime for j, a in row.items() if a % prime}) for i, row in rows), prime)
    work.run()
    found = [(i, 1) for i, _ in work.diagonal]
    for i, block in blocks(work.rows.items()):
        found += [(i, 1)] * int(nmod_mat(fmpz_mat(_dense(block)), prime).rank())
    return found
