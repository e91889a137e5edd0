"""Kernels of rational matrices by one prime, certified over Q.

Definition: the kernel modulo ``p = 2^61 - 1`` is lifted by rational reconstruction (Wang) and multiplied out exactly.
Convention: the rank modulo p is at most that over Q, so a lifted basis that passes the product is the whole kernel; else ``None``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, isqrt, lcm

__all__ = ["rational_kernel"]

_PRIME = 2**61 - 1
_BOUND = isqrt(_PRIME // 2)


def rational_kernel(rows: Sequence[dict[int, Fraction]], columns: int) -> list[dict[int, Fraction]] | None:
    """Return a basis of the kernel with 1 in each free column, or ``None`` where one prime does not suffice.

    Examples
    --------
    >>> rational_kernel([{0: Fraction(1), 1: Fraction(1, 2)}], 2)
    [{1: Fraction(1, 1), 0: Fraction(-1, 2)}]
    """
    whole = list({_integral(row) for row in rows if row})
    done = _echelon(whole)
    basis = []
    for free in range(columns):
        if free in done:
            continue
        vector = {free: Fraction(1)}
        for pivot in sorted(done):
            if free in done[pivot]:
                value = _rational(-done[pivot][free] % _PRIME)
                if value is None:
                    return None
                vector[pivot] = value
        basis.append(vector)
    return basis if all(_annihilates(vector, whole) for vector in basis) else None


def _echelon(whole: list[tuple[tuple[int, int], ...]]) -> dict[int, dict[int, int]]:
    """Return the reduced row echelon form modulo the prime, by pivot."""
    done: dict[int, dict[int, int]] = {}
    for items in sorted(whole, key=len):
        row = {column: value % _PRIME for column, value in items if value % _PRIME}
        hits = [column for column in row if column in done]
        while hits:
            for column in hits:
                if column in row:
                    _subtract(row, row[column], done[column])
            hits = [column for column in row if column in done]
        if row:
            pivot = min(row)
            inverse = pow(row[pivot], -1, _PRIME)
            done[pivot] = {column: value * inverse % _PRIME for column, value in row.items()}
    for pivot in sorted(done, reverse=True):
        row = done[pivot]
        for column in [column for column in row if column != pivot and column in done]:
            if column in row:
                _subtract(row, row[column], done[column])
    return done


def _annihilates(vector: dict[int, Fraction], whole: list[tuple[tuple[int, int], ...]]) -> bool:
    """Return whether all rows send a vector to zero, in exact integers."""
    scale = lcm(*(value.denominator for value in vector.values()))
    cleared = {column: value.numerator * (scale // value.denominator) for column, value in vector.items()}
    return not any(sum(value * cleared[column] for column, value in items if column in cleared) for items in whole)


def _integral(row: dict[int, Fraction]) -> tuple[tuple[int, int], ...]:
    """Return a row as coprime integers, so that equal equations are found equal."""
    scale = lcm(*(value.denominator for value in row.values()))
    items = [(column, value.numerator * (scale // value.denominator)) for column, value in sorted(row.items())]
    common = gcd(*(value for _, value in items))
    common = -common if items[0][1] < 0 else common
    return tuple((column, value // common) for column, value in items)


def _subtract(row: dict[int, int], factor: int, pivot: dict[int, int]) -> None:
    for column, value in pivot.items():
        total = (row.get(column, 0) - factor * value) % _PRIME
        if total:
            row[column] = total
        else:
            row.pop(column, None)


def _rational(residue: int) -> Fraction | None:
    """Return the fraction of small numerator and denominator that a residue stands for, or ``None``."""
    a, b, s, t = _PRIME, residue, 0, 1
    while b > _BOUND:
        quotient = a // b
        a, b, s, t = b, a - quotient * b, t, s - quotient * t
    if not 0 < abs(t) <= _BOUND or gcd(b, t) != 1:
        return None
    return Fraction(b, t)
