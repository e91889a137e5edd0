"""Values on a rule and back: round trips, Parseval, products, rotations, derivatives, and the refusal of coarse grids."""

import dataclasses
import pickle

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.representations import spherical_harmonics
from erlangen.representations.sphere import (
    evaluate,
    from_grid,
    projection_rule,
    rule,
    tangent_frames,
    to_grid,
    to_grid_gradient,
)

KINDS = ("lebedev", "gauss-legendre", "minimal", "equal-angle")
WAYS = [*((kind, "dense") for kind in KINDS), ("gauss-legendre", "separable"), ("equal-angle", "separable")]


def signal(L, *leading, seed=0, dtype=np.float64):
    return torch.from_numpy(np.random.default_rng(seed + L).normal(size=(*leading, (L + 1) ** 2)).astype(dtype))


def rotation(seed):
    Q, R = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    Q = Q * np.sign(np.diag(R))
    return torch.from_numpy(Q * np.linalg.det(Q))


@pytest.mark.parametrize("normalization", ["integral", "component", "norm"])
@pytest.mark.parametrize(("kind", "route"), WAYS)
@pytest.mark.parametrize("L", [0, 1, 2, 3, 6, 9])
def test_round_trip(kind, route, L, normalization):
    grid, x = projection_rule(L, L, kind), signal(L, 2, 3)
    f = to_grid(x, grid, normalization=normalization, route=route)
    back = from_grid(f, L, grid, normalization=normalization, route=route)
    assert (back - x).abs().max() <= 1e-13
    exact = evaluate(x, torch.from_numpy(grid.points.copy()), normalization=normalization)
    assert (f - exact).abs().max() <= 1e-12


@pytest.mark.parametrize(("kind", "route"), WAYS)
def test_single_precision(kind, route):
    L = 4
    grid, x = projection_rule(L, L, kind), signal(L, 5, dtype=np.float32)
    back = from_grid(to_grid(x, grid, route=route), L, grid, route=route)
    assert back.dtype == torch.float32
    assert (back - x).abs().max() <= 4e-6


@pytest.mark.parametrize("kind", ["lebedev", "gauss-legendre", "equal-angle"])
def test_parseval(kind):
    x = signal(5, 4)
    grid = rule(10, kind)
    energy = to_grid(x, grid).square() @ torch.from_numpy(grid.weights.copy())
    assert torch.allclose(energy, x.square().sum(-1), rtol=1e-13)


@pytest.mark.parametrize(("kind", "route"), WAYS)
@pytest.mark.parametrize(("L1", "L2", "lmax"), [(2, 2, 4), (3, 1, 2), (0, 3, 3), (2, 4, 0), (4, 4, 8)])
def test_a_product_of_signals_is_the_same_on_every_rule(kind, route, L1, L2, lmax):
    x, y = signal(L1, 3, seed=1), signal(L2, 3, seed=2)
    grid, fine = projection_rule(L1 + L2, lmax, kind), rule(60, "gauss-legendre")
    z = from_grid(
        to_grid(x, grid, route=route) * to_grid(y, grid, route=route), lmax, grid, degree=L1 + L2, route=route
    )
    points = torch.from_numpy(fine.points.copy())
    harmonics = spherical_harmonics(range(lmax + 1), points, normalize=True, normalization="integral", backend="python")
    exact = (evaluate(x, points) * evaluate(y, points) * torch.from_numpy(fine.weights.copy())) @ harmonics
    assert (z - exact).abs().max() <= 1e-12


def test_the_square_of_the_second_harmonic():
    """Y10 squared is Y00 / sqrt(4 pi) + Y20 / sqrt(5 pi) (Varshalovich et al., sec. 5.6)."""
    x = torch.zeros(4, dtype=torch.float64)
    x[2] = 1.0
    for kind in KINDS:
        grid = projection_rule(2, 2, kind)
        z = from_grid(to_grid(x, grid) ** 2, 2, grid, degree=2)
        exact = torch.zeros(9, dtype=torch.float64)
        exact[0], exact[6] = 1 / (4 * np.pi) ** 0.5, 1 / (5 * np.pi) ** 0.5
        assert (z - exact).abs().max() <= 1e-15


@pytest.mark.parametrize("kind", KINDS)
def test_products_turn_with_the_signals(kind):
    """A product on the grid of turned signals is the turned product, the turn made by evaluating elsewhere."""
    L = 3
    grid, R = projection_rule(2 * L, 2 * L, kind), rotation(4)
    points = torch.from_numpy(grid.points.copy())

    def turned(x, degree):
        return from_grid(evaluate(x, points @ R), degree, projection_rule_of(kind, degree, grid), degree=degree)

    def product(x, y):
        return from_grid(to_grid(x, grid) * to_grid(y, grid), 2 * L, grid, degree=2 * L)

    x, y = signal(L, 2, seed=5), signal(L, 2, seed=6)
    assert (product(turned(x, L), turned(y, L)) - turned(product(x, y), 2 * L)).abs().max() <= 1e-12


def projection_rule_of(kind, degree, grid):
    grid.check_projection(degree, degree)
    return grid


@pytest.mark.parametrize(("kind", "route"), WAYS)
def test_derivatives(kind, route):
    grid, x = projection_rule(4, 2, kind), signal(2, 2).requires_grad_()

    def cube(x):
        return from_grid(to_grid(x, grid, route=route) ** 2, 2, grid, degree=4, route=route)

    assert torch.autograd.gradcheck(cube, x)
    assert torch.autograd.gradgradcheck(cube, x)


def test_frames_are_right_handed():
    points = rule(11).points
    first, second = np.moveaxis(tangent_frames(points), 1, 0)
    assert np.abs(np.cross(first, second) - points).max() <= 1e-15


@pytest.mark.parametrize("kind", KINDS)
def test_tangential_derivatives_are_those_of_autograd(kind):
    grid, x = rule(5, kind), signal(4, 2, seed=3)
    points = torch.from_numpy(grid.points.copy()).requires_grad_()
    frames = torch.from_numpy(tangent_frames(grid.points))
    found = to_grid_gradient(x, grid)
    assert found.shape == (2, 2, len(grid))
    for row in range(2):
        (slope,) = torch.autograd.grad(evaluate(x[row], points).sum(), points)
        assert (torch.einsum("ncd,nd->cn", frames, slope) - found[row]).abs().max() <= 1e-12


def test_dirichlet_energy_is_that_of_the_laplacian():
    x, grid = signal(4, seed=8), rule(8)
    l = torch.arange(5).repeat_interleave(2 * torch.arange(5) + 1)
    energy = to_grid_gradient(x, grid).square().sum(-2) @ torch.from_numpy(grid.weights.copy())
    assert torch.allclose(energy, (l * (l + 1) * x.square()).sum(), rtol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_the_bracket_of_two_vectors_is_their_cross_product(kind):
    """r . (grad a.r x grad b.r) = (a x b) . r."""
    a, b = signal(1, seed=1)[1:], signal(1, seed=2)[1:]
    grid = projection_rule(1, 1, kind)
    A, B = (to_grid_gradient(torch.cat([v.new_zeros(1), v]), grid, normalization="norm") for v in (a, b))
    z = from_grid(A[0] * B[1] - A[1] * B[0], 1, grid, normalization="norm")
    assert (z - torch.cat([a.new_zeros(1), torch.linalg.cross(a, b)])).abs().max() <= 1e-14


def test_kind_of_array_follows_the_input_and_leading_axes_are_kept():
    grid = rule(4, "gauss-legendre")
    x = signal(2).numpy()
    assert isinstance(to_grid(x, grid), np.ndarray)
    assert to_grid(x.astype(np.float32), grid).dtype == np.float32
    for route in ("dense", "separable"):
        assert to_grid(signal(2, 0), grid, route=route).shape == (0, len(grid))
        assert to_grid(signal(2, 2, 3, 4), grid, route=route).shape == (2, 3, 4, len(grid))
    half = to_grid(signal(2).half(), grid)
    assert half.dtype == torch.float16
    assert torch.equal(half, to_grid(signal(2).half().float(), grid).half())


def test_refusals():
    x = signal(3)
    with pytest.raises(
        DomainError, match=r"exact to degree 7; to project a signal of degree 4 on l <= 4, degree 8 is needed"
    ):
        from_grid(to_grid(signal(4), rule(7)), 4, rule(7))
    with pytest.raises(
        DomainError, match=r"exact to degree 7; to project a signal of degree 6 on l <= 3, degree 9 is needed"
    ):
        from_grid(to_grid(x, rule(7)) ** 2, 3, rule(7), degree=6)
    with pytest.raises(
        DomainError, match=r"interpolates to degree 4; to project a signal of degree 5 on l <= 2, degree 5"
    ):
        from_grid(np.zeros(30), 2, rule(5, "minimal"), degree=5)
    with pytest.raises(DomainError, match="route='separable' needs a product rule, got rule"):
        to_grid(x, rule(7), route="separable")
    with pytest.raises(ShapeError, match=r"x must have shape \(..., \(lmax \+ 1\) \*\* 2\), got \(10,\)"):
        to_grid(np.ones(10), rule(7))
    with pytest.raises(ShapeError, match=r"f must have shape \(..., 26\)"):
        from_grid(np.ones(10), 3, rule(7))
    with pytest.raises(DtypeError, match="complex128"):
        to_grid(x.to(torch.complex128), rule(7))


def test_a_rule_with_other_points_is_another_rule():
    original = rule(6)
    turn = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(4), dtype=torch.float64))[
        0
    ].numpy()
    turned = dataclasses.replace(original, points=original.points @ turn.T)
    assert turned != original
    assert pickle.loads(pickle.dumps(original)) == original
    assert hash(pickle.loads(pickle.dumps(turned))) == hash(turned)
    x = torch.randn(9, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    before, after = (to_grid(x, points) for points in (original, turned))
    expected = spherical_harmonics([0, 1, 2], torch.tensor(turned.points), normalize=True, normalization="integral") @ x
    assert torch.allclose(after, expected, rtol=0, atol=1e-13)
    assert not torch.allclose(after, before)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_types_are_evaluated_in_float32(dtype):
    generator = torch.Generator().manual_seed(6)
    x, vectors = torch.randn(49, generator=generator).to(dtype), torch.randn(20, 3, generator=generator).to(dtype)
    expected = evaluate(x.float(), vectors.float())
    assert torch.equal(evaluate(x, vectors), expected.to(dtype))
