"""The power means: pyriemann 0.12's numbers, their equation, their limits and order, numbers, congruences, derivatives, refusals."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError
from erlangen.linalg import geometric_mean
from erlangen.manifolds import SPD, AffineInvariant, Frobenius, PowerEuclidean, power_mean

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
R = np.array([[1.0, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
X, W = np.stack([P, Q, R]), [0.5, 0.3, 0.2]
PYRIEMANN = {  # 0.12, mean_power at zeta=1e-15; upper triangles
    0.5: [2.571759448798111, 0.2985910114642756, 0.011523241101791017, 3.21869796695826, 1.0564284488001991, 1.8695235488152413],
    0.1: [2.3789343782502295, 0.29801232345583806, 0.018879641364269638, 3.072188550974324, 0.9713168568942454, 1.7427765481278177],
    0.0: [2.3304058003582413, 0.29818172036551166, 0.020361307116806913, 3.0359023024890393, 0.9487874083147735, 1.7081115119603707],
    -0.5: [2.0935174071220373, 0.30205157364677376, 0.025238440677910146, 2.8610089423353533, 0.8317841492102156, 1.52175653562425],
    -1.0: [1.8791684015050305, 0.3116834020031316, 0.025977874105653564, 2.706079639936958, 0.7168564984277894, 1.330031393124165],
}  # fmt: skip


@pytest.mark.parametrize(("p", "triangle"), PYRIEMANN.items())
def test_values_of_the_peer(p, triangle):
    K, record = power_mean(X, p, W, tol=1e-13, certificate=True)
    assert record.converged
    np.testing.assert_allclose(K[np.triu_indices(3)], triangle, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("p", [0.3, 1.0])
def test_the_equation_of_lim_and_palfia(p):
    K = power_mean(X, p, W, tol=1e-13)
    np.testing.assert_allclose(np.einsum("i,ijk->jk", W, geometric_mean(K, X, p)), K, rtol=1e-11, atol=1e-12)
    inverse = power_mean(np.linalg.inv(X), p, W, tol=1e-13)
    np.testing.assert_allclose(power_mean(X, -p, W, tol=1e-13), np.linalg.inv(inverse), rtol=1e-10, atol=1e-11)


def test_limits_and_order():
    np.testing.assert_allclose(power_mean(X, 1, W), Frobenius().mean(X, W), rtol=1e-13)
    np.testing.assert_allclose(power_mean(X, -1, W), PowerEuclidean(-1.0).mean(X, W), rtol=1e-12)
    karcher = AffineInvariant().mean(X, W, tol=1e-13)
    np.testing.assert_allclose(power_mean(X, 0, W, tol=1e-13), karcher, rtol=1e-11)
    for p in (1e-3, -1e-3):  # the gap falls with p
        assert np.abs(power_mean(X, p, W) - karcher).max() < 1e-3
    assert np.abs(power_mean(X, 1e-7, W) - karcher).max() < 1e-6
    means = [power_mean(X, p, W) for p in (-1, -0.5, 0, 0.2, 0.5, 1)]
    for low, high in pairwise(means):
        assert np.linalg.eigvalsh(high - low).min() > 0


@pytest.mark.parametrize("p", [-0.7, 0.25, 0.5])
def test_commuting_matrices_units_and_congruences(p):
    d = np.array([[1.0, 4.0, 1e-6], [2.0, 9.0, 1e3]])
    exact = (0.3 * d[0] ** p + 0.7 * d[1] ** p) ** (1 / p)
    found = power_mean(np.array([np.diag(x) for x in d]), p, [3, 7], tol=1e-13)
    np.testing.assert_allclose(np.diag(found), exact, rtol=1e-11)
    A = np.random.default_rng(0).normal(size=(3, 3))
    K = power_mean(X, p, W, tol=1e-13)
    np.testing.assert_allclose(power_mean(A @ X @ A.T, p, W, tol=1e-13), A @ K @ A.T, rtol=1e-9, atol=1e-10)
    for scale in (1e-14, 1e14):
        np.testing.assert_allclose(power_mean(scale * X, p, W, tol=1e-13) / scale, K, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("p", [-1.0, -0.4, 0.0, 0.6, 1.0])
@pytest.mark.parametrize("points", ["generic", "multiples of the identity"])
def test_derivatives(p, points):
    given = X if points == "generic" else np.array([1.0, 2.0, 5.0])[:, None, None] * np.eye(3)
    x, w = torch.tensor(given, requires_grad=True), torch.tensor(W, dtype=torch.float64, requires_grad=True)

    def mean(x, w):
        return power_mean((x + x.mT) / 2, p, w, tol=1e-14 if points == "generic" else 1e-12, differentiable=True)

    assert torch.autograd.gradcheck(mean, (x, w), eps=1e-5, rtol=1e-4, atol=1e-7, fast_mode=True)
    assert torch.autograd.gradgradcheck(mean, (x, w), eps=1e-5, rtol=1e-4, atol=1e-6, fast_mode=True)


def test_ill_conditioned_far_apart_and_several_sets():
    far = SPD(5).random(6, rng=0, condition=1e6)
    _, record = power_mean(far, 0.5, tol=1e-9, certificate=True)
    assert record.converged
    both = power_mean(far.reshape(2, 3, 5, 5), 0.5)
    np.testing.assert_allclose(both[1], power_mean(far[3:], 0.5), rtol=1e-6, atol=1e-8)
    single = power_mean(torch.tensor(X, dtype=torch.float32), 0.5)
    assert single.dtype == torch.float32
    np.testing.assert_allclose(single, power_mean(X, 0.5), rtol=2e-5, atol=1e-5)


def test_refusals():
    with pytest.raises(DomainError, match="p must"):
        power_mean(X, 1.5)
    with pytest.raises(DomainError, match=r"weights\[0\] = -1"):
        power_mean(X, 0.5, [-1, 1, 1])
    with pytest.raises(NotSPDError):
        power_mean(-X, 0.5)
    with pytest.warns(ConvergenceWarning, match="the mean under the power 0.5"):
        power_mean(X, 0.5, max_iter=1)
