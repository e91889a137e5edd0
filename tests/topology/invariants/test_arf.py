"""Arf invariants against KnotInfo, LinkInfo and the value of the Jones polynomial at i."""

import cmath

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.topology import Link, arf_invariant, jones_polynomial, linking_matrix


def proper(link):
    return not (linking_matrix(link).sum(axis=1) % 2).any()


@pytest.mark.parametrize("limit", [10, pytest.param(13, marks=pytest.mark.slow)])
def test_knotinfo(knots, limit):
    for row, knot in knots(limit):
        assert arf_invariant(knot) == int(row["arf_invariant"]), row["name"]


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_linkinfo_where_all_linking_numbers_are_even(links, limit):
    for row, link in links(limit):
        if not (linking_matrix(link) % 2).any():
            assert arf_invariant(link) == int(row["arf_invariant"]), row["name"]


def test_the_jones_polynomial_at_i(links):
    # Murakami; Lickorish (1997), Theorem 10.7: V(i) = (-sqrt 2)^(c - 1) (-1)^Arf, and 0 for links that are not proper.
    for row, link in links(7):
        value = sum(c * cmath.exp(0.5j * np.pi * float(power)) for (power,), c in jones_polynomial(link))
        expected = (-(2**0.5)) ** (link.n_components - 1) * (-1) ** arf_invariant(link) if proper(link) else 0
        assert abs(value - expected) < 1e-9, row["name"]


def test_improper_links_are_refused():
    with pytest.raises(DomainError, match="component 0"):
        arf_invariant(Link.from_braid([1, 1]))


def test_unlinks():
    assert arf_invariant(Link.from_braid([], strands=3)) == 0
