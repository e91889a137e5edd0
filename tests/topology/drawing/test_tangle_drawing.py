"""A drawn tangle is the tangle: crossings, over and under, and the order of its ends are read back from the curves."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.topology import Tangle, draw_tangle
from erlangen.topology.drawing.intersections import polygon_crossings
from erlangen.topology.drawing.splines import open_spline

TANGLES = {
    "1": Tangle.integer(1), "-3": Tangle.integer(-3), "5/2": Tangle.rational(5, 2), "17/7": Tangle.rational(17, 7),
    "1/3 - 2/5": Tangle.rational(1, 3) + Tangle.rational(-2, 5), "identity": Tangle.identity(3),
    "turned": Tangle.rational(7, 3).rotate(), "loop": Tangle([[0, 4, 2, 5], [2, 4, 1, 5]], [0, 1]),
}  # fmt: skip


def read_back(drawing, samples=9):
    flags = [strand.closed for strand in drawing.strands]
    found = []
    marks = [[] for _ in drawing.strands]
    for pair in polygon_crossings(drawing.polygons(samples), closed=flags):
        for side, (number, place) in enumerate(pair):
            marks[number].append(((place + 0.5) / samples, len(found), side))
        found.append([None, None])
    edge, ends = 0, []
    for strand, here in zip(drawing.strands, marks, strict=True):
        assert len(here) == len(strand.passages)
        first = edge
        for k, ((place, index, side), passage) in enumerate(zip(sorted(here), strand.passages, strict=True)):
            wraps = strand.closed and k == len(here) - 1
            found[index][side] = (passage.over, edge, first if wraps else edge + 1, strand.at(place)[1])
            edge += not wraps
        if not strand.closed:
            ends += [(strand.curves[0, 0], first), (strand.curves[-1, 3], edge)]
        edge += 1
    rows = []
    for first, second in found:
        over, under = (first, second) if first[0] else (second, first)
        assert over[0]
        assert not under[0]
        rightwards = over[3][0] * under[3][1] - over[3][1] * under[3][0] > 0
        right, left = (over[2], over[1]) if rightwards else (over[1], over[2])
        rows.append([under[1], right, under[2], left])
    start = np.pi / 2 + 1e-6
    ends.sort(key=lambda item: (np.arctan2(item[0][1], item[0][0]) - start) % (2 * np.pi))
    return Tangle(rows, [label for _, label in ends])


@pytest.mark.parametrize("name", TANGLES)
def test_the_code_is_read_back_from_the_curves(name):
    assert read_back(draw_tangle(TANGLES[name])) == TANGLES[name]


def test_ends_stand_on_the_circle_at_equal_angles():
    drawing = draw_tangle(Tangle.rational(5, 2))
    ends = np.array([p for s in drawing.strands for p in (s.curves[0, 0], s.curves[-1, 3])])
    radius = np.linalg.norm(ends, axis=1)
    assert np.allclose(radius, radius[0])
    assert np.allclose(sorted(np.degrees(np.arctan2(ends[:, 1], ends[:, 0]))), [-135, -45, 45, 135])
    inside = np.concatenate(drawing.polygons(8))
    assert np.linalg.norm(inside, axis=1).max() <= radius[0] * (1 + 1e-9)


def test_the_outline_is_drawn():
    svg = draw_tangle(Tangle.integer(2)).svg(crossing_labels=True)
    assert svg.count('class="outline"') == 1
    assert 'aria-label="a tangle of 4 ends and 2 crossings"' in svg


def test_what_floats_is_refused():
    with pytest.raises(DomainError, match="0 ends"):
        draw_tangle(Tangle())
    with pytest.raises(DomainError, match="1 circles"):
        draw_tangle(Tangle([], [0, 0], 1))
    with pytest.raises(DomainError, match="floats freely"):
        draw_tangle(Tangle([[1, 2, 2, 1]], [0, 0]))


def test_natural_splines_end_straight():
    rng = np.random.default_rng(1)
    curves = open_spline(rng.normal(size=(6, 2)))
    assert np.allclose(curves[0, 0] - 2 * curves[0, 1] + curves[0, 2], 0)
    assert np.allclose(curves[-1, 3] - 2 * curves[-1, 2] + curves[-1, 1], 0)
    assert np.allclose(curves[1:, 0], curves[:-1, 3])
