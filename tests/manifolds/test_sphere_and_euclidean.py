"""Oracles: angles in closed form near 0 and near pi, straight lines, the batteries."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.manifolds import Euclidean, Sphere
from erlangen.testing import check_manifold, check_metric


@pytest.mark.parametrize(
    ("manifold", "radius"),
    [(Sphere(1), 1.0), (Sphere(3), 1.4), (Sphere(3), 0.02), (Euclidean((3, 4)), 0.5), (Euclidean(3), 2.0)],
    ids=str,
)
def test_batteries(manifold, radius):
    x = manifold.random(rng=3)
    cut = [(x, -x)] if isinstance(manifold, Sphere) else None
    check_metric(manifold.metric, manifold, radius=radius, cut=cut).raise_if_failed()
    off = None if isinstance(manifold, Sphere) else torch.full(manifold.shape, torch.nan, dtype=torch.float64)
    check_manifold(manifold, off=off).raise_if_failed()


@pytest.mark.parametrize("angle", [0.0, 1e-9, 1e-4, 0.0999, 0.1001, 1.0, np.pi / 2, 3.0, np.pi - 1e-6])
def test_angles(angle):
    m, x = Sphere(2), np.array([1.0, 0.0, 0.0])
    y = np.array([np.cos(angle), np.sin(angle), 0.0])
    assert m.dist(x, y) == pytest.approx(angle, rel=1e-13, abs=1e-16)
    np.testing.assert_allclose(m.exp(x, np.array([0.0, angle, 0.0])), y, atol=1e-15)


def test_mean_and_refusals():
    angles = np.array([-0.5, 0.2, 0.9])
    X = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(Sphere(1).mean(X, axis=0), [np.cos(0.2), np.sin(0.2)], atol=1e-9)
    np.testing.assert_allclose(Euclidean((1, 2)).mean(X[:, None]), X.mean(0, keepdims=True))
    x = np.array([1.0, 0.0])
    assert Sphere(1).dist(x, -x) == pytest.approx(np.pi)
    with pytest.raises(DomainError, match="antipodes"):
        Sphere(1).transport(x, -x, np.array([0.0, 1.0]))
    with pytest.raises(DomainError, match="origin"):
        Sphere(1).project(np.zeros(2))
