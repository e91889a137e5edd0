"""Rules on the sphere: exactness up to their degree and not beyond, published sizes, and the form of their values."""

from math import gamma, pi

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.representations.sphere import SphereRule, projection_rule, rule

KINDS = ("lebedev", "gauss-legendre", "minimal", "equal-angle")


def monomial(a, b, c):
    """The integral of x^a y^b z^c over the sphere (Folland, Am. Math. Monthly 108, 446)."""
    if a % 2 or b % 2 or c % 2:
        return 0.0
    half = [(k + 1) / 2 for k in (a, b, c)]
    return 2 * gamma(half[0]) * gamma(half[1]) * gamma(half[2]) / gamma(sum(half))


def defect(item, degree):
    """The worst error over all monomials of a degree, relative to 4 pi."""
    x, y, z = item.points.T
    return max(
        abs(item.weights @ (x**a * y**b * z ** (degree - a - b)) - monomial(a, b, degree - a - b))
        for a in range(degree + 1)
        for b in range(degree + 1 - a)
    ) / (4 * pi)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4, 5, 8, 9, 13, 16, 20, 21])
def test_exact_to_the_degree_promised(kind, degree):
    item = rule(degree, kind)
    assert item.degree >= degree
    item.check(degree)
    assert max(defect(item, k) for k in range(item.degree + 1)) <= 1e-14
    assert np.abs(np.linalg.norm(item.points, axis=1) - 1).max() <= 1e-15 * 2


@pytest.mark.parametrize("kind", KINDS)
def test_not_exact_far_beyond(kind):
    item = rule(6, kind)
    assert max(defect(item, k) for k in range(item.degree + 1, item.degree + 4)) > 1e-4


def test_sizes_of_lebedev_rules():
    assert [len(rule(t)) for t in (4, 8, 12, 16, 20, 24)] == [14, 38, 74, 110, 170, 230]
    assert [len(rule(t)) for t in (3, 6, 9, 12, 15, 18)] == [6, 26, 38, 74, 86, 146]
    assert len(rule(131)) == 5810


@pytest.mark.parametrize(("degree", "points"), [(13, 86), (25, 302), (27, 302)])
def test_rules_with_negative_weights_can_be_passed_over(degree, points):
    assert rule(degree).weights.min() < 0
    assert len(rule(degree, nonnegative=True)) == points
    assert rule(degree, nonnegative=True).weights.min() > 0


@pytest.mark.parametrize("t", [1, 4, 5, 12, 30])
def test_sizes_of_gauss_rules(t):
    assert rule(t, "gauss-legendre").grid == (-(-(t + 1) // 2), t + 1)
    assert (rule(t, "gauss-legendre").weights > 0).all()


@pytest.mark.parametrize("kind", ["lebedev", "minimal"])
@pytest.mark.parametrize("degree", [1, 5, 12, 19])
def test_the_second_half_are_the_antipodes_of_the_first(kind, degree):
    item = rule(degree, kind)
    n = len(item) // 2
    assert item.antipodal
    assert np.array_equal(item.points[:n], -item.points[n:])
    assert np.array_equal(item.weights[:n], item.weights[n:])


def test_projection_rules_are_the_smallest():
    assert projection_rule(4, 4).degree == 9
    assert projection_rule(4, 2, "gauss-legendre").degree == 6
    assert [projection_rule(d, 2, "minimal").interpolates for d in (0, 2, 3, 4, 5)] == [2, 2, 4, 4, 6]


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_frozen_hashable_and_parse_back(kind):
    item = rule(7, kind)
    assert eval(repr(item)) == item
    assert hash(eval(repr(item))) == hash(item)
    assert item != rule(9, kind)
    with pytest.raises(ValueError, match="read-only"):
        item.weights[0] = 1.0
    with pytest.raises(AttributeError):
        item.degree = 3


def test_a_rule_of_ones_own():
    tetrahedron = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
    item = SphereRule(2, "tetrahedron", tetrahedron, np.full(4, pi))
    assert max(defect(item, k) for k in range(3)) <= 1e-15
    assert defect(item, 3) > 1e-3


def test_refusals():
    with pytest.raises(DomainError, match="no Lebedev rule of degree 132: the highest is 131"):
        rule(132)
    with pytest.raises(DomainError, match="kept to degree 25, got degree=26"):
        rule(26, "minimal")
    with pytest.raises(DomainError, match="kind must be one of 'lebedev'"):
        rule(4, "fibonacci")
    with pytest.raises(DomainError, match="degree=-1"):
        rule(-1)
    with pytest.raises(DomainError, match="exact to degree 5; degree 6 is needed"):
        rule(5).check(6)
