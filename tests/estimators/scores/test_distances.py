import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import pearsonr, spearmanr

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.scores import distance_correlation, norm_errors, precision_at_k, saturated_fraction


def example(n=40, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    G = cdist(X, X)
    E = np.abs(rng.normal(size=(n, n)))
    D = G + 0.3 * (E + E.T)
    np.fill_diagonal(D, 0)
    return D, G


@pytest.mark.parametrize(("kind", "peer"), [("pearson", pearsonr), ("spearman", spearmanr)])
@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("ties", [False, True])
def test_correlations_are_the_means_of_scipys(kind, peer, skip, ties):
    D, G = example()
    if ties:
        D = np.round(D, 0)
    rows = [np.arange(40) != i if skip else np.ones(40, bool) for i in range(40)]
    wanted = np.mean([peer(D[i, u], G[i, u])[0] for i, u in enumerate(rows)])
    assert np.isclose(distance_correlation(D, G, kind, skip_diagonal=skip), wanted, atol=1e-12)


def test_unreached_pairs_are_left_out_and_counted():
    D, G = example()
    D[3, 9] = D[9, 3] = np.inf
    u = ~np.eye(40, dtype=bool) & np.isfinite(D)
    wanted = np.mean([spearmanr(D[i, u[i]], G[i, u[i]])[0] for i in range(40)])
    assert np.isclose(distance_correlation(D, G, "spearman"), wanted)
    assert np.isclose(saturated_fraction(D), 2 / (40 * 39))
    assert np.isclose(saturated_fraction(D[3:6]), 1 / 120)


def test_rows_of_sources_score_as_in_the_whole():
    D, G = example()
    sources = [4, 17, 30]
    each = [distance_correlation(D[[s]], G[[s]], sources=[s]) for s in sources]
    assert np.isclose(distance_correlation(D[sources], G[sources], sources=sources), np.mean(each))
    counts = [precision_at_k(D[[s]], G[[s]], 5, sources=[s]) for s in sources]
    assert np.isclose(precision_at_k(D[sources], G[sources], 5, sources=sources), np.mean(counts))
    with pytest.raises(DomainError, match="sources="):
        distance_correlation(D[sources], G[sources])


def test_laws_of_correlation():
    D, G = example()
    for scale in (1e-12, 1e14):
        assert np.isclose(distance_correlation(scale * D, G), distance_correlation(D, G))
    assert np.isclose(distance_correlation(G**3, G, "spearman"), 1.0)
    assert np.isclose(distance_correlation(G.max() - G, G), -1.0)
    assert distance_correlation(np.full_like(G, 0.1), G) == 0.0


@pytest.mark.parametrize("k", [1, 5, 39])
def test_precision_is_the_share_of_common_neighbours(k):
    D, G = example()
    shares = []
    for i in range(40):
        others = [j for j in range(40) if j != i]
        found = sorted(others, key=lambda j, i=i: D[i, j])[:k]
        true = sorted(others, key=lambda j, i=i: G[i, j])[:k]
        shares.append(len(set(found) & set(true)) / k)
    assert np.isclose(precision_at_k(D, G, k), np.mean(shares))
    assert precision_at_k(G, G, k) == 1.0


def test_norms_are_numpys():
    D, G = example()
    errors = norm_errors(D, G)
    for name, order in (("frobenius", "fro"), ("infinity", np.inf)):
        gap = np.linalg.norm(D - G, order)
        assert np.isclose(getattr(errors, f"{name}_relative"), gap / np.linalg.norm(G, order))
        assert np.isclose(getattr(errors, f"{name}_mean"), gap / 40**2)


def test_misfits_are_refused():
    D, G = example()
    with pytest.raises(ShapeError, match="G must have shape"):
        distance_correlation(D, G[:-1])
    with pytest.raises(DomainError, match="kind"):
        distance_correlation(D, G, "kendall")
    with pytest.raises(DomainError, match="k must be"):
        precision_at_k(D, G, 40)
    with pytest.raises(DomainError, match="G is zero"):
        norm_errors(D, 0 * G)
    lone = D.copy()
    lone[5, :39] = np.inf
    with pytest.raises(DomainError, match="row 5 has 1 pairs"):
        distance_correlation(lone, G)
    with pytest.raises(DomainError, match="not finite"):
        norm_errors(lone, G)
