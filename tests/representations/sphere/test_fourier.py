"""Fourier coefficients of harmonics: closed forms, the torus itself, products by convolution, the way back."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.representations import spherical_harmonics
from erlangen.representations.sphere import (
    convolve2d,
    evaluate,
    fourier_coefficients,
    fourier_to_sh,
    from_grid,
    pack_fourier,
    projection_rule,
    sh_to_fourier,
    to_grid,
    unpack_fourier,
)


def signal(L, *leading, seed=0):
    return torch.from_numpy(np.random.default_rng(seed + L).normal(size=(*leading, (L + 1) ** 2)))


def test_closed_forms():
    """Y20 = sqrt(5/16 pi) (1 + 3 cos 2t) / 2, Y22 = sqrt(15/16 pi) sin^2 t cos 2a, Y1-1 = sqrt(3/4 pi) sin t sin a."""
    y = fourier_coefficients(2, 0)
    c = np.sqrt(5 / (16 * np.pi))
    assert np.abs(y[:, 2] - c * np.array([0.75, 0, 0.5, 0, 0.75])).max() <= 1e-15
    assert np.count_nonzero(y) == 3
    y = fourier_coefficients(2, 2)
    c = np.sqrt(15 / (16 * np.pi))
    assert np.abs(y[:, 0] - c / 2 * np.array([-0.25, 0, 0.5, 0, -0.25])).max() <= 1e-15
    assert np.abs(y[:, 4] - y[:, 0]).max() == 0
    y = fourier_coefficients(1, -1)
    c = np.sqrt(3 / (4 * np.pi))
    assert np.abs(y - c / 4 * np.array([[-1, 0, 1], [0, 0, 0], [1, 0, -1]])).max() <= 1e-15


@pytest.mark.parametrize("l", [0, 1, 2, 3, 7, 20])
def test_the_series_is_the_harmonic_on_the_sphere(l):
    rng = np.random.default_rng(l)
    theta, alpha = rng.uniform(0, np.pi, 20), rng.uniform(0, 2 * np.pi, 20)
    points = np.stack([np.sin(theta) * np.sin(alpha), np.cos(theta), np.sin(theta) * np.cos(alpha)], axis=1)
    exact = spherical_harmonics(l, points, normalize=True, normalization="integral")
    u = np.arange(-l, l + 1)
    for m in range(-l, l + 1):
        y = fourier_coefficients(l, m)
        series = np.einsum("nu,uv,nv->n", np.exp(1j * np.outer(theta, u)), y, np.exp(1j * np.outer(alpha, u)))
        assert np.abs(series - exact[:, l + m]).max() <= 2e-14 * (l + 1)
        assert set(np.nonzero(y)[1] - l) <= {m, -m}


@pytest.mark.parametrize("L", [0, 1, 2, 5, 12])
def test_there_and_back(L):
    x = signal(L, 2, 3)
    A = sh_to_fourier(x)
    assert A.shape == (2, 3, 2 * L + 1, L + 1)
    assert (fourier_to_sh(A, L) - x).abs().max() <= 1e-13
    assert (pack_fourier(unpack_fourier(A)) - A).abs().max() <= 1e-15 * 8
    low = fourier_to_sh(A, max(L - 1, 0))
    assert (low - x[..., : low.shape[-1]]).abs().max() <= 1e-13
    high = fourier_to_sh(A, L + 2)
    assert (high[..., : x.shape[-1]] - x).abs().max() <= 1e-13
    assert high[..., x.shape[-1] :].abs().max() <= 1e-13


@pytest.mark.parametrize("method", ["direct", "fft"])
@pytest.mark.parametrize(("L1", "L2", "lmax"), [(1, 1, 2), (2, 3, 5), (4, 2, 1), (0, 3, 3), (6, 6, 12)])
def test_a_product_by_convolution_is_the_product_on_the_grid(L1, L2, lmax, method):
    x, y = signal(L1, 3, seed=1), signal(L2, 3, seed=2)
    product = convolve2d(unpack_fourier(sh_to_fourier(x)), unpack_fourier(sh_to_fourier(y)), method=method)
    z = fourier_to_sh(pack_fourier(product), lmax)
    grid = projection_rule(L1 + L2, lmax)
    exact = from_grid(to_grid(x, grid) * to_grid(y, grid), lmax, grid, degree=L1 + L2)
    assert (z - exact).abs().max() <= 1e-12


def test_a_packed_signal_is_the_signal():
    x = signal(3)
    A = sh_to_fourier(x).numpy()
    theta, alpha = 0.7, 2.1
    value = 0.0
    for m in range(-3, 4):
        wave = np.sin(-m * alpha) if m < 0 else np.cos(m * alpha)
        polar = np.sin if m % 2 else np.cos
        value += wave * (A[m + 3] @ polar(np.arange(4) * theta))
    point = [np.sin(theta) * np.sin(alpha), np.cos(theta), np.sin(theta) * np.cos(alpha)]
    assert abs(value - evaluate(x.numpy(), np.array(point))) <= 1e-14


@pytest.mark.parametrize("method", ["auto", "direct", "fft"])
def test_the_three_by_three_example(method):
    nine = torch.arange(1.0, 10.0, dtype=torch.float64).reshape(3, 3)
    full = convolve2d(nine, nine, method=method)
    assert (full[0] - torch.tensor([1.0, 4, 10, 12, 9])).abs().max() <= 1e-13
    exact = [[sum(
        nine[p, q] * nine[u - p, v - q] for p in range(3) for q in range(3) if 0 <= u - p < 3 and 0 <= v - q < 3
    ) for v in range(5)] for u in range(5)]  # fmt: skip
    assert (full - torch.tensor(exact)).abs().max() <= 1e-12


def test_derivatives():
    x, y = signal(2, seed=1).requires_grad_(), signal(1, seed=2).requires_grad_()

    def product(x, y):
        full = convolve2d(unpack_fourier(sh_to_fourier(x)), unpack_fourier(sh_to_fourier(y)), method="fft")
        return fourier_to_sh(pack_fourier(full), 2)

    assert torch.autograd.gradcheck(product, (x, y))
    assert torch.autograd.gradgradcheck(product, (x, y), fast_mode=True)


def test_refusals():
    with pytest.raises(DomainError, match="m must be an integer in"):
        fourier_coefficients(2, 3)
    with pytest.raises(ShapeError, match=r"A must have shape \(..., 2 n \+ 1, n \+ 1\), got \(4, 3\)"):
        fourier_to_sh(np.ones((4, 3)), 2)
    with pytest.raises(ShapeError, match="f must have shape"):
        pack_fourier(torch.ones(4, 4, dtype=torch.complex64))
    with pytest.raises(ShapeError, match="b must have shape"):
        convolve2d(np.ones((3, 3)), np.ones(3))
    with pytest.raises(DomainError, match="method must be one of"):
        convolve2d(np.ones((3, 3)), np.ones((3, 3)), method="toom")
