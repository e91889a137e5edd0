"""Transformers of signals and the autoregressive model under the battery for three axes; pipelines and searches of scikit-learn around them."""

import pickle
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from erlangen.datasets import basic_motions, reversed_var_pair
from erlangen.estimators import MDM, VAR, AugmentedCovariance, Covariances, DelayEmbedding, TangentSpace
from erlangen.testing import check_estimator_3d

ALL = [
    DelayEmbedding(2, 1),
    DelayEmbedding(delays=[(1, 0), (0, 3)]),
    AugmentedCovariance(2, 1),
    AugmentedCovariance(2, 1, estimator="lwf", effective_samples="auto"),
    AugmentedCovariance(2, 1, structure="block_toeplitz"),
    VAR(1),
]


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_on_trials(estimator):
    report = check_estimator_3d(estimator, kind="series")
    assert report.passed, report.failed


@pytest.mark.parametrize("estimator", ALL[:5], ids=repr)
def test_unfitted_containers_and_pickles(estimator):
    X = np.random.default_rng(0).normal(size=(4, 2, 50))
    with pytest.raises(NotFittedError):
        clone(estimator).transform(X)
    fitted = clone(estimator).set_output(transform="pandas").fit(X)
    assert np.array_equal(pickle.loads(pickle.dumps(fitted)).transform(X), fitted.transform(X))
    assert isinstance(fitted.transform(X), np.ndarray)
    assert not any(isinstance(kept, np.ndarray) for kept in vars(fitted).values())  # no embedded signal is stored


def test_a_frame_at_the_end_of_a_pipeline_and_a_search_over_the_embedding():
    pandas = pytest.importorskip("pandas")
    pair = reversed_var_pair(40, 3, 200, rng=0)
    head = make_pipeline(DelayEmbedding(2, 1), Covariances(), TangentSpace()).set_output(transform="pandas")
    assert isinstance(head.fit_transform(pair.X), pandas.DataFrame)
    whole = make_pipeline(AugmentedCovariance(), TangentSpace(), LogisticRegression())
    grid = {"augmentedcovariance__order": [1, 2], "augmentedcovariance__lag": [1, 2]}
    search = GridSearchCV(whole, grid, cv=3, error_score="raise").fit(pair.X, pair.y)
    assert search.best_params_ == {"augmentedcovariance__order": 2, "augmentedcovariance__lag": 1}
    assert search.best_score_ > 0.9


@pytest.mark.skipif(not (find_spec("sktime") or find_spec("aeon")), reason="needs the data of sktime or aeon")
@pytest.mark.parametrize(("order", "lag", "tangent", "means"), [(1, 1, 0.975, 0.95), (3, 2, 1.0, 0.95)])
def test_basic_motions_score_as_another_implementation_had_them(order, lag, tangent, means):
    train, test = basic_motions("train"), basic_motions("test")
    for steps, score in (([TangentSpace(), LogisticRegression(max_iter=2000)], tangent), ([MDM()], means)):
        model = make_pipeline(AugmentedCovariance(order, lag, estimator="lwf"), *steps).fit(train.X, train.y)
        assert model.score(test.X, test.y) == pytest.approx(score)
