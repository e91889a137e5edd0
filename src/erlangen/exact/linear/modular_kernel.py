"""Kernels of rational matrices by a few primes, certified over Q.

Definition: the kernel modulo primes below ``2^61``, Chinese remainders, rational reconstruction (Wang), and the exact product with the rows.
Convention: the rank modulo p is at most that over Q, so a lifted basis that passes the product is the whole kernel; else ``None``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd, isqrt, lcm
from typing import Any, TypeAlias

__all__ = ["rational_kernel"]

Items: TypeAlias = tuple[tuple[int, int], ...]
Vector: TypeAlias = dict[int, int]

_PRIMES = tuple(2**61 - gap for gap in (1, 31, 45, 229, 259, 283, 339, 391, 403, 465, 531, 579))


def rational_kernel(rows: Sequence[Mapping[int, Fraction | int]], columns: int) -> list[dict[int, Fraction]] | None:
    """Return a basis of the kernel with 1 in each free column, or ``None`` where a dozen primes do not suffice.

    Examples
    --------
    >>> rational_kernel([{0: Fraction(1), 1: Fraction(1, 2)}], 2)
    [{1: Fraction(1, 1), 0: Fraction(-1, 2)}]
    """
    whole = list({_integral(row) for row in rows if row})
    modulus, residues = 1, dict[int, Vector]()
    for prime in _PRIMES:
        basis = _canonical(_null_vectors(_forward(whole, prime), columns, prime), prime)
        luck = (len(residues) - len(basis), sorted(basis), sorted(residues))
        if modulus == 1 or luck[0] > 0 or (luck[0] == 0 and luck[1] > luck[2]):
            modulus, residues = prime, basis  # the primes before were unlucky
        elif basis.keys() == residues.keys():
            residues = {free: _chinese(residues[free], modulus, basis[free], prime) for free in basis}
            modulus *= prime
        else:
            continue
        found = [_lifted(free, vector, modulus) for free, vector in sorted(residues.items())]
        lifted = [vector for vector in found if vector is not None]
        if len(lifted) == len(found) and all(_annihilates(vector, whole) for vector in lifted):
            return lifted
    return None


def _forward(whole: list[Items], prime: int) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return the pivots with the rest of their rows, each free of the pivots before it; columns in few rows are taken first."""
    rows_with = Counter(column for items in whole for column, _ in items)
    place: dict[int, int] = {}
    done: list[tuple[int, list[tuple[int, int]]]] = []
    for items in sorted(whole, key=len):
        row = {column: value % prime for column, value in items if value % prime}
        waiting = [place[column] for column in row if column in place]
        heapify(waiting)
        while waiting:
            pivot, rest = done[heappop(waiting)]
            factor = row.pop(pivot, 0)
            for column, value in rest if factor else ():
                if column not in row:
                    row[column] = -factor * value % prime
                    if column in place:
                        heappush(waiting, place[column])
                elif total := (row[column] - factor * value) % prime:
                    row[column] = total
                else:
                    del row[column]
        if row:
            pivot = min(row, key=lambda column: (rows_with[column], column))
            inverse = pow(row.pop(pivot), -1, prime)
            place[pivot] = len(done)
            done.append((pivot, [(column, value * inverse % prime) for column, value in row.items()]))
    return done


def _null_vectors(done: list[tuple[int, list[tuple[int, int]]]], columns: int, prime: int) -> list[Vector]:
    """Return a basis of the kernel by substitution from the last pivot back."""
    pivots = {pivot for pivot, _ in done}
    basis = []
    for free in range(columns):
        if free not in pivots:
            vector = {free: 1}
            for pivot, rest in reversed(done):
                value = -sum(entry * vector[column] for column, entry in rest if column in vector) % prime
                if value:
                    vector[pivot] = value
            basis.append(vector)
    return basis


def _canonical(basis: list[Vector], prime: int) -> dict[int, Vector]:
    """Return the basis whose vectors end in columns of their own, with 1 there, by that column."""
    done: dict[int, Vector] = {}
    for vector in basis:
        for last, other in done.items():
            if last in vector:
                _subtract(vector, vector[last], other, prime)
        last = max(vector)
        inverse = pow(vector[last], -1, prime)
        for column in vector:
            vector[column] = vector[column] * inverse % prime
        for other in done.values():
            if last in other:
                _subtract(other, other[last], vector, prime)
        done[last] = vector
    return done


def _subtract(row: Vector, factor: int, pivot: Vector, prime: int) -> None:
    for column, value in pivot.items():
        total = (row.get(column, 0) - factor * value) % prime
        if total:
            row[column] = total
        else:
            row.pop(column, None)


def _chinese(left: Vector, modulus: int, right: Vector, prime: int) -> Vector:
    """Return the residues modulo the product."""
    inverse = pow(modulus, -1, prime)
    return {
        column: left.get(column, 0) + modulus * ((right.get(column, 0) - left.get(column, 0)) * inverse % prime)
        for column in left.keys() | right.keys()
    }


def _annihilates(vector: dict[int, Fraction], whole: list[Items]) -> bool:
    """Return whether all rows send a vector to zero, in exact integers."""
    scale = lcm(*(value.denominator for value in vector.values()))
    cleared = {column: value.numerator * (scale // value.denominator) for column, value in vector.items()}
    return not any(sum(value * cleared[column] for column, value in items if column in cleared) for items in whole)


def _integral(row: Mapping[int, Fraction | int]) -> Items:
    """Return a row as coprime integers, so that equal equations are found equal."""
    items: list[tuple[int, Any]] = sorted(row.items())
    if not all(isinstance(value, int) for _, value in items):
        scale = lcm(*(value.denominator for _, value in items))
        items = [(column, value.numerator * (scale // value.denominator)) for column, value in items]
    common = gcd(*(value for _, value in items))
    common = -common if items[0][1] < 0 else common
    return tuple((column, value // common) for column, value in items)


def _lifted(free: int, vector: Vector, modulus: int) -> dict[int, Fraction] | None:
    """Return the vector of small fractions that residues stand for, or ``None``."""
    bound = isqrt(modulus // 2)
    found = {free: Fraction(1)}
    for column in sorted(vector):
        if column != free and vector[column]:
            value = _rational(vector[column], modulus, bound)
            if value is None:
                return None
            found[column] = value
    return found


def _rational(residue: int, modulus: int, bound: int) -> Fraction | None:
    """Return the fraction of small numerator and denominator that a residue stands for, or ``None``."""
    a, b, s, t = modulus, residue, 0, 1
    while b > bound:
        quotient = a // b
        a, b, s, t = b, a - quotient * b, t, s - quotient * t
    if not 0 < abs(t) <= bound or gcd(b, t) != 1:
        return None
    return Fraction(b, t)
