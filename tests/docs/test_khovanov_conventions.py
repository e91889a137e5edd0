"""The conventions of complexes and Khovanov homology, line by line."""

import re
from pathlib import Path

import pytest

from erlangen.exact import AbelianGroup, ChainComplex, GradedModule, SparseMatrix
from erlangen.topology import BigradedGroup, Link, Movie, bar_natan_homology, khovanov_homology, s_invariant, signature

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTION = "Complexes and Khovanov homology"
PINNED = {}
TREFOIL = Link.from_braid([1, 1, 1])


def pins(*starts):
    def mark(test):
        PINNED.update(dict.fromkeys(starts, test.__name__))
        return test

    return mark


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_the_section_is_pinned():
    body = PAGE.read_text(encoding="utf-8").split(f"## {SECTION}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^- (.+)$", body, re.MULTILINE)
    assert len(lines) == 12
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []
    assert [start for start in PINNED if not any(line.startswith(start) for line in lines)] == []


@pins("Complexes are cohomological")
def test_differentials_raise_the_degree():
    c = ChainComplex({4: SparseMatrix.from_dense([[2, 0, 0]])})
    assert c.modules == {4: 3, 5: 1}
    assert str(c.homology()[5]) == "Z/2"


@pins("In $a \\otimes b$ the second differential")
def test_signs_of_products_and_cones():
    two, three = (ChainComplex({0: SparseMatrix.from_dense([[n]])}) for n in (2, 3))
    product = two.tensor(three)
    assert product.differential(0).to_dense() == [[3], [2]] or product.differential(0).to_dense() == [[2], [3]]
    assert sorted(product.differential(1).to_dense()[0]) == [-3, 2]
    cone = two.cone(three, {0: SparseMatrix.from_dense([[2]]), 1: SparseMatrix.from_dense([[3]])})
    assert cone.differential(-1).to_dense() == [[-2], [2]]
    assert cone.differential(0).to_dense() == [[3, 3]]


@pins("Torsion is a sorted tuple")
def test_torsion_is_primary():
    assert AbelianGroup(0, (6,)).torsion == (2, 3)


@pins("$h$ is the homological")
def test_the_trefoil_is_knotinfos():
    group = khovanov_homology(TREFOIL)
    assert group.knotinfo_polynomial() == "q+ q^(3)+ t^(2)*q^(5)+ t^(3)*q^(9)+ t^(3)*q^(7)*T^(2)"


@pins("In a Poincaré polynomial")
def test_marks():
    assert BigradedGroup.parse("T^4").torsion(0, 0) == (4,)
    group = BigradedGroup.parse("q")
    assert [group.over(ring).to_knotinfo()[0][0] for ring in ("Z", "Q", "F3")] == [0, 1, 3]


@pins("The mirror image")
def test_mirror():
    assert khovanov_homology(TREFOIL.mirror()).torsion(-2, -7) == (2,)
    assert khovanov_homology(TREFOIL.mirror()).rank(-3, -9) == 1


@pins("Reduced homology of the unknot")
def test_reduced():
    assert str(khovanov_homology(Link.from_braid([1]), reduced=True)) == "1"
    link = Link.from_braid([1, 1, 1, 1, 2, 2])
    assert khovanov_homology(link, reduced=True) == khovanov_homology(link, reduced=True, basepoint=0)


@pins("$H$ has degree")
def test_degrees_of_modules():
    assert bar_natan_homology(TREFOIL) == GradedModule("Q", [(0, 2)], [(3, 8, 1)])


@pins("$s$ is positive")
def test_s():
    assert s_invariant(TREFOIL) == 2
    for word in ([1, 1, 1], [-1, -1, -1], [1, -2, 1, -2], [1, 1, 1, 2, -1, 2]):
        link = Link.from_braid(word)
        assert s_invariant(link) == -signature(link)


@pins("A movie's map keeps")
def test_movies():
    start = Movie(TREFOIL)
    assert start.birth().chain_map.degree == 1
    assert start.saddle(0, 0).chain_map.degree == -1
    assert start.dot(0).chain_map.degree == -2
    up, down = Movie(Link()).birth(), Movie(Link.from_pd([], n_unknots=1)).death(0)
    assert (down.chain_map @ up.chain_map).source.modules == {0: 1}


@pins("Odd homology is KnotInfo's")
def test_odd():
    link = Link.from_braid([1, 1, 1, 2] * 2)
    reduced, whole = (khovanov_homology(link, theory="odd", reduced=flag) for flag in (True, False))
    assert reduced.torsion(5, 14) == (3,)
    assert whole == reduced.shift(0, 1) + reduced.shift(0, -1)


@pins("The width counts")
def test_width():
    assert khovanov_homology(TREFOIL).width == 2
    assert khovanov_homology(TREFOIL, reduced=True).width == 1
