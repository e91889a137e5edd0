"""Pass moves: a stretch of strand that only passes over (or only under) is laid along another way through the faces.

Definition: take the stretch away; its two ends lie in faces of what is left, and any path between them crosses edges it may pass over.
Convention: the new way crosses as few edges as there can be; it is taken if it crosses fewer than before, or as many where asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from erlangen.topology.diagrams.ends import face_ends
from erlangen.topology.diagrams.workspace import EAST, NORTH, SOUTH, WEST, Workspace

__all__ = ["Stretch", "find_way", "lay", "stretches"]

Stretch = tuple[
    int, int, list[int]
]  # the end it departs from, the end it arrives at, the ends at which it arrives between


def stretches(space: Workspace) -> Iterator[Stretch]:
    """Yield the maximal stretches that pass only over or only under at least one crossing."""
    partner = space.partner
    for start in range(len(partner)):
        if space.is_head(start) or space.partner[start] & 1 == start & 1:
            continue
        side = 1 - (start & 1)
        arrivals = []
        head = partner[start]
        while head & 1 == side:
            arrivals.append(head)
            head = partner[head ^ 2]
        yield start, head, arrivals


def find_way(
    partner: Sequence[int], faces: Sequence[Sequence[int]], left: Sequence[int], stretch: Stretch, most: int
) -> list[int] | None:
    """Return the ends of the edges that a shortest new way crosses, each from the face on its left, or ``None`` if it has over ``most``.

    ``left[end]`` is the index of the face on the left of ``end``.
    """
    start, stop, arrivals = stretch
    own = {start, stop, *arrivals, *(end ^ 2 for end in arrivals)}
    region = _merge(left, [(end, partner[end]) for end in (start, *(head ^ 2 for head in arrivals))])
    groups: dict[int, list[int]] = {}
    for face, root in region.items():
        groups.setdefault(root, []).append(face)
    first, last = region[left[start]], region[left[stop]]
    came: dict[int, tuple[int, int]] = {first: (-1, -1)}
    layer = [first]
    for _ in range(most + 1):
        if last in came:
            return _trace(came, last)
        after = []
        for here in layer:
            for face in groups.get(here, (here,)):
                for end in faces[face]:
                    there = left[partner[end]]
                    there = region.get(there, there)
                    if there not in came and end not in own:
                        came[there] = (here, end)
                        after.append(there)
        layer = after
    return None


def _merge(left: Sequence[int], edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return for the faces along some edges one face of each region that they form when these edges are taken away."""
    root: dict[int, int] = {}
    for a, b in edges:
        p, q = left[a], left[b]
        while root.setdefault(p, p) != p:
            p = root[p]
        while root.setdefault(q, q) != q:
            q = root[q]
        root[q] = p
    for face in root:
        top = face
        while root[top] != top:
            top = root[top]
        root[face] = top
    return root


def _trace(came: dict[int, tuple[int, int]], last: int) -> list[int]:
    """Return the edges crossed on the way to a region."""
    way = []
    region, end = came[last]
    while end >= 0:
        way.append(end)
        region, end = came[region]
    return way[::-1]


def lay(space: Workspace, stretch: Stretch, way: Sequence[int]) -> None:
    """Lay a stretch along a new way."""
    start, stop, arrivals = stretch
    over = arrivals[0] & 1 == 1
    home = space.home(start)
    previous = start
    for end in way:
        other = space.partner[end]
        strand = (WEST, home)
        edge = (SOUTH if space.is_head(end) else NORTH, space.home(end))
        ends = space.add(edge, strand) if over else space.add(strand, edge)
        for a, b in ((ends[SOUTH], other), (ends[NORTH], end), (previous, ends[WEST])):
            space.join(a, b)
        previous = ends[EAST]
    space.join(previous, stop)
    for head in arrivals:
        space.pass_straight(head ^ 1)
        space.alive[head >> 2] = False


def faces_of(partner: Sequence[int]) -> tuple[list[list[int]], list[int]]:
    """Return the faces and, for each end, the index of the face on its left."""
    faces = face_ends(partner)
    left = [0] * len(partner)
    for index, face in enumerate(faces):
        for end in face:
            left[end] = index
    return faces, left
