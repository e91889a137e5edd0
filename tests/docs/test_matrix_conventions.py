"""The conventions of positive definite matrices, layers and optimisers, line by line, against SciPy, closed forms and curves."""

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import torch
from torch import nn

from erlangen import linalg
from erlangen.errors import DomainError, NotSPDError
from erlangen.estimators import TangentSpace
from erlangen.manifolds import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    LogCholesky,
    LogEuclidean,
    Stiefel,
)
from erlangen.nn import BiMap, ReEig, SPDBatchNorm, Vectorise
from erlangen.optim import RiemannianSGD, manifold_groups

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTIONS = ("Positive definite matrices", "Layers and optimisers")
PINNED = {}
P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
V = np.array([[0.3, 0.1, -0.2], [0.1, -0.4, 0.05], [-0.2, 0.05, 0.2]])
BW = BuresWasserstein()


def pins(*starts):
    def mark(test):
        PINNED.update(dict.fromkeys(starts, test.__name__))
        return test

    return mark


def root(A):
    return np.real(scipy.linalg.sqrtm(A))


def bures(A, B):
    return np.sqrt(np.trace(A) + np.trace(B) - 2 * np.trace(root(root(A) @ B @ root(A))))


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_these_sections_is_pinned():
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    text = "\n".join(body for title, body in zip(parts[::2], parts[1::2], strict=True) if title in SECTIONS)
    lines = re.findall(r"^- (.+)$", text, re.MULTILINE)
    assert len(lines) == 16
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []
    assert [start for start in PINNED if not any(line.startswith(start) for line in lines)] == []


@pins("Eigenvalues ascend")
@pytest.mark.parametrize("backend", ["python", "auto"])
def test_eigenvalues_ascend_and_the_lower_triangle_is_read(backend):
    batch = np.stack([P, Q] * 8)
    upper = np.triu(np.full((3, 3), 7.0), 1)
    values, vectors = linalg.eigh(np.tril(batch) + upper, backend=backend)
    assert np.allclose(values[:2], [np.linalg.eigvalsh(P), np.linalg.eigvalsh(Q)], atol=1e-13)
    assert np.allclose(batch @ vectors, vectors * values[:, None], atol=1e-12)


@pins("The affine-invariant metric is")
def test_the_metrics_of_logarithms_have_no_factor():
    inverse = np.linalg.inv(P)
    assert np.isclose(AffineInvariant().inner(P, V, Q), np.trace(inverse @ V @ inverse @ Q))
    assert np.isclose(AffineInvariant().dist(np.eye(3), np.e * np.eye(3)), 3**0.5)
    assert np.isclose(AffineInvariant().dist(P, Q), np.linalg.norm(np.log(scipy.linalg.eigvalsh(P, Q))))
    assert np.isclose(LogEuclidean().dist(P, Q), np.linalg.norm(scipy.linalg.logm(P) - scipy.linalg.logm(Q)))
    L, K = np.linalg.cholesky(P), np.linalg.cholesky(Q)
    gap = np.tril(L - K, -1) + np.diag(np.log(np.diag(L)) - np.log(np.diag(K)))
    assert np.isclose(LogCholesky().dist(P, Q), np.linalg.norm(gap))


@pins("The Bures–Wasserstein metric has the factor")
def test_the_length_of_the_bures_geodesic_is_the_bures_distance():
    assert np.isclose(BW.inner(P, V, Q), np.trace(scipy.linalg.solve_continuous_lyapunov(P, V) @ Q) / 2)
    assert np.isclose(BW.dist(P, Q), bures(P, Q), rtol=1e-12)
    assert np.isclose(BW.dist(np.eye(3), 4 * np.eye(3)), 3**0.5)
    t = np.linspace(0, 1, 2001)
    A, B = root(P), root(Q)
    left, _, right = np.linalg.svd(B @ A)
    curve = [A + s * (B @ left @ right - A) for s in t]
    points = np.array([C @ C.T for C in curve])
    middle, steps = (points[1:] + points[:-1]) / 2, np.diff(points, axis=0)
    speeds = [
        np.trace(scipy.linalg.solve_continuous_lyapunov(M, S) @ S) / 2 for M, S in zip(middle, steps, strict=True)
    ]
    assert np.isclose(np.sqrt(speeds).sum(), bures(P, Q), rtol=1e-6)


@pins("With $M$ and $\\theta$")
def test_the_two_parameters_of_the_bures_metric():
    M = Q
    lower = np.linalg.inv(root(M))
    image = [lower @ scipy.linalg.fractional_matrix_power(A, 0.5) @ lower for A in (P, 2 * P + Q)]
    assert np.isclose(BuresWasserstein(M, 0.5).dist(P, 2 * P + Q), bures(*image) / 0.5, rtol=1e-10)
    gap = np.linalg.norm(scipy.linalg.logm(P) - scipy.linalg.logm(Q))
    assert np.isclose(BuresWasserstein(theta=1e-4).dist(P, Q), gap / 2, rtol=1e-3)
    assert np.isclose(BuresWasserstein(P).inner(P, V, V), np.trace(np.linalg.solve(P, V) @ np.linalg.solve(P, V)) / 4)


@pins("$\\mathcal L_P[V]$ solves")
def test_the_lyapunov_operator_has_a_plus_sign():
    X = linalg.lyapunov(P, V)
    assert np.allclose(P @ X + X @ P, V, atol=1e-14)


@pins("The Bures–Wasserstein exponential")
def test_the_exponential_ends_where_the_curve_turns_singular():
    inside, outside = -1.99 * np.eye(2), -2.01 * np.eye(2)  # at I the Lyapunov image is half the vector
    assert np.allclose(BW.exp(np.eye(2), inside), (1 - 1.99 / 2) ** 2 * np.eye(2))
    assert BW.in_exp_domain(np.eye(2), np.stack([inside, outside])).tolist() == [True, False]
    with pytest.raises(DomainError, match=r"I \+ L"):
        BW.exp(np.eye(2), outside)
    for metric in (AffineInvariant(), LogEuclidean(), LogCholesky()):
        assert np.linalg.eigvalsh(metric.exp(P, -4 * P))[0] > 0


@pins("A Riemannian gradient is made of")
@pytest.mark.parametrize("metric", [AffineInvariant(), BW], ids=lambda m: m.name)
def test_the_gradient_represents_the_derivative(metric):
    G = np.random.default_rng(0).normal(size=(3, 3))
    S = (G + G.T) / 2
    expected = P @ S @ P if metric is not BW else 2 * (S @ P + P @ S)
    found = metric.riemannian_gradient(P, G)
    assert np.allclose(found, expected)
    assert np.isclose(metric.inner(P, found, V), np.sum(G * V))


@pins("Geodesics, ")
@pytest.mark.parametrize("metric", [AffineInvariant(), BW, LogEuclidean()], ids=lambda m: m.name)
def test_geodesics_and_transport_start_at_the_first_point(metric):
    assert np.allclose(metric.geodesic(P, Q, 0.0), P)
    assert np.allclose(metric.geodesic(P, Q, 1.0), Q)
    velocity = metric.log(P, Q)
    assert np.allclose(metric.transport(P, Q, velocity), -metric.log(Q, P), atol=1e-7)
    assert np.allclose(linalg.geometric_mean(P, Q, 0.25), AffineInvariant().geodesic(P, Q, 0.25))


@pins("In $A = OS$")
def test_where_orthogonal_factors_stand():
    A = np.random.default_rng(1).normal(size=(3, 3))
    O, S = linalg.polar(A)  # noqa: E741
    assert np.allclose(np.stack([O, S]), np.stack(scipy.linalg.polar(A, side="right")))
    turn = linalg.procrustes(A, P)
    assert np.allclose(turn, scipy.linalg.orthogonal_procrustes(P, A)[0])
    assert np.isclose(np.linalg.det(linalg.procrustes(np.diag([1.0, 1, -1]), np.eye(3))), -1)


@pins("A symmetric matrix becomes a vector")
def test_the_packing_of_symmetric_matrices():
    rows, columns = np.triu_indices(3)
    expected = np.where(rows == columns, 1, 2**0.5) * V[rows, columns]
    assert np.allclose(Vectorise()(torch.tensor(V)).numpy(), expected)
    logarithm = linalg.whitened_function(np.eye(3), Q[None], "log", tangent=True)
    assert np.allclose(logarithm[0], np.where(rows == columns, 1, 2**0.5) * scipy.linalg.logm(Q)[rows, columns])
    for metric in (AffineInvariant(), LogEuclidean(), BW):
        space = TangentSpace(metric).fit(np.stack([P, Q, P + Q]))
        M, (x, y) = space.reference_, space.transform(np.stack([P, Q]))
        assert np.isclose(x @ y, metric.inner(M, metric.log(M, P), metric.log(M, Q)))


@pins('"Positive definite" means')
def test_definiteness_sees_no_units():
    graded = np.diag([1e-20, 1.0])
    assert np.array_equal(linalg.check_spd(graded), graded)
    assert np.array_equal(linalg.check_spd(1e-24 * P), 1e-24 * P)
    with pytest.raises(NotSPDError):
        linalg.check_spd(1e24 * np.ones((2, 2)))


@pins("BiMap is")
def test_the_bilinear_layer():
    layer = BiMap(3, 2, rng=0)
    W = layer.weight.detach().numpy()
    assert W.shape == (3, 2)
    assert np.allclose(W.T @ W, np.eye(2))
    assert np.allclose(layer(torch.tensor(P)).detach().numpy(), W.T @ P @ W)


@pins("The dispersion of a batch", "Momentum is the weight")
@pytest.mark.parametrize("metric", ["affine-invariant", "log-euclidean"])
def test_the_statistics_of_a_batch(metric):
    layer = SPDBatchNorm(3, metric, mean_iterations="converged", momentum=0.25, eps=0.0)
    with torch.no_grad():
        layer.scale.fill_(0.5)
        layer.bias.copy_(torch.tensor(Q))
    X = np.stack([P, Q, P + Q, 2 * Q])
    space = SPD(3, layer.metric)
    mean = space.mean(X, tol=1e-13)
    square = np.mean(space.dist(mean, X) ** 2)
    out = layer(torch.tensor(X)).detach().numpy()
    assert np.allclose(space.mean(out, tol=1e-13), Q, atol=1e-8)
    assert np.isclose(np.mean(space.dist(Q, out) ** 2), 0.5**2)
    assert np.isclose(float(layer.running.variance), 0.75 * 1 + 0.25 * square)
    assert np.allclose(layer.running.mean[0, 0].numpy(), space.geodesic(np.eye(3), mean, 0.25), atol=1e-8)


@pins("ReEig's threshold")
def test_the_threshold_of_rectified_eigenvalues():
    X = torch.diag(torch.tensor([6.0, 0.5, 2.5]))
    assert torch.allclose(ReEig(1.0)(X).diagonal(), torch.tensor([6.0, 1.0, 2.5]))
    assert torch.allclose(ReEig(0.5, relative=True)(1e6 * X).diagonal(), 1e6 * torch.tensor([6.0, 1.5, 2.5]))


@pins("An optimiser's parameter group")
def test_groups_name_their_manifold_and_are_not_decayed():
    net = nn.Sequential(BiMap(3, 2, rng=0), Vectorise(), nn.Linear(3, 1, dtype=torch.float64))
    groups = manifold_groups(net, weight_decay=0.5)
    assert [group.get("manifold") for group in groups] == [None, Stiefel(3, 2)]
    optimiser = RiemannianSGD(groups, lr=0.1)
    before = [p.detach().clone() for p in net.parameters()]
    for p in net.parameters():
        p.grad = torch.zeros_like(p)
    optimiser.step()
    W, *rest = net.parameters()
    assert torch.allclose(W, before[0], atol=1e-14)
    assert all(torch.allclose(p, 0.95 * old) for p, old in zip(rest, before[1:], strict=True))
