"""What can be read off an oriented diagram in normal form: components, faces, Seifert circles, counts.

Definition: edges are numbered along each component in turn; a strand passes a crossing straight, a Seifert circle turns there.
Convention: a face lies to the left of the ends that list it; components without crossings are counted, not listed.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.ends import face_ends, genus, partners, pieces_of
from erlangen.topology.diagrams.orientation import Crossing

__all__ = ["OrientedDiagram"]


class OrientedDiagram(ABC):
    """Crossings X[i, j, k, l] with normal labels, their signs, and a number of further circles."""

    crossings: tuple[Crossing, ...]
    n_unknots: int
    signs: tuple[int, ...]

    @property
    def n_crossings(self) -> int:
        """Number of crossings."""
        return len(self.crossings)

    @cached_property
    def components(self) -> tuple[tuple[int, ...], ...]:
        """Edges of each component that meets a crossing, in order along it."""
        after = [0] * (2 * len(self.crossings))
        for (i, j, k, l), sign in zip(self.crossings, self.signs, strict=True):  # noqa: E741 - X[i, j, k, l]
            after[i] = k
            after[l if sign > 0 else j] = j if sign > 0 else l
        bounds = [0, *(edge + 1 for edge, follower in enumerate(after) if follower <= edge)]
        return tuple(tuple(range(a, b)) for a, b in pairwise(bounds))

    @property
    def n_components(self) -> int:
        """Number of components, with those that meet no crossing."""
        return len(self.components) + self.n_unknots

    @property
    def n_plus(self) -> int:
        """Number of positive crossings."""
        return self.signs.count(1)

    @property
    def n_minus(self) -> int:
        """Number of negative crossings."""
        return self.signs.count(-1)

    @property
    def writhe(self) -> int:
        """Sum of the signs."""
        return sum(self.signs)

    @cached_property
    def flat(self) -> tuple[int, ...]:
        """Edges at all ends: ``flat[4 * c + s]`` is the edge at slot ``s`` of crossing ``c``."""
        return tuple(chain.from_iterable(self.crossings))

    @cached_property
    def partners(self) -> tuple[int, ...]:
        """For each end ``4 c + s`` the other end of its edge."""
        return tuple(partners(self.flat))

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """For each edge the end at which it arrives."""
        arrival = [0] * len(self.partners)
        for crossing, ((i, j, _, l), sign) in enumerate(zip(self.crossings, self.signs, strict=True)):  # noqa: E741
            arrival[i] = 4 * crossing
            arrival[l if sign > 0 else j] = 4 * crossing + (3 if sign > 0 else 1)
        return tuple(arrival[: 2 * len(self.crossings)])

    @cached_property
    def component_of(self) -> tuple[int, ...]:
        """For each edge the index of its component."""
        return tuple(index for index, component in enumerate(self.components) for _ in component)

    def pieces(self) -> tuple[tuple[int, ...], ...]:
        """Return the connected pieces of the diagram as tuples of crossings; components without crossings are not among them."""
        return tuple(map(tuple, pieces_of(self.partners)))

    def faces(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the faces, each as the ends ``(crossing, slot)`` reached along its border with the face on the left.

        At such an end the face fills the corner between this slot and the one before it, ``slot - 1`` modulo 4.
        """
        return tuple(tuple((end >> 2, end & 3) for end in face) for face in face_ends(self.partners))

    @property
    def genus(self) -> int:
        """Genus of the surface on which the diagram lives: 0."""
        return genus(self.partners)

    @property
    def is_alternating(self) -> bool:
        """Whether each edge joins an over and an under passage."""
        return all((end ^ other) & 1 for end, other in enumerate(self.partners))

    def seifert_circles(self) -> tuple[tuple[int, ...], ...]:
        """Return the circles of the oriented smoothing, as edges in order; components without crossings are not among them."""
        after = [0] * (2 * len(self.crossings))
        for (i, j, k, l), sign in zip(self.crossings, self.signs, strict=True):  # noqa: E741 - X[i, j, k, l]
            after[i], after[l if sign > 0 else j] = (j if sign > 0 else l), k
        return cycles(after)

    def array(self) -> NDArray[np.int32]:
        """Return the crossings as an array ``(n, 4)``."""
        return np.array(self.crossings, dtype=np.int32).reshape(-1, 4)

    def _orients_itself(self) -> bool:
        """Say whether the normal labels alone tell the orientation."""
        under: set[Any] = {crossing[0] for crossing in self.crossings}
        return all(len(component) > 2 or not under.isdisjoint(component) for component in self.components)


def cycles(after: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the cycles of a permutation.

    Examples
    --------
    >>> cycles([1, 0, 2])
    ((0, 1), (2,))
    """
    seen = [False] * len(after)
    found = []
    for first in range(len(after)):
        if seen[first]:
            continue
        cycle = []
        item = first
        while not seen[item]:
            seen[item] = True
            cycle.append(item)
            item = after[item]
        found.append(tuple(cycle))
    return tuple(found)
