"""A diagram while it is being changed: crossings erased and added, edges joined anew, components remembered.

Definition: ends ``4 c + s`` and their partners as in a link; an erased crossing lets both strands pass straight, as if it were not there.
Convention: crossings keep their order, new ones come last; a component that loses its last crossing becomes a circle.
"""

from __future__ import annotations

from erlangen.topology.diagrams.ends import face_ends
from erlangen.topology.diagrams.operations import Code, assemble
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram

__all__ = ["EAST", "NORTH", "SOUTH", "WEST", "Workspace"]

EAST, NORTH, WEST, SOUTH = range(4)  # anticlockwise


class Workspace:
    """The ends of a diagram with their partners, to be changed in place; it stays an oriented diagram in the plane if callers take care."""

    def __init__(self, link: OrientedDiagram) -> None:
        home = link.component_of
        self.link = link
        self.partner = list(link.partners)
        self.signs = list(link.signs)
        self.alive = [True] * link.n_crossings
        self.homes = [(home[crossing[0]], home[crossing[1]]) for crossing in link.crossings]

    def join(self, a: int, b: int) -> None:
        """Make two ends the ends of one edge."""
        self.partner[a] = b
        self.partner[b] = a

    def is_head(self, end: int) -> bool:
        """Say whether an edge arrives at an end."""
        slot = end & 3
        return slot == (3 if self.signs[end >> 2] > 0 else 1) if slot & 1 else slot == 0

    def home(self, end: int) -> int:
        """Return the component of an end."""
        return self.homes[end >> 2][end & 1]

    def erase(self, crossing: int) -> None:
        """Take a crossing away, both strands passing straight."""
        self.pass_straight(4 * crossing)
        self.pass_straight(4 * crossing + 1)
        self.alive[crossing] = False

    def pass_straight(self, end: int) -> None:
        """Join what the strand through an end comes from with what it goes to."""
        a, b = self.partner[end], self.partner[end ^ 2]
        self.partner[a] = b  # a closed circle, a == end ^ 2, is joined to itself and falls away with its crossing
        self.partner[b] = a

    def add(self, under: tuple[int, int], over: tuple[int, int]) -> list[int]:
        """Add a crossing; each strand is the side it comes from and its component. Return its ends in the east, north, west, south."""
        base = len(self.partner)
        (under_from, under_home), (over_from, over_home) = under, over
        self.partner.extend((-1, -1, -1, -1))
        self.signs.append(1 if (over_from - under_from) % 4 == 3 else -1)
        self.alive.append(True)
        self.homes.append((under_home, over_home))
        return [base + (side - under_from) % 4 for side in range(4)]

    def faces(self) -> list[list[int]]:
        """Return the faces of what is left, as ends reached with the face on the left."""
        if all(self.alive):
            return face_ends(self.partner)
        kept = self._kept()
        back = list(kept)
        return [[back[end] for end in face] for face in face_ends([kept[self.partner[end]] for end in back])]

    def _kept(self) -> dict[int, int]:
        """Return new numbers for the ends of the crossings that are left."""
        ends = (end for end in range(len(self.partner)) if self.alive[end >> 2])
        return {end: place for place, end in enumerate(ends)}

    def code(self) -> Code:
        """Return crossings, signs and the number of circles in normal form."""
        kept = self._kept()
        partner = [kept[self.partner[end]] for end in kept]
        seeds = []
        fresh: dict[int, int] = {}
        for crossing in range(self.link.n_crossings, len(self.signs)):
            if self.alive[crossing]:
                for end in range(4 * crossing, 4 * crossing + 4):
                    if self.is_head(end):
                        fresh.setdefault(self.home(end), end)
        for index, component in enumerate(self.link.components):
            heads = (self.link.heads[edge] for edge in component)
            seed = next((head for head in heads if self.alive[head >> 2]), fresh.get(index))
            if seed is not None:
                seeds.append(kept[seed])
        new = sorted(index for index in fresh if index >= len(self.link.components))
        seeds.extend(kept[fresh[index]] for index in new)
        crossings, signs = assemble(partner, seeds)
        return crossings, signs, self.link.n_components - len(seeds)
