r"""The odd complex of a tangle in a disc: crossingless matchings with degrees, and dotted discs with signs.

Definition: a morphism a -> b acts on the exterior algebras of all closures; it is its value at the closure by a, an element of
the exterior algebra of the circles of a and b (0710.4300; Putyra, 1310.1895; Naisse, Putyra, 2003.14290).
Convention: morphisms commute with the saddles outside from the closure by 0-resolutions on, signs by :mod:`closed_state`;
the maps act by multiplication on the left; a loop is {v+ = 1, v- = x}.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations
from typing import NamedTuple, TypeAlias, final

from erlangen.exact.ring import Element, Ring
from erlangen.topology.scanning.closed_state import ClosedState, Saddle, partners, split_forms, transport_sign
from erlangen.topology.scanning.cobordism_complex import CobordismComplex
from erlangen.topology.scanning.exterior import wedge
from erlangen.topology.scanning.matching import Arcs, components
from erlangen.topology.scanning.odd_glueing import GluedMap, OddGlueing
from erlangen.topology.scanning.planar_disc import CutDiagram

__all__ = ["OddTangleComplex"]

Dots: TypeAlias = tuple[int, ...]  # names of circles, ascending
Choices: TypeAlias = list[tuple[tuple[int, ...], int]]


class Composite(NamedTuple):
    """How to multiply along three matchings: circles after gluing, split forms, splits of the transport, and its sign."""

    names: dict[int, int]
    forms: list[tuple[int, int]]
    splits: tuple[int, int]
    sign: int


@final
class OddTangleComplex(CobordismComplex[Dots]):
    """The state of an odd scan.

    Parameters
    ----------
    ring : Ring
    diagram : CutDiagram
    """

    def __init__(self, ring: Ring, diagram: CutDiagram) -> None:
        super().__init__(ring, ())
        self.diagram = diagram
        self.done: set[int] = set()
        self.disc = diagram.disc((), self.done)
        self._composites: dict[tuple[Arcs, Arcs, Arcs], Composite] = {}
        self._paths: dict[tuple[Arcs, Arcs], list[Saddle]] = {}

    # --- composition --------------------------------------------------------------------------------------------------

    def product(self, arcs: tuple[Arcs, Arcs, Arcs], first: Dots, second: Dots) -> list[tuple[Dots, int]]:
        """Return ``second`` after ``first`` as a sum of dotted discs."""
        plan = self._composites.get(arcs) or self._composites.setdefault(arcs, self._composite(*arcs))
        names = plan.names
        factors: list[list[tuple[int, int]]] = [[(names[dot], 1)] for dot in second]
        factors += [[(names[p], 1), (names[q], -1)] for p, q in plan.forms]
        factors += [[(names[dot], 1)] for dot in first]
        terms = []
        for dots, value in wedge(factors).items():
            odd = len(first) * plan.splits[0] + (len(second) + len(dots)) * plan.splits[1]
            terms.append((dots, plan.sign * value * (-1) ** odd))
        return terms

    def _composite(self, a: Arcs, b: Arcs, c: Arcs) -> Composite:
        """Evaluate at the closure by ``a``, reached from the closure by 0-resolutions."""
        disc = self.disc
        outside, inside = partners(disc.closure), [partners(arcs) for arcs in (a, b, c)]
        route = disc.path(outside, inside[0], outer=True)
        sign = 1
        for low, high in ((0, 1), (1, 2), (0, 2)):
            across = self._path((a, b, c)[low], (a, b, c)[high])
            sign *= transport_sign(ClosedState(inside[low], outside), across, route)
        splits = [len(split_forms(ClosedState(arcs, outside), route)) for arcs in inside[1:]]
        forms = split_forms(ClosedState(inside[1], inside[0]), self._path(b, c))
        return Composite(components(a, c), forms, (splits[0], splits[1]), sign)

    def _path(self, a: Arcs, b: Arcs) -> list[Saddle]:
        """Return the saddles that stand for the discs between two matchings."""
        if (a, b) not in self._paths:
            self._paths[a, b] = self.disc.path(partners(a), partners(b), outer=False)
        return self._paths[a, b]

    # --- one more crossing --------------------------------------------------------------------------------------------

    def add_crossing(self, crossing: int) -> None:
        """Replace the complex by its product with that of a crossing, glued at common labels."""
        step = OddGlueing(self.diagram, self.disc, crossing, self.done)
        old, out = self.generators, self.out
        self.done.add(crossing)
        self.disc, self._paths, self._composites = step.disc, {}, {}
        self.generators, self.out, self.into = {}, {}, {}
        names = {}
        for g, (h, q, arcs) in old.items():
            for bit in (0, 1):
                rest, loops = step.rest(arcs, bit)
                names[g, bit] = [
                    (choice, self.new_generator((h + bit, q + bit + len(loops) - 2 * len(choice), rest)))
                    for choice in chain.from_iterable(combinations(loops, k) for k in range(len(loops) + 1))
                ]
        for g, (h, _, arcs) in old.items():
            self._connect(names[g, 0], names[g, 1], step.saddle(arcs), {(): (-1) ** h})
            for target, entry in out[g].items():
                ends = arcs, old[target][2]
                for bit in (0, 1):
                    self._connect(names[g, bit], names[target, bit], step.glued(*ends, bit), entry)

    def _connect(self, sources: Choices, targets: Choices, plan: GluedMap, entry: Mapping[Dots, Element]) -> None:
        """Add the entries between delooped generators; a choice lists the loops that stand for v-."""
        place = dict(targets)
        for below, source in sources:
            for dots, coefficient in entry.items():
                for (above, discs), value in plan.terms(below, dots).items():
                    self.add(source, place[above], [(discs, value * coefficient)])
