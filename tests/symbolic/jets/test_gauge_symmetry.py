"""Noether's second theorem and superpotentials: the homotopy law over a background, Maxwell, Yang–Mills and gravity."""

import random
from itertools import combinations, product

import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import (
    GenericMetric,
    JetSpace,
    charge_form,
    current_potential,
    einstein_hilbert,
    gauge_symmetry,
    horizontal_derivative,
    horizontal_homotopy,
    linearise,
    metric_variation,
    prolong,
    spacetime,
)


def random_jet(rng, ring, function, order):
    index = [0] * len(ring.coordinates)
    for _ in range(rng.randint(0, order)):
        index[rng.randrange(len(index))] += 1
    return ring.jet(function, tuple(index))


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("degree", [1, 2])
def test_the_homotopy_formula_over_a_background(n, degree):
    """d ρ + ρ d = 1 on forms of contact degree one and two in v, coefficients in u and the coordinates, orders up to 3."""
    ring = DifferentialRing("a b c d"[: 2 * n - 1], functions="u v")
    rng = random.Random(10 * n + degree)
    for p in range(1, n):
        form = {}
        for _ in range(2):
            term = random_jet(rng, ring, "u", 3) * (ring[rng.choice(ring.coordinates)] + 2)
            for _ in range(degree):
                term = term * random_jet(rng, ring, "v", 3)
            form[tuple(sorted(rng.sample(ring.coordinates, p)))] = term
        up = horizontal_homotopy(horizontal_derivative(form, ring), ("v",), ring)
        total = horizontal_derivative(horizontal_homotopy(form, ("v",), ring), ring)
        for place, value in up.items():
            total[place] = total[place] + value if place in total else value
        assert {place: value for place, value in total.items() if value} == form


def divergence(k, ring):
    """Return D_j k^{ij} for an antisymmetric k given with i before j."""
    result = dict.fromkeys(ring.coordinates, ring.constant(0))
    for (i, j), value in k.items():
        result[i] = result[i] + value.derivative(j)
        result[j] = result[j] - value.derivative(i)
    return result


@pytest.mark.parametrize("n", [2, 3, 4])
def test_currents_conserved_identically_are_divergences(n):
    ring = DifferentialRing("t x y z"[: 2 * n - 1], functions="u v")
    rng = random.Random(n)
    k = {
        place: random_jet(rng, ring, "u", 1) * random_jet(rng, ring, "v", 2)
        for place in combinations(ring.coordinates, 2)
    }
    current = divergence(k, ring)
    assert divergence(current_potential(current, ("u",), ring), ring) == current


def zeroed(element, functions):
    """Return an element with the derivatives of some functions set to zero."""
    ring = element.ring
    names = {
        name: ring.constant(0)
        for name in element.generators
        if getattr(symbol := ring.symbol(ring.position(name)), "function", "") in functions and symbol.order
    }
    return element.substitute(names) if names else element


@pytest.mark.parametrize("base", ["t x y", "t x y z"])
def test_maxwell(base):
    """S^i = f D_j F^{ji} up to sign; for constant f the superpotential is f F^{ij}[δA], whose flux is the charge."""
    names = base.split()
    J = JetSpace(base, [f"A{x}" for x in names], functions={"f": base})
    sign = {x: -1 if x == "t" else 1 for x in names}

    def strength(i, j, field="A"):
        return J[f"{field}{j}_{i}"] - J[f"{field}{i}_{j}"]

    L = sum((-sign[i] * sign[j] * strength(i, j) ** 2 for i, j in combinations(names, 2)), J.ring.constant(0)) / 2
    found = gauge_symmetry(J, L, {f"A{x}": f"f_{x}" for x in names}, ("f",))
    assert found.identities["f"] == -sum((J[f"eq_A{x}_{x}"] for x in names), J.ring.constant(0))
    assert all(found.current[x] == J["f"] * found.equations[f"A{x}"] for x in names)
    k = found.superpotential()
    for (i, j), value in k.items():
        expected = -sign[i] * sign[j] * J["f"] * strength(i, j, "delta_A")
        assert zeroed(value, {"f"}) == expected
    law = divergence({place: zeroed(value, {"f"}) for place, value in k.items()}, J.ring)
    for x in names:
        assert zeroed(law[x], {"f"}) == linearise(J["f"] * found.equations[f"A{x}"], J.fields)


def test_yang_mills():
    """su(2) in three dimensions: D_i E^i = 0, and on an abelian background k = f_3 δF_3."""
    names, colours = ("t", "x", "y"), (1, 2, 3)
    J = JetSpace("t x y", [f"A{a}{x}" for a in colours for x in names], functions={f"f{a}": "t x y" for a in colours})
    sign = {"t": -1, "x": 1, "y": 1}
    epsilon = {(1, 2, 3): 1, (2, 3, 1): 1, (3, 1, 2): 1, (3, 2, 1): -1, (2, 1, 3): -1, (1, 3, 2): -1}

    def cross(a, left, right):
        return sum((s * left(b) * right(c) for (d, b, c), s in epsilon.items() if d == a), J.ring.constant(0))

    def strength(a, i, j):
        turned = cross(a, lambda b: J[f"A{b}{i}"], lambda c: J[f"A{c}{j}"])
        return J[f"A{a}{j}_{i}"] - J[f"A{a}{i}_{j}"] + turned

    L = J.ring.constant(0)
    for a in colours:
        for i, j in combinations(names, 2):
            L = L - sign[i] * sign[j] * strength(a, i, j) ** 2 / 2
    change = {
        f"A{a}{x}": J[f"f{a}_{x}"] + cross(a, lambda b, x=x: J[f"A{b}{x}"], lambda c: J[f"f{c}"])
        for a in colours
        for x in names
    }
    found = gauge_symmetry(J, L, change, ("f1", "f2", "f3"))
    for a in colours:
        assert found.current["x"].partial(f"f{a}") == found.equations[f"A{a}x"]
        expected = J.ring.constant(0)
        for x in names:
            turned = cross(a, lambda b, x=x: J[f"A{b}{x}"], lambda c, x=x: J[f"eq_A{c}{x}"])
            expected = expected - J[f"eq_A{a}{x}_{x}"] - turned
        assert found.identities[f"f{a}"] == expected
    k = found.superpotential()

    def reducible(element):
        """Colours 1 and 2 of the background and of f vanish, and f3 is constant: Q = 0."""
        names_ = {}
        for name in element.generators:
            symbol = J.ring.symbol(J.ring.position(name))
            function = getattr(symbol, "function", "")
            if function[:2] in ("A1", "A2", "f1", "f2") or (function == "f3" and symbol.order):
                names_[name] = J.ring.constant(0)
        return element.substitute(names_) if names_ else element

    kept = {place: reducible(value) for place, value in k.items()}
    for (i, j), value in kept.items():
        assert value == reducible(-sign[i] * sign[j] * J["f3"] * linearise(strength(3, i, j), J.fields))
    law = divergence(kept, J.ring)
    for x in names:
        assert reducible(law[x]) == reducible(linearise(found.current[x], J.fields))


def test_linearised_gravity_has_the_surface_charge_of_barnich_and_brandt():
    """About the BTZ black hole, for its Killing fields, the homotopy gives the closed form of the theory of charges.

    Both are fixed up to D_φ of something, which vanishes for axial symmetry.
    """
    hole = spacetime("btz")
    potential, carry = linear_superpotential(hole)
    for parameter, direction in product(("M", "J"), (0, 2)):
        variation = metric_variation(hole, parameter)
        expected = charge_form(hole, variation, {hole.ring.coordinates[direction]: 1}).density
        shape = {f"h{i}{j}": carry(variation[i, j]) for i in range(3) for j in range(i, 3)}
        shape |= {f"xi{i}": potential.ring.constant(int(i == direction)) for i in range(3)}
        assert str(replaced(potential, shape)) == str(expected)


def linear_superpotential(hole):
    """Return k^{tr} for the metric linearised about a background, any h and ξ, and the way into its ring."""
    theirs = GenericMetric("t r phi", constants="Lambda")
    lagrangian = einstein_hilbert(theirs, theirs.space["Lambda"])
    base, n = ("t", "r", "phi"), range(3)
    space = JetSpace(
        base,
        [f"h{i}{j}" for i in n for j in range(i, 3)],
        constants=hole.ring.constants,
        functions={f"xi{i}": "t r phi" for i in n},
    )
    ring = space.ring

    def carry(element):
        return ring.parse(str(element))

    background = {(i, j): carry(hole[i, j]) for i in n for j in n}
    length = carry(hole.scalar_curvature) / 6  # R = 6 Λ in three dimensions

    def value(name):
        if name == "vol":
            return ring["r"]
        if name == "Lambda":
            return length
        symbol = theirs.space.ring.symbol(theirs.space.ring.position(name))
        i, j = int(symbol.function[1]), int(symbol.function[2])
        along = [x for x, count in zip(base, symbol.index, strict=True) for _ in range(count)]
        return background[i, j].derivative(*along)

    def linear(equation):
        """The equation linearised about the background."""
        zero = ring.constant(0)
        total = zero
        for name in theirs.space.fields:
            i, j = int(name[1]), int(name[2])
            for index in product(range(3), repeat=3):
                if sum(index) > 2:
                    continue
                jet = theirs.space.ring.jet(name, index).generators[0]
                slope = equation.partial(jet)
                if slope:
                    at = {other: value(other) for other in slope.generators}
                    total = total + (zero + slope.evaluate(at)) * ring.jet(f"h{i}{j}", index)
        return total

    equations = {}
    for (i, j), name in theirs.names.items():
        if i <= j:
            equations[f"h{i}{j}"] = linear(theirs.space.euler(lagrangian)[name])
    change = {}
    for i in n:
        for j in range(i, 3):
            total = ring.constant(0)
            for k, x in enumerate(base):
                xi = ring[f"xi{k}"]
                total = total + xi * background[i, j].derivative(x)
                total = total + background[k, j] * xi.derivative(base[i]) + background[i, k] * xi.derivative(base[j])
            change[f"h{i}{j}"] = total
    found = gauge_symmetry(space, equations, change, tuple(f"xi{i}" for i in n))
    return current_potential(found.current, space.fields, ring)["t", "r"], carry


def replaced(element, values):
    """Return an element with functions, and all their derivatives, replaced."""
    ring = element.ring
    names = {}
    for name in element.generators:
        symbol = ring.symbol(ring.position(name))
        if getattr(symbol, "function", "") in values:
            along = [x for x, count in zip(ring.coordinates, symbol.index, strict=True) for _ in range(count)]
            names[name] = values[symbol.function].derivative(*along)
    return element.substitute(names)


def test_refusals():
    J = JetSpace("t x", "a b", functions={"f": "t x", "g": "t x"})
    with pytest.raises(DomainError, match="not linear in f"):
        gauge_symmetry(J, "a^2", {"a": "f_t + g"}, ("f",))
    with pytest.raises(DomainError, match="no gauge symmetry"):
        gauge_symmetry(J, "a^2 + b^2", {"a": "f_t", "b": "f_x"}, ("f",))
    with pytest.raises(DomainError, match="two base coordinates"):
        current_potential({"t": J["a"]}, ("a",), DifferentialRing("t", functions="a"))
    assert prolong({"a": J["f"]}, J["a"]) == J["f"]
