import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from scipy.stats import spearmanr
from sklearn.manifold import trustworthiness as peer

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.scores import continuity, demap, trustworthiness


def example(n=50, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, X[:, :2] + 0.3 * rng.normal(size=(n, 2))


@pytest.mark.parametrize("k", [1, 5, 20])
def test_trustworthiness_is_scikit_learns_and_continuity_exchanges_the_spaces(k):
    X, Z = example()
    assert np.isclose(trustworthiness(X, Z, k), peer(X, Z, n_neighbors=k), atol=1e-14)
    assert np.isclose(continuity(X, Z, k), peer(Z, X, n_neighbors=k), atol=1e-14)
    assert np.isclose(trustworthiness(cdist(X, X), Z, k, metric="precomputed"), trustworthiness(X, Z, k))


def test_isometries_keep_everything():
    X, _ = example()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
    assert trustworthiness(X, 1e-12 * X @ turn, 7) == continuity(X, 1e14 * X @ turn, 7) == 1.0


def test_demap_is_the_rank_correlation_with_shortest_paths():
    X, Z = example(25)
    D = cdist(X, X)
    paths = np.full((25, 25), np.inf)
    for i in range(25):
        near = np.argsort(D[i])[:7]
        paths[i, near] = paths[near, i] = D[i, near]
    for k in range(25):  # Floyd and Warshall
        paths = np.minimum(paths, paths[:, k, None] + paths[k])
    geodesics = paths[np.triu_indices(25, 1)]
    assert np.isclose(demap(X, Z, 6), spearmanr(geodesics, pdist(Z))[0], atol=1e-12)


def test_duplicates_are_joined_by_edges_of_length_zero():
    x = np.repeat(np.arange(10.0) ** 1.01, 2)[:, None]
    assert demap(x, x, 3) > 0.999


def test_misfits_are_refused():
    X, Z = example()
    with pytest.raises(ShapeError):
        trustworthiness(X, Z[:-1])
    with pytest.raises(DomainError, match="k must be"):
        trustworthiness(X, Z, 25)
    with pytest.raises(DomainError, match="metric"):
        continuity(X, Z, metric="cosine")
    apart = np.vstack([X[:25], X[25:] + 1e3])
    with pytest.raises(DomainError, match="no path from point 0"):
        demap(apart, Z, 3)
    with pytest.raises(DomainError, match="embedding equal 0"):
        demap(X, 0 * Z, 5)
