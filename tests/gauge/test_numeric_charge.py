"""Charges by automatic differentiation against the exact ones: Kerr, BTZ, Schwarzschild in anti-de Sitter space, five dimensions."""

import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialRing
from erlangen.gauge import SurfaceQuadrature, surface_charge, to_torch
from erlangen.symbolic import Metric, Tensor, charge_form, metric_variation, spacetime


def killing(axis, n):
    return lambda x, _: torch.eye(n, dtype=x.dtype)[axis]


def numbers(*values):
    return torch.tensor(values, dtype=torch.float64)


@pytest.fixture
def sphere():
    return SurfaceQuadrature.product(
        "t r x phi", {"t": 0.0, "r": 10.0}, intervals={"x": (-1, 1)}, circles=("phi",), nodes=24
    )


def test_kerr(sphere):
    """dQ_t = dM, dQ_φ = -(a dM + M da), at r = 10: right to rounding with 24 nodes, a batch at once."""
    metric = to_torch(spacetime("kerr"))
    parameters = numbers((1.0, 0.7), (1.0, 0.7), (2.0, 0.1))
    changes = numbers((1.0, 0.0), (0.0, 1.0), (0.5, -0.25))
    mass = surface_charge(metric, parameters, changes, killing(0, 4), sphere)
    spin = surface_charge(metric, parameters, changes, killing(3, 4), sphere)
    assert torch.allclose(mass, changes[:, 0], rtol=0, atol=1e-13)
    expected = -(parameters[:, 1] * changes[:, 0] + parameters[:, 0] * changes[:, 1])
    assert torch.allclose(spin, expected, rtol=0, atol=1e-13)


def test_kerr_in_angles():
    metric = to_torch(spacetime("kerr", chart="angles"))
    sphere = SurfaceQuadrature.product("t r theta phi", {"t": 0.0, "r": 5.0}, polar=("theta",), circles=("phi",))
    mass = surface_charge(metric, numbers(1.0, 0.7), numbers(1.0, 0.0), killing(0, 4), sphere)
    assert abs(float(mass) - 1) < 1e-12


def test_btz():
    metric = to_torch(spacetime("btz"))
    circle = SurfaceQuadrature.product("t r phi", {"t": 0.0, "r": 3.0}, circles=("phi",))
    parameters = numbers((1.3, 0.4, 2.0, 1.0), (1.3, 0.4, 2.0, 1.0))
    changes = numbers((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0))
    assert torch.allclose(
        surface_charge(metric, parameters, changes, killing(0, 3), circle), numbers(1.0, 0.0), atol=1e-12
    )
    assert torch.allclose(
        surface_charge(metric, parameters, changes, killing(2, 3), circle), numbers(0.0, -1.0), atol=1e-12
    )


def test_schwarzschild_anti_de_sitter(sphere):
    def metric(x, p):
        f = 1 - 2 * p[0] / x[1] + x[1] ** 2 / p[1] ** 2
        return torch.diag(torch.stack([-f, 1 / f, x[1] ** 2 / (1 - x[2] ** 2), x[1] ** 2 * (1 - x[2] ** 2)]))

    mass = surface_charge(metric, numbers(1.0, 3.0), numbers(1.0, 0.0), killing(0, 4), sphere)
    assert abs(float(mass) - 1) < 1e-12


def test_five_dimensions():
    """dM = 3π dμ/8 for the black hole of Tangherlini, ``w = cos² θ``."""

    def metric(x, p):
        _, r, w, _, _ = x
        f = 1 - p[0] / r**2
        return torch.diag(torch.stack([-f, 1 / f, r**2 / (4 * w * (1 - w)), r**2 * (1 - w), r**2 * w]))

    sphere = SurfaceQuadrature.product(
        "t r w phi psi", {"t": 0.0, "r": 4.0}, intervals={"w": (0, 1)}, circles=("phi", "psi")
    )
    mass = surface_charge(metric, numbers(2.0), numbers(1.0), killing(0, 5), sphere)
    assert abs(float(mass) - 3 * torch.pi / 8) < 1e-12


@pytest.mark.parametrize("prescription", ["barnich-brandt", "iyer-wald"])
def test_against_the_exact_density_for_a_field_that_is_no_symmetry(prescription):
    exact = spacetime("kerr")
    ring = exact.ring
    xi = Tensor(
        ring,
        "u",
        {(0,): ring["r"], (1,): ring["x"] * ring["M"], (2,): 1 - ring["x"] ** 2, (3,): ring["r"] * ring["x"] ** 2},
    )
    form = charge_form(exact, metric_variation(exact, "a"), xi, prescription=prescription)
    values = {"t": 0.0, "r": 4.0, "x": 0.3, "phi": 0.0, "M": 1.1, "a": 0.6}
    point = SurfaceQuadrature(torch.tensor([[0.0, 4.0, 0.3, 0.0]], dtype=torch.float64), numbers(16 * torch.pi), (0, 1))
    found = surface_charge(
        to_torch(exact),
        numbers(1.1, 0.6),
        numbers(0.0, 1.0),
        to_torch(xi),
        point,
        prescription=prescription,
    )
    assert abs(float(found) - form.density.evaluate(values)) < 1e-12 * abs(float(found))


def test_charges_are_differentiable(sphere):
    """∂/∂M of dQ_φ/da = -M is -1, and so by gradcheck at a second point."""
    metric = to_torch(spacetime("kerr"))
    parameters = numbers(1.0, 0.5).requires_grad_()

    def spin(p):
        return surface_charge(metric, p, numbers(0.0, 1.0), killing(3, 4), sphere)

    (slope,) = torch.autograd.grad(spin(parameters), parameters)
    assert torch.allclose(slope, numbers(-1.0, 0.0), atol=1e-11)
    assert torch.autograd.gradcheck(spin, (numbers(1.2, 0.3).requires_grad_(),))


def test_refusals(sphere):
    metric = to_torch(spacetime("kerr"))
    with pytest.raises(DomainError, match="no prescription"):
        surface_charge(metric, numbers(1.0, 0.5), numbers(1.0, 0.0), killing(0, 4), sphere, prescription="komar")
    with pytest.raises(ShapeError, match="of shapes"):
        surface_charge(metric, numbers(1.0, 0.5), numbers(1.0), killing(0, 4), sphere)
    with pytest.raises(ShapeError, match="at a point of 4 coordinates"):
        surface_charge(lambda x, p: torch.eye(3), numbers(1.0), numbers(1.0), killing(0, 4), sphere)
    with pytest.raises(DomainError, match="each once"):
        SurfaceQuadrature.product("t r phi", {"t": 0.0, "r": 1.0})
    ring = DifferentialRing("x y")
    assert to_torch(Metric(ring, {(0, 0): 1, (1, 1): 2}))(numbers(0.0, 0.0), numbers(0.0)).tolist() == [
        [1, 0],
        [0, 2],
    ]
