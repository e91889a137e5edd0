"""Braids drawn as braids show their words; closures show their planar diagram codes."""

import random

import numpy as np
import pytest

from erlangen.topology import Braid, draw_braid
from erlangen.topology.drawing.intersections import polygon_crossings


def word_of(drawing, samples=12):
    """Read the word from the open curves: crossings by height, places by counting strands to the left."""
    polygons = drawing.polygons(samples)
    letters = []
    for crossing in range(len(drawing.diagram.word)):
        passing = [(s, p) for s in drawing.strands for p in s.passages if p.crossing == crossing]
        (over, place), (under, other) = sorted(passing, key=lambda pair: not pair[1].over)
        point, direction = over.at(place.parameter)
        assert np.allclose(point, under.at(other.parameter)[0])
        left = 0
        for polygon in polygons:
            x = np.interp(point[1], polygon[:, 1], polygon[:, 0])
            left += x < point[0] - 0.1
        letters.append((left + 1) * (1 if direction[0] > 0 else -1))
    return letters


@pytest.mark.parametrize(("strands", "length"), [(2, 5), (3, 12), (5, 30)])
def test_the_word_is_read_back(strands, length):
    rng = random.Random(length)
    word = [rng.choice([-1, 1]) * rng.randrange(1, strands) for _ in range(length)]
    drawing = draw_braid(Braid(word, strands))
    assert word_of(drawing) == word
    for strand in drawing.strands:
        assert (np.diff(strand.points()[:, 1]) > 0).all()


def test_strands_meet_only_at_letters():
    drawing = draw_braid([1, -2, 3, 1, 2, -3, 2])
    polygons = []
    for polygon in drawing.polygons(9):  # closed by a way round that meets nothing
        top, bottom = polygon[-1], polygon[0]
        far = 100.0 + top[0]
        polygons.append(
            np.concatenate([polygon, [[top[0], 50 + far], [far * 3, 50 + far], [far * 3, -far], [bottom[0], -far]]])
        )
    inner = [m for m in polygon_crossings(polygons) if all(place < len(polygons[k]) - 5 for k, place in m)]
    assert len(inner) == 7


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 2, 3] * 4, [1, -1, 2, 2], [2, 2], [3, 1, -3]])
def test_closures_have_the_code_of_the_closed_braid(word):
    braid = Braid(word)
    drawing = draw_braid(braid, closed=True)
    link = braid.closure()
    assert drawing.diagram == link
    assert [strand.component for strand in drawing.strands] == list(range(link.n_components))
    meetings = polygon_crossings(drawing.polygons(9))
    assert len(meetings) == len(word)
    for strand in drawing.strands[: len(link.components)]:
        component = link.components[strand.component]
        start = component.index(strand.edges[0])
        assert strand.edges == component[start:] + component[:start]


def test_components_and_directions():
    assert [s.component for s in draw_braid(Braid([1, 1, 2, 2])).strands] == [0, 1, 2]
    assert [s.component for s in draw_braid(Braid([1, 2])).strands] == [0, 0, 0]
    across = draw_braid([1, 2], horizontal=True)
    for strand in across.strands:
        assert (np.diff(strand.points()[:, 0]) > 0).all()
    assert draw_braid(Braid([], 3)).svg().count("<path") == 3
    assert draw_braid(Braid([], 3), closed=True).svg().count("<path") == 3


def test_open_strands_are_broken_below():
    svg = draw_braid([1, 1, 1]).svg(arrows=True, crossing_labels=True)
    assert svg.count("M") - svg.count('class="arrow') == 2 + 3
    assert svg.count("<text") == 3
