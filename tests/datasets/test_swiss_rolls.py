"""Oracles: quadrature of the speed of the spiral, finite differences of the immersion, moments of the stated laws."""

import numpy as np
import pytest
from scipy.integrate import quad

from erlangen.datasets import clustered_swiss_roll, swiss_roll
from erlangen.datasets.swiss_rolls import arc_length
from erlangen.errors import DomainError


@pytest.mark.parametrize("t", [1e-3, 0.5, 4.7, 14.1])
def test_the_arc_length_is_the_integral_of_the_speed(t):
    exact, _ = quad(lambda s: np.sqrt(1 + s * s), 0, t, epsabs=0, epsrel=1e-13)
    assert float(arc_length(np.array(t))) == pytest.approx(exact, rel=1e-13)


def test_the_coordinates_are_isometric():
    """Near pairs: the chord in space is the distance of the coordinates up to third order."""
    roll = swiss_roll(3000, noise=0.0, width=5.0, rng=0)
    chord = np.linalg.norm(roll.X[:, None] - roll.X, axis=2)
    geodesic = roll.geodesics()
    near = (geodesic > 0) & (geodesic < 0.5)
    assert np.count_nonzero(near) > 1000
    gap = geodesic[near] - chord[near]
    assert gap.min() > -1e-12
    assert np.all(gap < geodesic[near] ** 3 / 24 * 1.3 / 4.7**2 + 1e-12)  # curvature (t^2 + 2)/(t^2 + 1)^1.5 < 1.3/4.7


def test_points_lie_on_the_roll_and_turning_keeps_distances():
    roll = swiss_roll(200, noise=0.0, rng=3)
    t = np.hypot(roll.X[:, 0], roll.X[:, 2])
    assert np.allclose(arc_length(t), roll.coordinates[:, 0], rtol=1e-14)
    assert np.allclose(np.cos(t) * t, roll.X[:, 0])
    turned = swiss_roll(200, noise=0.0, dim=50, rng=3)
    assert turned.X.shape == (200, 50)
    assert np.array_equal(turned.coordinates, roll.coordinates)
    gram, plain = turned.X @ turned.X.T, roll.X @ roll.X.T
    assert np.allclose(gram, plain, atol=1e-10)


@pytest.mark.parametrize("density", ["parameter", "area"])
def test_the_density_is_the_stated_one(density):
    roll = swiss_roll(20_000, noise=0.0, density=density, rng=1)
    u = roll.coordinates[:, 0]
    if density == "parameter":
        u = np.hypot(roll.X[:, 0], roll.X[:, 2])
        low, high = 1.5 * np.pi, 4.5 * np.pi
    else:
        low, high = arc_length(np.array([1.5, 4.5]) * np.pi)
    place = np.sort((u - low) / (high - low))
    assert np.abs(place - (np.arange(20_000) + 0.5) / 20_000).max() < 1.95 / np.sqrt(20_000)  # Kolmogorov, 0.1 %


def test_noise_has_the_stated_deviation_in_every_coordinate():
    clean, noisy = (swiss_roll(4000, noise=s, dim=10, rng=5) for s in (0.0, 0.5))
    assert (noisy.X - clean.X).std(axis=0) == pytest.approx(np.full(10, 0.5), rel=0.06)


def test_clusters_have_their_means_and_halves():
    roll = clustered_swiss_roll(4001, noise=0.0, rng=0)
    t = np.hypot(roll.X[:, 0], roll.X[:, 2])
    assert np.bincount(roll.labels).tolist() == [2000, 2001]
    for label, mean in enumerate((7.0, 12.0)):
        own = t[roll.labels == label]
        assert own.mean() == pytest.approx(mean, abs=0.1)
        assert own.std() == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("make", [swiss_roll, clustered_swiss_roll])
def test_the_seed_fixes_the_points(make):
    assert np.array_equal(make(50, rng=7).X, make(50, rng=7).X)
    assert not np.array_equal(make(50, rng=7).X, make(50, rng=8).X)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"n": 0}, "n must be an integer"),
        ({"noise": -1.0}, "noise must be"),
        ({"dim": 2}, "dim = 2 is less than the 3 coordinates"),
        ({"width": 0.0}, "width must be"),
        ({"density": "even"}, "density must be one of"),
        ({"rng": -1}, "rng: a seed must be >= 0"),
    ],
)
def test_bad_arguments_are_refused(arguments, match):
    with pytest.raises(DomainError, match=match):
        swiss_roll(**arguments)
