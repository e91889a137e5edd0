"""The group battery holds on SO(2), GL+(2) and the affine group, and catches every sabotage."""

import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen.errors import DomainError, LawError
from erlangen.testing import check_group, laws_of


class GL2:
    """GL+(2, R), with the Haar density in exponential coordinates: det of (1 - exp(-ad X)) / ad X (Knapp, VIII.2)."""

    identity = np.eye(2)
    algebra_basis = np.eye(4).reshape(4, 2, 2)

    def compose(self, a, b):
        return a @ b

    def inverse(self, a):
        return np.linalg.inv(a)

    def exp(self, x):
        return scipy.linalg.expm(x)

    def log(self, a):
        values = np.linalg.eigvals(a)
        if np.any((np.abs(values.imag) < 1e-12) & (values.real <= 0)):
            message = "a has an eigenvalue on the closed negative axis"
            raise DomainError(message)
        return np.stack([np.real(scipy.linalg.logm(m)) for m in a])

    def factors(self, a):
        pairs = [scipy.linalg.polar(m, side="left") for m in a]
        return np.stack([p for _, p in pairs]), np.stack([u for u, _ in pairs])

    def sample(self, n, rng):
        return scipy.linalg.expm(0.4 * np.random.default_rng(rng).standard_normal((n, 2, 2)))

    def haar_log_density(self, a):
        one, values = np.eye(2), []
        for x in self.log(a):
            ad = np.kron(x, one) - np.kron(one, x.T)
            series, term = np.zeros((4, 4)), np.eye(4)
            for k in range(1, 40):
                series += term
                term = -term @ ad / (k + 1)
            values.append(np.log(abs(np.linalg.det(series))))
        return np.array(values)


class Affine(GL2):
    """x -> a x + b of the line as matrices; left Haar measure da db / a**2, not unimodular."""

    algebra_basis = np.array([[[1.0, 0], [0, 0]], [[0, 1.0], [0, 0]]])
    unimodular = False
    factors = None

    def __init__(self):
        del type(self).factors

    def sample(self, n, rng):
        draws = np.random.default_rng(rng).standard_normal((n, 2)) * 0.5
        return affine_from(np.stack([np.exp(draws[:, 0]), draws[:, 1]], axis=1))

    def haar_log_density(self, g):
        return -2 * np.log(g[:, 0, 0])


def affine_from(c):
    g = np.zeros((len(c), 2, 2))
    g[:, 0, 0], g[:, 0, 1], g[:, 1, 1] = c[:, 0], c[:, 1], 1.0
    return g


def affine_to(g):
    return g[:, 0, :]


class Rotations:
    """SO(2) on torch matrices in a dtype."""

    def __init__(self, dtype=torch.float64):
        self.identity = torch.eye(2, dtype=dtype)
        self.algebra_basis = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=dtype)

    def matrix(self, t):
        return torch.stack([t.cos(), -t.sin(), t.sin(), t.cos()], dim=-1).reshape(-1, 2, 2)

    def compose(self, a, b):
        return a @ b

    def inverse(self, a):
        return a.mT

    def exp(self, x):
        return self.matrix(x[:, 1, 0])

    def log(self, a):
        return torch.atan2(a[:, 1, 0], a[:, 0, 0])[:, None, None] * self.algebra_basis

    def sample(self, n, rng):
        t = np.random.default_rng(rng).uniform(-3, 3, n)
        return self.matrix(torch.as_tensor(t, dtype=self.identity.dtype))

    def haar_log_density(self, a):
        return torch.zeros(len(a), dtype=a.dtype)


class Plain(GL2):
    """GL+(2) without the optional primitives."""

    @property
    def factors(self):
        raise AttributeError

    haar_log_density = factors


OUTSIDE = np.array([[[-1.0, 0.0], [0.0, -2.0]]])


def test_general_linear_group_passes():
    report = check_group(GL2(), outside=OUTSIDE).raise_if_failed()
    assert not report.skipped
    assert len(report) == len(laws_of(check_group)) + 1


def test_affine_group_is_not_unimodular():
    assert check_group(Affine(), coordinates=(affine_to, affine_from)).passed
    lying = type("Lying", (Affine,), {"unimodular": True, "factors": None})
    report = check_group(lying(), coordinates=(affine_to, affine_from))
    assert [result.law for result in report.failed] == ["right invariance of the measure"]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_rotations_in_torch_pass(dtype):
    check_group(Rotations(dtype)).raise_if_failed()


def test_optional_primitives_are_skipped_with_a_reason():
    report = check_group(Plain())
    assert report.passed
    assert set(report.skipped) == {
        "log refuses outside its image",
        "factors compose",
        "left invariance of the measure",
        "right invariance of the measure",
    }


def transposed(self, a):
    return np.swapaxes(np.linalg.inv(a), -1, -2)


SABOTAGE = {
    "closure": {"compose": lambda self, a, b: (a @ b).astype(np.float32)},
    "associativity": {"compose": lambda self, a, b: (a @ b + b @ a) / 2},
    "left identity": {"compose": lambda self, a, b: a @ a @ b @ np.linalg.inv(a) + 1e-6},
    "right identity": {"compose": lambda self, a, b: a @ b + 1e-6 * a},
    "left inverse": {"inverse": lambda self, a: np.linalg.inv(a) * (1 + 1e-6)},
    "right inverse": {"inverse": transposed},
    "inverse reverses products": {"inverse": transposed},
    "a batch equals its elements": {
        "compose": lambda self, a, b: a @ b * (1 + 1e-6 * np.arange(len(a))[:, None, None])
    },
    "the basis is independent": {"algebra_basis": np.ones((4, 2, 2))},
    "exp of zero is the identity": {"exp": lambda self, x: scipy.linalg.expm(x + 1e-5)},
    "exp of minus is the inverse": {"exp": lambda self, x: np.eye(2) + x},
    "exp is a one-parameter group": {"exp": lambda self, x: np.eye(2) + x + x @ x / 2},
    "log after exp": {"log": lambda self, a: a - np.eye(2)},
    "exp after log": {"log": lambda self, a: -GL2.log(self, a)},
    "the adjoint action stays in the algebra": {"algebra_basis": np.eye(4).reshape(4, 2, 2)[:3]},
    "log refuses outside its image": {"log": lambda self, a: np.stack([np.real(scipy.linalg.logm(m)) for m in a])},
    "factors compose": {"factors": lambda self, a: GL2.factors(self, a)[::-1]},
    "sampling follows its seed": {"sample": lambda self, n, rng: GL2.sample(self, n, None)},
    "left invariance of the measure": {"haar_log_density": lambda self, a: np.zeros(len(a))},
    "right invariance of the measure": {"haar_log_density": lambda self, a: -np.log(np.linalg.det(a))},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_group))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (GL2,), SABOTAGE[law])()
    report = check_group(broken, outside=OUTSIDE, only=[law])
    assert not report.passed
    with pytest.raises(LawError, match="Broken breaks 1 of 1 laws"):
        report.raise_if_failed()


def test_a_constant_sample_is_caught():
    broken = type("Broken", (GL2,), {"sample": lambda self, n, rng: GL2.sample(self, n, 0)})()
    assert "different seeds" in check_group(broken)["sampling follows its seed"].detail


def test_a_missing_primitive_is_reported_not_raised():
    report = check_group(object())
    assert not report.passed
    assert "AttributeError" in report.results[0].detail
    assert set(report.skipped) == set(laws_of(check_group))


def test_an_exception_in_one_law_leaves_the_others():
    broken = type("Broken", (GL2,), {"log": lambda self, a: 1 / 0})()
    report = check_group(broken)
    assert "ZeroDivisionError" in report["log after exp"].detail
    assert report["associativity"].passed
