"""The even complex of a tangle: crossingless matchings with degrees, and dotted discs between them.

Definition: Bar-Natan's bracket of a tangle up to homotopy, without loops (math/0606318, sections 3-5).
Convention: the 1-resolution is shifted by (h, q) = (1, 1), a saddle has sign (-1)^h; a loop is {v+, v-} at q = +1, -1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TypeAlias, final

from erlangen.exact.ring import Element, Ring
from erlangen.topology.scanning.cobordism_complex import CobordismComplex, Generator
from erlangen.topology.scanning.dotted_surface import DISC, SOURCE_LOOP, TARGET_LOOP, Dots, Surface, composite, glued
from erlangen.topology.scanning.glueing import ONE_RESOLUTION, ZERO_RESOLUTION, glueing, resolved
from erlangen.topology.scanning.matching import Arcs, glue_arcs

__all__ = ["TangleComplex"]

Choices: TypeAlias = list[tuple[dict[int, bool], int]]


@final
class TangleComplex(CobordismComplex[Dots]):
    """The state of an even scan.

    Parameters
    ----------
    ring : Ring
        Z, Q or a prime field.
    deformed : bool
        Whether H is kept (its powers are not written).
    """

    def __init__(self, ring: Ring, *, deformed: bool) -> None:
        super().__init__(ring, frozenset())
        self.deformed = deformed
        self.open_ends: frozenset[int] = frozenset()
        self._composites: dict[tuple[Arcs, Arcs, Arcs], Surface] = {}

    def product(self, arcs: tuple[Arcs, Arcs, Arcs], first: Dots, second: Dots) -> list[tuple[Dots, int]]:
        """Return ``second`` after ``first`` as a sum of dotted discs."""
        surface = self._composites.get(arcs) or self._composites.setdefault(arcs, composite(*arcs))
        return surface.terms([*first, *(("above", name) for _, name in second)], deformed=self.deformed)

    def add_crossing(self, labels: tuple[int, ...]) -> None:
        """Replace the complex by its product with that of a crossing, glued at common labels."""
        ends, pairs = glueing(labels, self.open_ends)
        self.open_ends ^= frozenset(label for label in labels if labels.count(label) == 1)
        resolutions = tuple(resolved(ends, arcs) for arcs in (ZERO_RESOLUTION, ONE_RESOLUTION))
        old, out = self.generators, self.out
        self.generators, self.out, self.into = {}, {}, {}
        names: dict[tuple[int, int], Choices] = {}
        for g, (h, q, arcs) in old.items():
            for bit, resolution in enumerate(resolutions):
                rest, loops = glue_arcs(arcs + resolution, pairs)
                names[g, bit] = list(self._deloop((h + bit, q + bit, rest), loops))
        surfaces: dict[tuple[Arcs, Arcs], Surface] = {}

        def connect(source: tuple[int, int], target: tuple[int, int], entry: dict[Dots, Element]) -> None:
            bottom, top = (old[g][2] + resolutions[bit] for g, bit in (source, target))
            surface = surfaces.get((bottom, top)) or surfaces.setdefault((bottom, top), glued(bottom, top, pairs))
            for dots, coefficient in entry.items():
                for dotted, factor in surface.terms(dots, deformed=self.deformed):
                    self._add_delooped(names[source], names[target], dotted, factor * coefficient)

        for g, (h, _, _) in old.items():
            connect((g, 0), (g, 1), {self.no_dots: (-1) ** h})
            for target, entry in out[g].items():
                connect((g, 0), (target, 0), entry)
                connect((g, 1), (target, 1), entry)

    def _deloop(self, generator: Generator, loops: tuple[int, ...]) -> Iterator[tuple[dict[int, bool], int]]:
        """Make a generator for each choice of v- (true) or v+ (false) on the loops; yield the choice with its number."""
        h, q, arcs = generator
        for choice in product((False, True), repeat=len(loops)):
            number = self.new_generator((h, q + sum(-1 if minus else 1 for minus in choice), arcs))
            yield dict(zip(loops, choice, strict=True)), number

    def _add_delooped(
        self,
        sources: Choices,
        targets: Choices,
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
