"""The complex of a tangle: crossingless matchings with degrees, and dotted discs between them.

Definition: Bar-Natan's bracket of a tangle up to homotopy, without loops (math/0606318, sections 3-5).
Convention: the 1-resolution is shifted by (h, q) = (1, 1), a saddle has sign (-1)^h; a loop is {v+, v-} at q = +1, -1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TypeAlias, final

from erlangen.errors import LawError
from erlangen.exact.ring import Element, Ring
from erlangen.topology.scanning.dotted_surface import DISC, SOURCE_LOOP, TARGET_LOOP, Dots, Surface, composite, glued
from erlangen.topology.scanning.matching import Arcs, Pair, glue_arcs, matching

__all__ = ["Entry", "Generator", "TangleComplex"]

Generator: TypeAlias = tuple[int, int, Arcs]  # h, q, matching
Entry: TypeAlias = dict[Dots, Element]
NO_DOTS: Dots = frozenset()
ZERO_RESOLUTION, ONE_RESOLUTION = ((0, 1), (2, 3)), ((0, 3), (1, 2))


@final
class TangleComplex:
    """The state of a scan: ``generators`` by number, and the entries of the differential by source and by target.

    Parameters
    ----------
    ring : Ring
        Z, Q or a prime field.
    deformed : bool
        Whether H is kept (its powers are not written).
    """

    def __init__(self, ring: Ring, *, deformed: bool) -> None:
        self.ring = ring
        self.deformed = deformed
        self.generators: dict[int, Generator] = {0: (0, 0, ())}
        self.out: dict[int, dict[int, Entry]] = {0: {}}
        self.into: dict[int, set[int]] = {0: set()}
        self.compositions = 0
        self._composites: dict[tuple[Arcs, Arcs, Arcs], Surface] = {}

    # --- the differential ---------------------------------------------------------------------------------------------

    def add(self, source: int, target: int, terms: Iterator[tuple[Dots, Element]] | list[tuple[Dots, Element]]) -> None:
        """Add terms to an entry, dropping what cancels."""
        entry = self.out[source].setdefault(target, {})
        for dots, coefficient in terms:
            value = self.ring.element(entry.get(dots, 0) + coefficient)
            if value:
                entry[dots] = value
            else:
                entry.pop(dots, None)
        if entry:
            self.into[target].add(source)
        else:
            del self.out[source][target]
            self.into[target].discard(source)

    def compose(self, source: int, middle: int, target: int, first: Entry, second: Entry) -> list[tuple[Dots, Element]]:
        """Return the terms of ``second`` after ``first``."""
        arcs = self.generators[source][2], self.generators[middle][2], self.generators[target][2]
        surface = self._composites.get(arcs) or self._composites.setdefault(arcs, composite(*arcs))
        total = []
        self.compositions += len(first) * len(second)
        for below, factor in first.items():
            for above, other in second.items():
                dots = [*below, *(("above", name) for _, name in above)]
                for dotted, sign in surface.terms(dots, deformed=self.deformed):
                    total.append((dotted, factor * other * sign))
        return total

    def scalar(self, source: int, target: int) -> Element:
        """Return the coefficient of the identity in an entry between equal matchings of equal q, else 0."""
        if self.generators[source][1:] != self.generators[target][1:]:
            return 0
        return self.out[source].get(target, {}).get(NO_DOTS, 0)

    def remove(self, generator: int) -> None:
        """Remove a generator with all its entries."""
        for target in self.out.pop(generator):
            self.into[target].discard(generator)
        for source in self.into.pop(generator):
            del self.out[source][generator]
        del self.generators[generator]

    # --- one more crossing --------------------------------------------------------------------------------------------

    def add_crossing(self, labels: tuple[int, ...], open_ends: set[int]) -> None:
        """Replace the complex by its product with that of a crossing, glued at common labels."""
        ends, pairs = _glueing(labels, open_ends)
        resolutions = tuple(matching((ends[a], ends[b]) for a, b in arcs) for arcs in (ZERO_RESOLUTION, ONE_RESOLUTION))
        old, out = self.generators, self.out
        self.generators, self.out, self.into = {}, {}, {}
        names: dict[tuple[int, int], list[tuple[dict[int, bool], int]]] = {}
        for g, (h, q, arcs) in old.items():
            for bit, resolution in enumerate(resolutions):
                rest, loops = glue_arcs(arcs + resolution, pairs)
                names[g, bit] = list(self._deloop((h + bit, q + bit, rest), loops))
        surfaces: dict[tuple[Arcs, Arcs], Surface] = {}

        def connect(source: tuple[int, int], target: tuple[int, int], entry: Entry, sign: int) -> None:
            bottom, top = (old[g][2] + resolutions[bit] for g, bit in (source, target))
            surface = surfaces.get((bottom, top)) or surfaces.setdefault((bottom, top), glued(bottom, top, pairs))
            for dots, coefficient in entry.items():
                for dotted, factor in surface.terms(dots, deformed=self.deformed):
                    self._add_delooped(names[source], names[target], dotted, sign * factor * coefficient)

        for g, (h, _, _) in old.items():
            connect((g, 0), (g, 1), {NO_DOTS: 1}, (-1) ** h)
            for target, entry in out[g].items():
                connect((g, 0), (target, 0), entry, 1)
                connect((g, 1), (target, 1), entry, 1)

    def _deloop(self, generator: Generator, loops: tuple[int, ...]) -> Iterator[tuple[dict[int, bool], int]]:
        """Make a generator for each choice of v- (true) or v+ (false) on the loops; yield the choice with its number."""
        h, q, arcs = generator
        for choice in product((False, True), repeat=len(loops)):
            number = len(self.generators)
            self.generators[number] = h, q + sum(-1 if minus else 1 for minus in choice), arcs
            self.out[number], self.into[number] = {}, set()
            yield dict(zip(loops, choice, strict=True)), number

    def _add_delooped(
        self,
        sources: list[tuple[dict[int, bool], int]],
        targets: list[tuple[dict[int, bool], int]],
        dotted: Dots,
        coefficient: Element,
    ) -> None:
        """Cap source loops (undotted: v-; dotted: v+, and v- with H) and read the summand of target loops off their dots."""
        discs = frozenset(name for name in dotted if name[0] == DISC)
        for below, source in sources:
            caps = [(minus, (SOURCE_LOOP, loop) in dotted) for loop, minus in below.items()]
            if not all(minus or dot for minus, dot in caps) or (not self.deformed and any(m and d for m, d in caps)):
                continue
            for above, target in targets:
                if all(minus == ((TARGET_LOOP, loop) in dotted) for loop, minus in above.items()):
                    self.add(source, target, [(discs, coefficient)])

    # --- the law ------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Verify that d² = 0.

        Raises
        ------
        LawError
            With the first pair of generators between which it is not.
        """
        for source, row in self.out.items():
            square: dict[tuple[int, Dots], Element] = {}
            for middle, first in row.items():
                for target, second in self.out[middle].items():
                    for dots, value in self.compose(source, middle, target, first, second):
                        square[target, dots] = self.ring.element(square.get((target, dots), 0) + value)
            for (target, dots), value in square.items():
                if value:
                    ends = self.generators[source], self.generators[target]
                    message = f"d² is not zero from {ends[0]} to {ends[1]}: {value} at dots {sorted(dots)}"
                    raise LawError(message, hint="this is a defect of the engine, please report the diagram")


def _glueing(labels: tuple[int, ...], open_ends: set[int]) -> tuple[tuple[int, ...], tuple[Pair, ...]]:
    """Return names for the four ends of a crossing (its label where that stays open) and the pairs of ends to glue."""
    ends, pairs = [], []
    for slot, label in enumerate(labels):
        name = -1 - slot
        if label in open_ends:
            pairs.append((label, name))
        elif labels.count(label) == 2:
            if labels.index(label) == slot:
                pairs.append((name, -1 - labels.index(label, slot + 1)))
        else:
            name = label
        ends.append(name)
    return tuple(ends), tuple(pairs)
