"""Oracles: mpmath's arccos, the moments of the uniform law on a sphere."""

import mpmath
import numpy as np
import pytest

from erlangen.datasets import ManifoldSample, sphere
from erlangen.errors import DomainError


def test_geodesics_are_radius_times_angle():
    ball = sphere(60, radius=2.5, rng=0)
    angles = np.arccos(np.clip(ball.coordinates @ ball.coordinates.T, -1, 1))
    assert np.allclose(ball.geodesics(), 2.5 * angles, atol=1e-7)
    assert np.all(np.diag(ball.geodesics()) == 0)


@pytest.mark.parametrize("angle", [1e-12, 1e-5, 1.0, np.pi - 1e-5, np.pi - 1e-12])
def test_near_and_antipodal_points_keep_their_digits(angle):
    x, y = np.array([1.0, 0, 0]), np.array([np.cos(angle), np.sin(angle), 0])
    found = ManifoldSample(np.zeros((2, 3)), "two", coordinates=np.array([x, y]), radius=1.0).geodesics([0])[0, 1]
    exact = float(mpmath.atan2(mpmath.mpf(y[1]), mpmath.mpf(y[0])))
    assert found == pytest.approx(exact, rel=1e-15, abs=0)


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_law_is_uniform(dimension):
    ball = sphere(20_000, dimension=dimension, rng=1)
    assert np.allclose(np.linalg.norm(ball.X, axis=1), 1)
    assert np.abs(ball.X.mean(axis=0)).max() < 4 / np.sqrt(20_000 * (dimension + 1))
    assert np.allclose(ball.X.T @ ball.X / 20_000, np.eye(dimension + 1) / (dimension + 1), atol=0.02)


def test_refusals_and_seed():
    assert np.array_equal(sphere(9, rng=2).X, sphere(9, rng=2).X)
    for arguments in ({"radius": 0.0}, {"dimension": 0}, {"dim": 2}, {"n": 1.5}):
        with pytest.raises(DomainError, match=next(iter(arguments))):
            sphere(**{"n": 9, **arguments})
