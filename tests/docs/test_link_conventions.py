"""The conventions of links and their invariants, line by line."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology import (
    Link,
    alexander_polynomial,
    arf_invariant,
    coloured_jones_polynomial,
    conway_polynomial,
    draw_braid,
    draw_link,
    homfly_polynomial,
    jones_polynomial,
    kauffman_bracket,
    khovanov_homology,
    linking_matrix,
    multivariable_alexander_polynomial,
    seifert_matrix,
    signature,
)

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTION = "Links and their invariants"
PINNED = {}
TREFOIL, HOPF = Link.from_braid([1, 1, 1]), Link.from_braid([1, 1])


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


@pins("$X[i, j, k, l]$ starts")
def test_crossings():
    assert TREFOIL.writhe == 3
    for i, j, k, l in TREFOIL.crossings:  # noqa: E741
        assert (k - i) % 6 == 1
        assert (j - l) % 6 == 1
    knotinfo = Link.from_pd("X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]")
    assert jones_polynomial(knotinfo) == jones_polynomial(TREFOIL)


@pins("Linking numbers count")
def test_linking():
    assert linking_matrix(Link.from_braid([1, 1], strands=3)).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


@pins("$V(a, b) = ")
def test_seifert():
    assert seifert_matrix(HOPF).tolist() == [[-1]]
    assert seifert_matrix(Link.from_braid([1, 1], strands=3)).tolist() == [[-1, 0], [0, 0]]


@pins("Signatures are KnotInfo's")
def test_signatures():
    assert signature(TREFOIL) == -2
    assert [signature(TREFOIL, Fraction(1, n)) for n in (7, 6, 5)] == [0, -1, -2]


@pins("$\\nabla = z$")
def test_conway():
    assert str(conway_polynomial(HOPF)) == "z"
    assert str(alexander_polynomial(HOPF)) == "-t^(-1/2) + t^(1/2)"
    assert alexander_polynomial(TREFOIL).substitute(t=1) == 1


@pins("The Alexander polynomial of many variables")
def test_multivariable():
    for word in ([-1, -1, -1, -1], [1, 1, 2, 2], [1, -2] * 3):
        p = multivariable_alexander_polynomial(Link.from_braid(word))
        assert all(p.degrees(name)[0] == 0 for name in p.variables)
        assert next(iter(p))[1] > 0


@pins("The bracket is $A$ times")
def test_bracket():
    loop = Link.from_braid([1])  # one positive crossing: A <two circles> + 1/A <one> or the other way round
    A = LaurentPolynomial.variable("A")
    ((i, j, _, l),) = loop.crossings  # noqa: E741
    zero = A * (-(A**2) - A**-2) + A**-1 if i == j else A + A**-1 * (-(A**2) - A**-2)
    assert i in {j, l}
    assert kauffman_bracket(loop) == zero
    assert kauffman_bracket(Link(n_unknots=1)) == 1


@pins("$V(t) = t + t^3 - t^4$")
def test_jones():
    assert str(jones_polynomial(TREFOIL)) == "t + t^3 - t^4"
    x = LaurentPolynomial.monomial(x=2)
    assert str(jones_polynomial(HOPF).substitute(t=x)) == "-x - x^5"
    q = LaurentPolynomial.variable("q")
    euler = khovanov_homology(HOPF).euler()
    assert euler == (q + q**-1) * LaurentPolynomial.parse("q + q^5")  # x = -q


@pins("HOMFLY-PT is KnotInfo's")
def test_homfly():
    assert str(homfly_polynomial(TREFOIL)) == "2*v^2 + v^2*z^2 - v^4"
    x = LaurentPolynomial.variable("x")
    in_x = jones_polynomial(TREFOIL).substitute(t=x**2)
    assert homfly_polynomial(TREFOIL).substitute(v=x**2, z=x - x**-1) == in_x
    assert homfly_polynomial(TREFOIL).substitute(v=1) == conway_polynomial(TREFOIL)


@pins("In $J_N$ the colour")
def test_coloured():
    assert coloured_jones_polynomial(TREFOIL, 2) == jones_polynomial(TREFOIL)
    assert coloured_jones_polynomial(Link.from_braid([1]), 3) == 1


@pins("Arf's invariant is")
def test_arf():
    assert arf_invariant(Link.from_braid([1, 2] * 3)) in {0, 1}  # three circles, each linking the others twice
    with pytest.raises(DomainError, match="proper"):
        arf_invariant(HOPF)


@pins("Drawings have $y$ upwards")
def test_drawings():
    first, second = draw_braid([1]).strands
    assert (np.diff(first.points()[:, 1]) > 0).all()
    assert first.points()[0, 0] < second.points()[0, 0]
    assert (first.passages[0].over, second.passages[0].over) == (True, False)
    drawing = draw_link(TREFOIL)
    tangents = {}
    for strand in drawing.strands:
        for passage in strand.passages:
            tangents.setdefault(passage.crossing, {})[passage.over] = strand.at(passage.parameter)[1]
    for pair in tangents.values():
        over, under = pair[True], pair[False]
        assert over[0] * under[1] - over[1] * under[0] > 0  # positive: over turns anticlockwise to under
    top = re.findall(r"M(\S+) (\S+?)C", draw_braid([1]).svg())
    assert float(top[0][1]) > 100  # the strand begins at the bottom, where y is large
