"""Oracles: weighted sums of the factors' own distances, full affine-invariant geometry at order 1, log-determinants, the batteries."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import block_toeplitz
from erlangen.manifolds import SPD, AffineInvariant, BlockToeplitzSPD, Product, Siegel, Sphere
from erlangen.testing import check_manifold, check_metric

CASES = [
    Product(SPD(2), Sphere(2), weights=[2.0, 0.5]),
    Product(SPD(2), Siegel(2), weights=[2.0, 1.0]),
    BlockToeplitzSPD(2, 3),
    BlockToeplitzSPD(2, 1),
]


@pytest.mark.parametrize("manifold", CASES, ids=str)
def test_batteries(manifold):
    off = torch.full(manifold.shape, -2.0, dtype=torch.float64)
    check_manifold(manifold, n=3, off=off).raise_if_failed()
    check_metric(manifold.metric, manifold, n=3).raise_if_failed()


def test_distances_are_weighted_sums_and_gradients_represent():
    m = CASES[0]
    x, y = m.random(4, rng=0), m.random(4, rng=1)
    (a, s), (b, t) = m.split(x), m.split(y)
    torch.testing.assert_close(m.squared_dist(x, y), 2 * SPD(2).squared_dist(a, b) + 0.5 * Sphere(2).squared_dist(s, t))
    for manifold in CASES:
        x, g, v = (manifold.random(3, rng=k) for k in range(3))
        v = manifold.to_tangent(x, v)
        found = manifold.inner(x, manifold.riemannian_gradient(x, g), v)
        torch.testing.assert_close(found, (g * v).flatten(1).sum(1))


def test_block_toeplitz_coordinates():
    m = BlockToeplitzSPD(3, 4)
    x, y = m.random(5, rng=0).numpy(), m.random(5, rng=1).numpy()
    for direction in ("future", "past"):
        G = m.to_matrix(x, direction)
        assert (np.linalg.eigvalsh(G)[:, 0] > 0).all()
        np.testing.assert_allclose(m.from_matrix(G, direction), x, atol=1e-10)
    np.testing.assert_allclose(m.to_matrix(x), block_toeplitz(m.to_autocovariances(x)))
    siegel = sum((4 - k) * Siegel(3).squared_dist(x[:, k], y[:, k]) for k in (1, 2, 3))
    np.testing.assert_allclose(m.squared_dist(x, y), 4 * SPD(3).squared_dist(x[:, 0], y[:, 0]) + siegel, rtol=1e-12)
    one = BlockToeplitzSPD(3, 1)
    np.testing.assert_allclose(one.dist(x[:, :1], y[:, :1]), SPD(3).dist(x[:, 0], y[:, 0]), rtol=1e-12)


def test_scaling_moves_by_the_root_of_the_dimension():
    """G -> c G is a geodesic of both geometries, of length |log c| sqrt(n p) under the affine-invariant metric of the full matrix."""
    m = BlockToeplitzSPD(2, 5)
    G = m.to_matrix(m.random(rng=3))
    found = m.dist(m.from_matrix(G), m.from_matrix(3.0 * G))
    assert float(found) == pytest.approx(np.log(3.0) * np.sqrt(10), rel=1e-11)


@pytest.mark.parametrize("manifold", [CASES[1], CASES[2]], ids=str)
def test_means_are_those_of_the_factors(manifold):
    X = manifold.random(7, rng=4)
    mean, record = manifold.mean(X, axis=0, certificate=True)
    assert record.converged
    pull = manifold.log(mean.expand(X.shape), X).mean(0)
    assert float(manifold.norm(mean, pull)) < 1e-8
    torch.testing.assert_close(mean[0], SPD(2).mean(X[:, 0]), atol=1e-9, rtol=0)
    torch.testing.assert_close(mean[1], Siegel(2).mean(X[:, 1]), atol=1e-9, rtol=0)


def test_values_and_refusals():
    assert eval(repr(CASES[0])) == Product(SPD(2, AffineInvariant()), Sphere(2), weights=[2, 0.5])
    assert repr(CASES[2]) == "BlockToeplitzSPD(2, 3)"
    with pytest.raises(ShapeError, match="weights holds"):
        Product(SPD(2), weights=[1.0, 2.0])
    with pytest.raises(DomainError, match="weights must be"):
        Product(SPD(2), weights=[0.0])
    with pytest.raises(DomainError, match="factors"):
        Product()
    with pytest.raises(DomainError, match="Omega_1"):
        BlockToeplitzSPD(1, 2).from_autocovariances(np.array([[[1.0]], [[1.5]]]))
