"""The battery of chain complexes: d∘d = 0 in exact integers, Betti numbers and torsion, invariance under moves.

Definition: primitives ``modules`` (degree -> rank) and ``differential(k)``, an integer matrix, dense or SciPy sparse, out of degree ``k``.
Convention: homological, ``differential(k)`` is ``(rank of k-1, rank of k)``; with ``degree = +1`` it is cohomological, ``(rank of k+1, rank of k)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from erlangen.testing.arrays import value_of
from erlangen.testing.invariant_factors import invariant_factors
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, holds, register, run_laws

__all__ = ["betti_numbers", "check_complex"]

Sparse = list[dict[int, int]]
_PRIMES = (2, 3, 2_147_483_647)


@dataclass(frozen=True)
class _Case:
    complex: Any
    ranks: dict[int, int]
    step: int
    betti: Mapping[int, int] | None
    torsion: Mapping[int, Sequence[int]] | None
    moves: Sequence[Any]
    cache: dict[int, tuple[tuple[int, int], Sparse]] = field(default_factory=dict)

    def boundary(self, k: int) -> tuple[tuple[int, int], Sparse]:
        """Return shape and rows of ``differential(k)`` in Python integers."""
        if k not in self.cache:
            self.cache[k] = _rows(self.complex.differential(k), k)
        return self.cache[k]

    def degrees(self) -> list[int]:
        return sorted(k for k in self.ranks if k + self.step in self.ranks)


def _case(
    complex_: Any,
    betti: Mapping[int, int] | None = None,
    torsion: Mapping[int, Sequence[int]] | None = None,
    moves: Sequence[Any] = (),
) -> _Case:
    modules = value_of(complex_, "modules")
    pairs = modules.items() if isinstance(modules, Mapping) else enumerate(modules)
    step = int(getattr(complex_, "degree", -1))
    return _Case(complex_, {int(k): int(rank) for k, rank in pairs}, step, betti, torsion, moves)


def _rows(matrix: Any, k: int) -> tuple[tuple[int, int], Sparse]:
    shape = (int(matrix.shape[0]), int(matrix.shape[1]))
    if hasattr(matrix, "tocoo"):
        coo = matrix.tocoo()
        entries = zip(coo.row.tolist(), coo.col.tolist(), coo.data.tolist(), strict=True)
    else:
        array = np.asarray(matrix)
        where = np.argwhere(array != 0)
        entries = ((i, j, array[i, j]) for i, j in where.tolist())  # type: ignore[assignment]
    rows: Sparse = [{} for _ in range(shape[0])]
    for i, j, value in entries:
        exact = int(value)
        if exact != value:
            message = f"differential({k})[{i}, {j}] = {value} is not an integer"
            raise ArithmeticError(message)
        rows[i][j] = rows[i].get(j, 0) + exact
    return shape, rows


def _rank(rows: Sparse, prime: int) -> int:
    """Return the rank over F_p by sparse elimination."""
    pivots: dict[int, dict[int, int]] = {}
    for source in rows:
        row = {j: value % prime for j, value in source.items() if value % prime}
        while row:
            column = min(row)
            if column not in pivots:
                inverse = pow(row[column], -1, prime)
                pivots[column] = {j: value * inverse % prime for j, value in row.items()}
                break
            factor = row[column]
            for j, value in pivots[column].items():
                left = (row.get(j, 0) - factor * value) % prime
                if left:
                    row[j] = left
                else:
                    row.pop(j, None)
    return len(pivots)


def _betti(case: _Case, prime: int) -> dict[int, int]:
    rank = {k: _rank(case.boundary(k)[1], prime) for k in case.degrees()}
    return {k: n - rank.get(k, 0) - rank.get(k - case.step, 0) for k, n in case.ranks.items()}


def _factors(case: _Case, k: int) -> tuple[int, ...]:
    """Return the invariant factors of ``differential(k)``, none where there is no such differential."""
    return invariant_factors(case.boundary(k)[1]) if k in case.degrees() else ()


def _rational_betti(case: _Case) -> dict[int, int]:
    return {k: n - len(_factors(case, k)) - len(_factors(case, k - case.step)) for k, n in case.ranks.items()}


def _torsion(case: _Case) -> dict[int, tuple[int, ...]]:
    """Return the invariant factors > 1 of the homology ``Z^b + Z/d_1 + … `` in every degree."""
    return {k: tuple(d for d in _factors(case, k - case.step) if d > 1) for k in case.ranks}


def betti_numbers(complex_: Any, *, prime: int = _PRIMES[-1]) -> dict[int, int]:
    """Return the dimensions of the homology over the field of ``prime`` elements, by exact elimination.

    Over the default prime ``2³¹ - 1`` they are the rational ones unless the homology has torsion of that order.

    Examples
    --------
    >>> class Circle:
    ...     modules = (1, 1)
    ...     def differential(self, k): return np.zeros((1, 1), int)
    >>> betti_numbers(Circle())
    {0: 1, 1: 1}
    """
    return _betti(_case(complex_), prime)


def _shapes(case: _Case) -> Measurement:
    for k in case.degrees():
        wanted, found = (case.ranks[k + case.step], case.ranks[k]), case.boundary(k)[0]
        if found != wanted:
            return holds(False, f"differential({k}) has shape {found} where {wanted} was expected")
    return holds(True)


def _integers(case: _Case) -> Measurement:
    for k in case.degrees():
        try:
            case.boundary(k)
        except ArithmeticError as error:
            return holds(False, str(error))
    return holds(True)


def _square(case: _Case) -> Measurement:
    degrees = set(case.degrees())
    for k in sorted(degrees):
        if k + case.step not in degrees:
            continue
        outer, inner = case.boundary(k + case.step)[1], case.boundary(k)[1]
        for i, row in enumerate(outer):
            total: dict[int, int] = {}
            for m, a in row.items():
                for j, b in inner[m].items():
                    total[j] = total.get(j, 0) + a * b
            bad = {j: value for j, value in total.items() if value}
            if bad:
                j = min(bad)
                found = f"(differential({k + case.step}) differential({k}))[{i}, {j}] = {bad[j]}"
                return Measurement(float(abs(bad[j])), 0.0, found)
    return holds(True)


def _stable(case: _Case) -> Measurement:
    for k in case.degrees():
        if _rows(case.complex.differential(k), k) != case.boundary(k):
            return holds(False, f"differential({k}) changes from call to call")
    return holds(True)


def _euler(case: _Case) -> Measurement:
    if not hasattr(case.complex, "euler_characteristic"):
        reason = "the complex has no euler_characteristic"
        raise NotApplicable(reason)
    claimed = int(value_of(case.complex, "euler_characteristic"))
    found = sum((-1) ** k * n for k, n in case.ranks.items())
    return holds(claimed == found, f"euler_characteristic = {claimed}, the ranks give {found}")


def _nonnegative(case: _Case) -> Measurement:
    for prime in _PRIMES:
        for k, n in _betti(case, prime).items():
            if n < 0:
                return holds(False, f"homology over F_{prime} in degree {k} has dimension {n}")
    return holds(True)


def _known(case: _Case) -> Measurement:
    if case.betti is None:
        reason = "pass betti= the rational Betti numbers"
        raise NotApplicable(reason)
    found, wanted = _nonzero(_rational_betti(case)), _nonzero(case.betti)
    return holds(found == wanted, f"Betti numbers {found} where {wanted} was expected")


def _own_betti(case: _Case) -> Measurement:
    if not hasattr(case.complex, "betti"):
        reason = "the complex has no betti"
        raise NotApplicable(reason)
    for k, n in _rational_betti(case).items():
        if int(case.complex.betti(k)) != n:
            return holds(False, f"betti({k}) = {case.complex.betti(k)}, elimination gives {n}")
    return holds(True)


def _nonzero(numbers: Mapping[int, Any]) -> dict[int, Any]:
    return {k: value for k, value in numbers.items() if value}


def _known_torsion(case: _Case) -> Measurement:
    if case.torsion is None:
        reason = "pass torsion= the invariant factors of every degree"
        raise NotApplicable(reason)
    found = _nonzero(_torsion(case))
    wanted = _nonzero({k: tuple(sorted(factors)) for k, factors in case.torsion.items()})
    return holds(found == wanted, f"torsion {found} where {wanted} was expected")


def _moves(case: _Case) -> Measurement:
    if not case.moves:
        reason = "pass moves= complexes of the same homology"
        raise NotApplicable(reason)
    for index, moved in enumerate(case.moves):
        other = _case(moved)
        for what, invariant in (("Betti numbers", _rational_betti), ("torsion", _torsion)):
            here, there = _nonzero(invariant(case)), _nonzero(invariant(other))
            if here != there:
                return holds(False, f"moves[{index}] has {what} {there}, the complex {here}")
    return holds(True)


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shapes": _shapes,
    "integer entries": _integers,
    "d after d is zero": _square,
    "differentials are stable": _stable,
    "Euler characteristic": _euler,
    "homology has dimensions": _nonnegative,
    "Betti numbers": _known,
    "torsion": _known_torsion,
    "betti agrees with elimination": _own_betti,
    "invariance under moves": _moves,
}


def check_complex(
    chain_complex: Any,
    *,
    betti: Mapping[int, int] | None = None,
    torsion: Mapping[int, Sequence[int]] | None = None,
    moves: Sequence[Any] = (),
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a chain complex of finitely generated free abelian groups, in exact integers.

    ``d_{k-1} d_k = 0``; ``H_k = Z^b + Z/d_1 + …`` from the invariant factors of ``d_{k+1}`` and the rank of ``d_k``.

    Parameters
    ----------
    chain_complex : object
        ``modules``, a mapping or sequence of ranks; ``differential(k)``, an integer matrix; optional ``degree`` (-1 or +1),
        ``betti(k)`` and ``euler_characteristic``.
    betti : mapping, optional
        The rational Betti numbers that must come out (zeros may be left out).
    torsion : mapping, optional
        For each degree the invariant factors > 1 of the homology that must come out (empty ones may be left out).
    moves : sequence, optional
        Complexes whose integral homology must be the same, torsion included.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    A. Hatcher, Algebraic Topology, §2.1 and theorem 2.44 (Euler characteristic).

    Examples
    --------
    >>> class Circle:
    ...     modules = (2, 2)
    ...     def differential(self, k): return np.array([[1, -1], [-1, 1]])
    >>> check_complex(Circle(), betti={0: 1, 1: 1}).passed
    True
    """
    return run_laws(chain_complex, LAWS, lambda: _case(chain_complex, betti, torsion, moves), only=only)


register(check_complex, LAWS)
