"""An oriented link diagram in the plane, as a value.

Definition: a planar diagram code X[i, j, k, l], edges numbered along each component (KnotTheory; KnotInfo).
Convention: from the incoming under edge i anticlockwise; positive crossing = over strand l -> j; 3_1 is the closure of [1, 1, 1].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.topology.diagrams.braid_word import check_word, closure_code, full_twists
from erlangen.topology.diagrams.ends import check_planar
from erlangen.topology.diagrams.link_arguments import (
    check_found,
    check_framings,
    check_index,
    check_indices,
    check_signs,
    flat_labels,
    natural,
)
from erlangen.topology.diagrams.operations import connect, mirror, parallel, part, reverse, unite
from erlangen.topology.diagrams.orientation import Crossing, normalise
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram
from erlangen.topology.diagrams.pd_text import parse_pd
from erlangen.validation import check_integer

__all__ = ["Link"]


@final
@dataclass(frozen=True)
class Link(OrientedDiagram):
    """An oriented link diagram: crossings, signs, and components that meet no crossing.

    Two links are equal if their normal codes are: edges are 0, …, 2 n - 1 along the components, one component after the other.
    Build one with :meth:`from_pd`, :meth:`from_braid` and their like; what it prints, they read.

    Parameters
    ----------
    crossings : tuple of (i, j, k, l)
        Planar diagram code with normal labels.
    n_unknots : int
        Number of further split components without crossings.
    signs : tuple of int
        +1 or -1 for each crossing.
    name : str, optional
        Not compared.

    Raises
    ------
    DomainError
        If the code is not in normal form, not planar, or the signs do not fit.

    Examples
    --------
    >>> trefoil = Link.from_pd("X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]")
    >>> trefoil.writhe, trefoil.n_components
    (3, 1)
    >>> trefoil
    Link.from_pd([[0, 4, 1, 3], [2, 0, 3, 5], [4, 2, 5, 1]])
    """

    crossings: tuple[Crossing, ...] = ()
    n_unknots: int = 0
    signs: tuple[int, ...] = ()
    name: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        twin = Link.from_pd(self.crossings, signs=self.signs, n_unknots=self.n_unknots)
        if (twin.crossings, twin.signs) != (self.crossings, self.signs):
            message = "crossings are not in normal form: edges must be 0, 1, 2, ... along each component in turn"
            raise DomainError(message, hint="use Link.from_pd, which brings any labels into normal form")

    @classmethod
    def _of(
        cls, crossings: tuple[Crossing, ...], signs: tuple[int, ...], n_unknots: int = 0, name: str | None = None
    ) -> Link:
        """Make a link from data known to be in normal form, unchecked."""
        link = object.__new__(cls)
        link.__dict__.update(crossings=crossings, n_unknots=n_unknots, signs=signs, name=name)
        return link

    @classmethod
    def from_pd(
        cls,
        pd: str | Iterable[Iterable[int]] | NDArray[np.integer[Any]],
        *,
        signs: Sequence[int] | None = None,
        n_unknots: int = 0,
        oriented: bool = True,
        name: str | None = None,
    ) -> Link:
        """Return the link of a planar diagram code with any integer labels, as lists or text.

        The first label of a crossing is the incoming under edge, the others follow anticlockwise. A component that is never under
        is oriented by ``signs`` or by its labels, which rise along it. With ``oriented=False`` the first label may be either
        end of the under strand, and all components are oriented by their labels.

        Raises
        ------
        ParseError
            If a text cannot be read.
        ShapeError
            If a crossing has not four labels.
        DomainError
            If an edge does not appear exactly twice, the crossings orient a component both ways, or the diagram is not planar.

        Warns
        -----
        DomainWarning
            If nothing orients a component.

        Examples
        --------
        >>> Link.from_pd([[4, 2, 5, 1], [8, 6, 1, 5], [6, 3, 7, 4], [2, 7, 3, 8]]).signs
        (1, 1, -1, -1)
        >>> Link.from_pd("PD[Loop[1]]").n_components
        1
        """
        loops = natural(n_unknots, "n_unknots")
        if isinstance(pd, str):
            rows, marks, more = parse_pd(pd)
            loops += more
            given: Sequence[int | None] | None = marks if any(marks) else None
            flat = list(chain.from_iterable(rows))
        else:
            flat = flat_labels(pd)
            given = None
        if signs is not None:
            given = check_signs(signs, len(flat) // 4)
        if given is not None and not oriented:
            message = "signs cannot be given together with oriented=False"
            raise DomainError(message, hint="list each crossing from its incoming under edge, or leave signs out")
        crossings, found, partner = normalise(flat, given, oriented=oriented)
        check_found(found, given)
        check_planar(partner)
        return cls._of(crossings, found, loops, name)

    @classmethod
    def from_braid(cls, word: str | Iterable[int], strands: int | None = None, *, name: str | None = None) -> Link:
        """Return the closure of a braid word: letter ``i`` is a positive crossing of strands ``i`` and ``i + 1``, ``-i`` its inverse.

        Raises
        ------
        DomainError
            If a letter is 0 or not less than ``strands``.

        Examples
        --------
        >>> Link.from_braid([1, 1, 1])
        Link.from_pd([[3, 1, 4, 0], [1, 5, 2, 4], [5, 3, 0, 2]])
        >>> Link.from_braid([1, 1], strands=3).n_components
        3
        """
        letters, n = check_word(word, strands)
        flat, signs, loops = closure_code(letters, n)
        crossings, found, _ = normalise(flat, signs)
        return cls._of(crossings, found, loops, name)

    def mirror(self) -> Link:
        """Return the mirror image: over and under exchanged at every crossing.

        Examples
        --------
        >>> Link.from_braid([1, 1, 1]).mirror().writhe
        -3
        """
        return Link._of(*mirror(self))

    def reverse(self, *components: int) -> Link:
        """Return the link with the orientation of some components reversed; of all, if none is named.

        Raises
        ------
        DomainError
            If there is no such component.

        Examples
        --------
        >>> Link.from_braid([1, 1]).reverse(0).signs
        (-1, -1)
        """
        chosen = components or range(self.n_components)
        indices = check_indices(chosen, "components", self.n_components, "components")
        return Link._of(*reverse(self, {index for index in indices if index < len(self.components)}), self.name)

    def connected_sum(self, other: Link, edge: int = 0, other_edge: int = 0) -> Link:
        """Return the connected sum along ``edge`` of this link and ``other_edge`` of the other.

        A diagram without crossings is summed along one of its circles.

        Raises
        ------
        DomainError
            If a link has no component, or there is no such edge.

        Examples
        --------
        >>> trefoil = Link.from_braid([1, 1, 1])
        >>> granny = trefoil.connected_sum(trefoil)
        >>> granny.n_crossings, granny.n_components
        (6, 1)
        """
        for link, name, place in ((self, "edge", edge), (other, "other_edge", other_edge)):
            check_index(0, "component", link.n_components, "components")
            if link.crossings:
                check_index(place, name, 2 * link.n_crossings, "edges")
        return Link._of(*connect(self, other, edge, other_edge))

    def disjoint_union(self, *others: Link) -> Link:
        """Return the split union of this link and others, side by side.

        Examples
        --------
        >>> Link.from_braid([1, 1]).disjoint_union(Link(n_unknots=1)).n_components
        3
        """
        return Link._of(*unite((self, *others)))

    def sublink(self, components: int | Iterable[int]) -> Link:
        """Return the link of some components, in their order; circles come after the components that meet crossings.

        Examples
        --------
        >>> Link.from_braid([1, 1]).sublink([0])
        Link.from_pd([], n_unknots=1)
        """
        chosen = set(check_indices(components, "components", self.n_components, "components"))
        strands = {index for index in chosen if index < len(self.components)}
        crossings, signs, circles = part(self, strands)
        return Link._of(crossings, signs, circles + len(chosen) - len(strands))

    def cable(self, p: int, framing: int | Sequence[int] | None = 0, pattern: Iterable[int] = ()) -> Link:
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
        circles = (Link.from_braid(word, n) for word in words[met:])
        return Link._of(crossings, signs).disjoint_union(*circles)

    def __repr__(self) -> str:
        parts = [str([list(crossing) for crossing in self.crossings])]
        if not self._orients_itself():
            parts.append(f"signs={list(self.signs)}")
        if self.n_unknots:
            parts.append(f"n_unknots={self.n_unknots}")
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        return f"Link.from_pd({', '.join(parts)})"
