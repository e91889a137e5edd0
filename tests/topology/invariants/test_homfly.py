"""HOMFLY-PT polynomials against KnotInfo, LinkInfo, the skein relation, and the Jones and Conway polynomials in them."""

import random

import pytest

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology import Link, conway_polynomial, homfly_polynomial, jones_polynomial
from erlangen.topology.invariants.disc_order import disc_order
from erlangen.topology.invariants.packed_pairs import PackedPair, PairPacking

V, Z = LaurentPolynomial.variable("v"), LaurentPolynomial.variable("z")


def expanded(text):
    """Read KnotInfo's text, whose terms are products of a bracket, or of a monomial, with a power of z."""
    text = text.replace(" ", "").replace("^", "**")
    return eval(text, {"__builtins__": {}}, {"v": V, "z": Z}) + LaurentPolynomial.constant(0)


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_knotinfo(knots, limit):
    for row, knot in knots(limit):
        assert homfly_polynomial(knot) == expanded(row["homfly_polynomial"]), row["name"]


@pytest.mark.parametrize("limit", [7, pytest.param(9, marks=pytest.mark.slow)])
def test_linkinfo(links, limit):
    for row, link in links(limit):
        assert homfly_polynomial(link) == LaurentPolynomial.parse(row["homflypt_polynomial"]), row["name"]


def half(p):
    return p.substitute(t=LaurentPolynomial.monomial(x=2))


@pytest.mark.parametrize(("strands", "length"), [(2, 9), (3, 14), (4, 16), (5, 18)])
def test_jones_and_conway_are_specialisations(strands, length):
    rng = random.Random(length)
    x = LaurentPolynomial.variable("x")
    for _ in range(3):
        word = [rng.choice([-1, 1]) * rng.randrange(1, strands) for _ in range(length)]
        link = Link.from_braid(word, strands)
        P = homfly_polynomial(link) * Z ** (link.n_components - 1)  # no negative powers of z
        scale = (x - x**-1) ** (link.n_components - 1)
        assert P.substitute(v=x**2, z=x - x**-1) == scale * half(jones_polynomial(link))
        assert P.substitute(v=1) == Z ** (link.n_components - 1) * conway_polynomial(link)


def test_skein_relation():
    word = [1, 2, -1, 2, 3, -2, 1, 3]
    for place in range(len(word)):
        head, letter, tail = word[:place], abs(word[place]), word[place + 1 :]
        plus, minus, smooth = (
            homfly_polynomial(Link.from_braid([*head, *middle, *tail], 4)) for middle in ([letter], [-letter], [])
        )
        assert V**-1 * plus - V * minus == Z * smooth


@pytest.mark.parametrize(("p", "q"), [(3, 10), (4, 5), (5, 6)])
def test_torus_knots_are_symmetric_in_p_and_q(p, q):
    one = homfly_polynomial(Link.from_braid(list(range(1, p)) * q))
    assert one == homfly_polynomial(Link.from_braid(list(range(1, q)) * p))
    # Franks & Williams, Morton: the powers of v span 2 (p - 1) about (p - 1)(q - 1).
    assert one.degrees("v") == ((p - 1) * (q - 1), (p - 1) * (q + 1))


def test_kinks_split_pieces_and_circles():
    split = (V**-1 - V) * Z**-1
    for word in ([1], [1, -2], [1, 2, -3], [1, -1, 2]):
        assert homfly_polynomial(Link.from_braid(word)) == split ** (Link.from_braid(word).n_components - 1)
    trefoil = homfly_polynomial(Link.from_braid([1, 1, 1]))
    assert homfly_polynomial(Link.from_braid([1, 1, 1, 3, 3, 3], 5)) == split**2 * trefoil**2
    with pytest.raises(DomainError, match="empty"):
        homfly_polynomial(Link())


def test_connected_sums_multiply():
    trefoil, eight = Link.from_braid([1, 1, 1]), Link.from_braid([1, -2, 1, -2])
    assert homfly_polynomial(trefoil.connected_sum(eight)) == homfly_polynomial(trefoil) * homfly_polynomial(eight)


def test_orders_fold_every_edge_once():
    for word in ([1, 1, 1], [1, -2, 3, -2, 1, 3, 2], [1, 2, 3] * 5):
        link = Link.from_braid(word)
        steps = disc_order(link, tuple(range(link.n_crossings)))
        assert sorted(step.crossing for step in steps) == list(range(link.n_crossings))
        assert sorted(edge for step in steps for edge in step.folds) == list(range(2 * link.n_crossings))


def test_packed_pairs_add_with_offsets():
    packing = PairPacking(bits=20, span=6)
    one = PackedPair(0, 0, 0, 1, 1)
    a, b = one.times(3, 2, -1), one.times(-1, 4, 1)
    assert packing.terms(packing.plus(a, b)) == {(3, 2): -1, (-1, 4): 1}
    assert packing.terms(packing.plus(packing.plus(a, b), a)) == {(3, 2): -2, (-1, 4): 1}
    assert packing.fits(packing.plus(a, b))
    assert not packing.fits(packing.plus(a, one.times(1, 40, 1)))
    assert not packing.fits(PackedPair(0, 0, 0, 1 << 20, 1))
