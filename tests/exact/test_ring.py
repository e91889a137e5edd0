"""Rings: the field axioms, primality against trial division, spellings."""

from fractions import Fraction

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.exact import F, Q, Ring, Z, is_prime, parse_ring


def test_primality_agrees_with_trial_division():
    assert [n for n in range(2000) if is_prime(n)] == [
        n for n in range(2, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))
    ]


@pytest.mark.parametrize("n", [3215031751, 3825123056546413051, 341550071728321])  # strong pseudoprimes (OEIS A014233)
def test_strong_pseudoprimes_are_composite(n):
    assert not is_prime(n)


def test_mersenne_numbers_by_their_known_exponents():
    assert [k for k in range(2, 64) if is_prime(2**k - 1)] == [2, 3, 5, 7, 13, 17, 19, 31, 61]


@pytest.mark.parametrize("p", [2, 3, 101, 2**31 - 1])
def test_every_unit_of_a_field_has_its_inverse(p):
    field = F(p)
    for a in [*list(range(1, min(p, 60))), p - 1]:
        assert field.element(a * field.inverse(a)) == 1


def test_fractions_have_one_normal_form():
    assert Q.element(Fraction(4, 2)) == 2
    assert isinstance(Q.element(Fraction(4, 2)), int)
    assert F(7).element(Fraction(1, 3)) == 5
    assert Q.inverse(Fraction(2, 3)) == Fraction(3, 2)
    assert isinstance(Q.inverse(Fraction(1, 3)), int)


@pytest.mark.parametrize("ring", [Z, Q, F(2), F(3), F(2**31 - 1)])
def test_rings_parse_back(ring):
    assert parse_ring(str(ring)) == ring
    assert eval(repr(ring), {"F": F, "Q": Q, "Z": Z}) == ring
    assert parse_ring(ring) is ring
    assert len({ring, parse_ring(str(ring))}) == 1


@pytest.mark.parametrize("text", ["F5", "F_5", "GF(5)", "F(5)", "Z/5", "FF5", " F 5", "F_{5}", "Z/5Z"])
def test_spellings(text):
    assert parse_ring(text) == F(5)


@pytest.mark.parametrize("text", ["R", "", "F", "F-2", "z", "F2.5"])
def test_texts_that_name_no_ring(text):
    with pytest.raises(ParseError, match="names no ring"):
        parse_ring(text)


@pytest.mark.parametrize("p", [0, 1, 4, 9, 561, 2**64 + 13])
def test_composite_characteristics_are_refused(p):
    with pytest.raises(DomainError):
        parse_ring(f"F{p}") if p else Ring(1, True)


def test_what_has_no_place_in_a_ring():
    with pytest.raises(DomainError, match="not an integer"):
        Z.element(Fraction(1, 2))
    with pytest.raises(DomainError, match="denominator is 0"):
        F(3).element(Fraction(1, 6))
    with pytest.raises(DomainError, match="no inverse in Z"):
        Z.inverse(2)
    with pytest.raises(DomainError, match="no inverse in F5"):
        F(5).inverse(0)
