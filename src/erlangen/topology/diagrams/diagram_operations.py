"""What can be done to a diagram: codes written, mirror, reversal, sums, parts, cables.

Definition: each method is the function of the same name on crossings and signs in normal form.
Convention: methods return diagrams of the class they are called on; components keep their order.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Self

from erlangen.errors import DomainError
from erlangen.topology.diagrams.braid_word import check_word, full_twists
from erlangen.topology.diagrams.conversions import write_regina, write_snappy, write_spherogram
from erlangen.topology.diagrams.decomposition import cut, split
from erlangen.topology.diagrams.dt_code import dt_letters, dt_words
from erlangen.topology.diagrams.gauss_code import gauss_words, signed_gauss_text
from erlangen.topology.diagrams.link_arguments import check_framings, check_index, check_indices
from erlangen.topology.diagrams.operations import (
    closed_braid,
    connect,
    mirror,
    parallel,
    part,
    reverse,
    unite,
    whitehead_double,
)
from erlangen.topology.diagrams.orientation import Crossing
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram
from erlangen.validation import check_integer

__all__ = ["DiagramOperations"]


class DiagramOperations(OrientedDiagram):
    """An oriented diagram with the operations that make others of it."""

    name: str | None

    @classmethod
    @abstractmethod
    def _of(
        cls, crossings: tuple[Crossing, ...], signs: tuple[int, ...], n_unknots: int = 0, name: str | None = None
    ) -> Self:
        """Make a diagram from data known to be in normal form."""

    def to_gauss(self, *, over: int = 1) -> tuple[tuple[int, ...], ...]:
        """Return the Gauss code: the crossings of each component from 1, over passages with the sign ``over``.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1]).to_gauss()
        ((1, -2), (-1, 2))
        """
        return gauss_words(self, over)

    def to_signed_gauss(self) -> str:
        """Return the signed Gauss code as text, components apart by commas; circles are lost.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1]).to_signed_gauss()
        'O1+U2+,U1+O2+'
        """
        return signed_gauss_text(self)

    def to_dt(self) -> tuple[tuple[int, ...], ...]:
        """Return the Dowker–Thistlethwaite code of a connected diagram.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_dt([4, 6, 8, 2]).to_dt()
        ((4, 6, 8, 2),)
        """
        return dt_words(self)

    def to_dt_letters(self) -> str:
        """Return the Dowker–Thistlethwaite code in letters, with its head of lengths, for at most 26 crossings.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1, 1]).to_dt_letters()
        'cacBCA'
        """
        return dt_letters(self)

    def to_pd(self, start: int = 1) -> list[list[int]]:
        """Return the planar diagram code with edges numbered from ``start``; circles are lost.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1]).to_pd()
        [[2, 2, 1, 1]]
        """
        return [[edge + start for edge in crossing] for crossing in self.crossings]

    def to_knot_theory(self) -> str:
        """Return the code as KnotTheory writes it, edges from 1, circles as ``Loop``; ``from_pd`` reads it.

        Crossings carry their signs, ``Xp`` or ``Xm``, where labels alone would not orient the link.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1], 3).to_knot_theory()
        'PD[X[2, 2, 1, 1], Loop[3]]'
        """
        plain = self._orients_itself()
        heads = ["X" if plain else "Xp" if sign > 0 else "Xm" for sign in self.signs]
        parts = [f"{head}{row}" for head, row in zip(heads, self.to_pd(), strict=True)]
        parts += [f"Loop[{2 * self.n_crossings + 1 + k}]" for k in range(self.n_unknots)]
        return f"PD[{', '.join(parts)}]"

    def to_spherogram(self) -> Any:
        """Return a ``spherogram.Link`` with the same crossings and signs.

        Raises
        ------
        MissingDependencyError
            If spherogram is not installed.
        DomainError
            If the link has circles, or a component that spherogram orients otherwise.
        """
        return write_spherogram(self)

    def to_snappy(self) -> Any:
        """Return a ``snappy.Link`` with the same crossings and signs; it raises as :meth:`to_spherogram`."""
        return write_snappy(self)

    def to_regina(self) -> Any:
        """Return a ``regina.Link`` with the same crossings, signs and circles.

        Raises
        ------
        MissingDependencyError
            If Regina is not installed.
        """
        return write_regina(self)

    def mirror(self) -> Self:
        """Return the mirror image: over and under exchanged at every crossing.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1, 1]).mirror().writhe
        -3
        """
        return self._of(*mirror(self))

    def reverse(self, *components: int) -> Self:
        """Return the link with the orientation of some components reversed; of all, if none is named.

        Raises
        ------
        DomainError
            If there is no such component.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1]).reverse(0).signs
        (-1, -1)
        """
        chosen = components or range(self.n_components)
        indices = check_indices(chosen, "components", self.n_components, "components")
        return self._of(*reverse(self, {index for index in indices if index < len(self.components)}), self.name)

    def connected_sum(self, other: Self, edge: int = 0, other_edge: int = 0) -> Self:
        """Return the connected sum along ``edge`` of this link and ``other_edge`` of the other.

        A diagram without crossings is summed along one of its circles.

        Raises
        ------
        DomainError
            If a link has no component, or there is no such edge.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> trefoil = Link.from_braid([1, 1, 1])
        >>> granny = trefoil.connected_sum(trefoil)
        >>> granny.n_crossings, granny.n_components
        (6, 1)
        """
        for link, name, place in ((self, "edge", edge), (other, "other_edge", other_edge)):
            check_index(0, "component", link.n_components, "components")
            if link.crossings:
                check_index(place, name, 2 * link.n_crossings, "edges")
        return self._of(*connect(self, other, edge, other_edge))

    def disjoint_union(self, *others: Self) -> Self:
        """Return the split union of this link and others, side by side.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1]).disjoint_union(Link(n_unknots=1)).n_components
        3
        """
        return self._of(*unite((self, *others)))

    def split(self) -> tuple[Self, ...]:
        """Return the connected pieces of the diagram, then its circles, each as a link.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> [piece.n_crossings for piece in Link.from_braid([1, 3, 3], 5).split()]
        [1, 2, 0]
        """
        return tuple(self._of(*code) for code in split(self))

    def summands(self) -> tuple[Self, ...]:
        """Return the diagrams of which this one is visibly the connected sum, piece by piece, then its circles.

        Two edges that border the same two faces are cut and joined crosswise; a reduced alternating diagram without such edges
        shows a prime link (Menasco 1984).

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> trefoil = Link.from_braid([1, 1, 1])
        >>> [part.writhe for part in trefoil.connected_sum(trefoil.mirror()).summands()]
        [3, -3]
        """
        return tuple(self._of(*code) for code in cut(self))

    def sublink(self, components: int | Iterable[int]) -> Self:
        """Return the link of some components, in their order; circles come after the components that meet crossings.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1]).sublink([0])
        Link.from_pd([], n_unknots=1)
        """
        chosen = set(check_indices(components, "components", self.n_components, "components"))
        strands = {index for index in chosen if index < len(self.components)}
        crossings, signs, circles = part(self, strands)
        return self._of(crossings, signs, circles + len(chosen) - len(strands))

    def cable(self, p: int, framing: int | Sequence[int] | None = 0, pattern: Iterable[int] = ()) -> Self:
        """Return the link with each component replaced by ``p`` parallel strands of the given framing.

        Parameters
        ----------
        p : int
            Number of parallel strands.
        framing : int, sequence of int, or None
            Linking number of two parallels of a component; ``None`` takes the blackboard's, the writhe of the component.
        pattern : braid word
            Inserted into the strands of each component: ``pattern=[1] * q`` with ``p=2`` gives the (2, q) cable.

        Raises
        ------
        DomainError
            If ``p`` is less than 1, the pattern needs more strands, or the framings are not one for each component.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1, 1]).cable(2, framing=None).n_crossings
        12
        >>> Link(n_unknots=1).cable(2, framing=1).signs
        (1, 1)
        """
        n = check_integer(p, "p", low=1)
        letters, _ = check_word(pattern, n)
        home = self.component_of
        own = [0] * self.n_components
        for (i, j, _, _), sign in zip(self.crossings, self.signs, strict=True):
            own[home[i]] += sign if home[i] == home[j] else 0
        wanted = own if framing is None else check_framings(framing, self.n_components)
        words = [[*letters, *full_twists(n, f - w)] for f, w in zip(wanted, own, strict=True)]
        met = len(self.components)
        crossings, signs, _ = parallel(self, [n] * met, words[:met])
        circles = (self._of(*closed_braid(word, n)) for word in words[met:])
        return self._of(crossings, signs).disjoint_union(*circles)

    def whitehead_double(self, framing: int = 0, clasp: int = 1) -> Self:
        """Return the Whitehead double of a knot with a framing and a clasp of positive or negative crossings.

        Raises
        ------
        DomainError
            If the link is no knot, or the clasp is not 1 or -1.

        Examples
        --------
        >>> from erlangen.topology import Link
        >>> Link.from_braid([1, 1, 1]).whitehead_double().n_crossings
        20
        """
        if self.n_components != 1:
            message = f"a Whitehead double is taken of a knot; the link has {self.n_components} components"
            raise DomainError(message, hint="take a sublink first")
        if clasp not in (1, -1):
            message = f"clasp must be 1 or -1, got {clasp!r}"
            raise DomainError(message, hint="1 is the positive clasp")
        knot: OrientedDiagram = self if self.crossings else self._of(((0, 0, 1, 1),), (1,))
        return self._of(*whitehead_double(knot, check_integer(framing, "framing") - knot.writhe, clasp))
