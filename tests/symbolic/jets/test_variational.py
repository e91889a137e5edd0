"""The laws of the variational bicomplex on random Lagrangians and forms, and Euler–Lagrange equations against sympy's."""

import random

import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import (
    JetSpace,
    commutator,
    euler_operator,
    horizontal_derivative,
    horizontal_homotopy,
    invert_divergence,
    linearise,
    noether,
    noether_identity,
    prolong,
)


def random_jet(rng, ring, functions, order):
    function = rng.choice(functions)
    of = ring.functions[function]
    index = [0] * len(of)
    for _ in range(rng.randint(0, order)):
        index[rng.randrange(len(of))] += 1
    return ring.jet(function, tuple(index))


def random_polynomial(rng, ring, functions, order, terms=4, degree=3):
    total = ring.constant(0)
    for _ in range(terms):
        term = ring.constant(rng.randint(1, 5))
        for _ in range(rng.randint(1, degree)):
            term = term * random_jet(rng, ring, functions, order)
        if rng.random() < 0.4:
            term = term * ring[rng.choice(ring.coordinates)]
        total = total + term
    return total


@pytest.mark.parametrize(
    ("base", "fields", "order"), [("t", "q", 3), ("t x", "u", 2), ("t x", "u v", 3), ("t x y", "u v", 2)]
)
@pytest.mark.parametrize("seed", range(3))
def test_first_variation(base, fields, order, seed):
    """δL = E_α δu^α + D_i θ^i, and D_i ω^i = δ1E δ2u - δ2E δ1u, for every Lagrangian."""
    J = JetSpace(base, fields)
    L = random_polynomial(random.Random(seed), J.ring, J.fields, order)
    E, theta = J.euler(L), J.presymplectic_potential(L)
    change = {field: J[f"delta_{field}"] for field in J.fields}
    assert linearise(L, J.fields) == sum((E[f] * change[f] for f in J.fields), J.ring.constant(0)) + J.divergence(theta)
    omega = J.presymplectic_current(L)
    expected = J.ring.constant(0)
    for f in J.fields:
        one, two = ({g: J[f"{name}_{g}"] for g in J.fields} for name in ("delta1", "delta2"))
        expected = expected - prolong(one, E[f]) * two[f] + prolong(two, E[f]) * one[f]
    assert J.divergence(omega) == expected


@pytest.mark.parametrize("text", ["sqrt(1 + u_x^2 + u_y^2)", "u_x*u_y/(1 + u^2)", "exp(u)*u_xy^2 + sin(x)*u", "u_xy^2"])
def test_euler_lagrange_equals_sympy(text):
    sympy = pytest.importorskip("sympy")
    J = JetSpace("x y", "u")
    ours = J.euler(text)["u"]
    x, y = sympy.symbols("x y")
    u = sympy.Function("u")(x, y)
    jets = {"u_xy": sympy.diff(u, x, y), "u_x": sympy.diff(u, x), "u_y": sympy.diff(u, y), "u": u}
    expression = sympy.sympify(text.replace("^", "**"), locals={**jets, "x": x, "y": y})
    theirs = sympy.calculus.euler.euler_equations(expression, [u], [x, y])[0].lhs.doit()
    value = sympy.sin(x + 2 * y) + x**2 * y
    at = {x: sympy.Rational(3, 10), y: sympy.Rational(7, 10)}
    values = {"x": 0.3, "y": 0.7}
    for i in range(5):
        for j in range(5 - i):
            name = "u" + ("_" + "x" * i + "y" * j if i + j else "")
            values[name] = float(sympy.diff(value, x, i, y, j).subs(at))
    assert ours.evaluate(values) == pytest.approx(float(theirs.subs(u, value).doit().subs(at)), rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_divergences_have_no_euler_lagrange_equations_and_have_potentials(n, seed):
    ring = DifferentialRing("t x y"[: 2 * n - 1], functions="u v")
    rng = random.Random(seed)
    element = ring.constant(0)
    for coordinate in ring.coordinates:
        element = element + random_polynomial(rng, ring, ("u", "v"), 2, terms=2).derivative(coordinate)
    element = element + ring["t"] ** 3
    assert not euler_operator(element, "u")
    assert not euler_operator(element, "v")
    potential = invert_divergence(element, ("u", "v"))
    assert sum((value.derivative(coordinate) for coordinate, value in potential.items()), ring.constant(0)) == element


def test_what_is_no_divergence_has_no_potential():
    ring = DifferentialRing("x", functions="u")
    with pytest.raises(DomainError, match=r"variational derivative in u is 2\*u"):
        invert_divergence(ring["u"] ** 2, ("u",))


def test_potentials_beyond_polynomials():
    ring = DifferentialRing("x", functions="u")
    target = ring.parse("u_x^2/(1 + u^2) + x*sqrt(1 + u)")
    found = invert_divergence(target.derivative("x"), ("u",))["x"]
    assert (found - target).derivative("x") == 0


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_homotopy_formula(n):
    """d_H ρ + ρ d_H = 1 on forms of degree 0 < p < n, of any degree in the functions (orders up to 3)."""
    ring = DifferentialRing("a b c d"[: 2 * n - 1], functions="u v")
    rng = random.Random(n)
    base = ring.coordinates
    for p in range(1, n):
        form = {}
        for _ in range(2):
            place = tuple(sorted(rng.sample(base, p)))
            form[place] = random_polynomial(rng, ring, ("u", "v"), 3 if n < 4 else 2, terms=2, degree=2)
        up = horizontal_homotopy(horizontal_derivative(form, ring), ("u", "v"), ring)
        down = horizontal_derivative(horizontal_homotopy(form, ("u", "v"), ring), ring)
        total = dict(up)
        for place, value in down.items():
            total[place] = total[place] + value if place in total else value
        assert {place: value for place, value in total.items() if value} == form


def test_d_squared_is_zero():
    ring = DifferentialRing("x y z", functions="u")
    form = {("x",): ring.parse("u_y*u"), ("z",): ring.parse("x*u_xx")}
    assert horizontal_derivative(horizontal_derivative(form, ring), ring) == {}


class TestNoether:
    def test_wave_energy_and_momentum(self):
        J = JetSpace("t x", "u")
        energy = noether(J, "u_t^2/2 - u_x^2/2", {"u": "u_t"})
        assert energy.components == {"t": J.parse("u_t^2/2 + u_x^2/2"), "x": J.parse("-u_t*u_x")}
        momentum = noether(J, "u_t^2/2 - u_x^2/2", {"u": "u_x"})
        assert momentum.components == {"t": J.parse("u_t*u_x"), "x": J.parse("-u_t^2/2 - u_x^2/2")}

    def test_sine_gordon(self):
        J = JetSpace("t x", "u")
        L = J.parse("u_t^2/2 - u_x^2/2 - 1 + cos(u)")
        assert J.euler(L)["u"] == J.parse("u_xx - u_tt - sin(u)")
        assert noether(J, L, {"u": "u_t"}).components["t"] == J.parse("u_t^2/2 + u_x^2/2 - cos(u)")

    def test_lorentz_boosts_of_sine_gordon(self):
        J = JetSpace("t x", "u")
        L = J.parse("u_t^2/2 - u_x^2/2 + cos(u)")
        boost = noether(J, L, {"u": "x*u_t + t*u_x"})
        assert boost.divergence() == -J.parse("x*u_t + t*u_x") * J.euler(L)["u"]

    def test_kepler_angular_momentum_and_runge_lenz(self):
        """The Runge–Lenz vector comes from the generalised symmetry that Olver gives (Exercise 5.38 type)."""
        J = JetSpace("t", "x y")
        r = J.ring.adjoin_root("r", J.parse("x^2 + y^2"))
        L = J.parse("x_t^2/2 + y_t^2/2") + 1 / r
        spin = noether(J, L, {"x": "-y", "y": "x"})
        assert spin.components["t"] == J.parse("x*y_t - y*x_t")
        change = {"x": J.parse("-y*y_t"), "y": J.parse("2*x*y_t - y*x_t")}
        vector = noether(J, L, change)
        accelerate = {f"{q}_tt": J.ring.parse(f"-{q}") / r**3 for q in ("x", "y")}
        assert vector.divergence().substitute(accelerate) == 0

    def test_maxwell_has_an_identity(self):
        J = JetSpace("t x y", "A B C", functions={"f": "t x y"})
        L = J.parse("(B_t - A_x)^2/2 + (C_t - A_y)^2/2 - (C_x - B_y)^2/2")
        gauge = {
            field: J.ring.jet("f", index) for field, index in (("A", (1, 0, 0)), ("B", (0, 1, 0)), ("C", (0, 0, 1)))
        }
        assert noether_identity(J, L, gauge, "f") == 0
        assert noether(J, L, gauge).divergence() == -sum(
            (gauge[a] * e for a, e in J.euler(L).items()), J.ring.constant(0)
        )

    def test_what_is_no_symmetry_is_refused(self):
        with pytest.raises(DomainError, match="no variational symmetry"):
            noether(JetSpace("t", "q"), "q_t^2/2", {"q": "q"})


def test_characteristics_form_a_lie_algebra():
    J = JetSpace("t x", "u")
    P, Q, R = ({"u": J.parse(text)} for text in ("u*u_x + u_xxx", "u^2*u_x", "x*u_x + 2*u"))

    def bracket(a, b):
        return commutator(a, b).get("u", J.ring.constant(0))

    assert bracket(P, Q) == -bracket(Q, P)
    nested = [bracket(a, {"u": bracket(b, c)}) for a, b, c in ((P, Q, R), (Q, R, P), (R, P, Q))]
    assert not nested[0] + nested[1] + nested[2]


def test_two_dimensional_gravity_has_no_equations():
    """√g R is a total divergence in two dimensions (Gauss–Bonnet): g R √g in isothermal and in general coordinates."""
    J = JetSpace("x y", "E F G")
    ring = J.ring
    E, F, G = J["E"], J["F"], J["G"]
    root = ring.adjoin_root("s", E * G - F**2)
    inverse = {("x", "x"): G / root**2, ("x", "y"): -F / root**2, ("y", "x"): -F / root**2, ("y", "y"): E / root**2}
    g = {("x", "x"): E, ("x", "y"): F, ("y", "x"): F, ("y", "y"): G}
    names = ("x", "y")

    def christoffel(a, b, c):
        total = ring.constant(0)
        for d in names:
            total = total + inverse[a, d] * (g[d, b].derivative(c) + g[d, c].derivative(b) - g[b, c].derivative(d)) / 2
        return total

    gamma = {(a, b, c): christoffel(a, b, c) for a in names for b in names for c in names}
    scalar = ring.constant(0)
    for b in names:
        for d in names:
            ricci = ring.constant(0)
            for a in names:
                ricci = ricci + gamma[a, b, d].derivative(a) - gamma[a, b, a].derivative(d)
                for e in names:
                    ricci = ricci + gamma[a, a, e] * gamma[e, b, d] - gamma[a, d, e] * gamma[e, b, a]
            scalar = scalar + inverse[b, d] * ricci
    assert scalar
    assert all(not equation for equation in J.euler(root * scalar).values())
