"""Divergences against closed forms on numbers, 50 digits and pyriemann 0.12; their invariances, means, derivatives, names, refusals."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError, ParseError, ShapeError
from erlangen.manifolds import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    KullbackLeibler,
    LogDet,
    PowerEuclidean,
    Thompson,
    distance,
    divergence_named,
    metric_named,
    pairwise_distance,
)

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
R = np.array([[1.0, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
W = [0.5, 0.3, 0.2]
KINDS = [KullbackLeibler(), KullbackLeibler("right"), KullbackLeibler("symmetric"), LogDet(), Thompson()]
MEANS = KINDS[:4]
each = pytest.mark.parametrize("divergence", KINDS, ids=repr)

# pyriemann 0.12, geometry.distance and geometry.mean, at the matrices above
PYRIEMANN = {
    "harmonic": 0.568215254059707,
    "kullback": 0.5796651895825062,
    "kullback_right": 0.4451886115870842,
    "kullback_sym": 1.0248538011695905,
    "logdet": 0.47843470139828137,
    "thompson": 1.0804348955546312,
}
PYRIEMANN_MEANS = {  # upper triangles, weights .5, .3, .2
    "harmonic": [1.8791684015050305, 0.3116834020031316, 0.025977874105653564, 2.706079639936958, 0.7168564984277894, 1.330031393124165],
    "kullback_sym": [2.2930683087113612, 0.310121203851609, 0.016261941662674907, 3.0284485890562123, 0.9099622868752639, 1.6307156046181823],
    "logdet": [2.350588002524664, 0.2928790588505495, 0.022717897559432636, 3.041155196237668, 0.969981211014964, 1.7499913441106483],
}  # fmt: skip


def exact(x, y):
    """The logarithms of relative eigenvalues in 50 digits."""
    half = mpmath.cholesky(mpmath.matrix(y.tolist())) ** -1
    return [mpmath.log(v) for v in mpmath.eigsy(half * mpmath.matrix(x.tolist()) * half.T, eigvals_only=True)]


def from_logs(divergence, t):
    if divergence == Thompson():
        return max(abs(v) for v in t)
    if divergence == LogDet():
        return mpmath.sqrt(sum(mpmath.log(mpmath.cosh(v / 2)) for v in t))
    left = sum(mpmath.exp(v) - 1 - v for v in t) / 2
    right = sum(mpmath.exp(-v) - 1 + v for v in t) / 2
    return {"left": left, "right": right, "symmetric": left + right}[divergence.side]


@pytest.mark.parametrize(("name", "value"), PYRIEMANN.items())
def test_distances_are_those_of_the_peer(name, value):
    assert distance(P, Q, name) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("name", "triangle"), PYRIEMANN_MEANS.items())
def test_means_are_those_of_the_peer(name, triangle):
    K, record = divergence_named(name).mean(np.stack([P, Q, R]), W, tol=1e-13, certificate=True)
    assert record.converged
    np.testing.assert_allclose(K[np.triu_indices(3)], triangle, rtol=1e-11)


@each
@pytest.mark.parametrize("condition", [10.0, 1e6])
@pytest.mark.parametrize("followed", [False, True])
def test_fifty_digits(divergence, condition, followed):
    x, y = SPD(4).random(2, rng=0, condition=condition)
    with mpmath.workdps(50):
        value = float(from_logs(divergence, exact(x, y)))
    found = divergence.dist(x.requires_grad_(followed), y)
    assert found.requires_grad == followed
    assert float(found.detach()) == pytest.approx(value, rel=1e-13 * condition)


@each
@pytest.mark.parametrize("followed", [False, True])
def test_close_matrices_keep_the_digits_their_difference_has(divergence, followed):
    """A and (1 + delta) A: every logarithm is log1p(delta); tr - n - log det would have no digit left at 1e-8."""
    x = SPD(4).random(rng=1, condition=30.0)
    for delta in (1e-4, 1e-6, 1e-8):
        with mpmath.workdps(50):
            value = float(from_logs(divergence, [mpmath.log1p(mpmath.mpf(delta))] * 4))
        found = divergence.dist(((1 + delta) * x).requires_grad_(followed), x)
        assert float(found.detach()) == pytest.approx(value, rel=1e-13 / delta)


@each
def test_congruences_and_units_are_not_seen_and_equal_matrices_have_distance_zero(divergence):
    A = np.random.default_rng(0).normal(size=(3, 3))
    assert divergence.dist(A @ P @ A.T, A @ Q @ A.T) == pytest.approx(divergence.dist(P, Q), rel=1e-10)
    for scale in (1e-14, 1e14):
        assert divergence.dist(scale * P, scale * Q) == pytest.approx(divergence.dist(P, Q), rel=1e-12)
    assert divergence.dist(P, P) < 1e-14
    assert divergence.dist(np.eye(3), np.eye(3)) == 0


def test_symmetries_and_triangles():
    assert KullbackLeibler("right").dist(P, Q) == pytest.approx(KullbackLeibler().dist(Q, P), rel=1e-13)
    both = KullbackLeibler().dist(P, Q) + KullbackLeibler("right").dist(P, Q)
    assert KullbackLeibler("symmetric").dist(P, Q) == pytest.approx(both, rel=1e-13)
    for metric in (LogDet(), Thompson()):
        a, b, c = metric.dist(P, Q), metric.dist(Q, R), metric.dist(P, R)
        assert metric.dist(Q, P) == pytest.approx(a, rel=1e-13)
        assert max(a, b, c) <= a + b + c - max(a, b, c)
    eighth = LogDet().dist(P, P + 1e-5 * R) ** 2 / AffineInvariant().dist(P, P + 1e-5 * R) ** 2
    assert eighth == pytest.approx(1 / 8, rel=1e-4)
    assert AffineInvariant().dist(P, Q) / 3**0.5 <= Thompson().dist(P, Q) <= AffineInvariant().dist(P, Q)


@pytest.mark.parametrize("divergence", MEANS, ids=repr)
def test_means_are_where_the_slope_of_the_sum_vanishes(divergence):
    """By autograd of the divergences, which know nothing of the formula of the mean."""
    X, w = torch.tensor(np.stack([P, Q, R])), torch.tensor(W, dtype=torch.float64)
    K = divergence.mean(X, w, tol=1e-13).requires_grad_()
    power = 2 if divergence == LogDet() else 1
    (slope,) = torch.autograd.grad((w * divergence.dist(X, K) ** power).sum(), K)
    assert (K @ slope @ K).abs().max() < 1e-11


@pytest.mark.parametrize("divergence", MEANS, ids=repr)
@pytest.mark.parametrize("points", ["generic", "multiples of the identity"])
def test_derivatives_of_distances_and_means(divergence, points):
    X = (
        torch.tensor(np.stack([P, Q, R]))
        if points == "generic"
        else torch.eye(3).double() * torch.tensor([1.0, 2.0, 5.0])[:, None, None]
    )
    X, w = X.requires_grad_(), torch.tensor(W, dtype=torch.float64, requires_grad=True)

    def dist(x):
        x = (x + x.mT) / 2
        return divergence.dist(x[:2], x[2])

    def mean(x, w):
        return divergence.mean((x + x.mT) / 2, w, tol=1e-14 if points == "generic" else 1e-12, differentiable=True)

    for function, given in ((dist, (X,)), (mean, (X, w))):
        assert torch.autograd.gradcheck(function, given, eps=1e-5, rtol=1e-4, atol=1e-7, fast_mode=True)
        assert torch.autograd.gradgradcheck(function, given, eps=1e-5, rtol=1e-4, atol=1e-6, fast_mode=True)


def test_thompson_has_the_gradient_of_its_eigenvalue_and_refuses_a_second_one():
    x = torch.tensor(np.stack([P, R]), requires_grad=True)
    y = torch.tensor(Q, requires_grad=True)

    def dist(a, b):
        return Thompson().dist((a + a.mT) / 2, (b + b.mT) / 2)

    assert torch.autograd.gradcheck(dist, (x, y))
    (slope,) = torch.autograd.grad(dist(x, y).sum(), x, create_graph=True)
    with pytest.raises(DomainError, match="a second one was asked for"):
        slope.sum().backward()
    same = torch.tensor(P, requires_grad=True)
    Thompson().dist(same, same.detach().clone()).backward()
    assert same.grad.abs().max() == 0 or torch.isfinite(same.grad).all()


def test_slopes_at_equal_matrices_are_zero():
    x = (2 * torch.eye(3).double()).requires_grad_()
    for divergence in KINDS:
        (slope,) = torch.autograd.grad(divergence.dist(x, x.detach()), x)
        assert slope.abs().max() < 1e-14


def test_sets_axes_weights_starts_and_too_few_steps():
    X = SPD(3).random(8, rng=0, condition=20.0).numpy().reshape(2, 4, 3, 3)
    for divergence in MEANS:
        both = divergence.mean(X, np.array([1.0, 2, 0, 1]))
        for k in range(2):
            np.testing.assert_allclose(both[k], divergence.mean(X[k], [1, 2, 0, 1]), rtol=1e-9)
        np.testing.assert_allclose(divergence.mean(X, axis=0)[1], divergence.mean(X[:, 1]), rtol=1e-9)
        np.testing.assert_allclose(divergence.mean(1e-12 * X[0]), 1e-12 * divergence.mean(X[0]), rtol=1e-9)
        assert divergence.mean(X[0].astype(np.float32)).dtype == np.float32
    K = LogDet().mean(X[0])
    _, record = LogDet().mean(X[0], init=K, certificate=True)
    assert record.iterations <= 2
    with pytest.warns(ConvergenceWarning, match=r"residual .* after 1 iterations"):
        LogDet().mean(X[0], max_iter=1)


def test_a_table_of_all_pairs():
    X = SPD(3).random(4, rng=0).numpy()
    for metric in ("riemann", "wasserstein", "logdet", "kullback", BuresWasserstein(theta=0.5)):
        table = pairwise_distance(X, metric=metric)
        assert table.shape == (4, 4)
        for i, j in np.ndindex(4, 4):
            assert table[i, j] == pytest.approx(float(distance(X[i], X[j], metric)), rel=1e-9, abs=1e-7)
    assert pairwise_distance(X, X[:2]).shape == (4, 2)
    with pytest.raises(ShapeError, match=r"Y must have shape \(N, n, n\)"):
        pairwise_distance(X, X[0])


def test_names_values_and_refusals():
    for divergence in KINDS:
        assert divergence_named(repr(divergence)) == divergence
        assert hash(divergence_named(divergence)) == hash(divergence)
    assert divergence_named("harmonic") == PowerEuclidean(-1.0) == metric_named("harmonic")
    assert divergence_named("riemann") == AffineInvariant()
    assert KullbackLeibler("left") != LogDet()
    with pytest.raises(DomainError, match="it is no Riemannian metric: see divergence_named"):
        metric_named("kullback")
    with pytest.raises(DomainError, match="metric must be one of"):
        divergence_named("hyperbolic")
    with pytest.raises(ParseError):
        divergence_named("LogDet(")
    with pytest.raises(DomainError, match="side"):
        KullbackLeibler("up")
    with pytest.raises(DomainError, match="has no mean: its minimisers are not unique"):
        Thompson().mean(np.stack([P, Q]))
    for divergence in KINDS:
        with pytest.raises(NotSPDError) as caught:
            divergence.dist(np.stack([P, np.diag([1.0, 1.0, 0.0])]), Q)
        assert caught.value.index == (1,)
    for divergence in MEANS:
        with pytest.raises(DomainError, match=r"weights\[1\] = -1"):
            divergence.mean(np.stack([P, Q]), [1, -1])
        with pytest.raises(DomainError, match="sum to 0"):
            divergence.mean(np.stack([P, Q]), [0, 0])
        with pytest.raises(NotSPDError):
            divergence.mean(np.stack([P, -Q]))
