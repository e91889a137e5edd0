"""Curvature, Lie derivatives and isometries against the literature and the identities of Riemannian geometry."""

import pytest

from erlangen.errors import ConvergenceError, DomainError, ShapeError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import SPACETIMES, Metric, Tensor, killing_dimension, spacetime


@pytest.mark.parametrize("name", ["schwarzschild", "kerr", "taub-nut", "kasner", "bondi-3d", "minkowski"])
def test_vacuum_solutions_are_ricci_flat(name):
    metric = spacetime(name)
    assert not metric.ricci
    assert metric.riemann or name in ("minkowski", "bondi-3d")


@pytest.mark.parametrize("name", ["schwarzschild", "kerr"])
def test_charts_with_angles_agree(name):
    assert not spacetime(name, chart="angles").ricci


def test_kretschmann_of_kerr():
    """48 M² (r² - a²x²)(r⁴ - 14 a²r²x² + a⁴x⁴) / (r² + a²x²)⁶, x = cos θ (Henry 2000)."""
    metric = spacetime("kerr")
    expected = metric.ring.parse("48*M^2*(r^2 - a^2*x^2)*(r^4 - 14*a^2*r^2*x^2 + a^4*x^4)/(r^2 + a^2*x^2)^6")
    assert metric.kretschmann == expected


def test_cosmological_constants_and_charges():
    n = 4
    for name, curvature in (("de-sitter", "12*H^2"), ("anti-de-sitter", "-12*k^2")):
        metric = spacetime(name)
        assert metric.scalar_curvature == metric.ring.parse(curvature)
        assert metric.ricci == metric.lower * (metric.scalar_curvature / n)
        assert not metric.weyl
    btz = spacetime("btz")
    assert btz.ricci == btz.lower * btz.ring.parse("-2/l^2")
    charged = spacetime("reissner-nordstroem")
    assert charged.scalar_curvature == 0
    assert charged.ricci[2, 2] == charged.ring.parse("Q^2/(r^2*(1 - x^2))")
    goedel = spacetime("goedel")
    assert goedel.scalar_curvature == goedel.ring.parse(
        "-2*a^2"
    )  # -8 pi rho with rho = a^2/4 pi, Lambda = -4 pi rho (Gödel 1949)


def test_friedmann():
    metric = spacetime("friedmann")
    assert metric.einstein[0, 0] == metric.ring.parse("3*a_t^2/a^2")
    assert metric.einstein[1, 1] == metric.ring.parse("-2*a*a_tt - a_t^2")
    assert not metric.weyl


@pytest.fixture
def generic():
    ring = DifferentialRing("x y z", functions={"f": "x y", "h": "z x"})
    return Metric(ring, {(0, 0): ring["f"], (0, 1): ring["y"], (1, 1): 1 + ring["h"], (2, 2): ring["x"], (1, 2): 1})


def test_identities_of_the_curvature(generic):
    n = range(3)
    R = generic.riemann
    for a in n:
        for b in n:
            for c in n:
                for d in n:
                    assert R[a, b, c, d] + R[a, c, d, b] + R[a, d, b, c] == 0
    assert not generic.covariant_derivative(generic.lower)
    assert not generic.covariant_derivative(generic.upper)


def test_contracted_bianchi_identity():
    ring = DifferentialRing("x y z", functions={"f": "x z"})
    metric = Metric(ring, {(0, 0): ring["f"], (1, 1): ring["y"] ** 2, (2, 2): 1, (0, 2): ring["x"]})
    slope = metric.covariant_derivative(metric.raise_index(metric.einstein, 0))
    assert not slope.contract(0, 2)


def test_the_commutator_of_covariant_derivatives_is_curvature(generic):
    ring = generic.ring
    vector = Tensor(ring, "u", {(0,): ring["y"], (1,): ring["x"] * ring["z"], (2,): ring["f"]})
    second = generic.covariant_derivative(generic.covariant_derivative(vector))  # ∇_d ∇_c V^a at (a, c, d)
    mixed = generic.raise_index(generic.riemann, 0)
    for a in range(3):
        for c in range(3):
            for d in range(3):
                expected = sum((mixed[a, b, d, c] * vector[b] for b in range(3)), ring.constant(0))
                assert second[a, c, d] - second[a, d, c] == expected


def test_cartan_and_lie_algebra_identities(generic):
    ring = generic.ring
    u = Tensor(ring, "u", {(0,): ring["x"] * ring["y"], (2,): ring["f"]})
    v = Tensor(ring, "u", {(1,): ring["z"] ** 2, (2,): ring["x"]})
    form = Tensor(ring, "dd", {(0, 1): ring["h"], (1, 0): -ring["h"], (1, 2): ring["x"], (2, 1): -ring["x"]})
    assert form.lie_derivative(u) == form.interior(u).exterior_derivative() + form.exterior_derivative().interior(u)
    bracket = v.lie_derivative(u)
    left = generic.lower.lie_derivative(v).lie_derivative(u) - generic.lower.lie_derivative(u).lie_derivative(v)
    assert left == generic.lower.lie_derivative(bracket)
    assert not form.interior(u).exterior_derivative().exterior_derivative()


def test_killing_equation_by_lie_and_by_covariant_derivative(generic):
    ring = generic.ring
    u = Tensor(ring, "u", {(0,): ring["z"], (1,): ring["x"] ** 2})
    slope = generic.covariant_derivative(generic.lower_index(u, 0))
    assert generic.lower.lie_derivative(u) == slope + slope.transpose(1, 0)


# Stephani et al., Exact Solutions; the issue of the fixture list of raumbuch asks for these.
@pytest.mark.parametrize(
    ("name", "dimension"),
    [
        ("minkowski", 10),
        ("de-sitter", 10),
        ("anti-de-sitter", 10),
        ("schwarzschild", 4),
        ("reissner-nordstroem", 4),
        ("goedel", 5),
        ("kasner", 3),
        ("btz", 6),
        ("friedmann", 6),
        ("bondi-3d", 6),
        pytest.param("taub-nut", 4, marks=pytest.mark.slow),
        pytest.param("kerr", 2, marks=pytest.mark.slow),
        pytest.param("kerr-newman", 2, marks=pytest.mark.slow),
    ],
)
def test_dimensions_of_isometry_algebras(name, dimension):
    assert killing_dimension(spacetime(name)).dimension == dimension


def test_a_metric_without_symmetry():
    ring = DifferentialRing("x y", functions={"f": "x y"})
    assert killing_dimension(Metric(ring, {(0, 0): ring["f"], (1, 1): 1 + ring["x"] * ring["y"]})).dimension == 0


def test_refusals():
    ring = DifferentialRing("x y")
    with pytest.raises(DomainError, match="determinant of the metric vanishes in the block of x y"):
        Metric(ring, {(0, 0): 1, (0, 1): 1, (1, 1): 1})
    with pytest.raises(ShapeError, match="differ"):
        Metric(ring, [[1, ring["x"]], [0, 1]])
    with pytest.raises(ShapeError, match="is a 2 x 2 matrix"):
        Metric(ring, [[1]])
    with pytest.raises(ShapeError, match="does not fit"):
        Tensor(ring, "d", {(2,): 1})
    with pytest.raises(DomainError, match="no spacetime 'kerrr'"):
        spacetime("kerrr")
    with pytest.raises(DomainError, match="antisymmetric"):
        Tensor(ring, "dd", {(0, 0): 1}).exterior_derivative()
    with pytest.raises(ConvergenceError, match="have not settled"):
        killing_dimension(spacetime("schwarzschild"), derivatives=1)
    assert "kerr" in SPACETIMES
