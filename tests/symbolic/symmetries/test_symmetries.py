"""Dimensions of symmetry algebras and numbers of conservation laws against the literature, and the laws they must obey."""

from fractions import Fraction

import pytest

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import (
    DifferentialSystem,
    JetSpace,
    LieAlgebra,
    complete_linear_system,
    conservation_laws,
    conserved_densities,
    euler_operator,
    lie_symmetries,
    prolong,
    scaling_weights,
)

KDV = "u_t + 6*u*u_x + u_xxx"


# Olver, Applications of Lie Groups to Differential Equations; Ibragimov, CRC Handbook of Lie Group Analysis, vol. 1.
@pytest.mark.parametrize(
    ("base", "equation", "dimension"),
    [
        ("t x", KDV, 4),
        ("t x", "u_t + u^2*u_x + u_xxx", 3),
        ("t x", "u_t + u*u_x - u_xx", 5),
        ("t x", "u_t + u*u_x + u^2*u_x + u_xxx", 3),
        ("t x", "u_t + u_x^2 + u_xxx", 5),
        ("t x", "u_t - u^3*u_xxx", 5),
        ("t x", "u_t - u_xx - u*(1 - u)", 2),
        ("t x", "u_t + u_xxxx + u_xx + u*u_x", 3),
        ("x", "u_xx", 8),
        ("x", "u_xxx", 7),
        ("t x", "u_tx - sin(u)", 3),
    ],
)
def test_dimensions_of_point_symmetries(base, equation, dimension):
    system = DifferentialSystem(JetSpace(base, "u"), [equation])
    S = lie_symmetries(system)
    assert S.dimension == dimension
    assert S.complete
    assert S.algebra.dimension == dimension
    for vector in S.basis:
        assert_symmetry(system, vector)


def assert_symmetry(system, vector):
    """The characteristic Q = φ - ξ u_i of a point symmetry obeys pr X_Q Δ = 0 on solutions."""
    space = system.space
    change = {}
    for field in space.fields:
        value = space.parse(str(vector[field]))
        for name in space.base:
            value = value - space.parse(str(vector[name])) * space.ring.jet(field, {name: 1})
        change[field] = value
    for equation in system.equations:
        assert system.reduce(prolong(change, equation)) == 0


def test_the_heat_equation_has_six_symmetries_and_superposition():
    S = lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]), degree=2)
    assert S.dimension is None
    assert S.finite_dimension == 6
    assert S.free_functions == (2, 1)  # two functions of one variable: f(t, 0) and f_x(t, 0)
    assert not S.complete


# Olver 2.4 and 4.2, Ibragimov: linear equations modulo superposition f(x) ∂_u, with the scaling u ∂_u. Burgers' potential is heat by
# u = log v, whose superposition becomes f exp(-u) ∂_u; both Liouville's and the wave equation have two functions of one variable.
@pytest.mark.parametrize(
    ("base", "equation", "finite", "free"),
    [
        ("t x y", "u_tt - u_xx - u_yy", 11, (2, 2)),  # so(3,2), conformal, and the scaling
        (
            "t x y",
            "u_t - u_xx - u_yy",
            9,
            (2, 2),
        ),  # Schrödinger's algebra with the scaling, (n^2 + 3 n + 8)/2 for n = 2
        ("t x", "u_tx - exp(u)", None, (2, 1)),
        ("t x", "u_t - u_xx - u_x^2", None, (2, 1)),
    ],
)
def test_infinite_algebras(base, equation, finite, free):
    S = lie_symmetries(DifferentialSystem(JetSpace(base, "u"), [equation]), degree=2)
    assert (S.dimension, S.free_functions, S.complete) == (None, free, False)
    if finite is not None:
        assert S.finite_dimension == finite


# Ovsiannikov 1959: diffusion u_t = (u^m u_x)_x has four symmetries, five for m = -4/3 (here u = v^3); the wave equation with a power has
# translations, the boost and a scaling (Ibragimov, Handbook 1).
@pytest.mark.parametrize(
    ("equation", "dimension"),
    [
        ("u_t - u^2*u_xx - 2*u*u_x^2", 4),
        ("u^2*u_t - u_xx/u^2 + 2*u_x^2/u^3", 5),
        ("u_tt - u_xx - u^3", 4),
    ],
)
def test_classifications(equation, dimension):
    S = lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), [equation]))
    assert (S.dimension, S.complete) == (dimension, True)
    assert S.algebra.dimension == dimension


def test_the_free_particle_has_sl3():
    algebra = lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).algebra
    assert algebra.dimension == 8
    assert algebra.is_semisimple
    for (i, j), value in algebra.structure_constants.items():
        assert algebra.bracket(algebra.basis[i], algebra.basis[j]) == tuple(value.get(k, 0) for k in range(8))
    assert algebra.centre() == ()


def test_two_fields():
    """Free particle in the plane: sl(4), dimension 15."""
    S = lie_symmetries(DifferentialSystem(JetSpace("t", "x y"), ["x_tt", "y_tt"]))
    assert S.dimension == 15
    assert S.algebra.is_semisimple


def test_a_polynomial_ansatz_that_is_too_small_is_not_called_complete():
    system = DifferentialSystem(JetSpace("x", "y"), ["y_xx - y"])
    small = lie_symmetries(system)
    assert small.dimension == 8
    assert not small.complete
    with pytest.raises(DomainError, match="where all symmetries are"):
        _ = small.algebra
    large = lie_symmetries(system, degree=2, functions=("exp(x)", "exp(-x)", "exp(2*x)", "exp(-2*x)"))
    assert large.complete
    assert large.algebra.is_semisimple


def test_levi_decomposition_of_a_semidirect_product():
    """sl2 acting on its plane: the radical is the plane, a Levi factor closes under brackets and meets the radical in zero."""
    brackets = {
        (0, 1): {1: 2},
        (0, 2): {2: -2},
        (1, 2): {0: 1},
        (0, 3): {3: 1},
        (0, 4): {4: -1},
        (1, 4): {3: 1},
        (2, 3): {4: 1},
    }
    algebra = LieAlgebra(5, brackets)
    assert len(algebra.radical()) == 2
    levi = algebra.levi_factor()
    assert len(levi) == 3
    assert algebra.span([*levi, *algebra.product(levi, levi)]) == levi
    assert len(algebra.span([*levi, *algebra.radical()])) == 5
    # The same algebra in a basis that hides the factor: e0 -> e0 + e3, e1 -> e1 + 2 e4.
    basis = [
        list(map(Fraction, row))
        for row in ([1, 0, 0, 1, 0], [0, 1, 0, 0, 2], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1])
    ]
    hidden = {}
    for i in range(5):
        for j in range(i + 1, 5):
            value = list(algebra.bracket(basis[i], basis[j]))
            value[3] -= value[0]
            value[4] -= 2 * value[1]
            hidden[i, j] = dict(enumerate(value))
    twisted = LieAlgebra(5, hidden)
    levi = twisted.levi_factor()
    assert twisted.span([*levi, *twisted.product(levi, levi)]) == levi
    assert len(twisted.span([*levi, *twisted.radical()])) == 5


def test_jacobi_is_checked():
    with pytest.raises(DomainError, match="Jacobi identity fails"):
        LieAlgebra(3, {(0, 1): {2: 1}, (0, 2): {0: 1}, (1, 2): {0: 1}})


class TestCompletion:
    def test_count_of_solutions(self):
        ring = DifferentialRing("x y", functions="f g")
        assert complete_linear_system([ring.parse("f_xx"), ring.parse("f_yy - x*f_y")], ("f",)).dimension is not None
        cauchy = complete_linear_system([ring.parse("f_x - g_y"), ring.parse("f_y + g_x")], ("f", "g"))
        assert (cauchy.free_variables, cauchy.free_functions) == (1, 2)

    def test_hidden_integrability_conditions(self):
        """f_xx = y f, f_y = 0 has only the solution zero."""
        ring = DifferentialRing("x y", functions="f")
        assert complete_linear_system([ring.parse("f_xx - y*f"), ring.parse("f_y")], ("f",)).dimension == 0

    def test_limit(self):
        ring = DifferentialRing("x y", functions="f")
        with pytest.raises(ResourceLimitError, match="more than 1 reductions"):
            complete_linear_system([ring.parse("f_xx - y*f"), ring.parse("f_y - f")], ("f",), limit=1)

    def test_not_linear(self):
        ring = DifferentialRing("x", functions="f")
        with pytest.raises(DomainError, match="not linear"):
            complete_linear_system([ring.parse("f_x - f^2")], ("f",))


class TestConservationLaws:
    def test_kdv_has_one_density_in_each_even_rank(self):
        """Miura–Gardner–Kruskal 1968; in rank 2: u, 4: u^2, 6: u^3 - u_x^2/2."""
        system = DifferentialSystem(JetSpace("t x", "u"), [KDV])
        assert scaling_weights(system) == {"t": 3, "x": 1, "u": 2}
        found = {rank: conserved_densities(system, rank) for rank in range(1, 15)}
        assert {rank for rank, densities in found.items() if densities} == {2, 4, 6, 8, 10, 12, 14}
        assert all(len(densities) <= 1 for densities in found.values())
        parse = system.space.parse
        third = found[6][0]
        scale = third.coefficients("u", "u_x")[(3, 0)]
        assert third == scale * parse("u^3 - u_x^2/2")

    def test_mkdv_and_burgers(self):
        mkdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u^2*u_x + u_xxx"])
        assert [rank for rank in range(1, 13) if conserved_densities(mkdv, rank)] == [1, 2, 4, 6, 8, 10, 12]
        burgers = DifferentialSystem(JetSpace("t x", "u"), ["u_t + u*u_x - u_xx"])
        assert [rank for rank in range(1, 9) if conserved_densities(burgers, rank)] == [1]

    def test_densities_are_conserved(self):
        system = DifferentialSystem(JetSpace("t x", "u"), [KDV])
        for rank in (4, 8):
            (density,) = conserved_densities(system, rank)
            assert euler_operator(system.reduce(density.derivative("t")), "u") == 0

    def test_multipliers_give_currents(self):
        system = DifferentialSystem(JetSpace("t x", "u"), [KDV])
        laws = conservation_laws(system, order=2, degree=2)
        assert len(laws) == 4
        for law in laws:
            divergence = sum(
                (value.derivative(name) for name, value in law.current.items()), system.space.ring.constant(0)
            )
            assert divergence == law.multipliers[0] * system.equations[0]
            assert system.reduce(divergence) == 0
        moving = [law.current["t"] for law in laws if "t" in law.current["t"].generators]
        assert [density / density.coefficients("x", "u")[1, 1] for density in moving] == [
            system.space.parse("x*u - 3*t*u^2")
        ]

    def test_without_scaling(self):
        system = DifferentialSystem(JetSpace("t x", "u"), ["u_t + u_xx + u_xxx"])
        with pytest.raises(DomainError, match="no weights"):
            scaling_weights(system)


class TestSystems:
    def test_reduction_respects_compatibility(self):
        system = DifferentialSystem(JetSpace("t x", "u"), ["u_tt - u_xx + sin(u)"])
        left = system.reduce(system.reduce("u_tt").derivative("t", "x"))
        assert left == system.reduce("u_tttx")

    def test_refusals(self):
        space = JetSpace("t x", "u")
        with pytest.raises(DomainError, match="not linear in its leading derivative u_t"):
            DifferentialSystem(space, ["u_t^2 - u_x"])
        with pytest.raises(DomainError, match="holds no field"):
            DifferentialSystem(space, ["t + x"])
        assert DifferentialSystem(space, ["u_t^2 - u_x"], leading=["u_x"]).solved == {"u_x": space.parse("u_t^2")}
        with pytest.raises(DomainError, match="needs an equation"):
            DifferentialSystem(space, [])
        with pytest.raises(DomainError, match="2 leading derivatives are given for 1"):
            DifferentialSystem(space, ["u_t"], leading=["u_t", "u_x"])
        with pytest.raises(DomainError, match="x is no derivative of u"):
            DifferentialSystem(space, ["u_t"], leading=["x"])
        with pytest.raises(DomainError, match="degree"):
            conservation_laws(DifferentialSystem(space, ["u_t"]), degree=-1)
        with pytest.raises(DomainError, match="degree"):
            lie_symmetries(DifferentialSystem(space, ["u_t - u_xx"]), degree=0)
