"""All places of a diagram for Reidemeister moves, and random walks by them.

Definition: two diagrams show the same link if and only if such moves lead from one to the other (Reidemeister 1927).
Convention: kinks are monogons, R2- are bigons with one strand over, R3 triangles whose three strands lie in layers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, permutations

from erlangen.random import RngLike, as_generator
from erlangen.topology.diagrams.ends import face_ends
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.reidemeister_move import ReidemeisterMove, is_bigon, is_triangle
from erlangen.validation import check_choice, check_integer

__all__ = ["random_moves", "reidemeister_moves"]

_KINDS = ("R1+", "R1-", "R2+", "R2-", "R3")


def reidemeister_moves(link: Link, kinds: Collection[str] = _KINDS) -> Iterator[ReidemeisterMove]:
    """Yield all moves of some kinds that a diagram allows.

    R2+ pairs any two ends of one face, and any two ends of different pieces; circles take part in R1+ only.

    Raises
    ------
    DomainError
        If a kind is unknown.

    Examples
    --------
    >>> trefoil = Link.from_braid([1, 1, 1])
    >>> [sum(move.kind == kind for move in reidemeister_moves(trefoil)) for kind in ("R1+", "R1-", "R2+", "R2-", "R3")]
    [24, 0, 36, 0, 0]
    """
    chosen = {check_choice(kind, "kinds", _KINDS) for kind in kinds}
    partner = list(link.partners)
    faces = face_ends(partner)
    if "R1+" in chosen:
        ends = [*range(len(partner)), *[-1] * bool(link.n_unknots)]
        yield from (ReidemeisterMove("R1+", (end,), sign) for end in ends for sign in (1, -1))
    for face in faces:
        if "R2+" in chosen:
            pairs = permutations(face, 2)
            yield from (ReidemeisterMove("R2+", pair, sign) for pair in pairs for sign in (1, -1))
        yield from (move for move in _reductions(partner, face) if move.kind in chosen)
    if "R2+" in chosen:
        for a, b in combinations(link.pieces(), 2):
            ends_a, ends_b = ([4 * c + slot for c in piece for slot in range(4)] for piece in (a, b))
            yield from (ReidemeisterMove("R2+", (p, q), sign) for p in ends_a for q in ends_b for sign in (1, -1))


def _reductions(partner: list[int], face: list[int]) -> Iterator[ReidemeisterMove]:
    """Yield the move that a face itself allows."""
    if len(face) == 1:
        yield ReidemeisterMove("R1-", (face[0],))
    elif len(face) == 2 and is_bigon(partner, *face):
        yield ReidemeisterMove("R2-", tuple(face))
    elif len(face) == 3 and is_triangle(partner, tuple(face)):
        yield ReidemeisterMove("R3", tuple(face))


def random_moves(link: Link, n: int, *, rng: RngLike = None, max_crossings: int | None = None) -> Link:
    """Return the diagram after ``n`` random Reidemeister moves, which shows the same link.

    Each step takes a kind among those possible, then a place; above ``max_crossings`` (by default 12 more than the diagram has)
    no crossings are added while another move is possible.

    Raises
    ------
    DomainError
        If ``n`` is negative.

    Examples
    --------
    >>> other = random_moves(Link.from_braid([1, 1, 1]), 20, rng=0)
    >>> other.n_components, other.genus
    (1, 0)
    """
    steps = check_integer(n, "n", low=0)
    limit = link.n_crossings + 12 if max_crossings is None else check_integer(max_crossings, "max_crossings", low=0)
    generator = as_generator(rng)
    for _ in range(steps):
        faces = face_ends(link.partners)
        moves = [move for face in faces for move in _reductions(list(link.partners), face)]
        grow = link.n_crossings < limit or not moves
        kinds = sorted({move.kind for move in moves} | ({"R1+", "R2+"} if grow else set()))
        kind = kinds[int(generator.integers(len(kinds)))]
        sign = int(generator.choice((1, -1)))
        if kind == "R1+" or not link.crossings:
            ends = [*range(4 * link.n_crossings), *[-1] * bool(link.n_unknots)]
            if not ends:
                break
            move = ReidemeisterMove("R1+", (ends[int(generator.integers(len(ends)))],), sign)
        elif kind == "R2+":
            wide = [face for face in faces if len(face) > 1]
            face = wide[int(generator.integers(len(wide)))]
            p, q = (face[int(k)] for k in generator.choice(len(face), 2, replace=False))
            move = ReidemeisterMove("R2+", (p, q), sign)
        else:
            own = [move for move in moves if move.kind == kind]
            move = own[int(generator.integers(len(own)))]
        link = move.apply(link)
    return link
