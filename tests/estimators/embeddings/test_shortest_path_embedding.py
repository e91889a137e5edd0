"""Isomap: scipy's shortest paths, arcs of circles, lengths of precomputed edges."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist
from sklearn.manifold import Isomap

from erlangen.datasets import sphere, swiss_roll
from erlangen.estimators import ShortestPathEmbedding
from erlangen.operators import knn_graph

X = swiss_roll(250, noise=0.1, rng=0).X


@pytest.mark.parametrize("landmarks", [None, 20])
def test_distances_are_scipys(landmarks):
    fitted = ShortestPathEmbedding(n_landmarks=landmarks).fit(X)
    edges = knn_graph(X, 10).weights.toarray() > 0
    paths = dijkstra(sp.csr_array(np.where(edges, cdist(X, X), 0)), directed=False)
    found = fitted.landmark_distances_
    assert np.allclose(found, paths if landmarks is None else paths[:, fitted.landmarks_], rtol=1e-12, atol=1e-12)


def test_distances_are_those_of_scikit_learns_isomap_on_neighbours_alone():
    """A kernel of ones on the k neighbours has exactly Isomap's edges."""
    fitted = ShortestPathEmbedding(n_neighbors=8, kernel="connectivity").fit(X)
    assert np.allclose(fitted.dissimilarity_, Isomap(n_neighbors=8).fit(X).dist_matrix_, rtol=1e-12, atol=1e-12)


def test_the_arc_of_a_circle():
    x = np.linspace(0, 1.9 * np.pi, 200)
    D = ShortestPathEmbedding(1, n_neighbors=6).fit(np.c_[np.cos(x), np.sin(x)]).dissimilarity_
    assert np.allclose(D, np.abs(x[:, None] - x), rtol=0.01)


def test_great_circles():
    sample = sphere(1200, rng=0)
    fitted = ShortestPathEmbedding(3, n_landmarks=20).fit(sample.X)
    G = sample.geodesics(fitted.landmarks_).T
    assert np.corrcoef(fitted.landmark_distances_.ravel(), G.ravel())[0, 1] > 0.995


def test_a_precomputed_graph_gives_lengths():
    lengths = np.array([[0, 1.0, 4, 0], [1, 0, 2, 0], [4, 2, 0, 5], [0, 0, 5, 0]])
    fitted = ShortestPathEmbedding(1, metric="precomputed", mds="classical").fit(lengths)
    assert fitted.dissimilarity_.tolist() == [[0, 1, 3, 8], [1, 0, 2, 7], [3, 2, 0, 5], [8, 7, 5, 0]]
    assert np.allclose(np.abs(fitted.embedding_[:, 0] - fitted.embedding_[0, 0]), [0, 1, 3, 8])


def test_near_duplicates_have_a_length():
    """Points whose distance underflows are still two points, joined by an edge."""
    Y = np.r_[np.zeros((1, 3)), np.full((1, 3), 1e-200), X[:60]]
    fitted = ShortestPathEmbedding(n_neighbors=6).fit(Y)
    assert np.isfinite(fitted.dissimilarity_).all()


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units(scale):
    one, other = (ShortestPathEmbedding().fit(s * X) for s in (1.0, scale))
    assert np.allclose(other.dissimilarity_, scale * one.dissimilarity_, rtol=1e-9)
    assert np.allclose(other.embedding_, scale * one.embedding_, atol=1e-6 * scale * np.abs(one.embedding_).max())
