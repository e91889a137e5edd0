"""Points joined to a graph: duplicates, the flow of coordinates, new points."""

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.spatial.distance import cdist

from erlangen.datasets import swiss_roll
from erlangen.errors import DomainError
from erlangen.estimators.embeddings.point_graph import PointGraph, build_point_graph
from erlangen.operators import Graph, knn_graph


def blobs(gap=50.0, n=40, seed=0):
    X = np.random.default_rng(seed).normal(size=(2 * n, 3))
    X[n:] += gap
    return X


def test_duplicates_are_one_vertex_in_order_of_appearance():
    X = np.random.default_rng(0).normal(size=(20, 3))
    place = build_point_graph(np.r_[X, X[[7, 3, 3]]], 5)
    assert np.array_equal(place.points, X)
    assert place.rows.tolist() == [*range(20), 7, 3, 3]
    assert place.graph == knn_graph(X, 5)


@pytest.mark.parametrize(
    ("X", "k", "words"),
    [
        (np.ones((9, 2)), 1, "1 distinct points of 9"),
        (np.array([[0.0], [1.0], [0.0]]), 1, "2 distinct points of 3"),
        (np.arange(5.0)[:, None], 5, "n_neighbors = 5, but X holds 5 distinct"),
    ],
)
def test_too_few_points(X, k, words):
    with pytest.raises(DomainError, match=words):
        build_point_graph(X, k)


def test_the_flow_is_the_heat_of_a_graph_of_three_times_as_many_neighbours():
    X = swiss_roll(150, noise=0.5, rng=0).X
    first = knn_graph(X, 24)
    place = build_point_graph(X, 8, smoothing=1.0)
    assert place.tau == pytest.approx(1.0 / first.degrees.mean())
    moved = expm(-place.tau * first.laplacian().toarray()) @ X
    assert np.allclose(place.places, moved, rtol=0, atol=1e-6 * np.abs(X).max())
    assert place.graph == knn_graph(place.places, 8)
    assert np.array_equal(place.points, X)


def test_the_flow_is_made_weaker_where_it_would_tear():
    """Along a line with shrinking gaps a strong flow pulls points into clumps; whatever is kept never has more parts than before."""
    rng = np.random.default_rng(3)
    torn = weaker = 0
    for seed in range(30):
        X = np.cumsum(rng.exponential(size=60) ** 2)[:, None] * np.array([[1.0, 0.3]])
        first, wide = knn_graph(X, 3), knn_graph(X, 9)
        place = build_point_graph(X, 3, smoothing=4.0)
        full = 4.0 / wide.degrees.mean()
        moved = expm(-full * wide.laplacian().toarray()) @ X
        tears = knn_graph(moved, 3).n_components > first.n_components
        torn += tears
        weaker += place.tau < full * (1 - 1e-12)
        assert (place.tau < full * (1 - 1e-12)) == tears, seed
        assert place.graph.n_components <= first.n_components
        assert any(np.isclose(place.tau, full * share) for share in (1, 0.5, 0.25, 0.125, 0))
    assert torn == weaker > 0


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_nothing_depends_on_the_unit(scale):
    X = swiss_roll(120, noise=0.3, rng=1).X
    one, other = build_point_graph(X, 6, smoothing=1.0), build_point_graph(scale * X, 6, smoothing=1.0)
    assert np.allclose(one.graph.weights.toarray(), other.graph.weights.toarray(), atol=1e-6)
    assert np.allclose(other.places, scale * one.places, rtol=1e-7, atol=1e-7 * scale)


def test_lengths_of_edges():
    X = blobs()
    place = build_point_graph(X, 5)
    lengths = place.lengths()
    edges = place.graph.weights.toarray() > 0
    assert np.allclose(lengths.toarray()[edges], cdist(X, X)[edges])
    assert np.array_equal(lengths.toarray() > 0, edges)
    with pytest.raises(DomainError, match="without points"):
        PointGraph(None, None, Graph([[0, 1], [1, 0]]), np.arange(2), 1, {}).lengths()


def test_new_points_hang_on_their_neighbours():
    X = blobs()
    place = build_point_graph(X, 5)
    new = np.random.default_rng(5).normal(size=(12, 3))
    neighbours, affinities, same = place.join(np.r_[new, X[[4, 60]]])
    D = cdist(new, X)
    order = np.argsort(D, axis=1)[:, :5]
    near = np.take_along_axis(D, order, axis=1)
    assert np.array_equal(neighbours[:12], order)
    assert np.allclose(affinities[:12], np.exp(-((near / near[:, -1:]) ** 40)))
    assert same.tolist() == [-1] * 12 + [4, 60]
    assert (affinities[-2:, 0] == 1).all()


def test_new_points_flow_as_the_points_did():
    """One implicit step towards the flown neighbours: on a roll the new points come as near to the surface as the old ones."""
    roll = swiss_roll(900, noise=0.6, rng=0)
    place = build_point_graph(roll.X[:800], 10, smoothing=1.0)
    neighbours, _, _ = place.join(roll.X[800:])
    u = roll.coordinates[:, 0]
    off = np.abs(u[:800][neighbours].mean(axis=1) - u[800:])
    assert np.median(off) < 1.5
    assert place.tau > 0


def test_principal_axes():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 9)) + 7.0
    X += 1e-9 * rng.normal(size=X.shape)
    place = build_point_graph(X, 6, n_pca=2)
    assert place.points.shape == (60, 2)
    assert np.allclose(cdist(place.points, place.points), cdist(X, X), atol=1e-6)
    for rows in ([3], [10, 3, 7], range(60)):
        assert place.join(X[rows])[2].tolist() == list(rows)
    assert build_point_graph(X, 6, n_pca=9).axes is None
    with pytest.raises(DomainError, match="n_pca"):
        build_point_graph(X, 6, n_pca=0)


def test_points_that_point_the_same_way_are_told_apart():
    """In the cosine distance multiples of a point are at distance 0 from it, and still each finds itself."""
    X = np.random.default_rng(0).normal(size=(30, 3))
    place = build_point_graph(np.r_[X, 2 * X], 6, metric="cosine")
    assert place.join(2 * X)[2].tolist() == list(range(30, 60))


def test_a_flow_that_would_gather_all_points_is_refused():
    with pytest.raises(DomainError, match=r"smoothing must be a finite number in \[0, 100\]"):
        build_point_graph(blobs(), 5, smoothing=1e9)
