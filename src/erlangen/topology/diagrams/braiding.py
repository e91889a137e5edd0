"""Braids from links, by Vogel's moves.

Definition: where two edges of a face run along it in the same sense and belong to different Seifert circles, one is pushed over the
other (Vogel, Comment. Math. Helv. 65 (1990) 104); when no such face is left the Seifert circles are nested, and are the strands.
Convention: the braid's closure is the link; the number of strands is that of Seifert circles of the diagram (Yamada 1987).
"""

from __future__ import annotations

from collections.abc import Sequence

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.reidemeister_move import ReidemeisterMove

__all__ = ["braid_representative"]


def braid_representative(link: Link) -> Braid:
    """Return a braid whose closure is the link, with as many strands as the diagram has Seifert circles.

    Pieces of the diagram stand side by side. The exponent sum is the writhe of the diagram; the word grows with the number of
    Seifert circles that are not nested, so simplify long diagrams first.

    Raises
    ------
    DomainError
        If the link is empty.

    Examples
    --------
    >>> braid_representative(Link.from_name("3_1"))
    Braid([1, 1, 1], 2)
    >>> braid_representative(Link.from_name("4_1")).strands
    3
    """
    words: list[int] = []
    strands = 0
    for piece in link.split():
        if not piece.crossings:
            break
        word, width = _word(_untangled(piece))
        words.extend(letter + strands if letter > 0 else letter - strands for letter in word)
        strands += width
    return Braid(words, strands + link.n_unknots)


def _untangled(link: Link) -> Link:
    """Return the diagram after Vogel's moves."""
    while True:
        circle = _circle_of(link)
        for face in link.faces():
            ends = [4 * crossing + slot for crossing, slot in face]
            move = _vogel_move(link, ends, circle)
            if move is not None:
                link = move.apply(link)
                break
        else:
            return link


def _circle_of(link: Link) -> list[int]:
    """Return for each edge the index of its Seifert circle."""
    circle = [0] * (2 * link.n_crossings)
    for index, edges in enumerate(link.seifert_circles()):
        for edge in edges:
            circle[edge] = index
    return circle


def _vogel_move(link: Link, ends: Sequence[int], circle: Sequence[int]) -> ReidemeisterMove | None:
    """Return the move at two edges of a face that run along it in one sense and lie on different circles."""
    first: dict[bool, int] = {}
    for end in ends:
        edge = link.flat[end]
        sense = link.heads[edge] == end
        other = first.setdefault(sense, end)
        if circle[link.flat[other]] != circle[edge]:
            return ReidemeisterMove("R2+", (end, other), 1)
    return None


def _word(link: Link) -> tuple[list[int], int]:
    """Read the braid of a connected diagram whose Seifert circles are nested: a crossing is a letter once it is the next on both."""
    circles = link.seifert_circles()
    circle = _circle_of(link)
    order = _chain(link, circle, len(circles))
    queues = []
    for index, start in zip(order, _cut(link, circle, order), strict=True):
        edges = circles[index]
        place = edges.index(start)
        queues.append([link.heads[edge] >> 2 for edge in (*edges[place:], *edges[:place])])
    word: list[int] = []
    place = 0
    while place < len(queues) - 1:
        lower, upper = queues[place], queues[place + 1]
        if lower and upper and lower[0] == upper[0]:
            crossing = lower.pop(0)
            upper.pop(0)
            word.append(link.signs[crossing] * (place + 1))
            place = max(place - 1, 0)
        else:
            place += 1
    return word, len(circles)


def _chain(link: Link, circle: Sequence[int], count: int) -> list[int]:
    """Return the Seifert circles from one end of the chain that crossings make of them to the other."""
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for i, j, _, l in link.crossings:  # noqa: E741 - X[i, j, k, l]
        sides = {circle[i], circle[j], circle[l]}
        for a in sides:
            neighbours[a] |= sides - {a}
    chain = [min(range(count), key=lambda index: (len(neighbours[index]), index))]
    while len(chain) < count:
        chain.append(next(index for index in neighbours[chain[-1]] if index not in chain))
    return chain


def _cut(link: Link, circle: Sequence[int], order: Sequence[int]) -> list[int]:
    """Return one edge of each circle, met one after the other by a path that crosses no other edges."""
    faces = link.faces()
    left = {4 * crossing + slot: index for index, face in enumerate(faces) for crossing, slot in face}
    edge = next(edge for edge, index in enumerate(circle) if index == order[0])
    cut = [edge]
    for target in order[1:]:
        head = link.heads[cut[-1]]
        for end in (head, link.partners[head]):
            on_face = [link.flat[4 * crossing + slot] for crossing, slot in faces[left[end]]]
            found = [edge for edge in on_face if circle[edge] == target]
            if found:
                cut.append(found[0])
                break
    return cut
