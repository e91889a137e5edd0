"""Tangles: normal codes, planar gluing, fractions, closures, two-bridge, pretzel and Montesinos links."""

from fractions import Fraction
from math import gcd

import pytest

from erlangen.errors import DomainError, ParseError, ShapeError
from erlangen.topology import Link, Tangle, montesinos_link, pretzel_link, simplify, torus_link, two_bridge_link

ONE = Tangle.integer(1)
SOME = [
    Tangle(),
    Tangle([], [0, 0], 2),
    Tangle([], [0, 1, 1, 0]),
    ONE,
    Tangle.integer(-3),
    Tangle.rational(5, 3),
    Tangle.identity(3),
    Tangle([[1, 1, 2, 3]], [2, 3]),
    Tangle([[1, 2, 3, 4], [3, 5, 6, 7]], [1, 2, 5, 6, 7, 4]),
    Tangle(torus_link(3, 4).crossings, []),
    Tangle.planar([(ONE * ONE, [0, 1, 1, 2]), (Tangle.integer(2), [2, 3, 3, 0])]),
    Tangle([[0, 2, 1, 3], [1, 2, 4, 3]], [0, 4]),
]


@pytest.mark.parametrize("tangle", SOME)
class TestValues:
    def test_printed_form_parses_back(self, tangle):
        twin = eval(repr(tangle), {"Tangle": Tangle})
        assert twin == tangle
        assert hash(twin) == hash(tangle)

    def test_labels_do_not_matter(self, tangle):
        rows = [[100 - 7 * label for label in row] for row in tangle.crossings]
        turned = [row[2:] + row[:2] for row in rows][::-1]
        assert Tangle(turned, [100 - 7 * label for label in tangle.border], tangle.n_circles) == tangle

    def test_mirror_and_rotation(self, tangle):
        assert tangle.mirror().mirror() == tangle
        assert tangle.rotate(tangle.n_ends) == tangle
        assert tangle.rotate(1).rotate(-1) == tangle
        assert tangle.rotate().mirror() == tangle.mirror().rotate()

    def test_gluing_to_the_identity_of_the_border(self, tangle):
        labels = list(range(tangle.n_ends))
        assert Tangle.planar([(tangle, labels)], labels) == tangle
        assert Tangle.planar([(tangle, labels)], labels[1:] + labels[:1]) == tangle.rotate(-1)


def test_text():
    assert Tangle("X[0,1,2,3]", [0, 1, 2, 3]) == Tangle([[0, 1, 2, 3]], [0, 1, 2, 3])
    with pytest.raises(ParseError):
        Tangle("X[0,1,2,y]", [0, 1, 2, 3])


def determinant(link, jones):
    """The value of the Jones polynomial at t = -1, A = exp(i pi / 4): A^4 = -1, divided by the circle's value 0 by a derivative."""
    polynomial = dict(jones(link))
    quotient = {}
    while polynomial:  # divide by -A^2 - A^-2 from the top
        top = max(polynomial)
        c = -polynomial.pop(top)
        quotient[top - 2] = c
        polynomial[top - 4] = polynomial.get(top - 4, 0) + c
        polynomial = {power: x for power, x in polynomial.items() if x}
    lowest = min(quotient)
    assert all((power - lowest) % 4 == 0 for power in quotient)
    return abs(sum(c * (-1) ** ((power - lowest) // 4) for power, c in quotient.items()))


FRACTIONS = [(p, q) for p in range(1, 10) for q in range(1, 9) if gcd(p, q) == 1]


@pytest.mark.parametrize(("p", "q"), FRACTIONS)
def test_determinants_of_closures(p, q, jones):
    # Conway: det N(p/q) = |p|, det D(p/q) = |q|; the numerator is a knot if and only if p is odd
    tangle = Tangle.rational(p, q)
    assert determinant(tangle.numerator(), jones) == p
    assert determinant(tangle.denominator(), jones) == q
    assert tangle.numerator().n_components == (1 if p % 2 else 2)
    assert Tangle.rational(-p, q) == Tangle.rational(p, -q) == tangle.mirror()


def test_sums_and_products_of_fractions(jones):
    for p, q, r, s in ((1, 2, 1, 3), (2, 3, -1, 2), (3, 1, 2, 5)):
        total = Tangle.rational(p, q) + Tangle.rational(r, s)
        assert determinant(total.numerator(), jones) == abs(p * s + q * r)
        stack = Tangle.rational(p, q) * Tangle.rational(r, s)
        assert (
            stack.rotate().n_crossings == (Tangle.rational(r, s).rotate() + Tangle.rational(p, q).rotate()).n_crossings
        )
        assert jones(stack.rotate().numerator()) == jones(
            (Tangle.rational(p, q).rotate() + Tangle.rational(r, s).rotate()).numerator()
        )


def test_signs_agree_with_spherogram():
    # RationalTangle(p, q) of spherogram 2.4.1, closed and simplified: sorted signs of numerator and denominator
    for (p, q), n, d in (
        ((3, 1), [1] * 3, []),
        ((5, 2), [-1, -1, 1, 1], None),
        ((7, 3), [1] * 5, [-1] * 3),
        ((1, 3), [], [-1] * 3),
    ):
        tangle = Tangle.rational(p, q)
        assert sorted(simplify(tangle.numerator()).signs) == n
        assert d is None or sorted(simplify(tangle.denominator()).signs) == d


def test_braids_are_stacks_of_tangles(jones):
    # in the tangle -1 the strand from south-west to north-east is over, the letter 1; strands close around the right as top to bottom
    letter = Tangle.integer(-1)
    stack = letter * letter * letter
    assert jones(stack.close([(0, 1), (2, 3)])) == jones(torus_link(2, 3))
    assert stack == Tangle.rational(-1, 3)


def test_identity_glues_tangles_of_many_ends():
    three = Tangle.identity(3)
    assert three.n_ends == 6
    assert three.close([(0, 1), (2, 5), (3, 4)]).n_unknots == 3
    assert three.close([(0, 5), (1, 2), (3, 4)]).n_unknots == 2
    assert Tangle.identity(0) == Tangle()


class TestRefusals:
    def test_borders(self):
        with pytest.raises(DomainError, match=r"edge 9 has 1 ends, not 2 \(first at border\[1\]\)"):
            Tangle([], [0, 9, 0])
        with pytest.raises(DomainError, match="genus 1"):
            Tangle([[0, 1, 2, 3]], [0, 2, 1, 3])
        with pytest.raises(DomainError, match="genus 1"):
            Tangle([], [0, 1, 0, 1])

    def test_closures(self):
        with pytest.raises(DomainError, match="genus 1"):
            Tangle.integer(2).close([(0, 2), (1, 3)])
        with pytest.raises(DomainError, match="do not join each of the 4 ends"):
            ONE.close([(0, 1)])
        with pytest.raises(ShapeError, match="this one has 2"):
            Tangle([], [0, 0]).numerator()

    def test_planar(self):
        with pytest.raises(ShapeError, match=r"inputs\[0\] has 4 ends and 3 labels"):
            Tangle.planar([(ONE, [0, 1, 2])])
        with pytest.raises(DomainError, match="labelled 2 has 1 ends"):
            Tangle.planar([(ONE, [0, 1, 2, 3])], [0, 1, 3])

    def test_fractions(self):
        with pytest.raises(DomainError, match="0/0"):
            Tangle.rational(0, 0)
        with pytest.raises(DomainError, match=r"columns\[1\] = 0"):
            pretzel_link(1, 0)
        with pytest.raises(DomainError, match="rational numbers"):
            montesinos_link("1/0")


def test_pretzel_links(jones):
    assert jones(pretzel_link(-2, 3, 3)) == jones(torus_link(3, 4))
    assert jones(pretzel_link(-2, 3, 5)) == jones(torus_link(3, 5))
    assert jones(pretzel_link(-1, -1, -1)) == jones(torus_link(2, 3))
    assert jones(pretzel_link(3, -2, 3)) == jones(pretzel_link(-2, 3, 3))
    assert jones(montesinos_link(Fraction(-1, 2), "-1/3")) == jones(pretzel_link(2, 3))
    assert any(chirality(pretzel_link(2, 3), torus_link(2, 5), jones))


def chirality(link, other, jones):
    a, b = jones(link), jones(other)
    return a == b, a == {-power: c for power, c in b.items()}


def test_two_bridge_and_pretzel_columns_of_the_table(knots, jones):
    for row in knots[:165:3]:
        knot = Link.from_pd(row["pd_notation"])
        if row["two_bridge_notation"]:
            p, q = map(int, row["two_bridge_notation"].strip("[]").split(","))
            assert jones(two_bridge_link(p, q)) == jones(knot)
        name = row["pretzel_notation"]
        if name.startswith("P(") and ";" not in name:
            assert jones(pretzel_link(*map(int, name[2:-1].split(",")))) == jones(knot)


def test_montesinos_column_of_the_table_up_to_reflection(knots, jones):
    for row in knots[80:250:4]:
        name = row["montesinos_notation"]
        if name.startswith("K(") and ";" in name:
            assert any(chirality(montesinos_link(*name[2:-1].split(";")), Link.from_pd(row["pd_notation"]), jones))


def test_conway_mutants_by_gluing(jones):
    # turning one of four rational tangles in a sum by half a turn about its axis keeps the Jones polynomial
    parts = [Tangle.rational(1, 3), Tangle.rational(-2, 5), Tangle.rational(1, 2)]
    total = parts[0] + parts[1] + parts[2]
    turned = parts[0] + parts[1].rotate(2) + parts[2]
    assert jones(total.numerator()) == jones(turned.numerator())
