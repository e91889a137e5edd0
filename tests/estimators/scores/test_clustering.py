import numpy as np
import pytest
from sklearn.datasets import make_blobs

from erlangen.errors import DomainError
from erlangen.estimators.scores import clustering_scores, neighbour_accuracy
from erlangen.estimators.scores.clustering import standardise


def blobs(spread=0.3):
    return make_blobs(n_samples=150, centers=[[0, 0], [5, 0], [0, 5]], cluster_std=spread, random_state=0)


def test_separated_blobs_are_found_whatever_the_scale_and_names():
    Z, labels = blobs()
    scores = clustering_scores(Z * [1e-12, 1e14], np.array(["a", "b", "c"])[labels])
    assert np.allclose(scores[:5], 1.0)
    assert scores.silhouette > 0.8
    assert neighbour_accuracy(Z, labels) == 1.0


def test_random_labels_score_as_chance():
    Z, _ = blobs()
    labels = np.random.default_rng(0).integers(3, size=150)
    scores = clustering_scores(Z, labels)
    assert abs(scores.ari) < 0.05
    assert abs(scores.ami) < 0.05
    assert abs(neighbour_accuracy(Z, labels) - 1 / 3) < 0.2


def test_v_is_the_harmonic_mean_of_entropies_ratios():
    # 4 points of two labels, three of which fall into the first cluster: the conditional entropies in closed form.
    Z = [[0.0], [0.1], [0.2], [9.0]]
    scores = clustering_scores(Z, [0, 0, 1, 1])
    third = -(2 / 3 * np.log(2 / 3) + 1 / 3 * np.log(1 / 3))
    homogeneity = 1 - 0.75 * third / np.log(2)
    completeness = 1 - 0.5 * np.log(2) / -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert np.isclose(scores.homogeneity, homogeneity)
    assert np.isclose(scores.completeness, completeness)
    assert np.isclose(scores.v_measure, 2 * homogeneity * completeness / (homogeneity + completeness))
    assert np.isclose(scores.ari, 0.0)


def test_runs_repeat():
    Z, labels = blobs(2.5)
    assert clustering_scores(Z, labels, rng=4) == clustering_scores(Z, labels, rng=4)
    assert neighbour_accuracy(Z, labels, rng=4) == neighbour_accuracy(Z, labels, rng=4)
    assert len({neighbour_accuracy(Z, labels, rng=seed) for seed in range(6)}) > 1


def test_standardised_columns_and_constant_ones():
    Z = np.random.default_rng(0).normal(size=(40, 3)) * [1e-12, 1.0, 1e14] + [0, 3, 3]
    Z[:, 1] = 0.1
    out = standardise(Z)
    assert np.allclose(out.std(axis=0), [1, 0, 1])
    assert np.allclose(out.mean(axis=0), 0)


def test_misfits_are_refused():
    Z, labels = blobs()
    for bad in (labels[:-1], np.zeros(150), np.arange(150)):
        with pytest.raises(DomainError, match="labels"):
            clustering_scores(Z, bad)
    with pytest.raises(DomainError, match="k must be"):
        neighbour_accuracy(Z, labels, 140)
    with pytest.raises(DomainError, match="stratified"):
        neighbour_accuracy(Z, np.arange(150) // 1)
    with pytest.raises(DomainError, match="test_fraction"):
        neighbour_accuracy(Z, labels, test_fraction=1.0)
    with pytest.raises(DomainError, match="not finite"):
        clustering_scores(Z, np.where(np.arange(150) == 3, np.nan, labels))
