"""Oracles: scipy's expm of the n x n generator, rotations of the sphere and of SO(n), an integrated transport equation, the batteries."""

import numpy as np
import pytest
import scipy.linalg as sla
import torch

from erlangen.errors import DomainError, ErlangenError, ShapeError
from erlangen.manifolds import Sphere, Stiefel, StiefelMetric
from erlangen.manifolds.stiefel_transport import matrix_exp
from erlangen.testing import check_manifold, check_metric


@pytest.mark.parametrize("kind", ["canonical", "euclidean"])
@pytest.mark.parametrize(
    ("n", "p", "options", "radius"),
    [
        (4, 2, {"retraction": "cayley"}, 0.8),
        pytest.param(5, 1, {}, 1.0, marks=pytest.mark.slow),
        pytest.param(5, 2, {"retraction": "qr", "rows": True}, 0.5, marks=pytest.mark.slow),
        pytest.param(2, 2, {}, 0.5, marks=pytest.mark.slow),
    ],
)
def test_batteries(n, p, kind, options, radius):
    manifold = Stiefel(n, p, kind, **options)
    check_manifold(manifold, n=4).raise_if_failed()
    cut = [(x := manifold.random(rng=0), -x)] if p == 1 else None
    check_metric(manifold.metric, manifold, n=2, radius=radius, cut=cut).raise_if_failed()


@pytest.mark.parametrize("kind", ["canonical", "euclidean"])
def test_exp_is_the_one_parameter_group(kind):
    """exp_X(V) = expm(Omega) X expm((1 - 2 beta) A), with the full n x n generator (Edelman et al. 1998; Zimmermann & Hüper 2022)."""
    manifold = Stiefel(6, 3, kind)
    x = manifold.random(rng=0)
    v = 2 * manifold.to_tangent(x, Stiefel(6, 3).random(rng=1))
    A, beta = (x.mT @ v).numpy(), manifold.metric.beta
    K = v.numpy() - x.numpy() @ A
    Omega = 2 * beta * x.numpy() @ A @ x.numpy().T + K @ x.numpy().T - x.numpy() @ K.T
    wanted = sla.expm(Omega) @ x.numpy() @ sla.expm((1 - 2 * beta) * A)
    np.testing.assert_allclose(manifold.exp(x, v).numpy(), wanted, atol=1e-13)


@pytest.mark.parametrize("size", [0.0, 1e-3, 0.02, 0.049, 0.3, 2.0, 30.0])
def test_the_exponential_of_blocks_against_scipy(size):
    rng = np.random.default_rng(0)
    a = size * rng.standard_normal((4, 4)) / 2
    a = a - a.T if size > 2 else a
    np.testing.assert_allclose(matrix_exp(torch.tensor(a)).numpy(), sla.expm(a), rtol=1e-12, atol=1e-13 * max(size, 1))


@pytest.mark.parametrize("kind", ["canonical", "euclidean"])
@pytest.mark.parametrize(("n", "p"), [(8, 1), (8, 3), (5, 5), (3, 2)])
@pytest.mark.parametrize("length", [1e-6, 0.05, 1.5, 2.7])
def test_log_finds_the_velocity_up_to_the_injectivity_radius(n, p, kind, length):
    manifold = Stiefel(n, p, kind)
    x = manifold.random(4, rng=0)
    v = manifold.to_tangent(x, torch.tensor(np.random.default_rng(1).standard_normal((4, n, p))))
    v = length * v / manifold.norm(x, v)[:, None, None]
    found, record = manifold.metric.log(x, manifold.exp(x, v), certificate=True)
    torch.testing.assert_close(found, v, atol=1e-12, rtol=0)
    assert record.converged
    assert record.iterations < 60


def test_one_column_is_the_sphere():
    sphere, stiefel = Sphere(3), Stiefel(4, 1)
    x, y = sphere.random(5, rng=0), sphere.random(5, rng=1)
    v = sphere.to_tangent(x, sphere.random(5, rng=2))
    columns = [a.unsqueeze(-1) for a in (x, y, v)]
    torch.testing.assert_close(stiefel.dist(*columns[:2]), sphere.dist(x, y), atol=1e-12, rtol=0)
    torch.testing.assert_close(stiefel.transport(*columns).squeeze(-1), sphere.transport(x, y, v), atol=1e-12, rtol=0)


def test_the_orthogonal_group_turns_by_its_angle():
    """On SO(2) the Euclidean length of a rotation by t is sqrt(2) t, the canonical one t."""
    t = 0.8
    y = torch.tensor([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    one = torch.eye(2, dtype=torch.float64)
    assert float(Stiefel(2, 2).dist(one, y)) == pytest.approx(t, abs=1e-14)
    assert float(Stiefel(2, 2, "euclidean").dist(one, y)) == pytest.approx(2**0.5 * t, abs=1e-14)


def test_euclidean_transport_solves_its_equation():
    """The Levi-Civita connection of the embedded metric: P_X(t) v'(t) = 0, integrated by projection in 500 steps."""
    manifold = Stiefel(5, 2, "euclidean")
    x = manifold.random(rng=0)
    v, w = (0.5 * manifold.to_tangent(x, Stiefel(5, 2).random(rng=k)) for k in (1, 2))
    count, moved = 500, w
    for k in range(1, count + 1):
        moved = manifold.to_tangent(manifold.exp(x, k / count * v), moved)
    exact = manifold.transport(x, manifold.exp(x, v), w)
    torch.testing.assert_close(moved, exact, atol=2e-3, rtol=0)
    projected = manifold.transport(x, manifold.exp(x, v), w, method="projection")
    assert float((projected - exact).norm()) > 0.02  # one projection is not parallel


@pytest.mark.parametrize("kind", ["canonical", "euclidean"])
def test_gradient_represents_the_differential(kind):
    manifold = Stiefel(5, 3, kind, rows=True)
    x, g = manifold.random(rng=0), torch.tensor(np.random.default_rng(1).standard_normal((3, 5)))
    v = manifold.to_tangent(x, torch.tensor(np.random.default_rng(2).standard_normal((3, 5))))
    w = manifold.riemannian_gradient(x, g)
    torch.testing.assert_close(manifold.to_tangent(x, w), w)
    torch.testing.assert_close(manifold.inner(x, w, v), (g * v).sum())


def test_mean_of_rotations_in_one_plane():
    angles = np.array([-0.7, 0.1, 0.9])
    X = np.stack([[[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]] for a in angles])
    mean, record = Stiefel(2, 2).mean(X, [1.0, 1.0, 2.0], certificate=True)
    turn = (angles * [1, 1, 2]).sum() / 4
    np.testing.assert_allclose(mean, [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], atol=1e-9)
    assert record.converged


def test_values_and_refusals():
    m = Stiefel(5, 2, "euclidean", retraction="qr", rows=True)
    assert eval(repr(m)) == m
    assert m != Stiefel(5, 2)
    assert hash(Stiefel(5, 2)) == hash(Stiefel(5, 2))
    assert m.shape == (2, 5)
    assert isinstance(m.project(np.random.default_rng(0).standard_normal((2, 5))), np.ndarray)
    with pytest.raises(DomainError, match="n must be"):
        Stiefel(2, 3)
    with pytest.raises(DomainError, match="kind must be"):
        StiefelMetric("round")
    with pytest.raises(DomainError, match="has not full rank"):
        Stiefel(3, 2).project(np.ones((3, 2)))
    with pytest.raises(ShapeError):
        Stiefel(3, 2).project(np.ones((2, 3)))
    y = Stiefel(6, 3)
    x = y.random(rng=0)
    v = y.to_tangent(x, y.random(rng=1))
    far = y.exp(x, 3.3 * v / y.norm(x, v))
    with pytest.raises(ErlangenError, match=r"injectivity radius|no geodesic"):
        y.log(x, far)
