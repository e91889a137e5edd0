"""Tangles drawn in a disc.

Definition: as links, but with the ends on a circle that stays where it is.
Convention: ends anticlockwise at equal angles, of four the first in the north-west; strands have no orientation of their own, they start at their first end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError, DomainError
from erlangen.topology.diagrams.tangle import Tangle
from erlangen.topology.drawing.diagram_mesh import doubled_areas
from erlangen.topology.drawing.drawing import Drawing
from erlangen.topology.drawing.link_drawing import meets_truly
from erlangen.topology.drawing.relaxation import relax
from erlangen.topology.drawing.splines import closed_spline, open_spline
from erlangen.topology.drawing.strand import Passage, Strand
from erlangen.topology.drawing.tangle_mesh import OpenTangle, border_places

__all__ = ["draw_tangle"]

_RADIUS = 4.0


def draw_tangle(tangle: Tangle) -> Drawing:
    """Draw a tangle in a disc, its ends on the circle around it.

    Raises
    ------
    DomainError
        If the tangle has no ends, or closed parts that float freely.
    ConvergenceError
        If no drawing without further crossings was found.

    Examples
    --------
    >>> draw_tangle(Tangle.rational(5, 2))
    <Drawing: a tangle of 4 ends and 4 crossings>
    """
    if not tangle.n_ends or tangle.n_circles:
        message = f"the tangle has {tangle.n_ends} ends and {tangle.n_circles} circles that float freely"
        raise DomainError(
            message, hint="close a tangle without ends, tangle.close([]), and draw the link; leave circles out"
        )
    per_edge = 4 if tangle.n_crossings <= 8 else 3 if tangle.n_crossings <= 30 else 2
    lines = OpenTangle(tangle, per_edge)
    mesh = lines.mesh()
    flat = border_places(mesh, tangle.n_ends)
    for places in (relax(mesh, flat, per_edge=per_edge), flat):
        strands = _strands(tangle.n_crossings, lines, places)
        if doubled_areas(places, mesh.triangles).min() > 0 and meets_truly(strands, tangle.n_crossings):
            scale = _RADIUS * max(1.0, tangle.n_crossings) ** 0.5 / float(np.linalg.norm(places[mesh.boundary[0]]))
            grown = tuple(strand.moved(scale * np.eye(2), np.zeros(2)) for strand in strands)
            return Drawing(tangle, grown, closed_spline(scale * places[list(mesh.boundary)]))
    message = "the strands of the tangle meet where it has no crossing"
    raise ConvergenceError(message, hint="remove nested kinks")


def _strands(n_crossings: int, lines: OpenTangle, places: NDArray[np.float64]) -> list[Strand]:
    """Return the splines through the nodes of the strands."""
    strands = []
    for number, (nodes, overs) in enumerate(lines.strands()):
        met = [(place, node) for place, node in enumerate(nodes) if node < n_crossings]
        passages = tuple(Passage(place, node, over) for (place, node), over in zip(met, overs, strict=True))
        closed = nodes[-1] < n_crossings
        curves = closed_spline(places[list(nodes)]) if closed else open_spline(places[list(nodes)])
        strands.append(Strand(number, curves, passages, closed=closed))
    return strands
