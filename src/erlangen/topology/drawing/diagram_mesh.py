"""A triangulation of the disc that holds a connected diagram.

Definition: nodes are the crossings, some points on each edge and some in each face; one face, the outer one, becomes a collar around the rest.
Convention: triangles run anticlockwise; faces of Link.faces have their border on the right, so that they are walked anticlockwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.link import Link

__all__ = ["DiagramMesh", "MeshBuilder", "build_mesh", "doubled_areas"]

_FAN = 9  # a cycle of at most so many nodes is filled by one node in the middle


@final
@dataclass(frozen=True, eq=False)
class DiagramMesh:
    """A triangulated disc and the strands of the diagram in it."""

    n_nodes: int
    crossings: tuple[int, ...]  # of the link; crossing number k here is node k
    triangles: NDArray[np.int64]  # (t, 3)
    inner: NDArray[np.bool_]  # (t,), False in the collar
    boundary: tuple[int, ...]  # the cycle of nodes around the collar
    strands: tuple[tuple[int, ...], ...]  # one for each component; closed if the last node is a crossing
    components: tuple[int, ...]  # their numbers in the link
    fixed: tuple[int, ...] = ()  # nodes that keep their places

    def is_closed(self, strand: tuple[int, ...]) -> bool:
        """Return whether a strand is a closed one."""
        return strand[-1] < len(self.crossings)


def doubled_areas(places: NDArray[np.float64], triangles: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return twice the areas of triangles ``(t, 3)``, positive if anticlockwise."""
    a, b, c = places[triangles.T]
    return np.asarray((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])


class MeshBuilder:
    """Collects nodes and triangles."""

    def __init__(self, n_nodes: int) -> None:
        self.n_nodes = n_nodes
        self.triangles: list[tuple[int, int, int]] = []

    def ring(self, size: int) -> list[int]:
        """Return new nodes."""
        self.n_nodes += size
        return list(range(self.n_nodes - size, self.n_nodes))

    def annulus(self, outer: list[int], inner: list[int]) -> None:
        """Fill the space between two cycles, both anticlockwise, evenly."""
        i = j = 0
        n, m = len(outer), len(inner)
        while i < n or j < m:
            if j >= m or (i < n and (2 * i + 1) * m <= 2 * (j + 1) * n):
                self.triangles.append((outer[i % n], outer[(i + 1) % n], inner[j % m]))
                i += 1
            else:
                self.triangles.append((inner[(j + 1) % m], inner[j % m], outer[i % n]))
                j += 1

    def fill(self, cycle: list[int], corners: int) -> None:
        """Fill a face: rings of ever fewer nodes keep its symmetry, a fan ends it.

        A face that touches a node twice gets a ring of full length first, so that no two nodes are joined twice.
        """
        if len(set(cycle)) < len(cycle):
            ring = self.ring(len(cycle))
            self.annulus(cycle, ring)
            cycle = ring
        step = corners * max(1, round(6 / corners))
        while len(cycle) > _FAN and len(cycle) - step >= 4:
            ring = self.ring(len(cycle) - step)
            self.annulus(cycle, ring)
            cycle = ring
        (middle,) = self.ring(1)
        self.triangles += [(a, b, middle) for a, b in pairwise([*cycle, cycle[0]])]


def _is_head(slot: int, sign: int) -> bool:
    """Return whether the edge in this slot of a crossing ends there."""
    return slot in (0, 3 if sign > 0 else 1)


class _Edges:
    """The nodes on the edges of a piece, along the orientation; an edge that returns to its crossing gets more of them."""

    def __init__(self, link: Link, piece: tuple[int, ...], per_edge: int) -> None:
        self.link = link
        self.place = {crossing: number for number, crossing in enumerate(piece)}
        self.nodes: dict[int, list[int]] = {}
        self.heads: dict[int, int] = {}
        self.count = len(piece)
        for crossing in piece:
            edges, sign = link.crossings[crossing], link.signs[crossing]
            for slot, edge in enumerate(edges):
                if _is_head(slot, sign):
                    size = 2 * per_edge + 1 if edges.count(edge) == 2 else per_edge
                    self.nodes[edge] = list(range(self.count, self.count + size))
                    self.heads[edge] = self.place[crossing]
                    self.count += size

    def cycle(self, face: tuple[tuple[int, int], ...]) -> list[int]:
        """Return the nodes around a face, anticlockwise."""
        around: list[int] = []
        for crossing, slot in face:
            nodes = self.nodes[self.link.crossings[crossing][slot]]
            around += nodes if _is_head(slot, self.link.signs[crossing]) else nodes[::-1]
            around.append(self.place[crossing])
        return around

    def strand(self, component: tuple[int, ...]) -> tuple[int, ...]:
        """Return the nodes along a component."""
        along: list[int] = []
        for edge in component:
            along += [*self.nodes[edge], self.heads[edge]]
        return tuple(along)


def build_mesh(link: Link, piece: tuple[int, ...], *, per_edge: int, outer: int | None = None) -> DiagramMesh:
    """Triangulate a connected piece of a diagram.

    Parameters
    ----------
    link : Link
        The diagram.
    piece : tuple of int
        Crossings of one of its pieces.
    per_edge : int
        Nodes on each edge.
    outer : int, optional
        A crossing's corner ``4 c + s`` (between slots s - 1 and s) that lies on the outer face; by default a face with most corners.

    Examples
    --------
    >>> mesh = build_mesh(Link.from_braid([1, 1, 1]), (0, 1, 2), per_edge=2)
    >>> len(mesh.strands[0]), len(mesh.boundary), int((~mesh.inner).sum())
    (18, 9, 36)
    """
    edges = _Edges(link, piece, per_edge)
    faces = [face for face in link.faces() if face[0][0] in edges.place]
    outside = max(faces, key=len) if outer is None else next(f for f in faces if divmod(outer, 4) in f)
    builder = MeshBuilder(edges.count)
    for face in faces:
        if face is not outside:
            builder.fill(edges.cycle(face), len(face))
    n_inner = len(builder.triangles)
    border = edges.cycle(outside)
    collar, boundary = builder.ring(len(border)), builder.ring(len(border))
    builder.annulus(border, collar)
    builder.annulus(collar, boundary)
    here = [(number, component) for number, component in enumerate(link.components) if component[0] in edges.nodes]
    return DiagramMesh(
        builder.n_nodes,
        piece,
        np.array(builder.triangles, dtype=np.int64),
        np.arange(len(builder.triangles)) < n_inner,
        tuple(boundary),
        tuple(edges.strand(component) for _, component in here),
        tuple(number for number, _ in here),
    )
