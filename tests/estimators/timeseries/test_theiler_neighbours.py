"""Nearest neighbours with a Theiler window against all pairs."""

import numpy as np
import pytest

from erlangen.estimators.timeseries.theiler_neighbours import nearest_in_series, nearest_neighbours


def all_pairs(points, window, count):
    N = len(points)
    D = np.linalg.norm(points[:, None] - points[None], axis=-1)
    D[np.abs(np.arange(N)[:, None] - np.arange(N)) <= window] = np.inf
    return np.sort(D, axis=1)[:, :count]


@pytest.mark.parametrize("window", [0, 1, 7, 40, 75])
@pytest.mark.parametrize(("dimension", "count"), [(1, 1), (3, 1), (2, 5)])
def test_distances_equal_those_of_all_pairs(window, dimension, count):
    points = np.random.default_rng(window).normal(size=(120, dimension)).cumsum(axis=0)
    expected = all_pairs(points, window, count)
    index, distance = nearest_neighbours(points, window, count)
    assert np.allclose(distance, expected)
    rows, ranks = np.nonzero(index >= 0)
    assert np.array_equal(np.isfinite(expected), index >= 0)
    assert np.all(np.abs(rows - index[rows, ranks]) > window)
    if dimension == 1:
        single, gap = nearest_in_series(points.T, window)
        assert np.allclose(gap[0], expected[:, 0])
        found = single[0] >= 0
        assert np.allclose(np.abs(points[found, 0] - points[single[0][found], 0]), gap[0][found])


def test_equal_values_and_several_series():
    series = np.array([[1.0, 1.0, 2.0, 1.0], [0.0, 3.0, 1.0, 7.0]])
    index, distance = nearest_in_series(series, 0)
    assert np.array_equal(distance, [[0, 0, 1, 0], [1, 2, 1, 4]])
    assert np.array_equal(index[1], [2, 2, 0, 1])
