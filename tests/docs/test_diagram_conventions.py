"""The conventions of diagrams, codes and names, line by line."""

import re
from pathlib import Path

import pytest

from erlangen.topology import (
    Braid,
    Link,
    Tangle,
    jones_polynomial,
    linking_matrix,
    montesinos_link,
    pretzel_link,
    torus_link,
    two_bridge_link,
)

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTION = "Diagrams, codes and names"
PINNED = {}
TREFOIL = Link.from_pd("X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]")


def pins(start):
    def mark(test):
        PINNED[start] = test.__name__
        return test

    return mark


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_the_section_is_pinned():
    body = PAGE.read_text(encoding="utf-8").split(f"## {SECTION}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^- (.+)$", body, re.MULTILINE)
    assert len(lines) == len(PINNED)
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []


@pins("Edges are numbered")
def test_labels():
    assert TREFOIL.crossings == ((0, 4, 1, 3), (2, 0, 3, 5), (4, 2, 5, 1))
    # one component over two others: three or more of its edges rise along it, whatever their distances
    rising = Link.from_pd([[1, 10, 2, 40], [2, 10, 1, 20], [3, 20, 4, 30], [4, 40, 3, 30]])
    falling = Link.from_pd([[1, 40, 2, 10], [2, 40, 1, 30], [3, 30, 4, 20], [4, 10, 3, 20]])
    assert [-sign for sign in rising.signs] == list(falling.signs)
    assert len(rising.components) == 3


@pins("Ends are `(crossing, slot)`")
def test_faces():
    kink = Link.from_pd(
        [[1, 1, 2, 2]]
    )  # slots 0 and 1 are joined: the small loop lies to the left of arriving at slot 1
    assert kink.faces() == (((0, 0), (0, 2)), ((0, 1),), ((0, 3),))
    assert kink.partners == (1, 0, 3, 2)


@pins("Gauss codes have positive entries")
def test_gauss():
    assert TREFOIL.to_gauss() == ((-1, 3, -2, 1, -3, 2),)
    assert Link.from_gauss(TREFOIL.to_gauss(over=-1), TREFOIL.signs, over=-1) == TREFOIL


@pins("An entry of a Dowker")
def test_dt():
    link = Link.from_dt([4, 6, 2])
    assert link.crossings[0][0] == 0  # the odd passage, that of edge 0, is under
    assert link.signs == (1, 1, 1)


@pins("The torus link $T(p, q)$")
def test_torus_links_and_products():
    assert torus_link(3, 4).signs == (1,) * 8
    assert Braid([1]) * Braid([-1]) == Braid([1, -1])


@pins("The ends of a tangle")
def test_tangles():
    one = Tangle.integer(1)
    north_west, _, south_east, _ = one.border
    (crossing,) = one.crossings
    assert {north_west, south_east} == {crossing[1], crossing[3]}
    assert jones_polynomial(Tangle.integer(3).numerator()) == jones_polynomial(TREFOIL)


@pins("The two-bridge link")
def test_two_bridge_and_pretzel_links():
    assert two_bridge_link(7, 3) == Tangle.rational(7, 3).numerator()
    assert pretzel_link(-2, 3, 3) == montesinos_link("1/2", "-1/3", "-1/3")
    assert jones_polynomial(pretzel_link(-2, 3, 3)) == jones_polynomial(torus_link(3, 4))


@pins("The framing of a cable")
def test_cables_and_doubles():
    assert linking_matrix(TREFOIL.cable(2, framing=5))[0][1] == 5
    assert jones_polynomial(Link(n_unknots=1).whitehead_double(-1, 1)) == jones_polynomial(TREFOIL)


@pins("Names are KnotInfo's")
def test_names():
    pytest.importorskip("database_knotinfo")
    for rolfsen, knotinfo in (("10_163", "10_162"), ("10_86", "10_83")):
        assert Link.from_name(rolfsen, numbering="rolfsen") == Link.from_name(knotinfo, numbering="knotinfo")
    assert Link.from_name("L6a4") == Link.from_name("L6a4{0,0}")
