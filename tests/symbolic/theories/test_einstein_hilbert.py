"""Einstein–Hilbert Lagrangians of generic metrics: no equations in two dimensions, Bianchi's identity, Einstein's tensor in numbers."""

import random

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.symbolic import GenericMetric, JetSpace, einstein_hilbert, euler_operator

PRIME = 2**61 - 1


class Dual:
    """``a + b ε`` modulo the prime, ``ε² = 0``."""

    def __init__(self, a, b=0):
        self.a, self.b = a % PRIME, b % PRIME

    def _of(self, other):
        return other if isinstance(other, Dual) else Dual(int(other))

    def __add__(self, other):
        other = self._of(other)
        return Dual(self.a + other.a, self.b + other.b)

    def __mul__(self, other):
        other = self._of(other)
        return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        other = self._of(other)
        inverse = pow(other.a, -1, PRIME)
        return Dual(self.a * inverse, (self.b * other.a - self.a * other.b) * inverse * inverse)

    def __pow__(self, power):
        result = Dual(1)
        for _ in range(power):
            result = result * self
        return result


def bianchi_defect(metric, equations, seed):
    """Return ``D_m E^{mk} + Γ^k_{mn} E^{mn}`` at random jets modulo the prime, ``E^{mn}`` symmetrised."""
    rng = random.Random(seed)
    base, n = metric.space.base, range(len(metric.space.base))
    known = {}

    def jet(name, index):
        return known.setdefault((name, index), rng.randrange(PRIME))

    zero = (0,) * len(base)
    while True:
        values = {name: Dual(jet(name, zero)) for name in metric.names.values()}
        square = (-metric.determinant).evaluate(values).a
        root = pow(square, (PRIME + 1) // 4, PRIME)
        if root * root % PRIME == square:
            break
        known.clear()

    def components(direction):
        """E^{mn} at the point moved by ε along a direction."""
        values = {}
        for name in {name for equation in equations.values() for name in equation.generators} - {"vol"}:
            symbol = metric.space.ring.symbol(metric.space.ring.position(name))
            moved = list(symbol.index)
            moved[direction] += 1
            values[name] = Dual(jet(symbol.function, symbol.index), jet(symbol.function, tuple(moved)))
        square = (-metric.determinant).evaluate(values)
        values["vol"] = Dual(root, square.b * pow(2 * root, -1, PRIME))
        half = pow(2, -1, PRIME)
        return {
            (i, j): equations[name].evaluate(values) * (1 if i == j else half) for (i, j), name in metric.names.items()
        }

    moved = [components(direction) for direction in n]
    unit = [tuple(int(i == j) for j in n) for i in n]
    down = {place: Dual(jet(name, zero)) for place, name in metric.names.items()}
    determinant = metric.determinant.evaluate({name: down[place] for place, name in metric.names.items()})
    up = {
        place: value.evaluate({name: down[other] for other, name in metric.names.items()}) / determinant
        for place, value in metric.adjugate.items()
    }

    def slope(i, j, k):
        return jet(metric.names[i, j], unit[k])

    defects = []
    for k in n:
        total = sum(moved[m][m, k].b for m in n)
        for m in n:
            for p in n:
                gamma = sum(
                    up[k, q].a * (slope(q, m, p) + slope(q, p, m) - slope(m, p, q)) * pow(2, -1, PRIME) for q in n
                )
                total += gamma * moved[0][m, p].a
        defects.append(total % PRIME)
    return defects


@pytest.mark.parametrize("sign", [1, -1])
def test_two_dimensional_gravity_has_no_equations(sign):
    metric = GenericMetric("x y", sign=sign)
    lagrangian = einstein_hilbert(metric)
    assert lagrangian
    assert not any(metric.space.euler(lagrangian).values())


def test_three_dimensions_obey_bianchi():
    metric = GenericMetric("t x y")
    equations = metric.space.euler(einstein_hilbert(metric))
    assert len(equations["g00"].numerator) == 93
    assert bianchi_defect(metric, equations, 1) == [0, 0, 0]
    broken = {**equations, "g00": equations["g00"] + equations["g01"]}
    assert bianchi_defect(metric, broken, 1) != [0, 0, 0]


def test_the_cosmological_term():
    metric = GenericMetric("t x y", constants="Lambda")
    ring = metric.space.ring
    whole = einstein_hilbert(metric, ring["Lambda"])
    found = euler_operator(whole, "g01") - euler_operator(einstein_hilbert(metric), "g01")
    inverse = metric.adjugate[0, 1] / metric.determinant
    assert found == -2 * ring["Lambda"] * metric.volume * inverse  # both orders of (0, 1)


def test_equations_are_einsteins_tensor():
    """At random jets against ``-√|g| G^{ab}`` in floating point, by the formula of second derivatives."""
    rng = np.random.default_rng(7)
    n = 3
    g = np.diag([-1.2, 1.0, 0.8]) + 0.1 * np.ones((n, n))
    first, second = rng.normal(size=(n, n, n)), rng.normal(size=(n, n, n, n))
    first, second = first + first.swapaxes(0, 1), second + second.swapaxes(0, 1)
    second = second + second.swapaxes(2, 3)
    up = np.linalg.inv(g)
    low = (first.transpose(0, 1, 2) + first.transpose(0, 2, 1) - first.transpose(2, 0, 1)) / 2
    high = np.einsum("ad,dbc->abc", up, low)
    riemann = np.einsum("adbc->abcd", second) + np.einsum("bcad->abcd", second)
    riemann = (riemann - np.einsum("acbd->abcd", second) - np.einsum("bdac->abcd", second)) / 2
    riemann = riemann + np.einsum("ebc,ead->abcd", high, low) - np.einsum("ebd,eac->abcd", high, low)
    ricci = np.einsum("ac,abcd->bd", up, riemann)
    expected = -np.sqrt(-np.linalg.det(g)) * up @ (ricci - 0.5 * g * np.einsum("ab,ab", up, ricci)) @ up
    metric = GenericMetric("t x y")
    equations = metric.space.euler(einstein_hilbert(metric))
    for (i, j), name in metric.names.items():
        values = {"vol": np.sqrt(-np.linalg.det(g))}
        for other in equations[name].generators:
            if other != "vol":
                symbol = metric.space.ring.symbol(metric.space.ring.position(other))
                a, b = int(symbol.function[1]), int(symbol.function[2])
                along = [k for k, count in enumerate(symbol.index) for _ in range(count)]
                values[other] = (g, first, second)[len(along)][(a, b, *along)]
        value = equations[name].evaluate(values) / (1 if i == j else 2)
        assert value == pytest.approx(expected[i, j], rel=1e-9)


def test_refusals():
    with pytest.raises(DomainError, match="sign 1 or -1"):
        GenericMetric("t x", sign=0)
    assert isinstance(GenericMetric("t x").space, JetSpace)


@pytest.mark.slow
def test_four_dimensions_obey_bianchi():
    metric = GenericMetric("t x y z")
    equations = metric.space.euler(einstein_hilbert(metric))
    assert len(equations["g00"].numerator) == 2919
    assert bianchi_defect(metric, equations, 2) == [0, 0, 0, 0]
