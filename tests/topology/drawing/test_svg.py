"""The SVG is well formed, broken where it passes below, and has what is asked for."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from erlangen.topology import Link, draw_link

NAMESPACE = "{http://www.w3.org/2000/svg}"


def parts(svg):
    root = ElementTree.fromstring(svg)
    return root, root.findall(f"{NAMESPACE}path"), root.findall(f".//{NAMESPACE}text")


def runs(path):
    """Return the end points of the pieces of a path."""
    pieces = []
    for text in re.findall(r"M[^M]*", path.get("d")):
        numbers = [float(x) for x in re.findall(r"-?\d+\.?\d*", text)]
        pieces.append((np.array(numbers[:2]), np.array(numbers[-2:])))
    return pieces


@pytest.mark.parametrize(("word", "strands"), [([1, 1, 1], 2), ([1, -2] * 3, 3), ([1, -2, 3], 4), ([1, 2, 3] * 4, 4)])
def test_one_break_for_each_passage_below(word, strands):
    link = Link.from_braid(word, strands)
    drawing = draw_link(link)
    _, paths, _ = parts(drawing.svg())
    assert len(paths) == link.n_components
    for path, strand in zip(paths, drawing.strands, strict=True):
        below = sum(not passage.over for passage in strand.passages)
        assert len(runs(path)) == max(below, 1)


def test_the_gaps_leave_the_upper_strand_free():
    drawing = draw_link(Link.from_braid([1, 1, 1]))
    _, (path,), _ = parts(drawing.svg(size=400))
    width = float(path.get("stroke-width"))
    pieces = runs(path)
    gaps = [np.linalg.norm(pieces[k][0] - pieces[k - 1][1]) for k in range(3)]
    assert min(gaps) > 2.5 * width
    assert max(gaps) < 12 * width


def test_size_and_view_box():
    for word in ([1, 1, 1], [1, 1, 1, 2] * 2):
        root, _, _ = parts(draw_link(Link.from_braid(word)).svg(size=500))
        width, height = float(root.get("width")), float(root.get("height"))
        assert max(width, height) == pytest.approx(500, abs=1)
        assert root.get("viewBox") == f"0 0 {width:.0f} {height:.0f}"


def test_all_coordinates_lie_in_the_box():
    root, paths, texts = parts(
        draw_link(Link.from_braid([1, -2, 1, -2])).svg(edge_labels=True, crossing_labels=True, arrows=True)
    )
    width, height = float(root.get("width")), float(root.get("height"))
    for path in paths:
        numbers = [float(x) for x in re.findall(r"-?\d+\.?\d*", path.get("d"))]
        assert min(numbers) >= 0
        assert max(numbers[::2]) <= width
        assert max(numbers[1::2]) <= height
    assert len(texts) == 4 + 8
    assert {int(t.text) for t in texts if "edge" in t.get("class")} == set(range(8))


def test_colours():
    knot, link = draw_link(Link.from_braid([1, 1, 1])), draw_link(Link.from_braid([1, 1]))
    assert {p.get("stroke") for p in parts(knot.svg())[1]} == {"currentColor"}
    assert len({p.get("stroke") for p in parts(link.svg())[1]}) == 2
    assert [p.get("stroke") for p in parts(link.svg(colours=["red"]))[1]] == ["red", "red"]
    sly = parts(link.svg(colours=['"/><script>']))[1]
    assert sly[0].get("stroke") == '"/><script>'


def test_arrows_point_along_the_orientation():
    drawing = draw_link(Link.from_braid([1, 1]))
    strands, heads = parts(drawing.svg())[1], parts(drawing.svg(arrows=True))[1][2:]
    assert [head.get("class") for head in heads] == ["arrow component-1", "arrow component-2"]
    for strand, head in zip(strands, heads, strict=True):
        tip, _, tail, _ = np.array([float(x) for x in re.findall(r"-?\d+\.?\d*", head.get("d"))]).reshape(4, 2)
        curve = np.array([float(x) for x in re.findall(r"-?\d+\.?\d*", strand.get("d"))]).reshape(-1, 2)[::3]
        near = np.argsort(np.linalg.norm(curve - tip, axis=1))[:2]
        forwards = curve[max(near)] - curve[min(near)]
        assert (tip - tail) @ forwards > 0


def test_names_are_told_to_readers_of_the_screen():
    root, _, _ = parts(draw_link(Link.from_braid([1, 1, 1], name="3_1")).svg())
    assert root.get("aria-label") == "3_1: a diagram of 3 crossings and 1 component"
    assert root.get("role") == "img"
    assert parts(draw_link(Link.from_braid([1])).svg(title="<kink>"))[0].get("aria-label") == "<kink>"
