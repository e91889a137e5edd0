"""A triangulation of the disc that holds a tangle.

Definition: nodes are the crossings, points on edges, in faces and along the border; the border is a circle with the ends in their places.
Convention: ends stand anticlockwise at equal angles, of four the first in the north-west; strands from the border come first, by their first end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.topology.diagrams.tangle import Tangle
from erlangen.topology.drawing.diagram_mesh import DiagramMesh, MeshBuilder

__all__ = ["OpenTangle", "border_places"]

_ROUND = 16  # least number of nodes on the border


class OpenTangle:
    """The ends of a tangle with the nodes between them: end ``4 c + s`` is slot s of crossing c, the border's ends follow.

    Examples
    --------
    >>> lines = OpenTangle(Tangle.integer(2), 3)
    >>> [len(strand) for strand, _ in lines.strands()], len(lines.mesh().boundary)
    ([13, 13], 16)
    """

    def __init__(self, tangle: Tangle, per_edge: int) -> None:
        self.tangle = tangle
        self.first = 4 * tangle.n_crossings
        labels = [label for row in tangle.crossings for label in row] + list(tangle.border)
        self.partner = [0] * len(labels)
        self.leaving: list[list[int]] = [[] for _ in labels]
        self.count = tangle.n_crossings + tangle.n_ends
        waiting: dict[int, int] = {}
        for end, label in enumerate(labels):
            if label not in waiting:
                waiting[label] = end
                continue
            other = waiting.pop(label)
            self.partner[end], self.partner[other] = other, end
            kink = end < self.first and end >> 2 == other >> 2
            size = 2 * per_edge + 1 if kink else per_edge
            nodes = list(range(self.count, self.count + size))
            self.leaving[other], self.leaving[end] = nodes, nodes[::-1]
            self.count += size
        per_arc = -(-_ROUND // tangle.n_ends) - 1
        self.arcs = [
            list(range(self.count + per_arc * b, self.count + per_arc * (b + 1))) for b in range(tangle.n_ends)
        ]
        self.count += per_arc * tangle.n_ends

    def node(self, end: int) -> int:
        """Return the crossing's node, or the node of a point on the border."""
        return end >> 2 if end < self.first else self.tangle.n_crossings + end - self.first

    def strands(self) -> list[tuple[tuple[int, ...], tuple[bool, ...]]]:
        """Return the nodes along each strand, open ones first, and whether it passes over at the crossings it meets."""
        seen: set[int] = set()
        found = []
        for start in (*range(self.first, len(self.partner)), *range(self.first)):
            if start in seen:
                continue
            end, nodes, overs = start, [self.node(start)], []
            while end not in seen:
                arrival = self.partner[end]
                seen |= {end, arrival}
                nodes += [*self.leaving[end], self.node(arrival)]
                if arrival < self.first:
                    overs.append(arrival & 1 == 1)
                    end = arrival ^ 2
            found.append((tuple(nodes if start >= self.first else nodes[1:]), tuple(overs)))
        return found

    def _faces(self) -> list[tuple[list[int], int]]:
        """Return the nodes around each face, anticlockwise, and its number of corners."""
        seen: set[int] = set()
        faces = []
        for start in range(len(self.partner)):
            end, around, corners = start, [], 0
            while end not in seen:
                seen.add(end)
                arrival = self.partner[end]
                around += [*self.leaving[end], self.node(arrival)]
                corners += 1
                if arrival < self.first:
                    end = arrival - 1 if arrival & 3 else arrival + 3
                else:
                    end = self.first + (arrival - self.first + 1) % self.tangle.n_ends
                    around += [*self.arcs[arrival - self.first], self.node(end)]
                    corners += 1
            if around:
                faces.append((around, corners))
        return faces

    def mesh(self) -> DiagramMesh:
        """Return the triangulation, whose border is fixed.

        Raises
        ------
        DomainError
            If a part of the tangle does not hang together with the border.
        """
        builder = MeshBuilder(self.count)
        for around, corners in self._faces():
            builder.fill(around, corners)
        border = [node for b in range(self.tangle.n_ends) for node in (self.node(self.first + b), *self.arcs[b])]
        edges = {frozenset(pair) for t in builder.triangles for pair in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0]))}
        if builder.n_nodes - len(edges) + len(builder.triangles) != 1:
            message = "a closed part of the tangle floats freely"
            raise DomainError(message, hint="draw it by itself, as a link")
        strands = [nodes for nodes, _ in self.strands()]
        return DiagramMesh(
            builder.n_nodes,
            tuple(range(self.tangle.n_crossings)),
            np.array(builder.triangles, dtype=np.int64),
            np.ones(len(builder.triangles), dtype=bool),
            tuple(border),
            tuple(strands),
            tuple(range(len(strands))),
            fixed=tuple(border),
        )


def border_places(mesh: DiagramMesh, n_ends: int) -> NDArray[np.float64]:
    """Return places ``(n, 2)`` with the border on the unit circle and each other node at the mean of its neighbours (Tutte)."""
    n, size = mesh.n_nodes, len(mesh.boundary)
    turns = np.pi / 2 + np.pi / n_ends + 2 * np.pi * np.arange(size) / size
    places = np.zeros((n, 2))
    border = list(mesh.boundary)
    places[border] = np.column_stack([np.cos(turns), np.sin(turns)])
    a, b, c = mesh.triangles.T
    joined = np.zeros((n, n))
    joined[np.concatenate([a, b, c, b, c, a]), np.concatenate([b, c, a, a, b, c])] = 1.0
    rim = np.array(border, dtype=np.int64)
    free = np.setdiff1d(np.arange(n), rim)
    laplacian = np.diag(joined.sum(axis=1)) - joined
    pull = np.asarray(joined[np.ix_(free, rim)] @ places[rim], dtype=np.float64)
    places[free] = np.linalg.solve(laplacian[np.ix_(free, free)], pull)
    return places
