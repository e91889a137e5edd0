"""Simplification of diagrams: fewer crossings, the same link.

Definition: kinks and bigons are removed, components over or under all others lifted off, and stretches laid along shorter ways; when
nothing gets shorter, stretches are laid along ways as long as before, and triangles slid, at random, and all is tried again.
A reduced alternating diagram is minimal (Kauffman, Murasugi, Thistlethwaite 1987) and is left alone.
Convention: components keep order and orientation; the result has never more crossings; with the same ``rng`` it is the same.
"""

from __future__ import annotations

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.pass_moves import faces_of, find_way, lay, stretches
from erlangen.topology.diagrams.reidemeister_move import is_bigon, is_triangle, slide
from erlangen.topology.diagrams.workspace import Workspace
from erlangen.validation import check_integer

__all__ = ["simplify"]


def simplify(link: Link, *, effort: int = 10, rng: RngLike = 0) -> Link:
    """Return a diagram of the same link with no more crossings, often with as few as there can be.

    Parameters
    ----------
    link : Link
        The diagram.
    effort : int
        Number of rounds of random moves that keep the number of crossings, after which shorter ways are sought again; 0 takes none.
    rng : seed or generator
        Of the random moves.

    Raises
    ------
    DomainError
        If ``effort`` is negative.

    Examples
    --------
    >>> simplify(Link.from_braid([1, 2, -1, 1, 2, -2, -2, 3], 5)).n_crossings
    0
    >>> simplify(Link.from_name("3_1")) == Link.from_name("3_1")
    True
    """
    rounds = check_integer(effort, "effort", low=0)
    generator = as_generator(rng)
    best = shorten(link)
    for _ in range(rounds):
        if best.n_crossings < 3 or best.is_alternating:  # then it is reduced, and has as few crossings as there can be
            break
        other = shorten(shuffle(best, generator))
        if other.n_crossings < best.n_crossings:
            best = other
    return best if best.n_crossings < link.n_crossings else link


def shorten(link: Link) -> Link:
    """Return the diagram after all moves that lower the number of crossings."""
    while True:
        before = link.n_crossings
        link = _lift_components(_remove_small_faces(link))
        link = _shorten_stretches(link)
        if link.n_crossings == before:
            return link


def _remove_small_faces(link: Link) -> Link:
    """Remove kinks and bigons until there are none."""
    space = Workspace(link)
    partner, alive = space.partner, space.alive
    waiting = list(range(link.n_crossings))
    while waiting:
        crossing = waiting.pop()
        if not alive[crossing]:
            continue
        for end in range(4 * crossing, 4 * crossing + 4):
            other = partner[end - 1 if end & 3 else end + 3]
            if other != end and not is_bigon(partner, end, other):
                continue
            gone = {crossing, other >> 2}
            waiting.extend(partner[4 * c + slot] >> 2 for c in gone for slot in range(4))
            for c in gone:
                space.erase(c)
            break
    return link if all(alive) else _link(space, link)


def _lift_components(link: Link) -> Link:
    """Take off components that are over, or under, at all their crossings."""
    over = {link.component_of[crossing[1]] for crossing in link.crossings}
    under = {link.component_of[crossing[0]] for crossing in link.crossings}
    free = over ^ under
    if not free:
        return link
    space = Workspace(link)
    for crossing, homes in enumerate(space.homes):
        if not free.isdisjoint(homes):
            space.erase(crossing)
    return _link(space, link)


def _shorten_stretches(link: Link) -> Link:
    """Lay the stretch that gains most along a shorter way, until none gains."""
    while link.crossings:
        space = Workspace(link)
        faces, left = faces_of(space.partner)
        for stretch in sorted(stretches(space), key=lambda stretch: -len(stretch[2])):
            way = find_way(space.partner, faces, left, stretch, len(stretch[2]) - 1)
            if way is not None:
                break
        else:
            return link
        lay(space, stretch, way)
        link = _remove_small_faces(_link(space, link))
    return link


def shuffle(link: Link, generator: np.random.Generator) -> Link:
    """Return the diagram after random moves that keep the number of crossings."""
    for _ in range(max(4, link.n_crossings // 4)):
        space = Workspace(link)
        faces, left = faces_of(space.partner)
        triangles = [tuple(face) for face in faces if len(face) == 3 and is_triangle(space.partner, tuple(face))]
        if triangles and generator.random() < 0.5:
            slide(space, triangles[int(generator.integers(len(triangles)))], 0)
            link = _link(space, link)
            continue
        found = list(stretches(space))
        if not found:
            break
        stretch = found[int(generator.integers(len(found)))]
        turn = [face[k:] + face[:k] for face in faces for k in (int(generator.integers(len(face))),)]
        way = find_way(space.partner, turn, left, stretch, len(stretch[2]))
        if way is not None:
            lay(space, stretch, way)
            link = _link(space, link)
    return link


def _link(space: Workspace, link: Link) -> Link:
    """Return the link of a workspace, with the name of the one it was made from."""
    return Link._of(*space.code(), link.name)
