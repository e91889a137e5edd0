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
from erlangen.topology.diagrams.braid_word import check_word
from erlangen.topology.diagrams.conversions import read_regina, read_spherogram
from erlangen.topology.diagrams.diagram_operations import DiagramOperations
from erlangen.topology.diagrams.dt_code import read_dt
from erlangen.topology.diagrams.ends import check_planar
from erlangen.topology.diagrams.gauss_code import read_gauss
from erlangen.topology.diagrams.gauss_embedding import Passage, embed, rows_of
from erlangen.topology.diagrams.link_arguments import (
    check_found,
    check_signs,
    flat_labels,
    natural,
)
from erlangen.topology.diagrams.names import resolve
from erlangen.topology.diagrams.operations import closed_braid
from erlangen.topology.diagrams.orientation import Crossing, normalise
from erlangen.topology.diagrams.pd_text import parse_pd
from erlangen.topology.diagrams.plat import plat_code

__all__ = ["Link"]


@final
@dataclass(frozen=True)
class Link(DiagramOperations):
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
        crossings, found, partner, count = normalise(flat, given, oriented=oriented)
        check_found(found, given)
        check_planar(partner, connected=count == 1)
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
        return cls._of(*closed_braid(letters, n), name)

    @classmethod
    def from_gauss(
        cls,
        code: str | Iterable[object],
        signs: Sequence[int] | None = None,
        *,
        over: int = 1,
        name: str | None = None,
    ) -> Link:
        """Return the link of a Gauss code, one list of crossings for each component, or of a signed one, ``O1+U2+...``.

        Without signs the code knows a prime diagram up to reflection: its first crossing is taken to be positive.

        Parameters
        ----------
        code : str or lists of int
            Entry ``k`` or ``-k``: crossing ``k`` is met over or under.
        signs : sequence of int, optional
            Signs of the crossings in the order of their labels.
        over : 1 or -1
            Sign of the entries of over passages; -1 for KnotInfo's column.

        Raises
        ------
        DomainError
            If a crossing is not met once over and once under, or the code is not planar.

        Examples
        --------
        >>> Link.from_gauss([1, -2, 3, -1, 2, -3]).writhe
        3
        >>> Link.from_gauss("O1-U2-O3-U1-O2-U3-").writhe
        -3
        """
        words, own = read_gauss(code, over)
        words = sorted(words, key=bool, reverse=True)
        n = sum(map(len, words)) // 2
        given = own if signs is None else check_signs(signs, n)
        return cls._of_passages(words, embed(words) if given is None else given, name)

    @classmethod
    def from_dt(cls, code: str | Iterable[object], *, name: str | None = None) -> Link:
        """Return the link of a Dowker–Thistlethwaite code, as numbers or in letters.

        A code knows a prime diagram up to reflection: its first crossing is taken to be positive, as in SnapPy and KnotInfo, unless
        SnapPy's flips follow: ``DT: [(4, 6, 2)], [1, 1, 0]`` or ``DT[cacbca.110]``.

        Raises
        ------
        DomainError
            If the entries are not the even numbers 2, …, 2 n up to order and sign, or the code is not planar.

        Examples
        --------
        >>> Link.from_dt([4, 6, 2]) == Link.from_dt("DT[cacbca]")
        True
        """
        words, signs = read_dt(code)
        return cls._of_passages(words, embed(words) if signs is None else signs, name)

    @classmethod
    def from_spherogram(cls, link: Any, *, name: str | None = None) -> Link:
        """Return the link of a ``spherogram.Link`` or ``snappy.Link``.

        Raises
        ------
        DomainError
            If it is no such link.
        """
        rows, signs, circles = read_spherogram(link)
        return cls.from_pd(rows, signs=signs, n_unknots=circles, name=name)

    @classmethod
    def from_regina(cls, link: Any, *, name: str | None = None) -> Link:
        """Return the link of a ``regina.Link``; crossings keep their numbers, circles come last.

        Raises
        ------
        DomainError
            If it is no such link, or a virtual one.
        """
        words, signs = read_regina(link)
        return cls._of_passages(sorted(words, key=bool, reverse=True), signs, name)

    @classmethod
    def from_plat(cls, word: str | Iterable[int], strands: int | None = None, *, name: str | None = None) -> Link:
        """Return the plat closure of a braid word: caps and cups join strands 1 and 2, 3 and 4, … at the top and the bottom.

        Components are oriented in a reproducible way; :meth:`reverse` gives the other orientations.

        Raises
        ------
        DomainError
            If the number of strands is odd; by default it is the least even one that carries the word.

        Examples
        --------
        >>> Link.from_plat([2, 2, 2]).n_crossings
        3
        """
        letters, n = check_word(word, strands)
        return cls._of(*plat_code(letters, n + n % 2 if strands is None else n), name)

    @classmethod
    def from_name(cls, name: str, *, numbering: str | None = None) -> Link:
        """Return the link of a name: ``8_19``, ``11n_34`` or ``K11n34``, ``L6a4`` or ``L6a4{0,0}``, ``T(7,8)``, ``unknot``, ``whitehead`` …

        ``m(...)`` is the mirror image and ``#`` the connected sum. Numbers and chirality are KnotInfo's; knots of more than seven
        crossings and links need its data package.

        Parameters
        ----------
        name : str
            The name.
        numbering : "knotinfo" or "rolfsen", optional
            Which table the seven ten-crossing names that differ are meant in (Perko's pair); without it they give KnotInfo's knot
            and a warning.

        Raises
        ------
        DomainError
            If the name is unknown, with the nearest names.
        MissingDependencyError
            If the name needs the tables and they are not installed.

        Examples
        --------
        >>> Link.from_name("T(3,4)").n_crossings, Link.from_name("3_1 # m(3_1)").writhe
        (8, 0)
        """
        if not isinstance(name, str):
            message = f"name must be a text, got {name!r}"
            raise DomainError(message, hint="for example '8_19'")
        first, *others = (cls._of_name(part.strip(), numbering) for part in name.split("#"))
        for other in others:
            first = first.connected_sum(other)
        return cls._of(first.crossings, first.signs, first.n_unknots, name)

    @classmethod
    def _of_name(cls, name: str, numbering: str | None) -> Link:
        """Return the link of a name without sums."""
        if name.startswith("m(") and name.endswith(")"):
            return cls._of_name(name[2:-1].strip(), numbering).mirror()
        kind, text = resolve(name, numbering)
        if kind == "circles":
            return cls(n_unknots=int(text))
        if kind == "pd":
            return cls.from_pd(text)
        strands, _, word = text.rpartition(":")
        return cls.from_braid(word, int(strands) if strands else None)

    @classmethod
    def _of_passages(cls, words: Sequence[Sequence[Passage]], signs: Sequence[int], name: str | None) -> Link:
        """Make a link from the passages of each component and the signs of the crossings."""
        crossings, found, partner, _ = normalise(rows_of(words, signs), signs)
        check_planar(partner, "code", "check the crossings and signs of the code")
        return cls._of(crossings, found, sum(not word for word in words), name)

    def __repr__(self) -> str:
        parts = [str([list(crossing) for crossing in self.crossings])]
        if not self._orients_itself():
            parts.append(f"signs={list(self.signs)}")
        if self.n_unknots:
            parts.append(f"n_unknots={self.n_unknots}")
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        return f"Link.from_pd({', '.join(parts)})"
