"""An oriented link diagram in the plane, as a value.

Definition: a planar diagram code X[i, j, k, l], edges numbered along each component (KnotTheory; KnotInfo).
Convention: from the incoming under edge i anticlockwise; positive crossing = over strand l -> j; 3_1 is the closure of [1, 1, 1].
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.topology.diagrams.braid_word import check_word, closure_code
from erlangen.topology.diagrams.ends import check_planar, face_ends, genus, partners, pieces_of
from erlangen.topology.diagrams.orientation import Crossing, normalise
from erlangen.topology.diagrams.pd_text import parse_pd

__all__ = ["Link"]


@final
@dataclass(frozen=True)
class Link:
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
        loops = _natural(n_unknots, "n_unknots")
        if isinstance(pd, str):
            rows, marks, more = parse_pd(pd)
            loops += more
            given: Sequence[int | None] | None = marks if any(marks) else None
            flat = list(chain.from_iterable(rows))
        else:
            flat = _flat(pd)
            given = None
        if signs is not None:
            given = _check_signs(signs, len(flat) // 4)
        if given is not None and not oriented:
            message = "signs cannot be given together with oriented=False"
            raise DomainError(message, hint="list each crossing from its incoming under edge, or leave signs out")
        crossings, found, partner = normalise(flat, given, oriented=oriented)
        _check_found(found, given)
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
            if sign > 0:
                after[l] = j
            else:
                after[j] = l
        starts = [edge for edge, follower in enumerate(after) if follower <= edge]
        bounds = [0, *(last + 1 for last in starts)]
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
    def partners(self) -> tuple[int, ...]:
        """For each end ``4 c + s`` (slot ``s`` of crossing ``c``) the other end of its edge."""
        return tuple(partners(list(chain.from_iterable(self.crossings))))

    def pieces(self) -> tuple[tuple[int, ...], ...]:
        """Return the connected pieces of the diagram as tuples of crossings; components without crossings are not among them.

        Examples
        --------
        >>> Link.from_braid([1, 3, 3]).pieces()
        ((0,), (1, 2))
        """
        return tuple(map(tuple, pieces_of(self.partners)))

    def faces(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the faces, each as the ends ``(crossing, slot)`` reached along its border with the face on the left.

        At such an end the face fills the corner between this slot and the one before it, ``slot - 1`` modulo 4.

        Examples
        --------
        >>> Link.from_braid([1]).faces()
        (((0, 0), (0, 2)), ((0, 1),), ((0, 3),))
        """
        return tuple(tuple((end >> 2, end & 3) for end in face) for face in face_ends(self.partners))

    @property
    def genus(self) -> int:
        """Genus of the surface on which the diagram lives: 0."""
        return genus(self.partners)

    def array(self) -> NDArray[np.int32]:
        """Return the crossings as an array ``(n, 4)``.

        Examples
        --------
        >>> Link.from_braid([1, -1]).array().shape
        (2, 4)
        """
        return np.array(self.crossings, dtype=np.int32).reshape(-1, 4)

    def __repr__(self) -> str:
        parts = [str([list(crossing) for crossing in self.crossings])]
        under = {crossing[0] for crossing in self.crossings}
        if any(len(component) <= 2 and not under.intersection(component) for component in self.components):
            parts.append(f"signs={list(self.signs)}")
        if self.n_unknots:
            parts.append(f"n_unknots={self.n_unknots}")
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        return f"Link.from_pd({', '.join(parts)})"


def _natural(value: object, name: str) -> int:
    """Return a number of things."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 0:
        message = f"{name} must be an integer >= 0, got {value!r}"
        raise DomainError(message, hint="pass a number of components")
    return int(value)


def _flat(pd: Iterable[Iterable[int]] | NDArray[np.integer[Any]]) -> list[int]:
    """Return the labels of all ends in order."""
    rows = pd.tolist() if isinstance(pd, np.ndarray) else pd
    flat: list[int] = []
    try:
        for index, row in enumerate(rows):
            start = len(flat)
            flat.extend(map(operator.index, row))
            if len(flat) != start + 4:
                message = f"pd: crossing {index} has {len(flat) - start} labels, not 4"
                raise ShapeError(message, hint="a crossing is X[i, j, k, l]")
    except TypeError as error:
        message = f"pd must be a list of crossings, each four integers, got {pd!r}"
        raise DomainError(message, hint="for example [[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 2]]") from error
    return flat


def _check_signs(signs: Sequence[int], n: int) -> list[int]:
    """Return the signs of ``n`` crossings."""
    found = [int(sign) for sign in signs]
    if len(found) != n:
        message = f"signs has {len(found)} entries for {n} crossings"
        raise ShapeError(message, hint="give one sign for each crossing")
    for index, sign in enumerate(found):
        if sign not in (1, -1):
            message = f"signs[{index}] = {sign} is neither 1 nor -1"
            raise DomainError(message, hint="a crossing is positive, 1, or negative, -1")
    return found


def _check_found(found: Sequence[int], given: Sequence[int | None] | None) -> None:
    """Refuse signs that the orientation of the diagram contradicts."""
    for index, (sign, wanted) in enumerate(zip(found, given or (), strict=False)):
        if wanted and sign != wanted:
            message = f"signs[{index}] = {wanted}, but the labels make crossing {index} have sign {sign}"
            raise DomainError(message, hint="leave signs out, or list the crossing from its incoming under edge")
