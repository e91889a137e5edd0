"""Alexander and Conway polynomials and determinants against KnotInfo, LinkInfo and closed forms."""

from itertools import permutations

import pytest

from erlangen.exact import LaurentPolynomial
from erlangen.topology import (
    Link,
    alexander_polynomial,
    conway_polynomial,
    determinant,
    multivariable_alexander_polynomial,
    seifert_matrix,
)
from erlangen.topology.invariants.alexander import _of_link, _pencil


def centred(text):
    p = LaurentPolynomial.parse(text)
    low, high = p.degrees("t")
    return p * LaurentPolynomial.monomial(t=-(low + high) // 2)


def up_to_units(p):
    """Return the polynomial with lowest exponents 0, and its negative."""
    for name in p.variables if p else ():
        p = p * LaurentPolynomial.monomial(1, **{name: -p.degrees(name)[0]})
    return {p, -p}


@pytest.mark.parametrize("limit", [10, pytest.param(13, marks=pytest.mark.slow)])
def test_knotinfo(knots, limit):
    for row, knot in knots(limit):
        ours, theirs = alexander_polynomial(knot), centred(row["alexander_polynomial"])
        assert ours in {theirs, -theirs}, row["name"]
        assert ours.substitute(t=1) == 1, row["name"]
        assert conway_polynomial(knot) == LaurentPolynomial.parse(row["conway_polynomial"]), row["name"]
        assert determinant(knot) == int(row["determinant"]), row["name"]


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_linkinfo(links, limit):
    for row, link in links(limit):
        assert conway_polynomial(link) == LaurentPolynomial.parse(row["conway_polynomial"]), row["name"]
        assert determinant(link) == int(row["determinant"]), row["name"]


def renamed(p):
    """Return the polynomial under all exchanges of variables: LinkInfo numbers some components otherwise than its diagrams."""
    names = tuple(sorted(p.variables))
    for order in permutations(names):
        fresh = dict(zip(names, order, strict=True))
        yield LaurentPolynomial(p.terms, tuple(fresh[name] for name in p.variables))


@pytest.mark.parametrize("limit", [7, pytest.param(10, marks=pytest.mark.slow)])
def test_multivariable_alexander_of_linkinfo(links, limit):
    for row, link in links(limit):
        ours, theirs = multivariable_alexander_polynomial(link), LaurentPolynomial.parse(row["multivariable_alexander"])
        assert any(up_to_units(other) & up_to_units(ours) for other in renamed(theirs)), row["name"]


@pytest.mark.parametrize(("p", "q"), [(2, 9), (3, 5), (4, 7), (5, 6)])
def test_torus_knots(p, q):
    # Δ = (t^pq - 1)(t - 1) / ((t^p - 1)(t^q - 1))
    t = LaurentPolynomial.variable("t")
    whole = (t ** (p * q) - 1) * (t - 1)
    ours = alexander_polynomial(Link.from_braid(list(range(1, p)) * q))
    assert ours * (t**p - 1) * (t**q - 1) * t ** ((p - 1) * (q - 1) // 2) == whole
    assert multivariable_alexander_polynomial(Link.from_braid(list(range(1, p)) * q)).substitute(t1=t) == (
        ours * t ** ((p - 1) * (q - 1) // 2)
    )


def test_skein_relation_of_conway():
    z = LaurentPolynomial.variable("z")
    for word in ([1, 2, -1, 2, 2], [1, -2, 3, -2, 1, 2, 3], [1, 1, 1, 2, -1, 2]):
        for place in range(len(word)):
            strands = max(map(abs, word)) + 1
            head, letter, tail = word[:place], abs(word[place]), word[place + 1 :]
            plus = conway_polynomial(Link.from_braid([*head, letter, *tail], strands))
            minus = conway_polynomial(Link.from_braid([*head, -letter, *tail], strands))
            assert plus - minus == z * conway_polynomial(Link.from_braid(head + tail, strands))


def test_conway_is_alexander():
    for word in ([1, 1], [1, -2, 1, -2], [1, 1, 2, 2], [1, 1, -2, 1, 3, -2, 3]):
        link = Link.from_braid(word)
        half = LaurentPolynomial.variable("x") - LaurentPolynomial.variable("x") ** -1
        assert conway_polynomial(link).substitute(z=half) == alexander_polynomial(link).substitute(
            t=LaurentPolynomial.monomial(x=2)
        )


def test_split_links_and_unknots():
    for link in (Link.from_braid([1, 1, 1], strands=3), Link.from_braid([1, 1, 3, 3]), Link.from_braid([], strands=2)):
        assert alexander_polynomial(link) == 0
        assert conway_polynomial(link) == 0
        assert determinant(link) == 0
        assert multivariable_alexander_polynomial(link) == 0
    for word in ([1], [-1], [1, -2], [1, -1, 1]):
        unknot = Link.from_braid(word)
        assert (
            alexander_polynomial(unknot) == conway_polynomial(unknot) == multivariable_alexander_polynomial(unknot) == 1
        )
    assert multivariable_alexander_polynomial(Link.from_braid([], strands=1)) == 1


@pytest.mark.parametrize("n", [4, 7, 20])
def test_both_ways_to_the_determinant_agree(n):
    V = seifert_matrix(Link.from_braid([1, -2] * n))
    packed = _of_link(V)
    assert _pencil(V) == packed + [0] * (len(V) + 1 - len(packed))


def test_large_fibred_knots():
    # (1 -2)^n: leading coefficient 1 and the determinant L_2n - 2 with Lucas numbers.
    n = 70
    polynomial = alexander_polynomial(Link.from_braid([1, -2] * n))
    lucas = [2, 1]
    while len(lucas) <= 2 * n:
        lucas.append(lucas[-1] + lucas[-2])
    assert polynomial.degrees("t") == (-(n - 1), n - 1)
    assert abs(polynomial.substitute(t=-1).coefficient()) == lucas[2 * n] - 2
