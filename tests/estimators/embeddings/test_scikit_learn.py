"""All five embeddings under scikit-learn's battery, without an expected failure, with all pairs and with landmarks."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from erlangen.datasets import swiss_roll
from erlangen.estimators import (
    PHATE,
    DiffusionMaps,
    HeatGeodesicEmbedding,
    RandomWalkGeodesicEmbedding,
    ShortestPathEmbedding,
)

BY_DISTANCES = [HeatGeodesicEmbedding, PHATE, ShortestPathEmbedding, RandomWalkGeodesicEmbedding]
ALL = [*BY_DISTANCES, DiffusionMaps]
X = swiss_roll(120, noise=0.1, rng=0).X


@parametrize_with_checks(
    [Class(n_neighbors=4) for Class in ALL] + [Class(n_neighbors=4, n_landmarks=8) for Class in BY_DISTANCES]
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("Class", ALL)
def test_names_of_features_and_frames(Class):
    pandas = pytest.importorskip("pandas")
    estimator = Class(3, n_neighbors=6).set_output(transform="pandas")
    frame = estimator.fit_transform(pandas.DataFrame(X, columns=["x", "y", "z"], index=np.arange(120) + 7))
    names = [f"{Class.__name__.lower()}{j}" for j in range(3)]
    assert list(estimator.get_feature_names_out()) == list(frame.columns) == names
    assert list(frame.index) == list(range(7, 127))
    assert list(estimator.feature_names_in_) == ["x", "y", "z"]
    with pytest.raises(ValueError, match="feature names"):
        estimator.transform(pandas.DataFrame(X, columns=["x", "z", "y"]))


@pytest.mark.parametrize("Class", ALL)
def test_a_clone_and_a_pickle_give_the_same_bits(Class):
    estimator = Class(n_neighbors=6).fit(X)
    again = clone(estimator)
    assert not hasattr(again, "embedding_")
    assert np.array_equal(again.fit_transform(X), estimator.embedding_)
    kept = pickle.loads(pickle.dumps(estimator))
    assert np.array_equal(kept.transform(X + 0.1), estimator.transform(X + 0.1))


@pytest.mark.parametrize("Class", ALL)
def test_the_result_is_the_callers_own(Class):
    estimator = Class(n_neighbors=6)
    Z = estimator.fit_transform(X)
    kept = Z.copy()
    Z[:] = 0
    assert np.array_equal(estimator.embedding_, kept)


def test_a_pipeline():
    pipeline = make_pipeline(StandardScaler(), HeatGeodesicEmbedding(n_neighbors=6))
    assert pipeline.fit_transform(X).shape == (120, 2)
    assert np.array_equal(pipeline.transform(X), pipeline[-1].embedding_)
