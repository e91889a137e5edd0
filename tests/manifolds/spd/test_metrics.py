"""Distances in 50 digits, closed forms of commuting matrices, limits and invariances of the metrics on SPD matrices."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import CastWarning, DomainError, NotSPDError, ParseError, ShapeError
from erlangen.manifolds import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    Frobenius,
    KullbackLeibler,
    LogCholesky,
    LogDet,
    LogEuclidean,
    PowerCholesky,
    PowerEuclidean,
    metric_named,
)

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
M = np.array([[2.0, 0, 1], [0, 1, 0], [1, 0, 3]])
CLOSED = [AffineInvariant(), LogEuclidean(), LogCholesky(), PowerCholesky(0.5), BuresWasserstein(theta=0.5)]


def mp(A):
    return mpmath.matrix(A.tolist())


def power(A, p):
    values, vectors = mpmath.eigsy(A)
    return vectors * mpmath.diag([x**p for x in values]) * vectors.T


def exact_bures(P, Q, M=None, theta=1.0):
    """The trace formula in 50 digits."""
    with mpmath.workdps(50):
        A, B = power(mp(P), mpmath.mpf(theta)), power(mp(Q), mpmath.mpf(theta))
        if M is not None:
            R = power(mp(M), mpmath.mpf(-0.5))
            A, B = R * A * R, R * B * R
        root = power(A, mpmath.mpf(0.5))
        inside = mpmath.eigsy(root * B * root, eigvals_only=True)
        trace = sum(A[i, i] + B[i, i] for i in range(A.rows)) - 2 * sum(mpmath.sqrt(x) for x in inside)
        return float(mpmath.sqrt(trace) / abs(theta))


def exact_cholesky(P, Q, theta):
    with mpmath.workdps(50):
        L, K = mpmath.cholesky(mp(P)), mpmath.cholesky(mp(Q))

        def deform(x):
            return mpmath.log(x) if theta == 0 else x ** mpmath.mpf(theta) / theta

        total = mpmath.mpf(0)
        for i in range(L.rows):
            total += sum((L[i, j] - K[i, j]) ** 2 for j in range(i)) + (deform(L[i, i]) - deform(K[i, i])) ** 2
        return float(mpmath.sqrt(total))


EXACT = [
    (BuresWasserstein(), 1.1733995824529933909),
    (AffineInvariant(), 1.3781219418889146276),
    (LogEuclidean(), 1.36771504712155),
    (BuresWasserstein(M=M), exact_bures(P, Q, M)),
    (BuresWasserstein(theta=0.5), exact_bures(P, Q, None, 0.5)),
    (BuresWasserstein(M=M, theta=-1.5), exact_bures(P, Q, M, -1.5)),
    (LogCholesky(), exact_cholesky(P, Q, 0)),
    (PowerCholesky(0.5), exact_cholesky(P, Q, 0.5)),
    (PowerCholesky(-2.0), exact_cholesky(P, Q, -2)),
    (Frobenius(), np.linalg.norm(P - Q)),
    (PowerEuclidean(0.5), 2.3586012265557916),  # pyriemann 0.12, distance_poweuclid
    (PowerEuclidean(-0.7), 0.719788805784328),
    (PowerEuclidean(-1.0), np.linalg.norm(np.linalg.inv(P) - np.linalg.inv(Q))),
]


@pytest.mark.parametrize(("metric", "value"), EXACT, ids=[repr(m) for m, _ in EXACT])
def test_distances_in_fifty_digits(metric, value):
    assert metric.dist(P, Q) == pytest.approx(value, rel=1e-13)
    assert metric.squared_dist(np.stack([P, Q]), Q) == pytest.approx([value**2, 0], rel=1e-13, abs=1e-25)
    tensor = torch.tensor(P, requires_grad=True)
    assert metric.dist(tensor, torch.tensor(Q)).item() == pytest.approx(value, rel=1e-13)
    assert metric.norm(P, metric.log(P, Q)) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("theta", [1.0, 0.5, -2.0])
def test_commuting_matrices_in_closed_form(theta):
    """On diagonal matrices everything is that of numbers."""
    x, y, v = np.array([1.0, 4.0, 9.0]), np.array([2.0, 1.0, 16.0]), np.array([0.1, -0.2, 0.3])
    metric = BuresWasserstein(theta=theta)
    h = theta / 2
    assert metric.dist(np.diag(x), np.diag(y)) == pytest.approx(np.linalg.norm(x**h - y**h) / abs(theta), rel=1e-13)
    end = (x**h + h * x ** (h - 1) * v) ** (1 / h)  # straight in x**h
    np.testing.assert_allclose(metric.exp(np.diag(x), np.diag(v)), np.diag(end), rtol=1e-12, atol=1e-14)
    w = np.array([0.2, 0.5, 0.3])
    sample = np.array([np.diag(x), np.diag(y), np.diag(x + y)])
    mean = (0.2 * x**h + 0.5 * y**h + 0.3 * (x + y) ** h) ** (1 / h)
    np.testing.assert_allclose(metric.mean(sample, w, tol=1e-13), np.diag(mean), rtol=1e-12, atol=1e-13)


def test_optimal_map_and_log_of_bures():
    """T P T = Q for the T in log = (T - I) P + P (T - I), and the formula with square roots of products."""
    metric = BuresWasserstein()
    V = metric.log(P, Q)
    with mpmath.workdps(50):
        root = power(mp(P), mpmath.mpf(0.5))
        inverse = power(mp(P), mpmath.mpf(-0.5))
        product = root * power(root * mp(Q) * root, mpmath.mpf(0.5)) * inverse  # (PQ)^{1/2}
        exact = np.array((product + product.T - 2 * mp(P)).tolist(), dtype=float)
    np.testing.assert_allclose(V, exact, atol=1e-13)
    np.testing.assert_allclose(metric.exp(P, V), Q, atol=1e-13)
    np.testing.assert_allclose(metric.geodesic(P, Q, np.array([0.0, 1.0])), [P, Q], atol=1e-13)
    np.testing.assert_allclose(metric.geodesic(P, Q, 0.3), metric.exp(P, 0.3 * V), atol=1e-13)


@pytest.mark.parametrize("metric", CLOSED, ids=repr)
def test_geodesics_have_their_ends_and_run_straight(metric):
    half = metric.geodesic(P, Q, 0.5)
    assert metric.dist(P, half) == pytest.approx(metric.dist(P, Q) / 2, rel=1e-11)
    np.testing.assert_allclose(metric.geodesic(P, Q, np.array([0.0, 1.0])), [P, Q], atol=1e-12)


def test_limit_of_small_powers_is_a_quarter_of_log_euclidean():
    goal = LogEuclidean().squared_dist(P, Q) / 4
    far, near = (BuresWasserstein(theta=t).squared_dist(P, Q) for t in (1e-2, 1e-3))
    assert near == pytest.approx(goal, abs=1e-3)
    assert (10 * near - far) / 9 == pytest.approx(goal, abs=1e-5)


def test_at_its_own_parameter_the_metric_is_a_quarter_of_affine_invariant():
    V = np.array([[0.3, 0.1, 0], [0.1, -0.2, 0.4], [0, 0.4, 0.1]])
    ratio = BuresWasserstein(M=P).inner(P, V, V) / AffineInvariant().inner(P, V, V)
    assert ratio == pytest.approx(0.25, rel=1e-13)


def test_invariances():
    rng = np.random.default_rng(3)
    A = rng.normal(size=(3, 3))
    O = np.linalg.qr(A)[0]  # noqa: E741
    V = AffineInvariant().log(P, Q)
    affine, bures = AffineInvariant(), BuresWasserstein(M=M, theta=0.5)
    assert affine.dist(A @ P @ A.T, A @ Q @ A.T) == pytest.approx(affine.dist(P, Q), rel=1e-11)
    np.testing.assert_allclose(affine.log(A @ P @ A.T, A @ Q @ A.T), A @ V @ A.T, atol=1e-11)
    turned = BuresWasserstein(M=(O @ M @ O.T + (O @ M @ O.T).T) / 2, theta=0.5)
    np.testing.assert_allclose(turned.log(O @ P @ O.T, O @ Q @ O.T), O @ bures.log(P, Q) @ O.T, atol=1e-12)
    assert LogEuclidean().dist(np.linalg.inv(P), np.linalg.inv(Q)) == pytest.approx(
        LogEuclidean().dist(P, Q), rel=1e-12
    )


def test_riemannian_gradients():
    G = np.array([[1.0, 2, 0], [2, 0, -1], [0, -1, 3]])
    V = np.array([[0.3, 0.1, 0], [0.1, -0.2, 0.4], [0, 0.4, 0.1]])
    np.testing.assert_allclose(AffineInvariant().riemannian_gradient(P, G), P @ G @ P)
    np.testing.assert_allclose(BuresWasserstein().riemannian_gradient(P, G), 2 * (G @ P + P @ G))
    both = P @ G @ M + M @ G @ P
    np.testing.assert_allclose(BuresWasserstein(M=M).riemannian_gradient(P, G), 2 * both, atol=1e-12)
    for metric, _ in EXACT:
        gradient = metric.riemannian_gradient(P, G)
        assert metric.inner(P, gradient, V) == pytest.approx(np.sum(G * V), rel=1e-10)


def test_domain_of_exp():
    metric = BuresWasserstein()
    V = np.stack([-1.9 * np.eye(2), -2.1 * np.eye(2)])
    np.testing.assert_array_equal(metric.in_exp_domain(np.eye(2), V), [True, False])
    with pytest.raises(DomainError, match=r"v\[1\] lies outside .* I \+ L_x\[v\] is -0.05"):
        metric.exp(np.eye(2), V)
    np.testing.assert_allclose(metric.exp(np.eye(2), V, check=False)[1], 0.05**2 * np.eye(2), atol=1e-15)
    for other in (PowerCholesky(1.0), Frobenius(), PowerEuclidean(0.5), BuresWasserstein(theta=0.5)):
        assert not other.in_exp_domain(np.eye(2), -5 * np.eye(2))
        with pytest.raises(DomainError, match="outside the domain of exp"):
            other.exp(np.eye(2), -5 * np.eye(2))


SCALES = [1e-14, 1e-12, 1e6, 1e14]


@pytest.mark.parametrize("scale", SCALES)
def test_scale_equivariance(scale):
    assert AffineInvariant().dist(scale * P, scale * Q) == pytest.approx(AffineInvariant().dist(P, Q), rel=1e-12)
    assert LogEuclidean().dist(scale * P, scale * Q) == pytest.approx(LogEuclidean().dist(P, Q), rel=1e-12)
    bures = BuresWasserstein(M=M)
    assert bures.squared_dist(scale * P, scale * Q) == pytest.approx(scale * bures.squared_dist(P, Q), rel=1e-12)
    np.testing.assert_allclose(bures.log(scale * P, scale * Q), scale * bures.log(P, Q), rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("condition", [1e2, 1e4, 1e8])
@pytest.mark.parametrize("metric", [*CLOSED, BuresWasserstein()], ids=repr)
def test_round_trips_of_log_and_exp(metric, condition):
    """The bound asked for is 1e-12 times the condition; what rounding allows is far less, and is held to here."""
    x, y = SPD(6).random(2, rng=5, condition=condition).numpy()
    back = metric.exp(x, metric.log(x, y), check=False)
    assert np.linalg.norm(back - y) < 1e-15 * condition * np.linalg.norm(y)
    C, S = np.linalg.cholesky(x), np.random.default_rng(0).normal(size=(6, 6))
    v = 0.1 * C @ (S + S.T) @ C.T / np.linalg.norm(S + S.T)  # well inside every domain
    again = metric.log(x, metric.exp(x, v))
    assert np.linalg.norm(again - v) < 3e-15 * condition * np.linalg.norm(v)


def test_close_and_stiff_pairs():
    """Relative error 1e-15/delta for A and (1 + delta) A, whose exact distance is that of the scalar; no NaN at condition 1e12."""
    A = SPD(6).random(rng=0, condition=1e3).numpy()
    for delta in (1e-4, 1e-6, 1e-8):
        exact = np.sqrt(np.trace(A)) * (delta / (1 + np.sqrt(1 + delta)))
        assert BuresWasserstein().dist(A, (1 + delta) * A) == pytest.approx(exact, rel=2e-15 / delta)
    d = np.logspace(0, -12, 6)
    exact = np.linalg.norm(np.sqrt(d) - np.sqrt(d[::-1]))
    assert BuresWasserstein().dist(np.diag(d), np.diag(d[::-1])) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("scale", [1e-14, 1.0, 1e14])
@pytest.mark.parametrize(("condition", "error"), [(1e4, 1e-11), (1e8, 1e-9), (1e12, 1e-5)])
def test_affine_invariant_distance_of_ill_conditioned_pairs(condition, error, scale):
    """Against 60 digits, with and without gradient: the rounding of the data alone costs eps times the condition, not its square."""
    first, second = scale * SPD(4).random(2, rng=1, condition=condition)
    with mpmath.workdps(60):
        A, B = (mpmath.matrix(x.tolist()) for x in (first, second))
        half = mpmath.cholesky(A) ** -1
        values = mpmath.eigsy(half * B * half.T, eigvals_only=True)
        exact = float(mpmath.sqrt(sum(mpmath.log(value) ** 2 for value in values)))
    metric, followed = AffineInvariant(), first.clone().requires_grad_()
    pairs = torch.stack([first, second])
    for found in (
        metric.dist(first, second),
        metric.dist(pairs, second)[0],
        metric.dist(pairs, pairs.flip(0))[0],
        metric.dist(followed, second).detach(),
        metric.norm(first, metric.log(first, second)),
    ):
        assert float(found) == pytest.approx(exact, rel=error)
    back = metric.exp(first, metric.log(first, second))
    assert torch.linalg.norm(back - second) < 1e-15 * condition * torch.linalg.norm(second)


@pytest.mark.parametrize(
    "metric", [AffineInvariant(), LogEuclidean(), BuresWasserstein(), BuresWasserstein(M=M, theta=0.5)], ids=repr
)
@pytest.mark.parametrize("point", [3 * np.eye(3), np.diag([2.0, 2.0, 5.0])], ids=["multiple", "pair"])
def test_derivatives_at_repeated_eigenvalues(metric, point):
    x = torch.tensor(point, requires_grad=True)
    y = torch.tensor(2 * np.eye(3), requires_grad=True)

    def squared(a, b):
        return metric.squared_dist((a + a.mT) / 2, (b + b.mT) / 2)

    assert torch.autograd.gradcheck(squared, (x, y))
    assert torch.autograd.gradgradcheck(squared, (x, y))
    (slope,) = torch.autograd.grad(metric.dist(x, x.detach()), x)
    assert not slope.isnan().any()
    assert slope.abs().max() == 0


@pytest.mark.parametrize(
    "metric",
    [AffineInvariant(), LogEuclidean(), LogCholesky(), PowerCholesky(0.5), BuresWasserstein(), BuresWasserstein(M=M, theta=0.5)],
    ids=repr,
)  # fmt: skip
def test_second_derivatives_of_the_maps_at_multiples_of_the_identity(metric):
    given = [
        torch.tensor(a, requires_grad=True) for a in (2 * np.eye(2), 3 * np.eye(2), np.array([[0.1, 0.2], [0.2, -0.1]]))
    ]
    metric = BuresWasserstein(M=M[:2, :2] + 0.1, theta=0.5) if getattr(metric, "M", None) is not None else metric

    def maps(*matrices):
        x, y, v = ((a + a.mT) / 2 for a in matrices)
        return (
            metric.exp(x, v),
            metric.log(x, y),
            metric.inner(x, v, v),
            metric.geodesic(x, y, 0.3),
            metric.riemannian_gradient(x, v),
        )

    assert torch.autograd.gradcheck(maps, given)
    assert torch.autograd.gradgradcheck(maps, given, fast_mode=True)


def test_parameters_can_be_learned():
    """All maps are differentiable in M and theta."""
    factor = torch.tensor(np.linalg.cholesky(M), requires_grad=True)
    theta = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    p, q = torch.tensor(P), torch.tensor(Q)
    v = 0.1 * torch.eye(3, dtype=torch.float64) + 0.05

    def maps(factor, theta):
        metric = BuresWasserstein(M=factor @ factor.mT, theta=theta)
        moved = metric.transport(p, q, v)
        return metric.log(p, q), metric.exp(p, v), metric.squared_dist(p, q), metric.inner(p, v, v), moved

    assert torch.autograd.gradcheck(maps, (factor, theta), rtol=1e-4, atol=1e-6, fast_mode=True)


def test_refusals():
    metric = BuresWasserstein()
    with pytest.raises(NotSPDError) as caught:
        AffineInvariant().dist(np.stack([P, np.diag([1.0, 1.0, 0.0])]), Q)
    assert caught.value.index == (1,)
    assert caught.value.rank == 2
    with pytest.raises(DomainError, match="theta must not be 0"):
        BuresWasserstein(theta=0.0)
    with pytest.raises(NotSPDError, match="M is not positive definite"):
        BuresWasserstein(M=np.diag([1.0, -1.0]))
    with pytest.raises(DomainError, match="not finite"):
        metric.log(P, np.where(np.eye(3) > 0, np.nan, Q))
    with pytest.raises(DomainError, match="symmetric"):
        metric.exp(P, np.triu(Q))
    with pytest.raises(ShapeError):
        metric.dist(P, np.eye(2))
    with pytest.raises(ShapeError, match=r"M must have the size of the points, \(2, 2\)"):
        BuresWasserstein(M=M).dist(np.eye(2), np.eye(2))
    for call in (
        lambda m: m.dist(np.eye(2), np.eye(2)),
        lambda m: m.mean([np.eye(2).tolist()] * 3),
        lambda m: m.exp(np.eye(2), np.eye(2)),
    ):
        with pytest.raises(ShapeError, match=r"must have shape \(\.\.\., 3, 3\)"):
            call(SPD(3))
    for complex_one in (P + 0j, P + 1j * np.triu(Q, 1) - 1j * np.tril(Q, -1)):
        for call in (metric.dist, metric.log, LogEuclidean().dist, AffineInvariant().dist, LogDet().dist):
            with pytest.raises(NotImplementedError, match=r"x is complex .* Hermitian matrices are not provided for"):
                call(complex_one, Q)
        for call in (metric.mean, AffineInvariant().median, KullbackLeibler().mean):
            with pytest.raises(NotImplementedError, match="X is complex"):
                call(complex_one[None])
        with pytest.raises(NotImplementedError, match="x is complex"):
            SPD(3).project(complex_one)
    with pytest.raises(DomainError, match="theta"):
        PowerCholesky(0.0)
    with pytest.raises(DomainError, match="theta must not be 0"):
        PowerEuclidean(0.0)


def test_integers_are_cast_with_a_notice_and_lists_without(recwarn):
    whole = P.astype(np.int32)
    for call in (
        lambda: AffineInvariant().dist(whole, Q),
        lambda: BuresWasserstein().mean(np.stack([whole, whole]))[0, 0],
        lambda: KullbackLeibler().dist(torch.tensor(whole), torch.tensor(Q)),
    ):
        with pytest.warns(CastWarning, match="holds int32, it is computed with in float64"):
            assert float(call()) > 0
    assert AffineInvariant().dist(whole, Q) == AffineInvariant().dist(P, Q)
    recwarn.clear()
    AffineInvariant().dist(P.astype(int).tolist(), Q)
    assert not recwarn


def test_devices_that_differ_are_torch_s_own_error():
    one = torch.eye(2, dtype=torch.float64)
    with pytest.raises((RuntimeError, NotImplementedError)):
        AffineInvariant().dist(one, one.to("meta"))


VALUES = [*(m for m, _ in EXACT), BuresWasserstein(M=M)]


@pytest.mark.parametrize("metric", VALUES, ids=repr)
def test_values_are_frozen_hashable_and_read_back(metric):
    again = metric_named(repr(metric))
    assert again == metric
    assert hash(again) == hash(metric)
    space = SPD(3, metric)
    assert SPD.parse(repr(space)) == space
    assert len({space, SPD(3, again)}) == 1
    with pytest.raises(AttributeError):
        metric.theta = 2.0


def test_names_and_text_that_cannot_be_read():
    assert metric_named("riemann") == AffineInvariant()
    assert metric_named("wasserstein") == BuresWasserstein()
    factors = np.linalg.cholesky(P) - np.linalg.cholesky(Q)
    assert metric_named("chol").dist(P, Q) == pytest.approx(np.linalg.norm(factors), rel=1e-13)
    assert metric_named(LogCholesky()) == LogCholesky()
    for name in ("kullback", "logdet", "thompson", "ale", "alm", "power"):  # divergences and means, no metrics
        with pytest.raises(DomainError, match="metric must be one of"):
            metric_named(name)
    for text in ("SPD(3", "__import__('os')", "SPD(3, Unknown())", "SPD()", "AffineInvariant()", "SPD(3, 1 + x)"):
        with pytest.raises(ParseError):
            SPD.parse(text)
