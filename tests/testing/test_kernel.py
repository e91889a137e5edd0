"""The battery of kernels on closed forms in NumPy and torch; functions that are no kernels are caught."""

import numpy as np
import pytest
import torch

from erlangen.testing import check_kernel, laws_of


def square_distances(x, y):
    return ((x[:, None] - y[None]) ** 2).sum(-1)


class Gaussian:
    """exp(-|x - y|² / 2)."""

    def forward(self, x, y):
        return np.exp(-square_distances(x, y) / 2)

    def diag(self, x):
        return np.ones(len(x), dtype=x.dtype)

    def derivative(self, x, y):
        return (y[None] - x[:, None]) * self.forward(x, y)[..., None]


class TorchGaussian(Gaussian):
    def forward(self, x, y):
        return torch.exp(-square_distances(x, y) / 2)

    def diag(self, x):
        return torch.ones(len(x), dtype=x.dtype)


class Polynomial:
    """(1 + x y)², with its finite features."""

    def forward(self, x, y):
        return (1 + x @ y.T) ** 2

    def diag(self, x):
        return (1 + (x * x).sum(-1)) ** 2

    def features(self, x):
        one = np.concatenate([np.ones((len(x), 1)), x], axis=1)
        return np.einsum("ni,nj->nij", one, one).reshape(len(x), -1)

    def derivative(self, x, y):
        return 2 * (1 + x @ y.T)[..., None] * y[None]


class Fourier:
    """cos(w (x - y)) by complex features exp(i w x)."""

    def forward(self, x, y):
        return np.cos(x @ W @ np.ones((1, len(y))) - np.ones((len(x), 1)) @ (y @ W).T)

    def diag(self, x):
        return np.ones(len(x))

    def features(self, x):
        phase = np.exp(1j * x @ W)
        return np.concatenate([phase, phase.conj()], axis=1) / np.sqrt(2)


W = np.array([[0.7], [-1.1], [0.4]])


@pytest.mark.parametrize("kernel", [Gaussian(), Polynomial(), Fourier()], ids=lambda k: type(k).__name__)
def test_kernels_pass(kernel):
    check_kernel(kernel).raise_if_failed()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_torch_kernels_pass_with_autograd(dtype):
    points = torch.as_tensor(np.random.default_rng(2).standard_normal((8, 2)), dtype=dtype)
    report = check_kernel(TorchGaussian(), points).raise_if_failed()
    assert set(report.skipped) == {"features give the kernel"}


def test_own_points_are_never_left():
    """A kernel on the circle refuses points off it; the battery asks for none."""

    class Circle:
        def forward(self, x, y):
            for points in (x, y):
                assert np.allclose(np.linalg.norm(points, axis=1), 1)
            return np.exp(x @ y.T)

        def diag(self, x):
            return np.full(len(x), np.e)

    angles = np.linspace(0, 6, 7)
    report = check_kernel(Circle(), np.stack([np.cos(angles), np.sin(angles)], axis=1)).raise_if_failed()
    assert "derivative" in report.skipped
    assert "at least 2 are needed" in check_kernel(Circle(), np.array([[1.0, 0.0]])).results[0].detail


@pytest.mark.parametrize(
    "profile",
    [
        lambda r: np.exp(-(r**4)),
        lambda r: np.maximum(0, 1 - r**2),
        lambda r: np.exp(-r) * (1 + 2 * r**2),
        lambda r: (r < 1).astype(float),
        lambda r: 1 / (1 + r**4),
        lambda r: -np.exp(-(r**2)),
    ],
    ids=["exp(-r⁴)", "Epanechnikov", "exp(-r)(1 + 2r²)", "box", "1/(1 + r⁴)", "negative"],
)
def test_functions_that_are_not_positive_definite_are_caught(profile):
    """Each has a negative spectral density on the line (Bochner), so no Gram matrix of enough points is positive."""

    class Radial:
        def forward(self, x, y):
            return profile(np.sqrt(square_distances(x, y)))

        def diag(self, x):
            return profile(np.zeros(len(x)))

    assert not check_kernel(Radial(), only="positive semidefinite").passed


SABOTAGE = {
    "shape and dtype": {"diag": lambda self, x: np.ones((len(x), 1))},
    "finite": {"forward": lambda self, x, y: Polynomial.forward(self, x, y) / (x[:, :1] - x[:1, :1])},
    "symmetry": {"forward": lambda self, x, y: Polynomial.forward(self, x, y) * (1 + 1e-6 * x[:, :1])},
    "positive semidefinite": {"forward": lambda self, x, y: Polynomial.forward(self, x, y) - 1.01},
    "positive semidefinite at repeated points": {
        "forward": lambda self, x, y: Polynomial.forward(self, x, y) - 0.1 * (square_distances(x, y) == 0)
    },
    "diag is the diagonal": {"diag": lambda self, x: Polynomial.diag(self, x) + 1e-6},
    "Cauchy-Schwarz": {"diag": lambda self, x: 0.1 * Polynomial.diag(self, x)},
    "a block equals its rows": {"forward": lambda self, x, y: Polynomial.forward(self, x, y) * (1 + 1e-6 * len(x))},
    "features give the kernel": {"features": lambda self, x: np.concatenate([np.ones((len(x), 1)), x], axis=1)},
    "derivative": {"derivative": lambda self, x, y: 1.0001 * Polynomial.derivative(self, x, y)},
}
TORCH_SABOTAGE = {
    "first derivatives by autograd": {"forward": lambda self, x, y: TorchGaussian.forward(self, x, y.detach())},
    "second derivatives by autograd": {"forward": lambda self, x, y: FirstOnly.apply(x, y)},
}


class FirstOnly(torch.autograd.Function):
    """The Gaussian with right first derivatives that are constants to autograd."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return TorchGaussian().forward(x, y)

    @staticmethod
    def backward(ctx, g):
        x, y = (a.detach() for a in ctx.saved_tensors)
        slopes = torch.func.vjp(TorchGaussian().forward, x, y)[1](g.detach())
        return tuple(slope + 0 * g.sum() for slope in slopes)


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) | set(TORCH_SABOTAGE) == set(laws_of(check_kernel))


@pytest.mark.parametrize("law", SABOTAGE)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_sabotage_is_caught(law):
    broken = type("Broken", (Polynomial,), SABOTAGE[law])()
    assert not check_kernel(broken, only=[law]).passed


@pytest.mark.parametrize("law", TORCH_SABOTAGE)
def test_sabotage_of_derivatives_is_caught(law):
    points = torch.as_tensor(np.random.default_rng(2).standard_normal((6, 2)))
    broken = type("Broken", (TorchGaussian,), TORCH_SABOTAGE[law])()
    assert not check_kernel(broken, points, only=[law]).passed


@pytest.mark.parametrize("law", ["positive semidefinite", "Cauchy-Schwarz", "symmetry", "diag is the diagonal"])
def test_nan_never_passes(law):
    broken = type("Broken", (Polynomial,), {"forward": lambda self, x, y: np.full((len(x), len(y)), np.nan)})()
    assert not check_kernel(broken, only=[law]).passed
