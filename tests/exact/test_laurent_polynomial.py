"""Laurent polynomials: ring axioms on random ones, evaluation, texts of KnotInfo and LinkInfo."""

import random
from fractions import Fraction

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.exact import LaurentPolynomial as P

q, t = P.variable("q"), P.variable("t")


def random_polynomial(seed):
    rng = random.Random(seed)
    terms = {(rng.randint(-3, 3), rng.randint(-2, 4)): rng.randint(-4, 4) for _ in range(5)}
    return P(terms, ("q", "t") if seed % 2 else ("t", "q"))


def value(p, **at):
    return sum(
        (c * prod_of(at[v] ** e for v, e in zip(p.variables, key, strict=True)) for key, c in p.terms.items()),
        Fraction(0),
    )


def prod_of(factors):
    result = Fraction(1)
    for factor in factors:
        result *= factor
    return result


@pytest.mark.parametrize("seed", range(8))
def test_arithmetic_is_that_of_the_values(seed):
    a, b = random_polynomial(seed), random_polynomial(seed + 1)
    at = {"q": Fraction(3, 2), "t": Fraction(-5, 7)}
    assert value(a + b, **at) == value(a, **at) + value(b, **at)
    assert value(a - b, **at) == value(a, **at) - value(b, **at)
    assert value(a * b, **at) == value(a, **at) * value(b, **at)
    assert value(a**3, **at) == value(a, **at) ** 3
    assert (a * b).exact_quotient(b) == a
    assert a * (b + 1) == a * b + a
    assert 2 - a == -(a - 2)


def test_equality_sees_neither_order_nor_unused_variables():
    a, b = P({(1, 2): 3}, ("q", "t")), P({(2, 0, 1): 3}, ("t", "x", "q"))
    assert a == b
    assert hash(a) == hash(b)
    assert P({(0,): 5}, ("q",)) == 5
    assert q - q == 0
    assert not q - q


def test_substitution():
    p = q + q**3 + t**2 * q**5 + t**3 * q**9
    assert p.substitute(t=-1) == q + q**3 + q**5 - q**9
    assert p.substitute(q=t, t=q) == t + t**3 + q**2 * t**5 + q**3 * t**9
    assert p.substitute(q=q**-1) == q**-1 + q**-3 + t**2 * q**-5 + t**3 * q**-9
    assert P.parse("x^(1/2)").substitute(x=q**2) == q
    with pytest.raises(DomainError, match="no unit"):
        (q**-1).substitute(q=t + 1)
    with pytest.raises(DomainError, match="no Laurent polynomial"):
        P.parse("x^(1/2)").substitute(x=t + 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("q+ q^(3)+ t^(2)*q^(5)+ t^(3)*q^(9)+ t^(3)*q^(7)*T^(2)", {(1, 0, 0): 1, (3, 0, 0): 1, (5, 2, 0): 1, (9, 3, 0): 1, (7, 3, 2): 1}),
        ("1 + q^(-2) + 1/(q^10*t^4) + 1/(q^6*t^2)", {(0, 0, 0): 1, (-2, 0, 0): 1, (-10, -4, 0): 1, (-6, -2, 0): 1}),
        ("2q^3t^-1 - 3*q**2 + q*q/t", {(3, -1, 0): 2, (2, 0, 0): -3, (2, -1, 0): 1}),
        ("-q^(1/2) + q^(-3/2)", {(Fraction(1, 2), 0, 0): -1, (Fraction(-3, 2), 0, 0): 1}),
        ("0", {}),
        ("- 7", {(0, 0, 0): -7}),
        ("q - q", {}),
    ],
)  # fmt: skip
def test_customary_texts_are_read(text, wanted):
    p = P.parse(text)
    assert p == P(wanted, ("q", "t", "T"))
    assert P.parse(str(p)) == p
    assert P.parse(p.format(("t", "q", "T"))) == p
    assert eval(repr(p), {"LaurentPolynomial": P}) == p


@pytest.mark.parametrize(
    ("text", "position"),
    [("q +", 3), ("q^", 2), ("(q", 2), ("q $ 2", 2), ("1/2", 2), ("", 0), ("q^(1/0)", 6), ("q) + 1", 1)],
)
def test_the_first_wrong_character_is_named(text, position):
    with pytest.raises(ParseError) as caught:
        P.parse(text)
    assert caught.value.position == position


def test_reading_and_printing():
    p = P.parse("3*q^-1*t - 1 + q^2")
    assert p.coefficient(q=-1, t=1) == 3
    assert p.coefficient(q=5) == 0
    assert p.coefficient(x=1) == 0
    assert p.degrees("q") == (-1, 2)
    assert p.degrees("x") == (0, 0)
    assert len(p) == 3
    assert p.latex(("t", "q")) == "-1 + q^{2} + 3 t q^{-1}"
    assert p.html() == "3<i>q</i><sup>−1</sup><i>t</i> − 1 + <i>q</i><sup>2</sup>"
    assert str(P.monomial(3, t=2, q=-5)) == "3*t^2*q^-5"


def test_refusals():
    with pytest.raises(DomainError, match="do not fit"):
        P({(1, 2): 1}, ("q",))
    with pytest.raises(DomainError, match="no unit"):
        (q + 1) ** -1
    with pytest.raises(DomainError, match="does not divide"):
        (q**2 + 1).exact_quotient(q + 1)
    with pytest.raises(DomainError, match="does not divide"):
        (q + t).exact_quotient(P.constant(2))
    with pytest.raises(DomainError, match="zero polynomial"):
        q.exact_quotient(0)
    with pytest.raises(DomainError, match="no degree"):
        P.constant(0).degrees("q")
