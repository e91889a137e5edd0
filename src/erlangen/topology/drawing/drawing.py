"""A drawn diagram: its strands, how far apart they are, and the SVG of them.

Definition: curves in the plane that cross at the crossings of a diagram and nowhere else.
Convention: y upwards in the strands, downwards in SVG; knots have the colour of the text around them, components of links a palette.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.tangle import Tangle
from erlangen.topology.drawing.splines import points_on
from erlangen.topology.drawing.strand import Strand
from erlangen.topology.drawing.svg import describe, render

__all__ = ["Drawing"]

Array = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing of a diagram, made by :func:`draw_link`, :func:`draw_braid` or :func:`draw_tangle`.

    Parameters
    ----------
    diagram : Link, Braid or Tangle
        What is drawn.
    strands : tuple of Strand
        Its components or strands as curves.
    outline : ndarray, shape (m, 4, 2), optional
        The border of the disc of a tangle, as Bézier curves.

    Examples
    --------
    >>> from erlangen.topology.drawing.link_drawing import draw_link
    >>> borromean = draw_link(Link.from_braid([1, -2, 1, -2, 1, -2]))
    >>> len(borromean.strands), len(borromean.polygons()[0][0])
    (3, 2)
    """

    diagram: Link | Braid | Tangle
    strands: tuple[Strand, ...]
    outline: Array | None = None

    def polygons(self, samples: int = 8) -> list[Array]:
        """Return each component or strand as a polygon ``(m, 2)`` with ``samples`` points on each of its curves."""
        return [strand.points(samples) for strand in self.strands]

    @cached_property
    def bounding_box(self) -> tuple[Array, Array]:
        """The least and the greatest coordinates."""
        if not self.strands:
            return np.zeros(2), np.zeros(2)
        points = np.concatenate(self.polygons(8) + ([] if self.outline is None else [points_on(self.outline, 8)]))
        return points.min(axis=0), points.max(axis=0)

    def svg(
        self,
        *,
        size: float = 360.0,
        stroke: float | None = None,
        colours: Sequence[str] | None = None,
        arrows: bool = False,
        crossing_labels: bool = False,
        edge_labels: bool = False,
        title: str | None = None,
    ) -> str:
        """Return the drawing as an SVG element that stands on any ground, light or dark.

        Parameters
        ----------
        size : float
            Length of the longer side, in pixels.
        stroke : float, optional
            Width of the strands in pixels; by default it suits their distance.
        colours : sequence of str, optional
            A colour for each component, repeated if there are fewer; by default ``currentColor`` for knots and a palette for links.
        arrows : bool
            Mark the orientation of each component.
        crossing_labels, edge_labels : bool
            Write the numbers of the planar diagram code.
        title : str, optional
            What a reader of the screen is told.

        Examples
        --------
        >>> from erlangen.topology.drawing.link_drawing import draw_link
        >>> hopf = draw_link(Link.from_braid([1, 1])).svg(size=200, arrows=True, edge_labels=True)
        >>> hopf.count("<text"), hopf.count('class="strand')
        (4, 2)
        """
        return render(
            self.diagram,
            self.strands,
            outline=self.outline,
            size=size,
            stroke=stroke,
            colours=colours,
            arrows=arrows,
            crossing_labels=crossing_labels,
            edge_labels=edge_labels,
            title=title,
        )

    def _repr_svg_(self) -> str:
        return self.svg()

    def __repr__(self) -> str:
        return f"<Drawing: {describe(self.diagram)}>"
