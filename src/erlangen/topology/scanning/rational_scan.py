"""From a scan over Z to the smallest complex over Q.

Definition: scalars left by a scan over Z are units over Q and cancel as the others did (math/0606318, lemma 3.2).
Convention: generators are scaled so that the entries are integers, coprime in each column; their order is kept.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from erlangen.exact import Q
from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["over_the_rationals"]

Place = tuple[int, bool]  # target, dotted
Row = dict[Place, Fraction]


def over_the_rationals(scanned: ScannedComplex) -> ScannedComplex:
    """Return the complex over Q of a scan over Z, all scalars cancelled.

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> over_the_rationals(ScannedComplex.of([(0, 0), (1, 0)], [(0, 1, False, 2)], Z))
    ScannedComplex.of([], [], Q, deformed=False, n_unknots=0)
    """
    h, q = scanned.h.tolist(), scanned.q.tolist()
    rows: list[Row] = [{} for _ in q]
    into: list[set[int]] = [set() for _ in q]
    for s, t, dotted, c in scanned.entries():
        rows[s][t, dotted] = Fraction(c)
        into[t].add(s)
    alive = dict.fromkeys(range(len(q)))
    for s in range(len(q)):
        pivot = next((t for t, dotted in rows[s] if not dotted and q[t] == q[s] and t in alive), None)
        if pivot is not None:
            del alive[s], alive[pivot]
            _cancel(rows, into, s, pivot, deformed=scanned.deformed)
    scale = _scales(rows, into, list(alive))
    place = {g: n for n, g in enumerate(alive)}
    entries = [
        (place[s], place[t], dotted, int(c * scale[s] / scale[t]))
        for s in alive
        for (t, dotted), c in sorted(rows[s].items())
        if t in place
    ]
    degrees = [(h[g], q[g]) for g in alive]
    found = ScannedComplex.of(degrees, entries, Q, deformed=scanned.deformed, n_unknots=scanned.n_unknots)
    return replace(found, statistics=scanned.statistics)


def _cancel(rows: list[Row], into: list[set[int]], source: int, target: int, *, deformed: bool) -> None:
    """Cancel the scalar from ``source`` to ``target``."""
    inverse = 1 / rows[source].pop((target, False))
    for s in into[target] - {source}:
        for below in (False, True):
            factor = -inverse * rows[s].pop((target, below), 0)
            for (t, above), c in rows[source].items() if factor else ():
                if deformed or not (below and above):
                    _add(rows[s], (t, below or above), factor * c)
                    into[t].add(s)
    rows[source] = {}
    rows[target] = {}


def _add(row: Row, place: Place, value: Fraction) -> None:
    total = row.get(place, 0) + value
    if total:
        row[place] = Fraction(total)
    else:
        row.pop(place, None)


def _scales(rows: list[Row], into: list[set[int]], order: list[int]) -> dict[int, Fraction]:
    """Return factors for the generators, sorted by degree, that make the entries coprime integers column by column."""
    scale = dict.fromkeys(order, Fraction(1))
    for t in order:
        places = [(s, (t, dotted)) for s in into[t] for dotted in (False, True)]
        arriving = [rows[s][place] * scale[s] for s, place in places if place in rows[s]]
        if arriving:
            numerator = math.gcd(*(value.numerator for value in arriving))
            scale[t] = Fraction(numerator, math.lcm(*(value.denominator for value in arriving)))
    return scale
