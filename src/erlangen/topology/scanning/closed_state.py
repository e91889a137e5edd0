r"""Saddles on closed planar states, and the sign of exchanging two of them in the odd theory.

Definition: faces of type A, C, X, Y (Ozsvath, Rasmussen, Szabo, 0710.4300, section 2; Putyra, 1310.1895, section 5).
Convention: all curves run with black on their left; a saddle takes arcs p -> q, r -> s to p -> s, r -> q; a split is x_p - x_q.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, final

from erlangen.topology.scanning.matching import Pair

__all__ = ["ClosedState", "Partners", "Saddle", "partners", "saddle_path", "split_forms", "transport_sign"]

Partners: TypeAlias = Mapping[int, int]


@final
class Saddle(NamedTuple):
    """A saddle on the arcs p -> q and r -> s of the inner or the outer one-manifold, in a black or a white region."""

    outer: bool
    p: int
    q: int
    r: int
    s: int
    black: bool


@final
class ClosedState(NamedTuple):
    """Circles made of the arcs of an inner and an outer one-manifold with the same ends, each arc given by its two partners."""

    inner: Partners
    outer: Partners

    def after(self, saddle: Saddle) -> ClosedState:
        """Return the state after a saddle."""
        _, p, q, r, s, _ = saddle
        arcs = {**(self.outer if saddle.outer else self.inner), p: s, s: p, r: q, q: r}
        return ClosedState(self.inner, arcs) if saddle.outer else ClosedState(arcs, self.outer)

    def circles(self) -> dict[int, int]:
        """Return for each end the least end of its circle.

        Examples
        --------
        >>> ClosedState(partners([(0, 1), (2, 3)]), partners([(1, 2), (0, 3)])).circles()
        {0: 0, 1: 0, 2: 0, 3: 0}
        """
        names: dict[int, int] = {}
        for start in sorted(self.inner):
            end = start
            while end not in names:
                names[end] = names[self.inner[end]] = start
                end = self.outer[self.inner[end]]
        return names

    def splits(self, saddle: Saddle) -> bool:
        """Return whether a saddle splits a circle."""
        names = self.circles()
        return names[saddle.p] == names[saddle.r]

    def exchange_sign(self, one: Saddle, two: Saddle) -> int:
        r"""Return t with ``two one = t one two`` as maps of exterior algebras, or the formal sign where both vanish.

        Two merges commute, two splits anticommute; a merge and a split agree up to the sign of the split. Both ways vanish where
        one circle is split and merged again: t = 1 if along it come the tail of the black arrow, the tail of the white arrow, the
        two heads (type X), else -1 (type Y).
        """
        splits, other = self.splits(one), self.splits(two)
        last = self.after(one)
        number = splits + last.splits(two)
        if number != 1:
            return 1 if number == 0 else -1
        names = last.after(two).circles()
        first, second = one if splits else two, two if other else one
        form, twin = (names[first.p], names[first.q]), (names[second.p], names[second.q])
        if form[0] == form[1]:
            return self._linked_sign(one, two)
        return 1 if form == twin else -1

    def _linked_sign(self, one: Saddle, two: Saddle) -> int:
        """Return 1 for type X, -1 for type Y."""
        end, outside = one.q, one.outer
        while True:
            outside = not outside
            if two.outer == outside and end in (two.p, two.r):
                return 1 if (end == two.p) == two.black else -1
            end = (self.outer if outside else self.inner)[end]


def partners(arcs: Iterable[Pair]) -> dict[int, int]:
    """Return arcs as a table of partners."""
    return {end: other for a, b in arcs for end, other in ((a, b), (b, a))}


def saddle_path(
    boundary: Sequence[int], starts: Mapping[int, bool], start: Partners, stop: Partners, *, outer: bool
) -> list[Saddle]:
    """Return saddles from one crossingless matching of the ends around a disc to another, of least number.

    ``boundary`` lists the ends anticlockwise, ``starts`` says which run into the disc. The arcs of ``stop`` are made from the
    innermost outwards.
    """
    current, waiting, path = dict(start), list[int](), []
    for second in boundary:
        if not waiting or stop[waiting[-1]] != second:
            waiting.append(second)
            continue
        first = waiting.pop()
        if current[first] != second:
            p, s = (first, second) if starts[first] != outer else (second, first)
            saddle = Saddle(outer, p, current[p], current[s], s, not starts[first])
            path.append(saddle)
            current.update({p: s, s: p, saddle.r: saddle.q, saddle.q: saddle.r})
    return path


def transport_sign(state: ClosedState, across: Sequence[Saddle], along: Sequence[Saddle]) -> int:
    """Return the sign of exchanging a sequence of saddles with another: ``along across = sign * across along``."""
    sign = 1
    for saddle in across:
        place = state
        for step in along:
            sign *= place.exchange_sign(saddle, step)
            place = place.after(step)
        state = state.after(saddle)
    return sign


def split_forms(state: ClosedState, saddles: Sequence[Saddle]) -> list[Pair]:
    """Return the forms x_p - x_q of those saddles that split, as pairs of ends, the last saddle first."""
    forms: list[Pair] = []
    for saddle in saddles:
        if state.splits(saddle):
            forms.insert(0, (saddle.p, saddle.q))
        state = state.after(saddle)
    return forms
