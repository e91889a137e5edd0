"""The battery of manifolds on the sphere, an open set and the rotations; every sabotage is caught."""

import numpy as np
import pytest
import torch

from erlangen.testing import check_manifold, laws_of


class Sphere:
    """The unit sphere of R^3."""

    shape, dim = (3,), 2

    def project(self, x):
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    def to_tangent(self, x, v):
        return v - np.sum(x * v, axis=-1, keepdims=True) * x

    def check(self, x, explain=False):
        if x.shape != (3,):
            return (False, f"shape {x.shape}, not (3,)") if explain else False
        gap = abs(float(x @ x) - 1)
        ok = gap < 1e-9
        return (ok, "" if ok else f"the squared norm differs from 1 by {gap:.2g}") if explain else ok


class TorchSphere(Sphere):
    def __init__(self, dtype):
        self.dtype = dtype

    def project(self, x):
        return x / x.norm(dim=-1, keepdim=True)

    def to_tangent(self, x, v):
        return v - (x * v).sum(-1, keepdim=True) * x

    def sample(self, n, rng):
        return self.project(torch.as_tensor(rng.standard_normal((n, 3)), dtype=self.dtype))

    def check(self, x, explain=False):
        ok = tuple(x.shape) == (3,) and bool(abs(x @ x - 1) < 100 * torch.finfo(x.dtype).eps)
        return ok, "" if ok else "not on the unit sphere"


class Rotation:
    """SO(2) inside the 2 x 2 matrices."""

    shape, dim = (2, 2), 1

    def project(self, x):
        u, _, v = np.linalg.svd(x)
        sign = np.ones((*x.shape[:-2], 2))
        sign[..., 1] = np.sign(np.linalg.det(u @ v))
        return (u * sign[..., None, :]) @ v

    def to_tangent(self, x, v):
        w = np.swapaxes(x, -1, -2) @ v
        return x @ (w - np.swapaxes(w, -1, -2)) / 2

    def check(self, x, explain=False):
        if x.shape != (2, 2):
            message = f"x must have shape (2, 2), got {x.shape}"
            raise ValueError(message)
        gap = float(np.max(np.abs(x.T @ x - np.eye(2))))
        return gap < 1e-9, f"orthogonality defect {gap:.2g}"


class Positive:
    """The open half line."""

    shape, dim = (1,), 1

    def project(self, x):
        return np.maximum(x, 1e-3)

    def to_tangent(self, x, v):
        return v

    def sample(self, n, rng):
        return np.exp(rng.standard_normal((n, 1)))

    def check(self, x, explain=False):
        ok = x.shape == (1,) and bool(x[0] > 0)
        return ok, "" if ok else "not positive"


def test_sphere_passes_without_skips():
    assert not check_manifold(Sphere()).raise_if_failed().skipped


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_torch_sphere_passes(dtype):
    check_manifold(TorchSphere(dtype)).raise_if_failed()


def test_rotations_pass_and_may_refuse_by_raising():
    check_manifold(Rotation()).raise_if_failed()


def test_open_manifold_needs_a_point_outside():
    assert "check refuses a point off the manifold" in check_manifold(Positive(), only=None).skipped
    assert check_manifold(Positive(), off=np.array([-1.0])).passed
    blind = type("Blind", (Positive,), {"check": lambda self, x, explain: (x.shape == (1,) and x[0] == x[0], "no")})()
    assert not check_manifold(blind, off=np.array([-1.0])).passed


def flaky(self, x, v):
    return Sphere.to_tangent(self, x, v) * (1 + 1e-6 * np.arange(len(x))[:, None])


SABOTAGE = {
    "shape and dtype": {"project": lambda self, x: Sphere.project(self, x).astype(np.float32)},
    "samples belong": {"sample": lambda self, n, rng: rng.standard_normal((n, 3))},
    "projection lands on the manifold": {"project": lambda self, x: x / np.sum(x * x, axis=-1, keepdims=True)},
    "projection keeps points": {"project": lambda self, x: -Sphere.project(self, x)},
    "projection is idempotent": {"project": lambda self, x: Sphere.project(self, [*x, 0, 0, 0.001])},
    "check refuses a point off the manifold": {"check": lambda self, x, explain: (True, "")},
    "check refuses NaN": {"check": lambda self, x, explain: (not abs(x @ x - 1) > 1e-9, "norm")},
    "check refuses a wrong shape": {"check": lambda self, x, explain: (x.size != 3 or abs(x @ x - 1) < 1e-9, "norm")},
    "to_tangent is idempotent": {"to_tangent": lambda self, x, v: Sphere.to_tangent(self, x, v) / 2},
    "to_tangent is linear": {"to_tangent": lambda self, x, v: Sphere.to_tangent(self, x, np.abs(v))},
    "tangent spaces have the dimension": {"dim": 1},
    "tangent vectors are velocities": {"to_tangent": lambda self, x, v: v},
    "velocities are tangent": {"to_tangent": lambda self, x, v: v * [1.0, 1.0, 0.0]},
    "a batch equals its elements": {"to_tangent": flaky},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_manifold))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (Sphere,), SABOTAGE[law])()
    assert not check_manifold(broken, only=[law]).passed


def test_a_refusal_without_reason_is_caught():
    silent = type("Silent", (Sphere,), {"check": lambda self, x, explain: (Sphere.check(self, x), "")})()
    assert "without a reason" in check_manifold(silent)["check refuses NaN"].detail
