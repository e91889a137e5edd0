"""The walk's own geodesic distance against its dense formula, within and beyond its reach."""

import numpy as np
import pytest

from erlangen.datasets import swiss_roll
from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators import RandomWalkGeodesicEmbedding
from erlangen.estimators.embeddings.walk_time import walk_steps
from erlangen.estimators.scores import distance_correlation
from erlangen.operators import Graph, knn_graph

ROLL = swiss_roll(160, noise=0.1, width=20, rng=0)
PLAIN = {"smoothing": 0.0, "power": 1.0, "n_neighbors": 9}


def formula(graph, t, sigma):
    K = graph.weights.toarray() + np.eye(graph.n)
    d = K.sum(axis=1)
    Q = np.linalg.matrix_power(K / np.sqrt(np.outer(d, d)), t)
    h = Q.diagonal()
    with np.errstate(divide="ignore"):
        D = np.sqrt(np.maximum(-4 * t * np.log(Q) + 4 * t * sigma * np.log((h[:, None] + h) / 2), 0))
    np.fill_diagonal(D, 0)
    return D


@pytest.mark.parametrize("t", [5, 40])
@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
def test_all_pairs_that_the_walk_reaches(t, sigma):
    fitted = RandomWalkGeodesicEmbedding(t=t, sigma=sigma, **PLAIN).fit(ROLL.X)
    D = formula(knn_graph(ROLL.X, 9), t, sigma)
    reached = np.isfinite(D)
    assert fitted.unreached_ == pytest.approx(1 - reached.mean(), abs=1e-12)
    assert np.allclose(
        (fitted.dissimilarity_ / fitted.scale_)[reached], D[reached], rtol=1e-6, atol=1e-5 * D[reached].max()
    )
    assert (fitted.dissimilarity_[~reached] >= 0.999 * fitted.dissimilarity_[reached].max()).all()


def test_landmarks_have_the_same_columns():
    fitted = RandomWalkGeodesicEmbedding(t=60, n_landmarks=25, **PLAIN).fit(ROLL.X)
    D = formula(knn_graph(ROLL.X, 9), 60, 1.0)[:, fitted.landmarks_]
    assert fitted.unreached_ == 0
    assert np.allclose(fitted.landmark_distances_ / fitted.scale_, D, rtol=1e-6, atol=1e-5 * D.max())


def test_beyond_the_reach_distances_go_on_growing():
    path = Graph(np.diag(np.ones(39), 1) + np.diag(np.ones(39), -1))
    fitted = RandomWalkGeodesicEmbedding(1, t=10, power=1.0, metric="precomputed").fit(path)
    first = fitted.dissimilarity_[0]
    assert fitted.unreached_ == pytest.approx(2 * sum(range(1, 30)) / 1600)
    assert np.isfinite(first).all()
    assert (np.diff(first) >= 0).all()
    assert first[39] > 2 * first[10]


def test_automatic_parameters():
    fitted = RandomWalkGeodesicEmbedding().fit(ROLL.X)
    assert fitted.sigma_ == 1.0
    assert fitted.t_ == walk_steps(fitted.graph_)


def test_sigma_above_one_is_told_once():
    with pytest.warns(DomainWarning, match="sigma = 1.05 > 1") as caught:
        RandomWalkGeodesicEmbedding(sigma=1.05, n_landmarks=140, t=10).fit(ROLL.X)
    assert len([w for w in caught if "sigma" in str(w.message)]) == 1
    assert caught[0].filename == __file__


def test_geodesics_of_a_roll():
    roll = swiss_roll(500, noise=0.1, rng=0)
    fitted = RandomWalkGeodesicEmbedding().fit(roll.X)
    assert distance_correlation(fitted.dissimilarity_, roll.geodesics()) > 0.95


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"t": 0}, "t=0"),
        ({"t": 1.5}, "t must be an integer"),
        ({"t": "x"}, "'x'"),
        ({"sigma": 3}, "sigma=3"),
        ({"rho": 2}, "rho=2"),
    ],
)
def test_refusals(parameters, words):
    with pytest.raises(DomainError, match=words):
        RandomWalkGeodesicEmbedding(**parameters).fit(ROLL.X)
