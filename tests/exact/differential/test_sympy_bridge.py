"""The bridge to SymPy: there and back on random elements, derivatives that agree, what is refused; LaTeX that renders."""

import random
from fractions import Fraction

import pytest
from latex2mathml.converter import convert

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing

sympy = pytest.importorskip("sympy")


def rich_ring():
    ring = DifferentialRing("t x", constants="a b", functions={"u": "t x", "f": "x", "k": ""})
    pieces = [ring.parse(text) for text in ("t", "x", "a", "b", "u", "u_x", "u_txx", "f_x", "f", "k", "3/7")]
    pieces += [
        ring.parse(text) for text in ("exp(u)", "sin(x)", "cos(x)", "log(1 + a)", "sqrt(2*x)", "sqrt(1 + u_x^2)")
    ]
    pieces += [ring.adjoin_root("s", ring.parse("1 - a/x"))]
    return ring, pieces


def random_element(rng, ring, pieces, depth=3):
    if depth == 0:
        return rng.choice(pieces)
    left, right = (random_element(rng, ring, pieces, depth - 1) for _ in range(2))
    kind = rng.randrange(4)
    if kind == 3 and right and len(right) < 6:
        return left / right
    return (left + right, left * right, left - 2 * right, left + right)[kind]


@pytest.mark.parametrize("seed", range(25))
def test_there_and_back(seed):
    ring, pieces = rich_ring()
    element = random_element(random.Random(seed), ring, pieces)
    assert ring.from_sympy(element.to_sympy()) == element
    assert ring.from_sympy(sympy.expand(element.to_sympy())) == element


@pytest.mark.parametrize("seed", range(8))
def test_derivatives_commute_with_the_bridge(seed):
    ring, pieces = rich_ring()
    element = random_element(random.Random(100 + seed), ring, pieces, 2)
    for name in ring.coordinates:
        theirs = sympy.diff(element.to_sympy(), sympy.Symbol(name))
        assert ring.from_sympy(theirs.doit()) == element.derivative(name)


def test_a_person_writes_in_sympy():
    t, x, c = sympy.symbols("t x c")
    u = sympy.Function("u")(t, x)
    ring = DifferentialRing("t x", constants="c", functions="u")
    wave = u.diff(t, 2) - c**2 * u.diff(x, 2) + sympy.Rational(1, 3) * sympy.tanh(u) / sympy.sqrt(x)
    assert ring.from_sympy(wave) == ring.parse("u_tt - c^2*u_xx + tanh(u)/(3*sqrt(x))")
    assert ring.from_sympy(u.diff(x, t)) == ring["u_tx"]
    assert ring.from_sympy(sympy.Integer(2)) == ring.from_sympy(2) == 2
    assert ring.from_sympy(Fraction(1, 2)) == Fraction(1, 2)
    assert ring.from_sympy(sympy.sqrt(8)) ** 2 == 8


def test_what_has_no_exact_meaning_is_refused():
    ring = DifferentialRing("t x", functions="u")
    x = sympy.Symbol("x")
    for wrong in (
        sympy.Float(0.5),
        sympy.pi,
        x**x,
        sympy.gamma(x),
        sympy.Function("v")(x),
        sympy.Function("u")(x),
        "x",
    ):
        with pytest.raises(DomainError, match="no exact meaning"):
            ring.from_sympy(wrong)
    with pytest.raises(DomainError, match="name 'y' is unknown"):
        ring.from_sympy(sympy.Symbol("y"))


@pytest.mark.parametrize("seed", range(12))
def test_latex_renders(seed):
    """Every element is LaTeX that a converter understands, with a fraction where there is a denominator."""
    ring, pieces = rich_ring()
    element = random_element(random.Random(seed), ring, pieces)
    text = element._repr_latex_()
    assert text == f"${element.latex()}$"
    assert text.count("{") == text.count("}")
    tree = convert(element.latex())
    assert "merror" not in tree
    assert ("<mfrac>" in tree) == (not element.is_polynomial or "frac" in element.latex())


def test_latex_of_known_elements():
    ring = DifferentialRing("t x", constants="alpha", functions={"u": "t x", "g_tt": "x", "T": "x"})
    known = {
        "u_xx/2 + alpha*u^2": r"\frac{2 \alpha u^{2} + u_{xx}}{2}",
        "sin(x)^2": r"-\cos(x)^{2} + 1",
        "sqrt(x)": r"\sqrt{x}",
        "-u_t/x": r"-\frac{u_{t}}{x}",
    }
    for text, expected in known.items():
        assert ring.parse(text).latex() == expected
