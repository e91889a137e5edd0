"""The battery of derivatives on functions with known derivatives; wrong first, second and mixed rules are caught."""

import numpy as np
import pytest
import torch

from erlangen.testing import check_derivatives, directional_defects, laws_of

MATRIX = np.array([[0.3, -1.0], [0.5, 0.2]])


def quadratic(x):
    return np.stack([x @ MATRIX @ x, x[0] * x[1]])


def quadratic_first(x, u):
    return np.stack([u @ (MATRIX + MATRIX.T) @ x, u[0] * x[1] + x[0] * u[1]])


def quadratic_second(x, u, v):
    return np.stack([u @ (MATRIX + MATRIX.T) @ v, u[0] * v[1] + v[0] * u[1]])


POINT = np.array([0.7, -1.3])


class Cube(torch.autograd.Function):
    """x³ with rules that can be bent: ``first`` and ``second`` are added to the true derivatives."""

    @staticmethod
    def forward(ctx, x, first, second):
        ctx.save_for_backward(x)
        ctx.bend = first, second
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        first, second = ctx.bend
        return CubeSlope.apply(x, g, second) + first * g, None, None


class CubeSlope(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, g, second):
        ctx.save_for_backward(x, g)
        ctx.second = second
        return 3 * x**2 * g

    @staticmethod
    def backward(ctx, h):
        x, g = ctx.saved_tensors
        return 6 * x * g * h + ctx.second * g * h.roll(1), 3 * x**2 * h, None


def test_numpy_function_with_its_own_derivatives_passes():
    report = check_derivatives(quadratic, POINT, derivative=quadratic_first, second=quadratic_second)
    assert not report.raise_if_failed().skipped
    assert max(result.residual for result in report) < 1e-11


def test_two_inputs_and_scales_far_from_one():
    for scale in (1e-12, 1e14):
        x, y = scale * POINT, POINT / scale
        first = check_derivatives(np.multiply, x, y, derivative=lambda x, y, u, v: u * y + x * v)
        assert first["first derivative"].residual < 1e-11


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_autograd_passes(dtype):
    point = torch.tensor([0.4, -0.9, 1.2], dtype=dtype)
    report = check_derivatives(lambda x: torch.exp(-(x**2)) * x.sum(), point).raise_if_failed()
    assert len(report) == 4
    check_derivatives(lambda x: Cube.apply(x, 0.0, 0.0), point).raise_if_failed()


def test_affine_functions_have_second_derivative_zero():
    point = torch.tensor([0.4, -0.9], dtype=torch.float64)
    assert directional_defects(lambda x: 3 * x, (point,), order=2) == [0.0, 0.0, 0.0]


SABOTAGE = {
    "first derivative": {"derivative": lambda x, u: 1.00001 * quadratic_first(x, u)},
    "second derivative": {"second": lambda x, u, v: quadratic_second(x, u, v) + 1e-5 * (u @ v)},
    "second derivative is symmetric": {"second": lambda x, u, v: quadratic_second(x, u, v) + u[0] * v[1]},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_derivatives))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    rules = {"derivative": quadratic_first, "second": quadratic_second, **SABOTAGE[law]}
    assert not check_derivatives(quadratic, POINT, **rules, only=[law]).passed


@pytest.mark.parametrize(
    ("bend", "law"),
    [
        ((1e-4, 0.0), "first derivative"),
        ((0.0, 1e-3), "second derivative"),
        ((0.0, 1.0), "second derivative is symmetric"),
    ],
)
def test_wrong_autograd_rules_are_caught(bend, law):
    point = torch.tensor([0.4, -0.9, 1.2], dtype=torch.float64)
    assert law in [result.law for result in check_derivatives(lambda x: Cube.apply(x, *bend), point).failed]


@pytest.mark.parametrize("function", [lambda x: x.detach() * 2, lambda x: x * x.detach(), lambda x: (x * np.nan).sum()])
def test_a_cut_graph_and_nan_are_caught(function):
    assert not check_derivatives(function, torch.ones(2, dtype=torch.float64), only="first derivative").passed


def test_a_derivative_of_another_shape_is_caught():
    report = check_derivatives(np.sin, np.ones(3), derivative=lambda x, u: (np.cos(x) * u)[None])
    assert report["first derivative"].residual == np.inf


def test_numpy_functions_without_derivatives_are_skipped_with_a_reason():
    report = check_derivatives(np.sin, np.ones(3))
    assert "pass derivative=" in report.skipped["first derivative"]
    only_second = check_derivatives(np.sin, np.ones(3), second=lambda x, u, v: -np.sin(x) * u * v)
    assert "derivative= as well" in only_second.skipped["second derivative"]


@pytest.mark.parametrize("point", [np.arange(3), np.ones(2) * 1j])
def test_points_that_are_not_real_floating_are_refused(point):
    report = check_derivatives(np.sin, point, derivative=lambda x, u: np.cos(x) * u)
    assert "derivatives need real floating numbers" in report.results[0].detail
