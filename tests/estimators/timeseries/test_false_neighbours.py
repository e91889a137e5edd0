"""Dimensions of attractors known from the literature, by Cao's averages and Kennel's false neighbours."""

import numpy as np
import pytest

from erlangen.estimators.timeseries.false_neighbours import cao_averages, false_neighbours, saturation


def brute_force(s, lag, dimension, window):
    """Cao's E(d), one point at a time."""
    length = len(s) - dimension * lag
    path = np.column_stack([s[q * lag : q * lag + length] for q in range(dimension)])
    ratios = []
    for i in range(length):
        gaps = np.linalg.norm(path - path[i], axis=1)
        gaps[max(0, i - window) : i + window + 1] = np.inf
        j = int(np.argmin(gaps))
        near = np.abs(path[i] - path[j]).max()
        ratios.append(max(near, abs(s[i + dimension * lag] - s[j + dimension * lag])) / near)
    return np.mean(ratios)


def test_cao_point_by_point():
    s = np.random.default_rng(0).normal(size=200).cumsum()
    means = [brute_force(s, 3, d, 2) for d in range(1, 5)]
    assert np.allclose(cao_averages(s, 3, 3, 2)[0], np.array(means[1:]) / means[:-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "lag", "window", "dimension"), [("henon", 1, 0, 2), ("lorenz", 10, 18, 3), ("roessler", 25, 25, 3)]
)
def test_false_neighbours_vanish_at_the_known_dimension(attractors, name, lag, window, dimension):
    s = getattr(attractors, name)()[0][:4000]
    shares = false_neighbours(s, lag, 4, window)
    assert np.all(shares[: dimension - 1] > 0.03)
    assert shares[dimension - 1] < 0.02


def test_cao_saturates_for_dynamics_and_not_for_noise(attractors):
    E1, E2 = cao_averages(attractors.henon()[0], 1, 4)
    assert saturation(E1, 0.1, "saturation") == 2
    assert np.abs(E2 - 1).max() > 0.3
    E1, E2 = cao_averages(np.random.default_rng(1).normal(size=3000), 1, 4)
    assert np.all(E1 < 0.9)
    assert np.abs(E2 - 1).max() < 0.1


def test_repeated_points_are_left_out():
    s = np.tile([0.0, 1.0, 3.0, 2.0], 30)
    assert np.isnan(cao_averages(s, 1, 2)[0]).all()
    assert np.isnan(false_neighbours(s, 1, 2)).all()


@pytest.mark.parametrize(("rule", "dimension"), [("saturation", 4), ("first-maximum", 2)])
def test_rules_differ(rule, dimension):
    assert saturation(np.array([0.2, 0.6, 0.5, 0.93, 0.96]), 0.1, rule) == dimension
