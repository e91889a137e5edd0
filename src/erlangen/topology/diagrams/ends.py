"""The ends of a diagram's edges and which of them belong together: the planar map that every move works on.

Definition: end ``p = 4 c + s`` is slot ``s`` of crossing ``c``; ``partner`` is the involution that joins the two ends of each edge.
Convention: slots run anticlockwise; the strand through ``p`` leaves at ``p ^ 2``; slots 0 and 2 are under.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter

from erlangen.errors import DomainError

__all__ = ["check_planar", "face_ends", "partners", "pieces_of"]

_ORDER = "X[i, j, k, l] lists the edges anticlockwise from the incoming under edge i"


def partners(flat: Sequence[int]) -> list[int]:
    """Return the partner of every end, for the labels of all ends in order.

    Raises
    ------
    DomainError
        If a label does not stand exactly twice, naming it and its crossings.

    Examples
    --------
    >>> partners([1, 1, 2, 2])
    [1, 0, 3, 2]
    """
    first: dict[int, int] = {}
    partner = [0] * len(flat)
    for end, label in enumerate(flat):
        other = first.setdefault(label, end)
        if other != end:
            partner[end] = other
            partner[other] = end
    if 2 * len(first) != len(flat) or len(set(partner)) != len(flat):
        _refuse_labels(flat)
    return partner


def _refuse_labels(flat: Sequence[int]) -> None:
    """Name the first label that does not stand exactly twice."""
    places: dict[int, list[int]] = {}
    for end, label in enumerate(flat):
        places.setdefault(label, []).append(end // 4)
    for label, crossings in places.items():
        if len(crossings) != 2:
            times = "once" if len(crossings) == 1 else f"{len(crossings)} times"
            where = ", ".join(map(str, crossings))
            message = f"pd: edge {label} appears {times} (crossing {where}); each edge must appear exactly twice"
            raise DomainError(message, hint="an edge joins two ends of crossings; check the labels of these crossings")


def face_ends(partner: Sequence[int]) -> list[list[int]]:
    """Return the faces: each a list of ends reached while walking along its border with the face on the left.

    Examples
    --------
    >>> face_ends([1, 0, 3, 2])
    [[0, 2], [1], [3]]
    """
    seen = [False] * len(partner)
    faces = []
    for first in range(len(partner)):
        if seen[first]:
            continue
        face = []
        end = first
        while not seen[end]:
            seen[end] = True
            face.append(end)
            end = partner[end - 1 if end & 3 else end + 3]
        faces.append(face)
    return faces


def pieces_of(partner: Sequence[int]) -> list[list[int]]:
    """Return the connected pieces of a diagram, each a sorted list of crossings.

    Examples
    --------
    >>> pieces_of([1, 0, 3, 2, 5, 4, 7, 6])
    [[0], [1]]
    """
    seen = [False] * (len(partner) // 4)
    pieces = []
    for first in range(len(seen)):
        if seen[first]:
            continue
        seen[first] = True
        piece = [first]
        for crossing in piece:
            for end in range(4 * crossing, 4 * crossing + 4):
                other = partner[end] >> 2
                if not seen[other]:
                    seen[other] = True
                    piece.append(other)
        pieces.append(sorted(piece))
    return pieces


@cache
def _turns(count: int) -> tuple[int, ...]:
    """Return for each of the ends the one at which a walk departs when it turns left."""
    return tuple(end - 1 if end & 3 else end + 3 for end in range(count))


def count_faces(partner: Sequence[int]) -> int:
    """Return the number of faces."""
    after = list(itemgetter(*_turns(len(partner)))(partner)) if partner else []
    count = 0
    for first in range(len(after)):
        end = after[first]
        if end < 0:
            continue
        count += 1
        while end >= 0:
            after[first] = -1
            first = end  # noqa: PLW2901 - the walk itself
            end = after[end]
    return count


def genus(partner: Sequence[int], *, connected: bool = False) -> int:
    """Return the genus of the surface on which the map lives: ``V - E + F = 2 - 2 g`` summed over its pieces.

    A caller that knows the map to be connected may say so.

    Examples
    --------
    >>> genus([1, 0, 3, 2]), genus([2, 3, 0, 1])
    (0, 1)
    """
    n = len(partner) // 4
    faces = count_faces(partner)
    pieces = 1 if connected else len(pieces_of(partner))
    return (n + 2 * pieces - faces) // 2


def check_planar(partner: Sequence[int], name: str = "pd", hint: str = _ORDER, *, connected: bool = False) -> None:
    """Refuse a map that does not lie in the plane, naming the genus, the piece and, where one alone is to blame, the crossing.

    Raises
    ------
    DomainError
        For a map of positive genus.
    """
    if genus(partner, connected=connected) == 0:
        return
    for piece in pieces_of(partner):
        place = {crossing: index for index, crossing in enumerate(piece)}
        own = [4 * place[partner[end] >> 2] + (partner[end] & 3) for c in piece for end in range(4 * c, 4 * c + 4)]
        g = genus(own)
        if g:
            culprit = next((c for c in piece if genus(_flipped(own, place[c])) == 0), None)
            blame = "" if culprit is None else f"; it would be planar with crossing {culprit} listed clockwise"
            message = (
                f"{name}: the diagram has genus {g}, not 0, in the piece of {len(piece)} crossings that begins with crossing "
                f"{piece[0]} ({count_faces(own)} faces, a plane one has {len(piece) + 2}){blame}"
            )
            raise DomainError(message, hint=f"{hint}; virtual links are not supported")


def _flipped(partner: Sequence[int], crossing: int) -> list[int]:
    """Return the map with slots 1 and 3 of one crossing exchanged."""
    a, b = 4 * crossing + 1, 4 * crossing + 3
    swap = {a: b, b: a}
    renamed = [0] * len(partner)
    for end, other in enumerate(partner):
        renamed[swap.get(end, end)] = swap.get(other, other)
    return renamed
