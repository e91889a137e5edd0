"""Fréchet means: closed forms, optimality in other words than the iteration's, scale, derivatives against differences, refusals."""

import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError, ShapeError
from erlangen.manifolds import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    Frobenius,
    LogCholesky,
    LogEuclidean,
    PowerCholesky,
    PowerEuclidean,
    Sphere,
)
from erlangen.manifolds.mean.descent import gradient_descent

M = np.array([[2.0, 0, 1], [0, 1, 0], [1, 0, 3]])
METRICS = [
    AffineInvariant(),
    LogEuclidean(),
    LogCholesky(),
    PowerCholesky(0.5),
    PowerEuclidean(0.5),
    PowerEuclidean(-1.0),
    BuresWasserstein(),
    BuresWasserstein(theta=0.5),
    BuresWasserstein(M=M, theta=0.5),
    Frobenius(),
]
each = pytest.mark.parametrize("metric", METRICS, ids=repr)


def sample(count=6, n=3, condition=30.0, seed=0):
    return SPD(n).random(count, rng=seed, condition=condition).numpy()


@each
def test_mean_is_where_logs_cancel(metric):
    X, w = sample(), np.array([1.0, 2, 0, 4, 1, 1])
    K, record = metric.mean(X, w, tol=1e-13, certificate=True)
    assert record.converged
    logs = metric.log(K, X)
    pull = np.einsum("i,ijk->jk", w / w.sum(), logs)
    assert metric.norm(K, pull) < 1e-11 * metric.norm(K, logs).mean()


@each
def test_mean_agrees_with_gradient_descent(metric):
    """The generic iteration knows nothing of the metric's own way."""
    X = torch.tensor(sample(condition=5.0))
    K, record = gradient_descent(metric, X, torch.full((6,), 1 / 6, dtype=torch.float64), 1e-11, 200)
    assert record.converged
    np.testing.assert_allclose(K, metric.mean(X), rtol=1e-9, atol=1e-9)


def test_two_matrices_meet_in_their_geometric_mean():
    A, B = sample(2)
    root = scipy.linalg.sqrtm(A)
    inverse = np.linalg.inv(root)
    exact = root @ scipy.linalg.sqrtm(inverse @ B @ inverse) @ root
    np.testing.assert_allclose(AffineInvariant().mean(np.stack([A, B]), tol=1e-13), exact, atol=1e-11)
    for metric in METRICS:
        np.testing.assert_allclose(metric.mean(np.stack([A, B])), metric.geodesic(A, B, 0.5), atol=1e-8)


@pytest.mark.parametrize("condition", [10.0, 1e3, 1e4])
def test_bures_mean_reaches_the_bound(condition):
    """The mean of the optimal maps is the identity to 1e-12 sqrt(n); maps here are P^{-1} # X from generalised eigenvectors."""
    n = 6
    X = sample(20, n, condition)
    K, record = BuresWasserstein().mean(X, tol=1e-12 * n**0.5, certificate=True)
    assert record.residual <= 1e-12 * n**0.5
    maps = []
    for x in X:
        values, vectors = scipy.linalg.eigh(x, np.linalg.inv(K))  # x v = λ K⁻¹ v, v orthonormal in K⁻¹
        right = np.linalg.inv(K) @ vectors
        maps.append((right * np.sqrt(values)) @ right.T)
    assert np.linalg.norm(np.mean(maps, axis=0) - np.eye(n)) < 1e-13 * condition**1.5


@pytest.mark.parametrize("scale", [1e-14, 1e-12, 1e6, 1e14])
@pytest.mark.parametrize("metric", [AffineInvariant(), LogEuclidean(), LogCholesky(), BuresWasserstein()], ids=repr)
def test_scale(metric, scale):
    """Volts and large units: the mean of scaled matrices is the scaled mean."""
    X = sample()
    K, record = metric.mean(scale * X, certificate=True)
    assert record.converged
    gap = np.linalg.norm(K / scale - metric.mean(X)) / np.linalg.norm(K / scale)
    assert gap < 1e-12 if metric in (LogEuclidean(), LogCholesky()) else gap < 1e-10
    tight = np.linalg.norm(metric.mean(scale * X, tol=1e-13) / scale - metric.mean(X, tol=1e-13)) / np.linalg.norm(
        K / scale
    )
    assert tight < 1e-12


@each
def test_sets_axes_and_single_matrices(metric):
    X = sample(8).reshape(2, 4, 3, 3)
    w = np.array([[1.0, 2, 3, 4], [4, 1, 1, 0]])
    both = metric.mean(X, w)
    for k in range(2):
        np.testing.assert_allclose(both[k], metric.mean(X[k], w[k]), rtol=1e-12)
    np.testing.assert_allclose(metric.mean(X, axis=0)[1], metric.mean(X[:, 1]), rtol=1e-12)
    np.testing.assert_allclose(metric.mean(X[0, :1]), X[0, 0], rtol=1e-9)
    np.testing.assert_allclose(metric.mean(np.stack([X[0, 0]] * 3)), X[0, 0], rtol=1e-9)


def test_precisions_and_starts():
    X = torch.tensor(sample(), dtype=torch.float32)
    for metric in (AffineInvariant(), BuresWasserstein()):
        K = metric.mean(X, tol=1e-5)
        assert K.dtype == torch.float32
        exact = metric.mean(X.double())
        assert torch.linalg.norm(K - exact) < 1e-5 * torch.linalg.norm(exact)
        again, record = metric.mean(X.double(), init=exact, certificate=True)
        assert record.iterations <= 2
        np.testing.assert_allclose(again, exact, rtol=1e-8)


@pytest.mark.parametrize("metric", [m for m in METRICS if not isinstance(m, Frobenius)], ids=repr)
def test_implicit_gradient(metric):
    """In the matrices and in the weights, one sample a multiple of the identity."""
    X = torch.tensor(sample(4, condition=5.0))
    X[1] = 2 * torch.eye(3)
    w = torch.tensor([0.1, 0.4, 0.3, 0.2], dtype=torch.float64, requires_grad=True)

    def mean(x, w):
        return metric.mean((x + x.mT) / 2, w, tol=1e-13, differentiable=True)

    assert torch.autograd.gradcheck(mean, (X.requires_grad_(), w), eps=1e-5, rtol=1e-4, atol=1e-7, fast_mode=True)
    assert not metric.mean(X).requires_grad


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
@pytest.mark.parametrize("metric", [AffineInvariant(), BuresWasserstein()], ids=repr)
def test_means_at_condition_1e12(metric, scale):
    """Where squares hold no digit of the small eigenvalues, factors do: logs cancel to what the rounding of the data allows."""
    X = scale * sample(5, 4, 1e12)
    K, record = metric.mean(X, tol=1e-7, certificate=True)
    assert record.converged
    logs = metric.log(K, X)
    assert metric.norm(K, logs.mean(0)) < 1e-3 * metric.norm(K, logs).mean()


@each
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_points_that_coincide_are_their_mean_and_median(metric, dtype, scale):
    x = (scale * torch.tensor(sample(1, condition=100.0))).to(dtype)
    X, w = x.expand(4, 3, 3), torch.full((4,), 0.25, dtype=dtype)
    for K, record in (
        metric.mean(X, certificate=True),
        metric.median(X, certificate=True),
        metric.median(x, certificate=True),
        gradient_descent(metric, X, w, 1e-12, 50),
    ):
        assert record.converged
        np.testing.assert_allclose(K, x[0], rtol=0, atol=1000 * torch.finfo(dtype).eps * float(x.abs().max()))


@each
def test_single_precision_converges_to_its_own_tolerance(metric):
    """The default tolerance is one that the dtype reaches; the result is right to three times that."""
    X = torch.tensor(sample(condition=10.0), dtype=torch.float32)
    K, record = metric.mean(X, certificate=True)
    assert record.converged
    exact = metric.mean(X.double())
    assert torch.linalg.norm(K - exact) < 3e-5 * torch.linalg.norm(exact)


def test_the_axis_of_samples_is_found_for_points_of_any_number_of_axes():
    sphere = Sphere(3)
    X = sphere.random(5, rng=0)
    X = X * X[:, :1].sign()
    np.testing.assert_allclose(sphere.mean(X), sphere.mean(X, axis=0))
    np.testing.assert_allclose(sphere.mean(X), sphere.mean(X.mT.mT, axis=-2))


@pytest.mark.parametrize("points", ["generic", "multiples of the identity", "all equal"])
@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_both_implicit_derivatives(metric, points):
    """By differences, in the matrices and in the weights; where all eigenvalues coincide, too."""
    X = torch.tensor(sample(3, condition=5.0))
    if points != "generic":
        X = (
            torch.eye(3).double()
            * (torch.tensor([1.0, 2.0, 5.0]) if points[0] == "m" else torch.ones(3))[:, None, None]
        )
    w = torch.tensor([0.2, 0.5, 0.3], dtype=torch.float64, requires_grad=True)

    def mean(x, w):
        return metric.mean((x + x.mT) / 2, w, tol=1e-14 if points[0] == "g" else 1e-12, differentiable=True)

    inputs = (X.requires_grad_(), w)
    assert torch.autograd.gradcheck(mean, inputs, eps=1e-5, rtol=1e-4, atol=1e-7, fast_mode=True)
    assert torch.autograd.gradgradcheck(mean, inputs, eps=1e-5, rtol=1e-4, atol=1e-6, fast_mode=True)


@pytest.mark.parametrize("metric", [AffineInvariant(), BuresWasserstein()], ids=repr)
def test_second_derivative_of_commuting_samples(metric):
    """Along diagonal matrices the mean is that of numbers: of their logarithms, of their roots."""
    x = torch.tensor([1.0, 4.0, 9.0], dtype=torch.float64, requires_grad=True)
    K = metric.mean(x[:, None, None] * torch.eye(2).double(), tol=1e-14, differentiable=True)[0, 0]
    numbers = x.log().mean().exp() if metric == AffineInvariant() else x.sqrt().mean() ** 2
    slopes = [torch.autograd.grad(value, x, create_graph=True)[0] for value in (K, numbers)]
    torch.testing.assert_close(*slopes, rtol=1e-12, atol=0)
    for k in range(3):
        found, exact = (torch.autograd.grad(slope[k], x, retain_graph=True)[0] for slope in slopes)
        torch.testing.assert_close(found, exact, rtol=1e-11, atol=1e-14)


def test_a_third_implicit_derivative_is_refused():
    X = torch.tensor(sample(3), requires_grad=True)
    (slope,) = torch.autograd.grad(AffineInvariant().mean(X, differentiable=True).sum(), X, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), X, create_graph=True)
    with pytest.raises(DomainError, match="a third one was asked for"):
        torch.autograd.grad(bend.sum() + X.square().sum(), X)


@pytest.mark.parametrize("metric", [AffineInvariant(), BuresWasserstein()], ids=repr)
def test_too_few_iterations_warn_with_the_numbers(metric):
    with pytest.warns(ConvergenceWarning, match=r"residual .* > 1e-10 after 1 iterations"):
        _, record = metric.mean(sample(), max_iter=1, certificate=True)
    assert not record.converged


def test_refusals():
    X, metric = sample(), BuresWasserstein()
    with pytest.raises(ShapeError, match="no samples"):
        metric.mean(X[:0])
    with pytest.raises(ShapeError, match="axis of samples"):
        metric.mean(X[0])
    with pytest.raises(DomainError, match=r"weights\[2\] = -1"):
        metric.mean(X, [1, 1, -1, 1, 1, 1])
    with pytest.raises(DomainError, match="sum to 0"):
        metric.mean(X, np.zeros(6))
    with pytest.raises(ShapeError, match="weights"):
        metric.mean(X, np.ones(5))
    with pytest.raises(ShapeError):
        metric.mean([np.eye(2).tolist(), np.eye(3).tolist()])
    singular = X.copy()
    singular[3] = np.diag([1.0, 1.0, 0.0])
    with pytest.raises(NotSPDError) as caught:
        metric.mean(singular)
    assert caught.value.index == (3,)
    with pytest.raises(DomainError, match="axis"):
        metric.mean(X, axis=5)


@each
def test_a_start_must_be_a_point_of_the_right_shape(metric):
    with pytest.raises(NotSPDError, match="init is not positive definite"):
        metric.mean(sample(), init=-np.eye(3))
    for init in (np.eye(2), np.ones(3), np.broadcast_to(np.eye(3), (2, 3, 3))):
        with pytest.raises(ShapeError, match=r"init must have shape \(3, 3\)"):
            metric.mean(sample(), init=init)


def test_a_median_of_points_far_apart_converges():
    """Negative curvature: whole steps of Weiszfeld's iteration oscillate between samples a distance 10 apart."""
    X = sample(5, condition=1e4)
    K, record = AffineInvariant().median(X, certificate=True)
    assert record.converged
    logs = AffineInvariant().log(K, X)
    pull = (logs / AffineInvariant().norm(K, logs)[:, None, None]).sum(0)
    assert AffineInvariant().norm(K, pull) < 1e-5


@pytest.mark.parametrize("metric", [AffineInvariant(), LogEuclidean(), BuresWasserstein()], ids=repr)
def test_median(metric):
    """Optimal: unit pulls cancel; a sample of more than half the weight is the median; an outlier hardly matters."""
    X = sample(7)
    K, record = metric.median(X, tol=1e-11, certificate=True)
    assert record.converged
    logs = metric.log(K, X)
    pull = (logs / metric.norm(K, logs)[:, None, None]).sum(0)
    assert metric.norm(K, pull) < 1e-6
    np.testing.assert_allclose(metric.median(X, [10, 1, 1, 1, 1, 1, 1]), X[0], atol=1e-5)
    far = X.copy()
    far[0] *= 1e6
    assert metric.dist(metric.median(far, tol=1e-6), K) < 3 * metric.dist(X, K).mean()
