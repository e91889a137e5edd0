"""Drawings of link diagrams.

Definition: each piece of the diagram is triangulated, packed with circles, and relaxed until its strands are smooth; splines run through the nodes.
Convention: edges are about four units long, y upwards; the strand under a crossing is broken there, orientation as in the link.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError, ResourceLimitError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.drawing.arrangement import arrange, upright
from erlangen.topology.drawing.circle_packing import pack_circles
from erlangen.topology.drawing.diagram_mesh import DiagramMesh, build_mesh, doubled_areas
from erlangen.topology.drawing.drawing import Drawing
from erlangen.topology.drawing.intersections import polygon_crossings
from erlangen.topology.drawing.relaxation import relax
from erlangen.topology.drawing.splines import closed_spline
from erlangen.topology.drawing.strand import Passage, Strand

__all__ = ["draw_link", "meets_truly"]

Array = NDArray[np.float64]
_MOST, _EDGE = 800, 4.0  # crossings, length of an edge
_FINENESS = ((8, 4), (30, 3), (80, 2), (_MOST, 1))


def draw_link(link: Link, *, outer: tuple[int, int] | None = None) -> Drawing:
    """Draw a link diagram with smooth strands and upright crossings.

    Parameters
    ----------
    link : Link
        Any diagram, with kinks, split pieces and components without crossings.
    outer : (crossing, slot), optional
        The face in this corner, between ``slot`` and the slot before it, becomes the outer one of its piece.

    Returns
    -------
    Drawing
        Ask it for :meth:`Drawing.svg`.

    Raises
    ------
    ResourceLimitError
        If a piece has more than 800 crossings.
    ConvergenceError
        If no drawing without further crossings was found, as happens with a dozen kinks inside one another.

    References
    ----------
    Collins & Stephenson, Comput. Geom. 25 (2003), for the packing; Hormann & Greiner, MIPS (2000), for the energy of triangles.

    Examples
    --------
    >>> drawing = draw_link(Link.from_braid([1, 1, 1]))
    >>> drawing
    <Drawing: a diagram of 3 crossings and 1 component>
    >>> drawing.svg().startswith("<svg ")
    True
    """
    pieces = []
    for piece in link.pieces():
        if len(piece) > _MOST:
            message = f"a piece of {len(piece)} crossings is too large to draw; the limit is {_MOST}"
            raise ResourceLimitError(message, estimate=len(piece), limit=_MOST, hint="simplify the diagram first")
        corner = 4 * outer[0] + outer[1] if outer is not None and outer[0] in piece else None
        pieces.append(upright(_draw_piece(link, piece, corner)))
    for index in range(link.n_unknots):
        pieces.append([_circle(len(link.components) + index)])
    return Drawing(link, tuple(sorted(arrange(pieces, gap=2.0), key=lambda strand: strand.component)))


def _draw_piece(link: Link, piece: tuple[int, ...], outer: int | None) -> list[Strand]:
    """Return the strands of one piece; the relaxed positions serve if they have no crossings but those of the diagram, else the packed ones."""
    fineness = next(per_edge for limit, per_edge in _FINENESS if len(piece) <= limit)
    for per_edge in (fineness, fineness + 1):
        mesh = build_mesh(link, piece, per_edge=per_edge, outer=outer)
        packed = pack_circles(mesh)
        for places in (relax(mesh, packed, per_edge=per_edge), packed):
            if doubled_areas(places, mesh.triangles).min() <= 0:
                continue
            strands = _strands(link, mesh, places)
            if meets_truly(strands, len(piece)):
                return strands
    message = f"the strands of the piece with crossing {piece[0]} meet where the diagram has no crossing"
    raise ConvergenceError(
        message, hint="many kinks inside one another have no room; simplify the diagram, or choose another outer face"
    )


def _strands(link: Link, mesh: DiagramMesh, places: Array) -> list[Strand]:
    """Return the splines through the nodes of the strands, so large that edges have their length on average."""
    loops = [places[list(nodes)] for nodes in mesh.strands]
    total = sum(float(np.linalg.norm(np.roll(loop, -1, axis=0) - loop, axis=1).sum()) for loop in loops)
    scale = _EDGE * 2 * len(mesh.crossings) / total
    strands = []
    for number, nodes, loop in zip(mesh.components, mesh.strands, loops, strict=True):
        edges = link.components[number]
        passages, edge = [], iter(edges)
        for parameter, node in enumerate(nodes):
            if node < len(mesh.crossings):
                crossing = mesh.crossings[node]
                passages.append(Passage(parameter, crossing, link.crossings[crossing][0] != next(edge)))
        strands.append(Strand(number, closed_spline(scale * loop), tuple(passages), edges))
    return strands


def meets_truly(strands: list[Strand], n_crossings: int, samples: int = 6) -> bool:
    """Return whether the strands meet at the crossings of the diagram and nowhere else."""
    found = set()
    crossing_at = {(k, p.parameter): p.crossing for k, strand in enumerate(strands) for p in strand.passages}
    sizes = [len(strand.curves) for strand in strands]
    meetings = polygon_crossings([s.points(samples) for s in strands], closed=[s.closed for s in strands])
    for meeting in meetings:
        here = {crossing_at.get((k, round((place + 0.5) / samples) % sizes[k])) for k, place in meeting}
        if len(here) > 1 or None in here:
            return False
        found |= here
    return len(meetings) == len(found) == n_crossings


def _circle(component: int, radius: float = 1.8) -> Strand:
    """Return a component without crossings."""
    turns = 2 * np.pi * np.arange(12) / 12
    return Strand(component, closed_spline(radius * np.column_stack([np.cos(turns), np.sin(turns)])))
