r"""How the odd complex of a tangle in a disc is glued to a crossing: signs, circles and loops.

Definition: as for composition, a glued morphism is evaluated at the closure by its own source, see :mod:`odd_tangle_complex`.
Convention: a morphism over the 1-resolution is first moved across the saddle of the crossing, then outwards.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.topology.scanning.closed_state import ClosedState, Saddle, partners, split_forms, transport_sign
from erlangen.topology.scanning.exterior import wedge
from erlangen.topology.scanning.glueing import ONE_RESOLUTION, ZERO_RESOLUTION, glueing, resolved
from erlangen.topology.scanning.matching import Arcs, components, glue_arcs
from erlangen.topology.scanning.planar_disc import CutDiagram, PlanarDisc, attach

__all__ = ["GluedMap", "OddGlueing"]

Circle: TypeAlias = tuple[int, int]
LOOP, DISC = 0, 1  # loops come before discs in a monomial


@final
class GluedMap(NamedTuple):
    """A glued morphism: where ends lie above, forms of its splits, parities of dots below and above, and its sign."""

    circles: dict[int, Circle]
    forms: list[tuple[int, int]]
    splits_below: int
    splits_above: int
    sign: int
    dot_sign: int

    def terms(
        self, below: tuple[int, ...], dots: tuple[int, ...]
    ) -> dict[tuple[tuple[int, ...], tuple[int, ...]], int]:
        """Return the coefficients at (loops that are v- above, dotted discs), given the loops that are v- below and the dots."""
        names = self.circles
        factors: list[list[tuple[Circle, int]]] = [[(names[dot], 1)] for dot in dots]
        factors += [[(names[p], 1), (names[q], -1)] for p, q in self.forms]
        factors += [[(names[loop], 1)] for loop in below]
        start = self.sign * self.dot_sign ** len(dots)
        found = {}
        for monomial, value in wedge(factors).items():
            above = tuple(name for kind, name in monomial if kind == LOOP)
            discs = tuple(name for kind, name in monomial if kind == DISC)
            odd = self.splits_above * (len(dots) + len(monomial)) + self.splits_below * len(below)
            found[above, discs] = start * value * (-1) ** odd
        return found


@final
class OddGlueing:
    """One crossing about to be glued to a disc.

    Parameters
    ----------
    diagram : CutDiagram
    before : PlanarDisc
    crossing : int
    done : set of int
        Crossings in the disc so far.

    Raises
    ------
    DomainError
        If the disc with the crossing is no disc.
    """

    def __init__(self, diagram: CutDiagram, before: PlanarDisc, crossing: int, done: set[int]) -> None:
        labels = diagram.labels[crossing]
        boundary = attach(before.boundary, labels)
        if boundary is None:
            message = f"order: the crossings up to {crossing} do not form a disc with ends around it"
            raise DomainError(message, hint="leave order out; the odd theory scans discs only")
        self.before = before
        self.disc = diagram.disc(boundary, done | {crossing})
        ends, self.pairs = glueing(labels, before.boundary)
        self.resolutions = resolved(ends, ZERO_RESOLUTION), resolved(ends, ONE_RESOLUTION)
        self.outside = partners(self.pairs + self.disc.closure)
        i, j, k, l = ends if diagram.parity[crossing] == 0 else ends[::-1]  # noqa: E741 - X[i, j, k, l]
        self.crossing_saddle = Saddle(False, i, j, k, l, diagram.parity[crossing] == 0)
        self._maps: dict[tuple[Arcs, Arcs, int], GluedMap] = {}

    def rest(self, arcs: Arcs, bit: int) -> tuple[Arcs, tuple[int, ...]]:
        """Return the matching glued to a resolution, and the loops that closed."""
        return glue_arcs(arcs + self.resolutions[bit], self.pairs)

    def glued(self, a: Arcs, b: Arcs, bit: int) -> GluedMap:
        """Return how morphisms between two matchings are glued to a resolution."""
        if (a, b, bit) not in self._maps:
            across = self.before.path(partners(a), partners(b), outer=False)
            sign, dot_sign = 1, 1
            if bit:
                states = [ClosedState(partners(arcs + self.resolutions[0]), self.outside) for arcs in (a, b)]
                sign = transport_sign(states[0], across, [self.crossing_saddle])
                dot_sign = -1 if states[1].splits(self.crossing_saddle) else 1
            resolution = self.resolutions[bit]
            self._maps[a, b, bit] = self._map(a + resolution, b + resolution, across, sign, dot_sign)
        return self._maps[a, b, bit]

    def saddle(self, arcs: Arcs) -> GluedMap:
        """Return the saddle of the crossing on a matching."""
        if (arcs, arcs, -1) not in self._maps:
            bottom, top = (arcs + resolution for resolution in self.resolutions)
            self._maps[arcs, arcs, -1] = self._map(bottom, top, [self.crossing_saddle], 1, 1)
        return self._maps[arcs, arcs, -1]

    def _map(self, bottom: Arcs, top: Arcs, across: list[Saddle], sign: int, dot_sign: int) -> GluedMap:
        """Evaluate at the closure by the source, reached from the closure by 0-resolutions."""
        (low, _), (high, loops) = glue_arcs(bottom, self.pairs), glue_arcs(top, self.pairs)
        inside, closure = [partners(low), partners(high)], partners(self.disc.closure)
        route = self.disc.path(closure, inside[0], outer=True)
        sign *= transport_sign(ClosedState(partners(bottom), self.outside), across, route)
        direct = self.disc.path(inside[0], inside[1], outer=False)
        sign *= transport_sign(ClosedState(inside[0], closure), direct, route)
        last = partners(self.pairs + low)
        names, around = ClosedState(partners(top), last).circles(), components(low, high)
        meaning = {names[end]: (DISC, around[end]) for end in self.disc.boundary}
        meaning.update({loop: (LOOP, loop) for loop in loops})
        below, above = (len(split_forms(ClosedState(arcs, closure), route)) for arcs in inside)
        forms = split_forms(ClosedState(partners(bottom), last), across)
        return GluedMap({end: meaning[name] for end, name in names.items()}, forms, below, above, sign, dot_sign)
