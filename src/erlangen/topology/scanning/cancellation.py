"""Simplify the complex of a tangle: cancel isomorphisms, and over Z diagonalise what is left between equal objects.

Definition: Gaussian elimination, d' = d - d u^-1 d (math/0606318, lemma 3.2); small Smith steps on each block of scalars.
Convention: a block = generators of one matching and one q in two neighbouring degrees; diagonal entries divide one another.
"""

from __future__ import annotations

from typing import Any

from erlangen.exact.ring import Element
from erlangen.topology.scanning.cobordism_complex import CobordismComplex

__all__ = ["cancel_units", "simplify"]


def simplify(complex_: CobordismComplex[Any]) -> None:
    """Cancel until no scalar entry is a unit; over Z every block of scalars ends diagonal, each entry dividing the next."""
    cancel_units(complex_)
    if not complex_.ring.is_field:
        while _smith_step(complex_):
            cancel_units(complex_)


def cancel_units(complex_: CobordismComplex[Any]) -> None:
    """Cancel pairs of generators joined by a unit, those of least fill-in first in each row."""
    waiting = list(complex_.generators)
    while waiting:
        source = waiting.pop()
        if source not in complex_.generators:
            continue
        units = [t for t in complex_.out[source] if complex_.ring.is_unit(complex_.scalar(source, t))]
        if units:
            target = min(units, key=lambda t: len(complex_.into[t]))
            waiting.extend(complex_.into[target] - {source})
            _cancel(complex_, source, target)


def _cancel(complex_: CobordismComplex[Any], source: int, target: int) -> None:
    """Cancel the isomorphism from ``source`` to ``target``."""
    factor = -complex_.ring.inverse(complex_.scalar(source, target))
    row = {t: entry for t, entry in complex_.out[source].items() if t != target}
    column = {s: complex_.out[s][target] for s in complex_.into[target] if s != source}
    for s, first in column.items():
        for t, second in row.items():
            terms = complex_.compose((s, source, t), first, second)
            complex_.add(s, t, [(dots, factor * value) for dots, value in terms])
    complex_.remove(source)
    complex_.remove(target)


def _smith_step(complex_: CobordismComplex[Any]) -> bool:
    """Make one block more diagonal; return whether anything changed."""
    blocks: dict[tuple[int, int, object], dict[tuple[int, int], int]] = {}
    for source, row in complex_.out.items():
        for target in row:
            value = complex_.scalar(source, target)
            if value:
                blocks.setdefault(complex_.generators[source], {})[source, target] = int(value)
    return any(_reduce_block(complex_, block) for block in blocks.values())


def _reduce_block(complex_: CobordismComplex[Any], block: dict[tuple[int, int], int]) -> bool:
    """Take one step of Smith's algorithm on a block of integers; return whether there was one to take."""
    done: set[tuple[int, int]] = set()
    while len(done) < len(block):
        place = min((p for p in block if p not in done), key=lambda p: abs(block[p]))
        (source, target), pivot = place, block[place]
        for (s, t), value in block.items():
            if s == source and t != target:
                _slide(complex_, target, t, value // pivot)
                return True
            if t == target and s != source:
                _slide(complex_, s, source, -(value // pivot))
                return True
        for (s, _), value in block.items():
            if value % pivot:
                _slide(complex_, source, s, 1)
                return True
        done.add(place)
    return False


def _slide(complex_: CobordismComplex[Any], g: int, other: int, factor: Element) -> None:
    """Change the basis by ``g -> g + factor * other`` (equal matchings and degrees)."""
    for t, entry in list(complex_.out[other].items()):
        complex_.add(g, t, [(dots, factor * value) for dots, value in entry.items()])
    for s in list(complex_.into[g]):
        entry = complex_.out[s][g]
        complex_.add(s, other, [(dots, -factor * value) for dots, value in entry.items()])
