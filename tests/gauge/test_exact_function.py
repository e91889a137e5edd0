"""Exact expressions as functions of tensors: values, broadcasting, derivatives to second order, refusals.

Definition: the oracles are rational arithmetic, the closed forms of the metrics, and torch's own derivatives.
Convention: double precision.
"""

from fractions import Fraction

import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialRing
from erlangen.gauge import to_torch
from erlangen.symbolic import Tensor, spacetime


def numbers(*values):
    return torch.tensor(values, dtype=torch.float64)


def test_values_are_those_of_rational_arithmetic():
    ring = DifferentialRing("x y", constants="a")
    f = to_torch(ring.parse("(x^7*y - 3*a*x^5 + 2)/(x^4*y^2 + a^2 + 1) + x*y^3/7"))
    x, y, a = Fraction(3, 4), Fraction(-5, 8), Fraction(1, 2)
    exact = (x**7 * y - 3 * a * x**5 + 2) / (x**4 * y**2 + a**2 + 1) + x * y**3 / 7
    assert float(f(numbers(0.75, -0.625), numbers(0.5))) == pytest.approx(float(exact), rel=1e-15)


def test_leading_axes_are_broadcast_and_vanishing_components_are_zero():
    metric = to_torch(spacetime("kerr", chart="angles"))
    points, parameters = torch.rand(3, 1, 4, dtype=torch.float64) + 2, torch.rand(5, 2, dtype=torch.float64)
    values = metric(points, parameters)
    assert values.shape == (3, 5, 4, 4)
    assert torch.equal(values[2, 4], metric(points[2, 0], parameters[4]))
    m, a = parameters[4]
    _, r, theta, _ = points[2, 0]
    sigma = r**2 + a**2 * theta.cos() ** 2
    torch.testing.assert_close(values[2, 4, 0, 3], -2 * m * a * r * theta.sin() ** 2 / sigma, rtol=1e-13, atol=0)
    assert float(values[2, 4, 0, 1]) == 0.0


def test_derivatives_are_exact_and_agree_with_those_of_torch():
    metric = to_torch(spacetime("kerr", chart="angles"))
    x, p = numbers(0.0, 3.0, 0.7, 0.2), numbers(1.0, 0.4)
    by_torch = torch.func.jacfwd(metric, argnums=0)(x, p)
    torch.testing.assert_close(metric.derivative(0)(x, p), by_torch, rtol=1e-12, atol=1e-14)
    mixed = torch.func.jacrev(torch.func.jacrev(metric, argnums=0), argnums=1)(x, p)
    torch.testing.assert_close(metric.derivative(0).derivative(1)(x, p), mixed, rtol=1e-12, atol=1e-14)
    assert torch.autograd.gradcheck(metric, (x.requires_grad_(), p.requires_grad_()))
    assert torch.autograd.gradgradcheck(metric, (x, p))


def test_derivatives_run_through_roots():
    ring = DifferentialRing("x", constants="a")
    f = to_torch(ring.adjoin_root("s", ring.parse("x^2 + a^2")))
    at = numbers(3.0), numbers(4.0)
    assert float(f(*at)) == pytest.approx(5.0, rel=1e-15)
    assert float(f.derivative(1)(*at)) == pytest.approx(0.8, rel=1e-15)
    assert float(f.derivative(0).derivative(1)(*at)) == pytest.approx(-12 / 125, rel=1e-14)


def test_jets_are_values_like_others():
    ring = DifferentialRing("x", functions="u")
    field = Tensor(ring, "u", {(0,): ring.parse("u_xx*u - u_x^2")})
    f = to_torch(field, "u u_x u_xx")
    assert f(numbers(2.0, 3.0, 5.0)).tolist() == [1.0]
    assert f.derivative(0)(numbers(2.0, 3.0, 5.0)).tolist() == [[5.0, -6.0, 2.0]]


def test_it_runs_compiled_as_one_graph():
    metric = to_torch(spacetime("btz"))
    x, p = numbers(0.0, 2.0, 0.0), numbers(1.0, 0.25, 1.0, 0.125)
    compiled = torch.compile(metric, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x, p), metric(x, p), rtol=0, atol=0)


def test_refusals():
    ring = DifferentialRing("x y", functions="u")
    f = to_torch(ring.parse("x*y"))
    with pytest.raises(ShapeError, match="group 0 has the names x y, its values are 3"):
        f(numbers(1.0, 2.0, 3.0))
    with pytest.raises(ShapeError, match="missing"):
        f()
    with pytest.raises(ShapeError, match="3 tensors for 2 groups"):
        f(numbers(1.0, 2.0), numbers(1.0), numbers(1.0))
    with pytest.raises(DomainError, match="twice"):
        to_torch(ring.parse("x*y"), "x y", "x")
    with pytest.raises(DomainError, match="u_x has no value"):
        to_torch(ring.parse("u_x"))
