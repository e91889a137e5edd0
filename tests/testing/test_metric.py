"""The battery of metrics on the sphere, the hyperbolic space and SPD matrices; every sabotage is caught."""

import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen.errors import DomainError
from erlangen.testing import check_metric, laws_of


class Sphere:
    """The unit sphere of R^3 in NumPy or torch."""

    shape, dim = (3,), 2

    def __init__(self, xp=np, dtype=np.float64):
        self.xp, self.dtype = xp, dtype

    def project(self, x):
        return x / self.xp.sqrt((x * x).sum(-1))[..., None]

    def to_tangent(self, x, v):
        return v - (x * v).sum(-1)[..., None] * x

    def check(self, x, explain=False):
        gap = abs(float((x * x).sum()) - 1)
        return gap < 100 * self.xp.finfo(self.dtype).eps, f"squared norm off by {gap:.2g}"

    def sample(self, n, rng):
        return self.project(self.xp.asarray(rng.standard_normal((n, 3)), dtype=self.dtype))


class Round:
    """The round metric in closed form (do Carmo, ch. 3, example 2.11)."""

    xp = np

    def inner(self, x, u, v):
        return (u * v).sum(-1)

    def norm(self, v):
        square = (v * v).sum(-1)[..., None]
        return self.xp.sqrt(self.xp.where(square == 0, 1.0, square)) * (square != 0)

    def sinc(self, r):
        safe = self.xp.where(r < 1e-8, 1.0, r)
        return self.xp.where(r < 1e-8, 1.0 - 0 * r, self.xp.sin(safe) / safe)

    def exp(self, x, v):
        r = self.norm(v)
        return self.xp.cos(r) * x + self.sinc(r) * v

    def log(self, x, y):
        c = (x * y).sum(-1)[..., None]
        if bool((c < 1e-6 - 1).any()):
            message = "y is antipodal to x: every great circle is a minimal geodesic"
            raise DomainError(message)
        side = y - c * x
        s = self.norm(side)
        safe = self.xp.where(s < 1e-8, 1.0, s)
        return self.xp.where(s < 1e-8, 1.0 - 0 * s, self.xp.arctan2(s, c) / safe) * side

    def transport(self, x, y, v):
        return v - (y * v).sum(-1)[..., None] / (1 + (x * y).sum(-1)[..., None]) * (x + y)

    def retract(self, x, v):
        moved = x + v
        return moved / self.norm(moved)


class TorchRound(Round):
    xp = torch


class Hyperboloid:
    """H^3 as the upper sheet of <x, x> = -1 in Minkowski space."""

    shape, dim = (4,), 3
    signs = np.array([-1.0, 1.0, 1.0, 1.0])

    def pair(self, u, v):
        return np.sum(self.signs * u * v, axis=-1)[..., None]

    def project(self, x):
        return np.concatenate([np.sqrt(1 + np.sum(x[..., 1:] ** 2, -1, keepdims=True)), x[..., 1:]], axis=-1)

    def to_tangent(self, x, v):
        return v + self.pair(x, v) * x

    def check(self, x, explain=False):
        gap = abs(float(self.pair(x, x)[0]) + 1)
        return gap < 1e-9 and x[0] > 0, f"<x, x> + 1 = {gap:.2g}"


class Hyperbolic(Hyperboloid):
    def inner(self, x, u, v):
        return self.pair(u, v)[..., 0]

    def exp(self, x, v):
        r = np.sqrt(np.maximum(self.pair(v, v), 0))
        return np.cosh(r) * x + np.where(r < 1e-8, 1.0, np.sinh(r) / np.where(r < 1e-8, 1.0, r)) * v

    def log(self, x, y):
        side = self.to_tangent(x, y)
        s = np.sqrt(np.maximum(self.pair(side, side), 0))
        return np.where(s < 1e-8, 1.0, np.arcsinh(s) / np.where(s < 1e-8, 1.0, s)) * side

    def transport(self, x, y, v):
        return v + self.pair(y, v) / (1 - self.pair(x, y)) * (x + y)

    def retract(self, x, v):
        return self.project(x + v)


def sym(x):
    return (x + np.swapaxes(x, -1, -2)) / 2


def spectral(x, function):
    values, vectors = np.linalg.eigh(sym(x))
    return (vectors * function(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


class Positive:
    """SPD matrices of size 3, open in the symmetric ones."""

    shape, dim = (3, 3), 6

    def project(self, x):
        return spectral(x, lambda values: np.maximum(values, 1e-3))

    def to_tangent(self, x, v):
        return sym(v)

    def sample(self, n, rng):
        return spectral(rng.standard_normal((n, 3, 3)), np.exp)

    def check(self, x, explain=False):
        return bool(np.linalg.eigvalsh(x)[0] > 0 and np.allclose(x, x.T)), "not SPD"


class AffineInvariant:
    """<u, v>_x = tr(x^-1 u x^-1 v) (Bhatia, Positive Definite Matrices, ch. 6)."""

    def inner(self, x, u, v):
        return np.trace(np.linalg.solve(x, u) @ np.linalg.solve(x, v), axis1=-2, axis2=-1)

    def between(self, x, a, function):
        root, back = spectral(x, np.sqrt), spectral(x, lambda values: values**-0.5)
        return root @ spectral(back @ a @ back, function) @ root

    def exp(self, x, v):
        return self.between(x, v, np.exp)

    def log(self, x, y):
        return self.between(x, y, np.log)

    def transport(self, x, y, v):
        e = np.stack([np.real(scipy.linalg.sqrtm(m)) for m in y @ np.linalg.inv(x)])
        return e @ v @ np.swapaxes(e, -1, -2)

    def retract(self, x, v):
        return x + v + v @ np.linalg.solve(x, v) / 2


POLES = [(np.array([0.0, 0, 1]), np.array([0.0, 0, -1]))]


def test_the_sphere_passes_all_but_derivatives_by_autograd():
    report = check_metric(Round(), Sphere(), cut=POLES).raise_if_failed()
    assert set(report.skipped) == {"first derivatives", "second derivatives"}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_the_sphere_in_torch_passes_with_derivatives(dtype):
    cut = [tuple(torch.as_tensor(p, dtype=dtype) for p in pair) for pair in POLES]
    assert not check_metric(TorchRound(), Sphere(torch, dtype), cut=cut).raise_if_failed().skipped


@pytest.mark.parametrize("radius", [1e-3, 0.5, 1.5])
def test_hyperbolic_space_passes(radius):
    report = check_metric(Hyperbolic(), Hyperboloid(), radius=radius).raise_if_failed()
    assert "pass cut=" in report.skipped["log refuses at the cut locus"]


def test_affine_invariant_metric_passes():
    check_metric(AffineInvariant(), Positive()).raise_if_failed()


def turned(self, x, y, v):
    """Parallel transport followed by a turn about the geodesic's normal: an isometry that is not parallel."""
    w = Round.transport(self, x, y, v)
    angle = 0.2 * np.linalg.norm(Round.log(self, x, y), axis=-1, keepdims=True)
    return np.cos(angle) * w + np.sin(angle) * np.cross(y, w)


class SpunHyperbolic(Hyperbolic):
    """In H^3 a turn about the velocity keeps lengths, velocities, linearity and the way back; only parallelism breaks."""

    def transport(self, x, y, v):
        w, axis = super().transport(x, y, v), -self.log(y, x)
        r = np.sqrt(self.pair(axis, axis))
        e = axis / np.where(r == 0, 1.0, r)
        side = w - self.pair(w, e) * e
        cross = np.stack([self.signs * triple(y_, e_, s_) for y_, e_, s_ in zip(y, e, side, strict=True)])
        return self.pair(w, e) * e + np.cos(0.2 * r) * side + np.sin(0.2 * r) * cross


def triple(a, b, c):
    """The covector v -> det(v, a, b, c)."""
    return np.array([np.linalg.det(np.stack([row, a, b, c])) for row in np.eye(4)])


def test_an_isometry_that_is_not_parallel_is_caught_by_one_law_only():
    report = check_metric(SpunHyperbolic(), Hyperboloid())
    assert [result.law for result in report.failed] == ["transport is parallel"]


def late(self, x, v):
    """exp with a wrong pace: unit speed at the start, then slower."""
    r = self.norm(v)
    return Round.exp(self, x, v * (1 - 0.1 * r**2))


SABOTAGE = {
    "shape and dtype": {"log": lambda self, x, y: Round.log(self, x, y).astype(np.float32)},
    "a batch equals its elements": {"retract": lambda self, x, v: x + v - 0.5 * (v * v).mean() * x},
    "inner is symmetric": {"inner": lambda self, x, u, v: (u * v).sum(-1) + 1e-6 * u[:, 0] * v[:, 1]},
    "inner is bilinear": {"inner": lambda self, x, u, v: (u * v).sum(-1) + 1e-6 * (u * v).sum(-1) ** 2},
    "inner is positive": {"inner": lambda self, x, u, v: (u * v).sum(-1) * np.sign(x[:, 0])},
    "exp of zero is the point": {"exp": lambda self, x, v: Round.exp(self, x, v) + 1e-7},
    "exp has the velocity": {"exp": lambda self, x, v: Round.exp(self, x, 1.0001 * v)},
    "exp lands on the manifold": {"exp": lambda self, x, v: x + v},
    "log after exp": {"log": lambda self, x, y: 1.0000001 * Round.log(self, x, y)},
    "exp after log": {"log": lambda self, x, y: -Round.log(self, x, y)},
    "log of the point is zero": {"log": lambda self, x, y: Round.log(self, x, y) + 1e-5},
    "distance is symmetric": {"log": lambda self, x, y: Round.log(self, x, y) * (1 + 1e-5 * (y[:, :1] - x[:, :1]))},
    "geodesics have constant speed": {"exp": late},
    "Gauss's lemma": {"inner": lambda self, x, u, v: (1 + 1e-3 * x[:, 0]) * (u * v).sum(-1)},
    "transport is an isometry": {"transport": lambda self, x, y, v: Sphere().to_tangent(y, v)},
    "transport is linear": {"transport": lambda self, x, y, v: Round.transport(self, x, y, np.abs(v))},
    "transport is tangent": {"transport": lambda self, x, y, v: v},
    "transport there and back": {"transport": turned},
    "transport keeps velocities": {"transport": turned},
    "transport is parallel": {"transport": turned},
    "retract of zero is the point": {"retract": lambda self, x, v: Round.retract(self, x, v) * (1 + 1e-7)},
    "retract has the velocity": {"retract": lambda self, x, v: Round.retract(self, x, 1.0001 * v)},
    "log refuses at the cut locus": {"log": lambda self, x, y: 0 * x},
}
TORCH_SABOTAGE = {
    "first derivatives": {"exp": lambda self, x, v: Round.exp(self, x, v.detach())},
    "second derivatives": {"exp": lambda self, x, v: Frozen.apply(x, v)},
}


class Frozen(torch.autograd.Function):
    """exp whose first derivative is right and whose second is lost."""

    @staticmethod
    def forward(ctx, x, v):
        ctx.save_for_backward(x, v)
        return TorchRound().exp(x, v)

    @staticmethod
    def backward(ctx, g):
        x, v = (a.detach() for a in ctx.saved_tensors)
        slope = torch.func.vjp(lambda a: TorchRound().exp(x, a), v)[1](g.detach())[0]
        return None, slope + 0 * g


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) | set(TORCH_SABOTAGE) == set(laws_of(check_metric))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (Round,), SABOTAGE[law])()
    assert not check_metric(broken, Sphere(), cut=POLES, only=[law]).passed


@pytest.mark.parametrize("law", TORCH_SABOTAGE)
def test_sabotage_of_derivatives_is_caught(law):
    broken = type("Broken", (TorchRound,), TORCH_SABOTAGE[law])()
    assert not check_metric(broken, Sphere(torch, torch.float64), only=[law]).passed


def test_volts_and_huge_scales():
    """The metric scaled by c² has the same exp, log and transport."""
    for scale in (1e-24, 1e28):
        scaled = type("Scaled", (Round,), {"inner": lambda self, x, u, v, c=scale: c * (u * v).sum(-1)})()
        check_metric(scaled, Sphere(), radius=0.5 * np.sqrt(scale)).raise_if_failed()
