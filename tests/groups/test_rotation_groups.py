"""SO(3) and O(3): the battery of groups, closed forms, limits of angles, refusals, sampling."""

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.stats
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.groups import O3, SO3, axis_angle_to_matrix, hat, matrix_to_quaternion, vee
from erlangen.representations import Irrep, Irreps
from erlangen.testing import check_group, check_representation

AXES = torch.tensor([[0.6, 0, 0.8], [0, 1, 0], [0, 0, -1], [-1 / 3, 2 / 3, -2 / 3]], dtype=torch.float64)
HALF_TURNS = axis_angle_to_matrix(AXES, torch.tensor(math.pi, dtype=torch.float64))


def test_the_battery_holds_on_rotations():
    report = check_group(
        SO3(), outside=torch.cat([HALF_TURNS, -torch.eye(3, dtype=torch.float64)[None]])
    ).raise_if_failed()
    assert not report.skipped


def test_the_battery_holds_on_rotations_and_reflections():
    outside = torch.cat([HALF_TURNS, -SO3().sample(3, rng=0)])
    report = check_group(O3(), outside=outside).raise_if_failed()
    assert not report.skipped


class Arrays:
    """A group whose elements are NumPy arrays of one dtype."""

    def __init__(self, group, dtype):
        self.group, self.dtype = group, dtype
        self.identity = group.identity.numpy().astype(dtype)
        self.algebra_basis = group.algebra_basis.numpy().astype(dtype)

    def __getattr__(self, name):
        return getattr(self.group, name)

    def sample(self, n, rng):
        return self.group.sample(n, rng=rng).numpy().astype(self.dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("group", [SO3(), O3()])
def test_the_battery_holds_on_arrays(group, dtype):
    check_group(Arrays(group, dtype)).raise_if_failed()


@pytest.mark.parametrize("irreps", ["0e", "1o", "2e", "3o", "1o+2x0e", "2x1e+2o+0o"])
def test_the_battery_of_representations_holds_on_irreps(irreps):
    x = Irreps(irreps)
    check_representation(x, O3(), irreducible=x.num_irreps == 1, n=24).raise_if_failed()


@pytest.mark.parametrize("irrep", ["0o", "1e", "2o", "4e"])
def test_the_battery_of_representations_holds_on_an_irrep(irrep):
    check_representation(Irrep(irrep), O3(), irreducible=True, n=16).raise_if_failed()


def octahedral():
    """The 24 rotations of the cube."""
    found = []
    for p in ((0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2)):
        for signs in np.ndindex(2, 2, 2):
            m = np.zeros((3, 3))
            m[range(3), p] = 1 - 2 * np.array(signs)
            found += [m] if np.linalg.det(m) > 0 else []
    return np.array(found)


def test_orthogonality_of_the_vector_representation_over_the_cube():
    """Degree 1 is irreducible over the cube's group: its 24 elements integrate products of two coefficients."""
    group = octahedral()
    check_representation(
        Irrep("1o"), Arrays(SO3(), np.float64), irreducible=True, quadrature=(group, np.ones(24))
    ).raise_if_failed()


@pytest.mark.parametrize("angle", [0.0, 1e-12, 1e-7, 1e-3, 0.0999, 0.1001, 1.0, 3.0, math.pi - 1e-6, math.pi - 1e-10])
def test_exp_and_log_at_all_angles(angle):
    X = angle * hat(AXES)
    R = SO3().exp(X)
    assert np.allclose(R.numpy(), [scipy.linalg.expm(x) for x in X.numpy()], atol=1e-14)
    assert torch.allclose(SO3().log(R), X, atol=1e-14, rtol=1e-9)
    assert torch.allclose(
        SO3().dist(torch.eye(3, dtype=R.dtype), R),
        torch.full((4,), angle, dtype=R.dtype),
        atol=1e-9 if angle > 3 else 1e-15,
        rtol=1e-13,
    )


def test_half_turns_have_two_logarithms():
    with pytest.raises(DomainError, match=r"a\[0\] is a half turn: it has two logarithms"):
        SO3().log(HALF_TURNS)
    with pytest.raises(DomainError, match=r"a\[1\] is a reflection"):
        O3().log(torch.stack([torch.eye(3), -torch.eye(3)]))


def test_derivatives_of_exp_log_and_distance():
    w = torch.tensor([[0.0, 0, 0], [0.3, -0.4, 1.0], [2.0, 1.0, -1.5]], dtype=torch.float64, requires_grad=True)
    for f in (lambda w: SO3().exp(hat(w)), lambda w: vee(SO3().log(SO3().exp(hat(w))))):
        assert torch.autograd.gradcheck(f, w)
        assert torch.autograd.gradgradcheck(f, w)
    a = SO3().sample(2, rng=0).requires_grad_()
    assert torch.autograd.gradcheck(lambda w: SO3().dist(a.detach(), SO3().exp(hat(w[1:]))), w)
    same = SO3().dist(a, a.detach())
    assert torch.isfinite(torch.autograd.grad(same.sum(), a)[0]).all()


def test_refusals():
    with pytest.raises(DomainError, match=r"X\[1\] is not antisymmetric: \|X \+ X\^T\| = 2"):
        SO3().exp(torch.stack([torch.zeros(3, 3), torch.eye(3)]))
    with pytest.raises(DomainError, match="a is a reflection"):
        SO3().check(-np.eye(3))
    with pytest.raises(DomainError, match=r"a is not orthogonal: \|R\^T R - 1\| = 3"):
        O3().check(2 * np.eye(3))
    with pytest.raises(DomainError, match="not orthogonal"):
        SO3().log(np.full((3, 3), np.nan))
    for call in (SO3().exp, SO3().log, SO3().haar_log_density, O3().factors):
        with pytest.raises(ShapeError, match=r"\(\.\.\., 3, 3\)"):
            call(np.eye(4))
    with pytest.raises(DomainError, match="n must be an integer"):
        SO3().sample(-1)


def test_samples_are_uniform():
    """Angles follow (1 - cos t)/pi on [0, pi]; images of a vector are uniform in height (Kolmogorov and Smirnov)."""
    R = SO3().sample(4000, rng=7)
    angles = SO3().dist(torch.eye(3, dtype=R.dtype), R).numpy()
    assert scipy.stats.kstest(angles, lambda t: (t - np.sin(t)) / math.pi).pvalue > 1e-3
    for row in range(3):
        assert scipy.stats.kstest(R[:, row, 1].numpy(), scipy.stats.uniform(-1, 2).cdf).pvalue > 1e-3
    both = torch.linalg.det(O3().sample(4000, rng=7))
    assert abs(float((both < 0).double().mean()) - 0.5) < 0.03


def test_samples_follow_generators_and_kinds():
    for group in (SO3(), O3()):
        one, two = (group.sample(5, generator=torch.Generator().manual_seed(3), dtype=torch.float32) for _ in range(2))
        assert torch.equal(one, two)
        assert one.dtype == torch.float32
        assert group.sample(rng=0).shape == (3, 3)
        assert group.sample(0).shape == (0, 3, 3)


def test_the_density_integrates_to_one():
    """Over the ball of radius pi, shells 4 pi t^2 dt, by Gauss-Legendre quadrature."""
    x, w = np.polynomial.legendre.leggauss(40)
    t = (x + 1) * math.pi / 2 * (1 - 1e-9)
    R = axis_angle_to_matrix(np.array([0.6, 0.0, 0.8]), t)
    for group, mass in ((SO3(), 1.0), (O3(), 0.5)):
        density = np.exp(group.haar_log_density(R))
        assert abs(np.sum(w * math.pi / 2 * 4 * math.pi * t**2 * density) - mass) < 1e-8


def test_values():
    assert SO3() == SO3() != O3()
    assert repr(O3()) == "O3()"
    assert hash(SO3()) == hash(SO3())
    assert float(O3().dist(np.eye(3), -np.eye(3))) == math.inf


def test_the_inverse_of_a_quaternion_is_the_transpose():
    R = SO3().sample(20, rng=2)
    q = matrix_to_quaternion(R)
    back = matrix_to_quaternion(SO3().inverse(R))
    assert torch.allclose(back, q * torch.tensor([1.0, -1, -1, -1], dtype=q.dtype), atol=1e-14)
