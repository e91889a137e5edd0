"""Tangles in a disc, as values: glued, rotated, added, closed.

Definition: crossings and points on the border of a disc, anticlockwise; tangles are the inputs of planar diagrams (Jones, Planar algebras).
Convention: of four ends the first is in the north-west, then south-west, south-east, north-east; in the tangle 1 the strand from
north-west to south-east passes over, so that the numerator closure of 3 is the right-handed trefoil (as in spherogram).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import final

from erlangen.errors import DomainError, ShapeError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.link_arguments import flat_labels, natural
from erlangen.topology.diagrams.pd_text import parse_pd
from erlangen.topology.diagrams.tangle_code import contract, normal_tangle
from erlangen.validation import check_integer

__all__ = ["Tangle"]


@final
@dataclass(frozen=True, init=False, repr=False)
class Tangle:
    """A tangle diagram in a disc, without orientation: crossings, the edges at its border anticlockwise, and circles.

    Equality is equality of normal codes; what it prints, it reads.

    Parameters
    ----------
    pd : list of crossings, or text
        ``X[i, j, k, l]``, anticlockwise from an under edge, with any labels.
    border : sequence of int
        Labels at the points of the border, anticlockwise from the marked one.
    n_circles : int
        Closed components without crossings.

    Raises
    ------
    DomainError
        If an edge does not have two ends, or the diagram does not lie in the disc.

    Examples
    --------
    >>> crossing = Tangle([[0, 1, 2, 3]], [0, 1, 2, 3])
    >>> crossing.n_ends, crossing.rotate().rotate() == crossing
    (4, True)
    >>> (Tangle.integer(2) + Tangle.integer(1)).numerator().writhe
    3
    """

    crossings: tuple[tuple[int, int, int, int], ...]
    border: tuple[int, ...]
    n_circles: int

    def __init__(self, pd: str | Iterable[Iterable[int]] = (), border: Sequence[int] = (), n_circles: int = 0) -> None:
        rows, circles = pd, natural(n_circles, "n_circles")
        if isinstance(pd, str):
            rows, _, more = parse_pd(pd)
            circles += more
        flat = flat_labels(rows)  # type: ignore[arg-type]
        code = normal_tangle([flat[k : k + 4] for k in range(0, len(flat), 4)], tuple(border), circles)
        for field, value in zip(("crossings", "border", "n_circles"), code, strict=True):
            object.__setattr__(self, field, value)

    @property
    def n_ends(self) -> int:
        """Number of points on the border."""
        return len(self.border)

    @property
    def n_crossings(self) -> int:
        """Number of crossings."""
        return len(self.crossings)

    @classmethod
    def identity(cls, strands: int) -> Tangle:
        """Return parallel vertical strands: ends run down the left of the border from the top left, then along the bottom and up.

        The top ends, from left to right, are the last ones in reverse order.

        Examples
        --------
        >>> Tangle.identity(2)
        Tangle([], [0, 0, 1, 1])
        """
        n = check_integer(strands, "strands", low=0)
        if n == 0:
            return cls()
        bottom = list(range(n))
        return cls([], [0, *bottom, *bottom[:0:-1]])

    @classmethod
    def integer(cls, n: int) -> Tangle:
        """Return the tangle ``n``: that many horizontal half twists.

        Examples
        --------
        >>> Tangle.integer(-1).mirror() == Tangle.integer(1)
        True
        """
        count = check_integer(n, "n")
        step = cls([[1, 2, 3, 0]] if count >= 0 else [[0, 1, 2, 3]], [0, 1, 2, 3])
        total = cls([], [0, 1, 1, 0])
        for _ in range(abs(count)):
            total = total + step
        return total

    @classmethod
    def rational(cls, p: int, q: int = 1) -> Tangle:
        """Return the rational tangle ``p/q``; ``1/0`` is two vertical strands.

        Built from its continued fraction by ``p/q = a + 1/(q/r)`` (Conway; Kauffman, Lambropoulou, arXiv math/0311499).

        Raises
        ------
        DomainError
            If p and q are both 0.

        Examples
        --------
        >>> Tangle.rational(5, 2).numerator().n_crossings
        4
        """
        a, b = check_integer(p, "p"), check_integer(q, "q")
        if b < 0:
            a, b = -a, -b
        if a == b == 0:
            message = "p/q = 0/0 is no fraction"
            raise DomainError(message, hint="1/0 is the tangle of two vertical strands")
        if b == 0:
            return cls.integer(0).rotate()
        if a < 0:
            return cls.rational(-a, b).mirror()
        whole, rest = divmod(a, b)
        return cls.integer(whole) if rest == 0 else cls.integer(whole) + cls.rational(b, rest).invert()

    def mirror(self) -> Tangle:
        """Return the tangle with over and under exchanged."""
        rows = [(j, k, l, i) for i, j, k, l in self.crossings]  # noqa: E741 - X[i, j, k, l]
        return Tangle(rows, self.border, self.n_circles)

    def rotate(self, steps: int = 1) -> Tangle:
        """Return the tangle turned anticlockwise so that each end takes the place of the one ``steps`` after it.

        Examples
        --------
        >>> Tangle.integer(1).rotate() == Tangle.integer(-1)
        True
        """
        shift = steps % self.n_ends if self.n_ends else 0
        return Tangle(
            self.crossings,
            self.border[len(self.border) - shift :] + self.border[: len(self.border) - shift],
            self.n_circles,
        )

    def invert(self) -> Tangle:
        """Return the tangle of the inverse fraction: mirror image, turned by a quarter."""
        return self.mirror().rotate()

    @classmethod
    def planar(
        cls, inputs: Iterable[tuple[Tangle, Sequence[int]]], border: Sequence[int] = (), n_circles: int = 0
    ) -> Tangle:
        """Glue tangles into the holes of a planar diagram.

        Parameters
        ----------
        inputs : iterable of (tangle, labels)
            Each tangle with the labels of the strands at its ends, in order.
        border : sequence of int
            Labels of the strands at the outer border, anticlockwise. Each label stands twice in all.
        n_circles : int
            Circles of the diagram itself.

        Raises
        ------
        ShapeError
            If a tangle has not as many ends as labels.
        DomainError
            If a label does not stand twice, or the result does not lie in the plane.

        Examples
        --------
        >>> one = Tangle.integer(1)
        >>> Tangle.planar([(one, [0, 1, 2, 3]), (one, [3, 2, 4, 5])], [0, 1, 4, 5]) == one + one
        True
        """
        return cls(*_glue(inputs, border, n_circles))

    def __add__(self, other: Tangle) -> Tangle:
        """Put the other tangle to the right."""
        _check_four(self, other)
        return Tangle.planar([(self, (0, 1, 2, 3)), (other, (3, 2, 4, 5))], (0, 1, 4, 5))

    def __mul__(self, other: Tangle) -> Tangle:
        """Put the other tangle below."""
        _check_four(self, other)
        return Tangle.planar([(self, (0, 1, 2, 3)), (other, (1, 4, 5, 2))], (0, 4, 5, 3))

    def close(self, pairs: Sequence[tuple[int, int]], *, name: str | None = None) -> Link:
        """Return the link with pairs of ends joined outside the disc, oriented in a reproducible way.

        Raises
        ------
        DomainError
            If an end is not in one pair, or pairs cross.

        Examples
        --------
        >>> Tangle.integer(2).close([(0, 1), (2, 3)]).n_components
        1
        """
        label = {end: index for index, pair in enumerate(pairs) for end in pair}
        if sorted(end for pair in pairs for end in pair) != list(range(self.n_ends)):
            message = f"pairs {list(pairs)!r} do not join each of the {self.n_ends} ends once"
            raise DomainError(message, hint="ends are numbered from 0 along the border")
        rows, _, circles = _glue([(self, [label[end] for end in range(self.n_ends)])], (), 0)
        return Link.from_pd(rows, n_unknots=circles, oriented=False, name=name)

    def numerator(self) -> Link:
        """Return the link with the two upper ends joined, and the two lower ones.

        Examples
        --------
        >>> Tangle.integer(3).numerator().writhe
        3
        """
        _check_four(self)
        return self.close([(0, 3), (1, 2)])

    def denominator(self) -> Link:
        """Return the link with the two left ends joined, and the two right ones."""
        _check_four(self)
        return self.close([(0, 1), (2, 3)])

    def __repr__(self) -> str:
        circles = f", {self.n_circles}" if self.n_circles else ""
        return f"Tangle({[list(row) for row in self.crossings]}, {list(self.border)}{circles})"


def _check_four(*tangles: Tangle) -> None:
    """Refuse tangles that have not four ends."""
    for tangle in tangles:
        if tangle.n_ends != 4:
            message = f"a tangle of four ends is needed, this one has {tangle.n_ends}"
            raise ShapeError(message, hint="glue other tangles with Tangle.planar and close them with close")


def _glue(
    inputs: Iterable[tuple[Tangle, Sequence[int]]], border: Sequence[int], n_circles: int
) -> tuple[list[list[int]], list[int], int]:
    """Return rows, border and circles of tangles glued along the strands of a planar diagram."""
    rows: list[list[int]] = []
    ends: list[tuple[int, int]] = []
    fresh, circles = 0, natural(n_circles, "n_circles")
    for place, (tangle, labels) in enumerate(inputs):
        if len(labels) != tangle.n_ends:
            message = f"inputs[{place}] has {tangle.n_ends} ends and {len(labels)} labels"
            raise ShapeError(message, hint="give one label for each end, anticlockwise from the marked one")
        rows += [[label + fresh for label in row] for row in tangle.crossings]
        ends += [(label, edge + fresh) for label, edge in zip(labels, tangle.border, strict=True)]
        fresh += 1 + max(chain(chain.from_iterable(tangle.crossings), tangle.border), default=0)
        circles += tangle.n_circles
    outer: dict[int, list[int]] = {}
    for label, edge in ends:
        outer.setdefault(label, []).append(edge)
    loose = []
    for label in border:
        loose.append(fresh)
        outer.setdefault(label, []).append(fresh)
        fresh += 1
    for label, edges in outer.items():
        if len(edges) != 2:
            message = f"the strand labelled {label} has {len(edges)} ends, not 2"
            raise DomainError(message, hint="each label stands twice, at ends of tangles or at the border")
    joined, rim, more = contract(rows, loose, [(a, b) for a, b in outer.values()])
    return joined, rim, circles + more
