"""Truncated series against sympy's expansions, and the law that an order is never claimed beyond what is known."""

import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing, TruncatedSeries

sympy = pytest.importorskip("sympy")


@pytest.fixture
def ring():
    return DifferentialRing("u r", constants="M a", functions={"m": "u"})


@pytest.mark.parametrize(
    "text", ["1/(r^2 - 2*M*r + a^2)", "(r + a)^3/(r - M)", "r^2*(1 - M/r)/(1 + a^2/r^3)", "M/(r^4 + a)"]
)
def test_expansions_at_infinity_equal_sympy(ring, text):
    series = TruncatedSeries.of(ring.parse(text), "r", order=6)
    e = sympy.Symbol("e")
    expression = sympy.sympify(text.replace("^", "**")).subs("r", 1 / e)
    low = series.valuation
    expected = sympy.series(sympy.cancel(sympy.together(expression * e ** (-low))), e, 0, 6 - low).removeO()
    for k in range(low, 6):
        found = sympy.sympify(str(series.coefficient(k)).replace("^", "**"))
        assert sympy.expand(found - expected.coeff(e, k - low)) == 0


@pytest.mark.parametrize("text", ["1/(r + r^2)", "(1 + M*r)/(a - r)^2"])
def test_expansions_at_zero_equal_sympy(ring, text):
    series = TruncatedSeries.of(ring.parse(text), "r", order=5, at="0")
    r = sympy.Symbol("r")
    expected = sympy.expand(sympy.series(sympy.sympify(text.replace("^", "**")), r, 0, 5).removeO())
    for k in range(series.valuation, 5):
        found = sympy.sympify(str(series.coefficient(k)).replace("^", "**"))
        assert sympy.cancel(found - expected.coeff(r, k)) == 0


def test_products_and_inverses_never_claim_more_than_they_know(ring):
    """Change the unknown tail of the factors: the known part of the result must not move."""
    f, g = ring.parse("r^2 + M*r + 1 + a/r"), ring.parse("1/r + M/r^2 - 3/r^3")
    tails = ring.parse("7/r^3"), ring.parse("5*a/r^5")
    orders = 3, 5
    plain = [TruncatedSeries.of(x, "r", order=n) for x, n in zip((f, g), orders, strict=True)]
    moved = [TruncatedSeries.of(x + t, "r", order=n) for x, t, n in zip((f, g), tails, orders, strict=True)]
    full = [TruncatedSeries.of(x + t, "r", order=12) for x, t in zip((f, g), tails, strict=True)]
    for compute in (
        lambda x, y: x * y,
        lambda x, y: x / y,
        lambda x, y: y / x,
        lambda x, y: x**3 - y,
        lambda x, y: x.sqrt(ring.constant(1)) + y,
    ):
        result = compute(*plain)
        assert result == compute(*moved)
        assert compute(*full).truncated(result.order) == result


def test_field_laws_and_derivation(ring):
    f = TruncatedSeries.of(ring.parse("m*r + M + a/r"), "r", order=6)
    g = TruncatedSeries.of(ring.parse("r^2 + m^2"), "r", order=6)
    one = f * f.inverse()
    assert one.terms == {(0, 0): ring.constant(1)}
    for name in ("r", "u"):
        left = (f * g).derivative(name)
        right = f.derivative(name) * g + f * g.derivative(name)
        order = min(left.order, right.order)
        assert left.truncated(order) == right.truncated(order)
    root = g.sqrt(ring.constant(1))
    assert (root * root).truncated(6) == g.truncated((root * root).order)


def test_logarithms_differentiate_and_multiply(ring):
    log = TruncatedSeries(ring, "r", {(0, 1): ring.constant(1)})
    assert log.derivative("r") == TruncatedSeries(ring, "r", {(1, 0): ring.constant(1)})
    squared = (log * log).derivative("r")
    assert squared == TruncatedSeries(ring, "r", {(1, 1): ring.constant(2)})
    near = TruncatedSeries(ring, "r", {(2, 1): ring["M"]}, order=4, at="0")
    assert near.derivative("r").element() == (ring["M"] * ring["r"] ** 2 * ring.function("log")(ring["r"])).derivative(
        "r"
    )
    with pytest.raises(DomainError, match="carries a logarithm"):
        near.inverse()


def test_refusals(ring):
    f = TruncatedSeries.of(ring.parse("1/(r - M)"), "r", order=4)
    with pytest.raises(DomainError, match="given to order 4"):
        f.coefficient(4)
    with pytest.raises(DomainError, match="infinitely many terms"):
        TruncatedSeries(ring, "r", {(0, 0): ring.constant(1), (1, 0): ring["M"]}).inverse()
    with pytest.raises(DomainError, match="contains r"):
        TruncatedSeries(ring, "r", {(0, 0): ring["r"]})
    with pytest.raises(DomainError, match="depends on r"):
        TruncatedSeries.of(ring.parse("exp(r)"), "r", order=3)
    with pytest.raises(DomainError, match="not among the coordinates"):
        TruncatedSeries(ring, "M", {})
    with pytest.raises(DomainError, match="leading term is not known"):
        TruncatedSeries(ring, "r", {}, order=2).inverse()
    with pytest.raises(DomainError, match="is not the square"):
        f.sqrt(ring.constant(1))
