"""PHATE against potential distances written densely."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.datasets import swiss_roll, tree
from erlangen.errors import DomainError
from erlangen.estimators import PHATE, HeatGeodesicEmbedding
from erlangen.estimators.embeddings.walk_time import walk_steps
from erlangen.operators import Graph, knn_graph, triplet_distance

X = swiss_roll(130, noise=0.3, rng=0).X


def power(t, k=5, **kernel):
    K = knn_graph(X, k, **kernel).weights.toarray() + np.eye(len(X))
    return np.linalg.matrix_power(K / K.sum(axis=1)[:, None], t)


def potential(P, gamma):
    if gamma == 1:
        return -np.log(P + 1e-7)
    return P if gamma == -1 else 2 / (1 - gamma) * P ** ((1 - gamma) / 2)


@pytest.mark.parametrize("gamma", [1, 0.5, 0, -1])
@pytest.mark.parametrize("t", [1, 6, 20])
def test_all_pairs(gamma, t):
    fitted = PHATE(t=t, gamma=gamma).fit(X)
    U = potential(power(t), gamma)
    assert np.allclose(fitted.dissimilarity_, cdist(U, U), rtol=1e-7, atol=1e-7 * np.abs(U).max())
    assert fitted.t_ == t


@pytest.mark.parametrize("gamma", [1, 0, -1])
def test_landmarks_compare_the_same_columns(gamma):
    fitted = PHATE(t=8, gamma=gamma, n_landmarks=30).fit(X)
    chosen = fitted.landmarks_
    U = potential(power(8), gamma)[:, chosen]
    assert np.allclose(fitted.landmark_distances_, cdist(U, U[chosen]), rtol=1e-7, atol=1e-7 * np.abs(U).max())


@pytest.mark.parametrize("parameters", [{"decay": 2.0}, {"anisotropy": 1.0}, {"n_neighbors": 9}])
def test_parameters_of_the_graph(parameters):
    kernel = {{"n_neighbors": "k"}.get(name, name): value for name, value in parameters.items()}
    U = potential(power(5, **kernel), 1)
    assert np.allclose(PHATE(t=5, **parameters).fit(X).dissimilarity_, cdist(U, U), rtol=1e-6)


def test_the_automatic_time_is_the_knee():
    fitted = PHATE().fit(X)
    assert fitted.t_ == walk_steps(knn_graph(X, 5))


def test_it_is_the_triplet_distance_of_the_logarithm():
    """Relation 1.6b: with P^t for H, -4t log P^t compared row by row is 4t times PHATE's distance, up to PHATE's floor."""
    K = np.ones((40, 40)) + np.random.default_rng(0).random((40, 40))
    K = np.triu(K, 1)
    graph = Graph(K + K.T)
    t = 3
    P = np.linalg.matrix_power((graph.weights.toarray() + np.eye(40)) / (graph.degrees + 1)[:, None], t)
    fitted = PHATE(t=t, metric="precomputed").fit(graph)
    assert np.allclose(triplet_distance(-4 * t * np.log(P)) / (4 * t), fitted.dissimilarity_, rtol=1e-4, atol=1e-6)


def test_the_heat_geodesic_embedding_at_rho_one_is_the_potential_distance_of_heat():
    """The same relation inside the heat geodesic embedding: squares of Varadhan's distance, compared row by row."""
    graph = knn_graph(X, 8)
    fitted = HeatGeodesicEmbedding(n_neighbors=8, t=4.0, sigma=0.0, smoothing=0.0, power=1.0, rho=1.0).fit(X)
    L = graph.laplacian().toarray()
    H = np.linalg.matrix_power(np.linalg.inv(np.eye(130) + 4.0 / 6 * L), 6)
    D = np.sqrt(-16.0 * np.log(H))
    np.fill_diagonal(D, 0)
    rows = cdist(D, D)
    assert np.allclose(fitted.dissimilarity_ / fitted.scale_, rows, rtol=1e-6, atol=1e-6 * rows.max())


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"gamma": 1.5}, "gamma=1.5"),
        ({"gamma": -2}, "gamma=-2"),
        ({"t": 0}, "t=0"),
        ({"t": 2.5}, "t must be an integer"),
        ({"t": "knee"}, "t .*'knee'"),
        ({"decay": 0.0}, "decay=0"),
        ({"n_landmarks": 2}, "n_landmarks=2"),
        ({"n_landmarks": 131}, "n_landmarks=131"),
        ({"n_landmarks": "many"}, "n_landmarks .*'many'"),
        ({"mds": "tsne"}, "mds .*'tsne'"),
        ({"weights": "heat"}, "weights='heat' needs a heat kernel, which PHATE has not"),
        ({"n_pca": 0}, "n_pca=0"),
    ],
)
def test_refusals(parameters, words):
    with pytest.raises(DomainError, match=words):
        PHATE(**parameters).fit(X)


def test_branches_of_a_tree_are_kept_apart():
    sample = tree(4, 60, noise=0.1, rng=0)
    Z = PHATE(random_state=1).fit_transform(sample.X)
    G = sample.geodesics()
    assert np.corrcoef(cdist(Z, Z).ravel(), G.ravel())[0, 1] > 0.5
