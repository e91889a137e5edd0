"""Oracles: sorted rows of scipy's cdist."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import cross_neighbours, merge_duplicates, nearest_neighbours
from erlangen.operators.neighbours import local_dimension


def cloud(kind, n=300, seed=0):
    rng = np.random.default_rng(seed)
    if kind == "plane":
        return rng.normal(size=(n, 2))
    if kind == "high":
        return rng.normal(size=(n, 40))
    if kind == "curve in many columns":
        s = rng.uniform(size=(n, 1))
        return np.hstack([np.sin(k * s) for k in range(1, 31)])
    if kind == "grid":
        return np.stack(np.meshgrid(np.arange(15.0), np.arange(20.0)), -1).reshape(-1, 2)
    if kind == "far from the origin":
        return 1e8 + rng.normal(size=(n, 20))
    return np.repeat(rng.normal(size=(n // 3, 4)), 3, axis=0)


KINDS = ["plane", "high", "curve in many columns", "grid", "far from the origin", "duplicates"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("search", ["auto", "tree", "brute"])
def test_distances_are_those_of_sorted_cdist(kind, search):
    X, k = cloud(kind), 7
    D = cdist(X, X)
    np.fill_diagonal(D, np.inf)
    expected = np.sort(D, axis=1)[:, :k]
    distances, indices = nearest_neighbours(X, k, search=search)
    scale = np.abs(X).max()
    assert np.allclose(distances, expected, rtol=1e-12, atol=4e-16 * scale)
    assert np.allclose(np.take_along_axis(D, indices, axis=1), distances, rtol=1e-12, atol=4e-16 * scale)
    assert not (indices == np.arange(len(X))[:, None]).any()
    assert all(len(set(row)) == k for row in indices.tolist())


@pytest.mark.parametrize("metric", ["cityblock", "chebyshev", "cosine", "correlation"])
def test_other_metrics(metric):
    X = cloud("plane") if metric in ("cityblock", "chebyshev") else cloud("high")
    D = cdist(X, X, metric=metric)
    np.fill_diagonal(D, np.inf)
    assert np.allclose(nearest_neighbours(X, 5, metric=metric)[0], np.sort(D, axis=1)[:, :5], atol=1e-13)


def test_ties_are_broken_by_the_index_in_brute_search():
    indices = nearest_neighbours(cloud("grid"), 4, search="brute")[1]
    assert indices[15 * 5 + 7].tolist() == sorted([15 * 4 + 7, 15 * 6 + 7, 15 * 5 + 6, 15 * 5 + 8])


def test_workers_do_not_change_the_answer():
    X = cloud("plane", 500)
    for a, b in zip(nearest_neighbours(X, 5), nearest_neighbours(X, 5, n_jobs=2), strict=True):
        assert np.array_equal(a, b)


def test_queries_other_than_the_points():
    rng = np.random.default_rng(1)
    X, Q = rng.normal(size=(200, 25)), rng.normal(size=(30, 25))
    distances, indices = cross_neighbours(Q, X, 3)
    assert np.allclose(distances, np.sort(cdist(Q, X), axis=1)[:, :3], rtol=1e-12)
    assert np.array_equal(indices[:, 0], cdist(Q, X).argmin(axis=1))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda X: nearest_neighbours(X, 5), DomainError, "k = 5 neighbours were asked of 5 points; k must be < n"),
        (lambda X: nearest_neighbours(X, 0), DomainError, "k must be an integer"),
        (lambda X: nearest_neighbours(X, 2.0), DomainError, "k must be an integer"),
        (lambda X: nearest_neighbours(np.full((4, 2), np.nan), 1), DomainError, r"X\[0, 0\] = nan"),
        (lambda X: nearest_neighbours(X[0], 1), ShapeError, "two axes"),
        (lambda X: nearest_neighbours(X, 1, metric="hamming"), DomainError, "metric must be one of"),
        (lambda X: nearest_neighbours(X, 1, metric="cosine", search="tree"), DomainError, "Minkowski"),
        (lambda X: cross_neighbours(X[:, :1], X, 1), DomainError, "1 columns, points 2"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call(np.random.default_rng(0).normal(size=(5, 2)))


def test_local_dimension_sees_the_dimension_of_a_cube():
    rng = np.random.default_rng(2)
    for d in (1, 2, 4):
        X = rng.uniform(size=(4000, d)) @ rng.normal(size=(d, 10))
        assert abs(local_dimension(nearest_neighbours(X, 20, search="tree")[0]) / d - 1) < 0.15


def test_duplicates_are_merged_in_order():
    X = np.array([[2.0, 1.0], [0.0, 0.0], [2.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    points, counts, place = merge_duplicates(X)
    assert np.array_equal(points[place], X)
    assert counts.tolist() == [2, 3]
    assert place.tolist() == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("scale", [1e-200, 1e200])
@pytest.mark.parametrize("search", ["tree", "brute"])
def test_coordinates_whose_squares_leave_the_range_are_refused(scale, search):
    X = scale * np.random.default_rng(0).normal(size=(30, 3))
    with pytest.raises(DomainError, match=r"the largest coordinate is \d.*e[+-]200"):
        nearest_neighbours(X, 3, search=search)


@pytest.mark.parametrize("scale", [1e-120, 1e120])
def test_large_and_small_coordinates_inside_the_range_have_the_same_neighbours(scale):
    X = np.random.default_rng(0).normal(size=(60, 3))
    distances, indices = nearest_neighbours(X, 5)
    far, same = nearest_neighbours(scale * X, 5)
    np.testing.assert_array_equal(same, indices)
    np.testing.assert_allclose(far, scale * distances, rtol=1e-12)
