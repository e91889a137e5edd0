"""Coloured Jones polynomials against cyclotomic expansions and the ordinary Jones polynomial."""

from fractions import Fraction

import pytest

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology import Link, coloured_jones_polynomial, jones_polynomial

TREFOIL, FIGURE_EIGHT = Link.from_braid([1, 1, 1]), Link.from_braid([1, -2, 1, -2])


def power(exponent, sign=1):
    return LaurentPolynomial({(Fraction(exponent),): sign}, ("t",))


def factor(N, k):
    """Return the product of {N + i}{N - i} for i = 1, ..., k, {a} = t^(a/2) - t^(-a/2)."""
    product = LaurentPolynomial.constant(1)
    for i in range(1, k + 1):
        for a in (N + i, N - i):
            product = product * (power(Fraction(a, 2)) - power(Fraction(-a, 2)))
    return product


@pytest.mark.parametrize("N", [1, 2, 3, 4])
def test_the_figure_eight_knot(N):
    # Habiro (2000); Le: J_N = sum_k prod_i {N + i}{N - i}.
    expected = sum((factor(N, k) for k in range(N)), LaurentPolynomial.constant(0))
    assert coloured_jones_polynomial(FIGURE_EIGHT, N) == expected


@pytest.mark.parametrize("N", [1, 2, 3, 4])
def test_the_trefoil(N):
    # Masbaum (2003): sum_k (-1)^k q^(k(k+3)/2) prod_i {N + i}{N - i} for the left-handed trefoil, his q being our 1/t.
    series = sum(
        (power(Fraction(k * (k + 3), 2), (-1) ** k) * factor(N, k) for k in range(N)), LaurentPolynomial.constant(0)
    )
    assert coloured_jones_polynomial(TREFOIL, N) == series
    assert coloured_jones_polynomial(Link.from_braid([-1, -1, -1]), N) == series.substitute(t=power(-1))


def test_two_is_the_jones_polynomial():
    for word in ([1, 1, 1, 2, -1, 2], [1, 1, 1, 2] * 2, [1, 1, 1, -2, 1, -2]):
        knot = Link.from_braid(word)
        assert coloured_jones_polynomial(knot, 2) == jones_polynomial(knot)


def test_it_does_not_depend_on_the_diagram():
    kinked = Link.from_braid([1, 1, 1, 2, -3])
    assert coloured_jones_polynomial(kinked, 3) == coloured_jones_polynomial(TREFOIL, 3)


def test_unknots():
    for knot in (Link.from_braid([], strands=1), Link.from_braid([1, -2])):
        assert [coloured_jones_polynomial(knot, N) for N in (1, 2, 3, 4)] == [1, 1, 1, 1]


def test_links_and_colours_out_of_range_are_refused():
    with pytest.raises(DomainError, match="2 components"):
        coloured_jones_polynomial(Link.from_braid([1, 1]), 2)
    with pytest.raises(DomainError, match="N"):
        coloured_jones_polynomial(TREFOIL, 0)
