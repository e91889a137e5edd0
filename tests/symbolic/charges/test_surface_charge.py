"""Surface charges of black holes and of three-dimensional asymptotically flat space: masses, angular momenta, conservation."""

from fractions import Fraction

import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialElement
from erlangen.symbolic import (
    Tensor,
    charge_form,
    euler_operator,
    metric_variation,
    spacetime,
    volume_density,
)
from erlangen.symbolic.charges.surface_charge import _Bracket

SPHERE = {"bounds": {"x": (-1, 1)}, "circles": ("phi",)}


@pytest.mark.parametrize("prescription", ["barnich-brandt", "iyer-wald"])
@pytest.mark.parametrize(
    ("parameter", "vector", "expected"), [("M", "t", "1"), ("a", "t", "0"), ("M", "phi", "-a"), ("a", "phi", "-M")]
)
def test_kerr_has_mass_and_spin_at_every_radius(parameter, vector, expected, prescription):
    metric = spacetime("kerr")
    form = charge_form(metric, metric_variation(metric, parameter), {vector: 1}, prescription=prescription)
    assert form.integrate(**SPHERE) == metric.ring.parse(expected)


def test_schwarzschild_in_angles():
    metric = spacetime("schwarzschild", chart="angles")
    assert volume_density(metric) == metric.ring.parse("r^2*sin(theta)")
    form = charge_form(metric, metric_variation(metric, "M"), {"t": 1})
    assert form.density == metric.ring.parse("4*sin(theta)")


@pytest.mark.parametrize(
    ("parameter", "vector", "expected"), [("M", "t", 1), ("J", "t", 0), ("M", "phi", 0), ("J", "phi", -1)]
)
def test_btz(parameter, vector, expected):
    metric = spacetime("btz")
    form = charge_form(metric, metric_variation(metric, parameter), {vector: 1})
    assert form.integrate({}, circles=("phi",)) == expected * metric.ring["G"]


@pytest.mark.parametrize("vector", ["t", "phi"])
def test_the_current_of_a_killing_field_is_conserved(vector):
    """∂_ν(√-g B^{νμ}) = 0 for a Killing field and a tangent vector of the space of solutions."""
    metric = spacetime("kerr")
    names = metric.ring.coordinates
    xi = Tensor(metric.ring, "u", {(names.index(vector),): 1})
    for prescription in ("barnich-brandt", "iyer-wald"):
        worker = _Bracket(metric, metric_variation(metric, "a"), xi, prescription)
        density = volume_density(metric)
        total = metric.ring.constant(0)
        for nu, name in enumerate(names):
            bracket = worker.half(nu, 0) - worker.half(0, nu)
            total = total + (density * bracket).derivative(name)
        assert total == 0


def bondi():
    """The Bondi metric of three dimensions, its variation and a field that keeps the gauge (Barnich–Troessaert 1001.1541)."""
    metric = spacetime("bondi-3d")
    ring = metric.ring
    ring.declare(functions=dict.fromkeys(("T", "Y", "delta_Theta", "delta_Xi"), "phi"))
    change = {"Theta": ring["delta_Theta"], "Xi": ring["delta_Xi"]}
    f = ring.parse("T + u*Y_phi")
    cross = ring.parse("Xi + u*Theta_phi/2")
    slope = f.derivative("phi")
    xi = {
        "u": f,
        "phi": ring["Y"] - slope / ring["r"],
        "r": -ring["r"] * ring["Y_phi"] + slope.derivative("phi") - slope * cross / ring["r"],
    }
    return metric, metric_variation(metric, change), xi


def test_bondi_fields_keep_the_gauge_and_move_the_data():
    metric, _, xi = bondi()
    names = metric.ring.coordinates
    moved = metric.lower.lie_derivative(Tensor(metric.ring, "u", {(names.index(k),): v for k, v in xi.items()}))
    assert set(moved.components) == {(0, 0), (0, 2), (2, 0)}
    assert moved[0, 0] == metric.ring.parse("Y*Theta_phi + 2*Y_phi*Theta - 2*Y_phi_phi_phi")


@pytest.mark.parametrize("prescription", ["barnich-brandt", "iyer-wald"])
def test_charges_of_bms3_are_exact_at_every_radius(prescription):
    """16 π G Q = ∮ (T Θ + 2 Y Ξ) dφ, up to total derivatives in φ and for every r and u."""
    metric, variation, xi = bondi()
    form = charge_form(metric, variation, xi, prescription=prescription)
    rest = form.density - metric.ring.parse("T*delta_Theta + 2*Y*delta_Xi")
    for name in ("delta_Theta", "delta_Xi", "T", "Y"):
        assert euler_operator(rest, name) == 0


def test_prescriptions_differ_by_the_lie_derivative_of_the_metric():
    metric = spacetime("schwarzschild")
    ring = metric.ring
    variation = metric_variation(metric, "M")
    xi = Tensor(ring, "u", {(0,): ring["r"], (1,): ring["t"] * ring["x"], (3,): ring["r"] ** 2})
    moved = metric.raise_index(metric.lower.lie_derivative(xi), 1)  # (L_ξ g)_σ^μ
    for nu, mu in ((0, 1), (1, 2), (0, 3)):
        values = []
        for prescription in ("barnich-brandt", "iyer-wald"):
            worker = _Bracket(metric, variation, xi, prescription)
            values.append(worker.half(nu, mu) - worker.half(mu, nu))
        h = worker.h
        expected = ring.constant(0)
        for s in range(4):
            expected = expected + Fraction(1, 2) * (h[nu, s] * moved[s, mu] - h[mu, s] * moved[s, nu])
        assert values[0] - values[1] == expected


def test_refusals():
    metric = spacetime("schwarzschild")
    variation = metric_variation(metric, "M")
    with pytest.raises(DomainError, match="'Q' is not among the parameters"):
        metric_variation(metric, "Q")
    with pytest.raises(DomainError, match="no prescription"):
        charge_form(metric, variation, {"t": 1}, prescription="komar")
    with pytest.raises(ShapeError, match="two lower indices"):
        charge_form(metric, metric.raise_index(variation, 0), {"t": 1})
    with pytest.raises(DomainError, match="over which nothing is said"):
        charge_form(metric, variation, {"t": 1}).integrate({})
    assert isinstance(volume_density(metric), DifferentialElement)
    with pytest.raises(DomainError, match="'q' is not among the coordinates t r x phi"):
        charge_form(metric, variation, {"q": 1})
    with pytest.raises(DomainError, match="minus a square"):
        volume_density(metric, sign=1)
    angles = spacetime("schwarzschild", chart="angles")
    form = charge_form(angles, metric_variation(angles, "M"), {"t": 1})
    with pytest.raises(DomainError, match="depends on theta"):
        form.integrate({"theta": (0, 1)}, circles=("phi",))
