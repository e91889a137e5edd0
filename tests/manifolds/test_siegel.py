"""Oracles: mpmath for the scalar functions, the interval and diagonal matrices in closed form, Möbius maps as isometries, the batteries."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.manifolds import Siegel
from erlangen.manifolds.singular_values import ArtanhOverRoot, TanhOverRoot
from erlangen.testing import check_manifold, check_metric

POINTS = {
    "artanh": (ArtanhOverRoot(), [0.0, 1e-9, 1e-3, 0.0399, 0.0401, 0.2, 0.29, 0.31, 0.8, 0.999, 0.999999]),
    "tanh": (TanhOverRoot(), [0.0, 1e-9, 1e-3, 0.0399, 0.05, 0.45, 0.4999, 0.51, 3.0, 50.0, 300.0]),
}


@pytest.mark.parametrize("name", POINTS)
def test_divided_differences_keep_their_digits(name):
    function, points = POINTS[name]
    outer = mpmath.atanh if name == "artanh" else mpmath.tanh

    def exact(*nodes):
        if len(nodes) == 1:
            return outer(mpmath.sqrt(nodes[0])) / mpmath.sqrt(nodes[0]) if nodes[0] else mpmath.mpf(1)
        return (exact(*nodes[:-1]) - exact(*nodes[1:])) / (nodes[0] - nodes[-1])

    with mpmath.workdps(90):
        for a in points:
            for b in points[::3]:
                for c in points[1::4]:
                    nodes = [mpmath.mpf(x) + k * mpmath.mpf(10) ** -25 for k, x in enumerate((a, b, c))]
                    x, y, z = (torch.tensor(t, dtype=torch.float64) for t in (a, b, c))
                    assert float(function.first(x, y)) == pytest.approx(float(exact(*nodes[:2])), rel=1e-14)
                    assert float(function.second(x, y, z)) == pytest.approx(float(exact(*nodes)), rel=2e-13)


@pytest.mark.parametrize(("n", "scale"), [(1, 0.5), (3, 0.0), (3, 0.5), (4, 1.5)])
def test_batteries(n, scale):
    """At scale 0 all points are the centre, where every singular value is repeated and zero."""

    class Sampled(Siegel):
        def sample(self, n, rng=None):
            return self.random(n, rng=rng, scale=scale)

    manifold = Sampled(n)
    check_metric(manifold.metric, manifold, n=4).raise_if_failed()
    if n > 1:
        check_manifold(manifold, off=1.01 * torch.eye(n, dtype=torch.float64)).raise_if_failed()


def test_diagonal_matrices_are_products_of_intervals():
    m = Siegel(3)
    a, b = np.array([0.3, -0.999999, 0.2]), np.array([-0.5, 0.9, 0.2])
    gap = np.arctanh(b) - np.arctanh(a)
    assert m.dist(np.diag(a), np.diag(b)) == pytest.approx(np.linalg.norm(gap), rel=1e-9)
    np.testing.assert_allclose(
        m.geodesic(np.diag(a), np.diag(b), 0.25), np.diag(np.tanh(np.arctanh(a) + gap / 4)), atol=1e-9
    )


def test_translations_and_rotations_are_isometries():
    """phi_A as printed, with symmetric roots by eigendecomposition."""
    m = Siegel(4)
    A, X, Y = m.random(3, rng=0, scale=0.8).numpy()

    def root(S, power):
        w, V = np.linalg.eigh(S)
        return (V * w**power) @ V.T

    def move(Z):
        one = np.eye(4)
        return root(one - A @ A.T, -0.5) @ (Z - A) @ np.linalg.inv(one - A.T @ Z) @ root(one - A.T @ A, 0.5)

    U, V = np.linalg.qr(np.random.default_rng(1).standard_normal((2, 4, 4)))[0]
    assert m.dist(move(X), move(Y)) == pytest.approx(m.dist(X, Y), rel=1e-10)
    assert m.dist(U @ X @ V, U @ Y @ V) == pytest.approx(m.dist(X, Y), rel=1e-10)
    assert m.dist(A, X) == pytest.approx(np.linalg.norm(np.arctanh(np.linalg.svd(move(X))[1])), rel=1e-10)


def test_mean_is_where_the_logarithms_balance():
    m = Siegel(3)
    X = m.random(12, rng=2, scale=0.9)
    w = torch.arange(1.0, 13.0, dtype=torch.float64)
    K, record = m.mean(X, w, certificate=True)
    pull = ((w / w.sum())[:, None, None] * m.log(K.expand(12, 3, 3), X)).sum(0)
    assert float(m.norm(K, pull)) < 1e-9
    assert record.converged
    diagonal = torch.diag_embed(torch.tensor([[0.1, 0.5, -0.3], [0.7, -0.2, 0.0]], dtype=torch.float64))
    torch.testing.assert_close(
        m.mean(diagonal), torch.diag(torch.atanh(diagonal.diagonal(dim1=-2, dim2=-1)).mean(0).tanh()), atol=1e-9, rtol=0
    )


def test_mean_is_equivariant_from_any_start_and_defined_where_points_coincide():
    m, base = Siegel(3), Siegel(3).random(rng=5, scale=0.6)
    X = base + 0.01 * torch.tensor(np.random.default_rng(4).standard_normal((2, 6, 3, 3)))
    K = m.mean(X)
    torch.testing.assert_close(m.mean(X, init=X[:, 0]), K, atol=1e-9, rtol=0)
    U, V = (torch.linalg.qr(torch.tensor(np.random.default_rng(k).standard_normal((3, 3))))[0] for k in (1, 2))
    torch.testing.assert_close(m.mean(U @ X @ V), U @ K @ V, atol=1e-9, rtol=0)
    for point in (base, torch.zeros_like(base)):
        found, record = m.mean(point.expand(4, 3, 3), certificate=True)
        torch.testing.assert_close(found, point, atol=1e-15, rtol=0)
        assert record.converged


def test_gradient_represents_the_differential():
    m = Siegel(3)
    x, v, g = m.random(rng=0), *torch.tensor(np.random.default_rng(1).standard_normal((2, 3, 3)))
    torch.testing.assert_close(m.inner(x, m.riemannian_gradient(x, g), v), (g * v).sum())


def test_refusals():
    m = Siegel(2)
    with pytest.raises(DomainError, match=r"x\[1\] has largest singular value 1"):
        m.dist(np.stack([np.zeros((2, 2)), np.eye(2)]), np.zeros((2, 2)))
    with pytest.raises(DomainError, match="boundary"):
        m.exp(np.zeros((2, 2)), 40 * np.eye(2))
    with pytest.raises(DomainError, match="method"):
        m.transport(np.zeros((2, 2)), np.zeros((2, 2)), np.eye(2), method="ode")
    assert repr(m) == "Siegel(2)"
    assert m.check(m.project(3 * np.eye(2)))
