"""Equivariance under rotations and signs: exact maps have rounding errors, broken ones their true error."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from erlangen.errors import DomainError, LawError
from erlangen.testing import assert_equivariant, equivariance_error


class SO3:
    def __init__(self, kind=np.asarray):
        self.kind = kind

    def sample(self, n, rng):
        return self.kind(Rotation.random(n, rng=rng).as_matrix())


class Vector:
    """The defining representation."""

    def matrix(self, g):
        return g


X = np.random.default_rng(5).standard_normal((6, 3))


def radial(x):
    return x * (x**2).sum(-1)[..., None]


def norms(x):
    return (x**2).sum(-1)


def rotate(g, x):
    return x @ g.T


@pytest.mark.parametrize("action", [Vector(), rotate])
def test_equivariant_and_invariant_maps_have_rounding_errors(action):
    assert equivariance_error(radial, SO3(), X, action_in=action, action_out=action).max() < 1e-14
    assert equivariance_error(norms, SO3(), X, action_in=action).max() < 1e-14


def test_torch_tensors_in_single_precision():
    x = torch.as_tensor(X, dtype=torch.float32)
    group = SO3(lambda g: torch.as_tensor(g, dtype=torch.float32))
    assert_equivariant(radial, group, x, action_in=Vector(), action_out=Vector())
    with pytest.raises(LawError):
        assert_equivariant(lambda y: radial(y) + 1e-3, group, x, action_in=Vector(), action_out=Vector())


def test_the_error_is_the_true_one():
    """For f(x) = x + c and g = -1: |f(-x) + f(x)| / max(|f(-x)|, |f(x)|) = 2 c / (1 + c) at x = 1."""

    class Minus:
        def sample(self, n, rng):
            return -np.ones(n)

    errors = equivariance_error(lambda x: x + 0.25, Minus(), np.ones(1), action_in=np.multiply, action_out=np.multiply)
    assert np.allclose(errors, 2 * 0.25 / 1.25)


def test_errors_are_relative_to_the_output():
    for scale in (1e-12, 1e14):
        assert equivariance_error(radial, SO3(), scale * X, action_in=rotate, action_out=rotate).max() < 1e-14
        wrong = equivariance_error(np.sin, SO3(), 1e-3 * X, action_in=rotate, action_out=rotate)
        assert 1e-8 < wrong.max() < 1e-5  # sin x = x - x³/6 breaks rotations at relative order x²


@pytest.mark.parametrize(
    "broken",
    [
        lambda x: radial(x) + 1e-6 * x**2,
        lambda x: x @ np.diag([1.0, 1.0, 1.00001]),
        lambda x: x * np.nan,
    ],
)
def test_broken_maps_are_caught(broken):
    with pytest.raises(LawError, match=r"is not equivariant: relative error .* at group element"):
        assert_equivariant(broken, SO3(), X, action_in=Vector(), action_out=Vector())


def test_a_wrong_order_of_composition_is_caught():
    transposed = lambda g, x: x @ g  # noqa: E731
    with pytest.raises(LawError, match="the order of composition"):
        assert_equivariant(radial, SO3(), X, action_in=rotate, action_out=transposed)


def test_zero_is_equivariant_and_infinity_is_not():
    assert not equivariance_error(np.zeros_like, SO3(), X, action_in=rotate, action_out=rotate).any()
    assert np.isinf(equivariance_error(lambda x: np.full(3, np.inf), SO3(), X, action_in=rotate)).all()


def test_no_elements_is_refused():
    with pytest.raises(DomainError, match="n must be an integer"):
        equivariance_error(radial, SO3(), X, action_in=rotate, n=0)


def test_the_seed_fixes_the_elements():
    draws = [equivariance_error(np.sin, SO3(), X, action_in=rotate, action_out=rotate, rng=7) for _ in range(2)]
    assert np.array_equal(*draws)
