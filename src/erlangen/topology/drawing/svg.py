"""SVG of strands: paths broken under crossings, arrows and labels.

Definition: one path a component, its pieces ending a gap before and after each passage below; no background, no fonts of its own.
Convention: pixels, y downwards, two decimals; classes ``strand``, ``arrow``, ``label`` and ``component-k`` are for style sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.tangle import Tangle
from erlangen.topology.drawing.splines import piece_of, points_on
from erlangen.topology.drawing.strand import Strand

__all__ = ["PALETTE", "describe", "render"]

Array = NDArray[np.float64]
PALETTE = ("#3b74b9", "#cc5a2c", "#3a9468", "#b8558c", "#a98317", "#7d68bf", "#2f95a8", "#94664a")
_THICK, _BOLD, _FINE, _CLEAR, _SHARE = 0.30, 70.0, 320.0, 1.1, 0.14


def render(
    diagram: Link | Braid | Tangle,
    strands: Sequence[Strand],
    *,
    outline: Array | None,
    size: float,
    stroke: float | None,
    colours: Sequence[str] | None,
    arrows: bool,
    crossing_labels: bool,
    edge_labels: bool,
    title: str | None,
) -> str:
    """Return the SVG element; see :meth:`erlangen.topology.Drawing.svg`."""
    seen = [s.points() for s in strands] + ([] if outline is None else [points_on(outline, 8)])
    points = np.concatenate(seen) if seen else np.zeros((1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), 1e-9)
    width = max(min(_THICK, extent / _BOLD, _SHARE * _short(strands)), extent / _FINE) if stroke is None else 0.0
    labels = crossing_labels or edge_labels
    margin = max(1.2 * width, extent / 60) + (0.045 * extent if labels else 0.0)
    scale = size / (extent + 2 * margin)
    if stroke is None:
        stroke = width * scale
    flip = np.array([[scale, 0.0], [0.0, -scale]])
    shift = np.array([margin - low[0], margin + high[1]]) * scale
    placed = [strand.moved(flip, shift) for strand in strands]
    box = (high - low + 2 * margin) * scale
    tones = _tones(strands, colours)
    sines = _sines(placed)
    body = [_strand(s, stroke, tones[s.component % len(tones)], sines) for s in placed]
    if outline is not None:
        body.insert(0, _outline(outline @ flip + shift, stroke))
    if arrows:
        body += [_arrow(s, stroke, tones[s.component % len(tones)]) for s in placed]
    if labels:
        body.append(_labels(placed, stroke, size, crossings=crossing_labels, edges=edge_labels))
    name = escape(title if title is not None else describe(diagram), quote=True)
    width_height = f'viewBox="0 0 {box[0]:.0f} {box[1]:.0f}" width="{box[0]:.0f}" height="{box[1]:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="link" {width_height} role="img" aria-label="{name}">'
    return "\n".join([head, f"<title>{name}</title>", *body, "</svg>"])


def _short(strands: Sequence[Strand]) -> float:
    """Return a length that nine edges of ten exceed."""
    lengths = [s.length(a, b) for s in strands for _, a, b in s.spans()]
    return float(np.quantile(lengths, 0.1)) if lengths else np.inf


def _tones(strands: Sequence[Strand], colours: Sequence[str] | None) -> Sequence[str]:
    if colours:
        return [escape(colour, quote=True) for colour in colours]
    return ("currentColor",) if len({strand.component for strand in strands}) < 2 else PALETTE


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def describe(diagram: Link | Braid | Tangle) -> str:
    """Return what a diagram is, in words.

    Examples
    --------
    >>> describe(Link.from_braid([1, 1])), describe(Braid([1, 2]))
    ('a diagram of 2 crossings and 2 components', 'a braid of 3 strands and 2 crossings')
    """
    if isinstance(diagram, Braid):
        return f"a braid of {_count(diagram.strands, 'strand')} and {_count(len(diagram.word), 'crossing')}"
    if isinstance(diagram, Tangle):
        return f"a tangle of {_count(diagram.n_ends, 'end')} and {_count(diagram.n_crossings, 'crossing')}"
    name = f"{diagram.name}: " if diagram.name else ""
    return (
        f"{name}a diagram of {_count(diagram.n_crossings, 'crossing')} and {_count(diagram.n_components, 'component')}"
    )


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _path(curves: Array, *, closed: bool = False) -> str:
    start = " ".join(map(_number, curves[0, 0]))
    steps = " ".join(" ".join(map(_number, curve[1:].ravel())) for curve in curves)
    return f"M{start}C{steps}{'Z' if closed else ''}"


def _outline(curves: Array, stroke: float) -> str:
    dashes = f'stroke-dasharray="{_number(1.6 * stroke)} {_number(1.6 * stroke)}"'
    look = f'fill="none" stroke="currentColor" stroke-width="{_number(0.35 * stroke)}" opacity="0.6" {dashes}'
    return f'<path class="outline" d="{_path(curves, closed=True)}" {look}/>'


def _sines(strands: Sequence[Strand]) -> dict[int, float]:
    """Return the sine of the angle at each crossing."""
    tangents: dict[int, list[Array]] = {}
    for strand in strands:
        for passage in strand.passages:
            tangents.setdefault(passage.crossing, []).append(strand.at(passage.parameter)[1])
    return {c: abs(float(u[0] * v[1] - u[1] * v[0])) for c, (u, v) in tangents.items()}


def _room(places: Sequence[int], k: int, n: int) -> tuple[int, int]:
    """Return how far the neighbouring passages of a closed strand are."""
    return (places[k] - places[k - 1]) % n or n, (places[(k + 1) % len(places)] - places[k]) % n or n


def _breaks(strand: Strand, stroke: float, sines: dict[int, float]) -> list[tuple[float, float]]:
    """Return the parameters at which the strand ends before and begins after each passage below."""
    places = [p.parameter for p in strand.passages]
    n = len(strand.curves)
    breaks = []
    for k, passage in enumerate(strand.passages):
        if passage.over:
            continue
        gap = stroke * (0.5 + _CLEAR) / max(sines[passage.crossing], 0.35) + 0.25 * stroke
        before, after = _room(places, k, n) if strand.closed else (places[k], n - places[k])
        back = min(gap / strand.speed(passage.parameter, after=False), 0.42 * before)
        ahead = min(gap / strand.speed(passage.parameter, after=True), 0.42 * after)
        breaks.append((passage.parameter - back, passage.parameter + ahead))
    return breaks


def _strand(strand: Strand, stroke: float, tone: str, sines: dict[int, float]) -> str:
    breaks = _breaks(strand, stroke, sines)
    n = len(strand.curves)
    if breaks:
        starts = [ahead for _, ahead in breaks]
        ends = [back for back, _ in breaks[1:]] + [breaks[0][0] + n]
        if not strand.closed:
            starts, ends = [0.0, *starts], [back for back, _ in breaks] + [float(n)]
        data = "".join(_path(piece_of(strand.curves, a, b)) for a, b in zip(starts, ends, strict=True))
    else:
        data = _path(strand.curves, closed=strand.closed)
    return (
        f'<path class="strand component-{strand.component + 1}" d="{data}" fill="none" stroke="{tone}" '
        f'stroke-width="{_number(stroke)}" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _arrow(strand: Strand, stroke: float, tone: str) -> str:
    """Return an arrow head: on the longest edge, beside its middle, where a label may stand, or at the end of an open strand."""
    spans = strand.spans() or [(0, 0.0, len(strand.curves) / 2)]
    _, start, end = max(spans, key=lambda span: strand.length(span[1], span[2])) if strand.closed else spans[-1]
    length = 3.1 * stroke
    place = 0.35 * start + 0.65 * end if strand.closed else end - 0.6 * length / strand.speed(int(end), after=False)
    point, tangent = strand.at(place)
    normal = np.array([-tangent[1], tangent[0]])
    tip, back = point + 0.6 * length * tangent, point - 0.4 * length * tangent
    corners = (tip, back + 0.55 * length * normal, point - 0.15 * length * tangent, back - 0.55 * length * normal)
    data = "L".join(" ".join(map(_number, corner)) for corner in corners)
    look = f'fill="{tone}" stroke="{tone}" stroke-linejoin="round" stroke-width="{_number(0.35 * stroke)}"'
    return f'<path class="arrow component-{strand.component + 1}" d="M{data}Z" {look}/>'


def _labels(strands: Sequence[Strand], stroke: float, size: float, *, crossings: bool, edges: bool) -> str:
    """Return the numbers of crossings and edges, each where it has most room."""
    height = max(size / 34, 8.0)
    taken = np.concatenate([strand.points(6) for strand in strands])
    reach = 0.75 * height + 0.8 * stroke
    marks = []
    if edges:
        for strand in strands:
            for edge, start, end in strand.spans() if strand.edges else ():
                point, tangent = strand.at((start + end) / 2)
                normal = np.array([-tangent[1], tangent[0]])
                marks.append(("edge", edge, _roomiest([point + reach * normal, point - reach * normal], taken)))
    if crossings:
        for crossing, (point, u, v) in sorted(_places(strands).items()):
            corners = [(a * u + b * v) / np.linalg.norm(a * u + b * v) for a in (1, -1) for b in (1, -1)]
            marks.append(("crossing", crossing, _roomiest([point + 1.4 * reach * c for c in corners], taken)))
    texts = [
        f'<text class="label {kind}" x="{_number(x)}" y="{_number(y)}"{_WEIGHT[kind]}>{number}</text>'
        for kind, number, (x, y) in marks
    ]
    head = f'<g fill="currentColor" font-size="{_number(height)}" font-family="system-ui, sans-serif" text-anchor="middle" dominant-baseline="central">'
    return "\n".join([head, *texts, "</g>"])


_WEIGHT = {"edge": ' opacity="0.7"', "crossing": ' font-weight="600"'}


def _places(strands: Sequence[Strand]) -> dict[int, tuple[Array, Array, Array]]:
    """Return each crossing's point and the tangents of its two strands."""
    found: dict[int, list[Array]] = {}
    for strand in strands:
        for passage in strand.passages:
            found.setdefault(passage.crossing, []).extend(strand.at(passage.parameter))
    return {crossing: (parts[0], parts[1], parts[3]) for crossing, parts in found.items()}


def _roomiest(candidates: Sequence[Array], taken: Array) -> Array:
    return max(candidates, key=lambda place: float(np.linalg.norm(taken - place, axis=1).min()))
