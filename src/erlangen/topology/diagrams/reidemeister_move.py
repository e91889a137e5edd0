"""One Reidemeister move at one place of a diagram, as a value.

Definition: R1 adds or removes a kink, R2 two crossings of one strand over another, R3 slides a strand past a crossing (Reidemeister 1927).
Convention: places are ends ``4 c + s``, reached along a face with the face on the left; all moves keep the orientation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.workspace import EAST, NORTH, SOUTH, WEST, Workspace

__all__ = ["ReidemeisterMove", "is_bigon", "is_triangle"]


@final
@dataclass(frozen=True)
class ReidemeisterMove:
    """A move: its kind, the ends it is made at, and a sign for those that add crossings.

    Parameters
    ----------
    kind : "R1+", "R1-", "R2+", "R2-" or "R3"
        What is done.
    place : tuple of int
        R1+: the end of the edge that gets a kink in the face on its left (-1: a circle). R1-: the end whose face is the kink. R2+: two
        ends of one face, or of two pieces. R2-: the two ends of a bigon. R3: the three ends of a triangle.
    sign : int
        R1+: the sign of the kink. R2+: 1 if the strand of the first end passes over, -1 if under. Otherwise 0.

    Examples
    --------
    >>> ReidemeisterMove("R1+", (0,), -1).apply(Link.from_braid([1, 1, 1])).writhe
    2
    """

    kind: str
    place: tuple[int, ...]
    sign: int = 0

    def apply(self, link: Link) -> Link:
        """Return the link after the move.

        Raises
        ------
        DomainError
            If the move cannot be made there.
        """
        make = _MOVES.get(self.kind)
        if make is None:
            message = f"kind must be one of {', '.join(_MOVES)}, got {self.kind!r}"
            raise DomainError(message, hint="take moves from reidemeister_moves(link)")
        space = Workspace(link)
        if not (all(-1 <= end < len(space.partner) for end in self.place) and make(space, self.place, self.sign)):
            message = f"the move {self.kind} cannot be made at the ends {self.place}"
            raise DomainError(message, hint="take moves from reidemeister_moves(link)")
        return Link._of(*space.code(), link.name)


def is_bigon(partner: list[int], e: int, f: int) -> bool:
    """Say whether two ends bound a bigon with one strand over the other."""
    return (e ^ f) & 1 == 1 and e >> 2 != f >> 2 and partner[_left(e)] == f and partner[_left(f)] == e


def is_triangle(partner: list[int], ends: tuple[int, ...]) -> bool:
    """Say whether three ends bound a triangle past which its top strand can slide."""
    e, f, g = ends
    around = partner[_left(e)] == f and partner[_left(f)] == g and partner[_left(g)] == e
    return around and len({e >> 2, f >> 2, g >> 2}) == 3 and (e & 1) + (f & 1) + (g & 1) in (1, 2)


def _left(end: int) -> int:
    """Return the end at which a walk that arrives at ``end`` departs when it turns left."""
    return end - 1 if end & 3 else end + 3


def add_kink(space: Workspace, place: tuple[int, ...], sign: int) -> bool:
    """R1+: the walk comes from the west, turns left around the loop in the north-east and goes on to the south."""
    if len(place) != 1 or sign not in (1, -1):
        return False
    end = place[0]
    if end < 0:
        if not space.link.n_unknots:
            return False
        home, forward = space.link.n_components - 1, True
    else:
        home, forward = space.home(end), space.is_head(end)
    first, second = (WEST if forward else EAST, home), (NORTH if forward else SOUTH, home)
    east, north, west, south = space.add(first, second) if sign > 0 else space.add(second, first)
    space.join(north, east)
    if end < 0:
        space.join(west, south)
    else:
        space.join(west, space.partner[end])
        space.join(south, end)
    return True


def remove_kink(space: Workspace, place: tuple[int, ...], _: int) -> bool:
    """R1-: the loop at an end falls away."""
    if len(place) != 1 or place[0] < 0 or space.partner[place[0]] != _left(place[0]):
        return False
    space.erase(place[0] >> 2)
    return True


def add_bigon(space: Workspace, place: tuple[int, ...], sign: int) -> bool:
    """R2+: the first strand, in the south, is pushed north across the second, which runs west."""
    if len(place) != 2 or min(place) < 0 or sign not in (1, -1):
        return False
    p, q = place
    if space.partner[p] == q or p == q or not _share_face(space, p, q):
        return False
    p_from, q_from = space.partner[p], space.partner[q]
    first = (SOUTH if space.is_head(p) else NORTH, space.home(p))
    second = (EAST if space.is_head(q) else WEST, space.home(q))
    down = ((first[0] + 2) % 4, first[1])
    a = space.add(second, first) if sign > 0 else space.add(first, second)
    b = space.add(second, down) if sign > 0 else space.add(down, second)
    for x, y in (
        (a[SOUTH], p_from),
        (a[NORTH], b[NORTH]),
        (b[SOUTH], p),
        (a[WEST], q),
        (a[EAST], b[WEST]),
        (b[EAST], q_from),
    ):
        space.join(x, y)
    return True


def _share_face(space: Workspace, p: int, q: int) -> bool:
    """Say whether two ends lie on one face or on two pieces."""
    end = space.partner[_left(p)]
    while end not in (p, q):
        end = space.partner[_left(end)]
    if end == q:
        return True
    return all(not {p >> 2, q >> 2} <= set(piece) for piece in space.link.pieces())


def remove_bigon(space: Workspace, place: tuple[int, ...], _: int) -> bool:
    """R2-: the two crossings of a bigon fall away."""
    if len(place) != 2 or min(place) < 0 or not is_bigon(space.partner, *place):
        return False
    for end in place:
        space.erase(end >> 2)
    return True


def slide(space: Workspace, place: tuple[int, ...], _: int) -> bool:
    """R3: each strand of the triangle meets its two crossings in the other order."""
    if len(place) != 3 or min(place) < 0 or not is_triangle(space.partner, place):
        return False
    new: dict[int, int] = {}
    for e, f in zip(place, (*place[1:], place[0]), strict=True):
        new[_left(e) ^ 2] = f
        new[f ^ 2] = _left(e)
    outer = [(end, space.partner[end]) for end in new]
    for end, other in outer:
        space.join(new[end], new.get(other, other))
    for e, f in zip(place, (*place[1:], place[0]), strict=True):
        space.join(f ^ 2, _left(e) ^ 2)
    return True


_MOVES: dict[str, Callable[[Workspace, tuple[int, ...], int], bool]] = {
    "R1+": add_kink,
    "R1-": remove_kink,
    "R2+": add_bigon,
    "R2-": remove_bigon,
    "R3": slide,
}
