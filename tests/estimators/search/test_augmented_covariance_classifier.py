"""Oracles: the search with the same grid; a pair of classes whose true order is known."""

from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from erlangen.datasets import forearm_emg, reversed_var_pair
from erlangen.errors import DomainError
from erlangen.estimators.search import ACMSearchCV, AugmentedCovarianceClassifier
from erlangen.estimators.search.augmented_covariance_classifier import frugal_index
from erlangen.estimators.timeseries import select_embedding


@pytest.mark.parametrize("base", ["mdm", "ts-svm", "ts-lr", "fgmdm"])
def test_the_order_is_found_where_it_is_needed(base):
    pair = reversed_var_pair(80, 4, 300, rng=0)
    model = AugmentedCovarianceClassifier(base, orders=(1, 2, 3), lags=(1, 3), cv=3).fit(pair.X[:50], pair.y[:50])
    assert (model.order_, model.lag_) == (2, 1)
    assert model.score(pair.X[50:], pair.y[50:]) >= 0.9
    assert hasattr(model, "decision_function") == base.startswith("ts-")


def test_the_best_rule_is_the_search():
    pair = reversed_var_pair(40, 3, 150, rng=1)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    model = AugmentedCovarianceClassifier(rule="best", orders=(1, 2, 3), lags=(1, 2), cv=folds).fit(pair.X, pair.y)
    search = ACMSearchCV((1, 2, 3), (1, 2), cv=folds, trim="exact").fit(pair.X, pair.y)
    assert model.best_params_ == search.best_params_
    assert np.array_equal(model.predict(pair.X), search.predict(pair.X))


def test_a_larger_order_must_be_better_by_a_standard_error():
    search = ACMSearchCV()
    search.n_splits_, search.best_index_ = 4, 2
    scores = np.array([[0.70, 0.75, 0.65, 0.70], [0.72, 0.73, 0.71, 0.72], [0.74, 0.74, 0.75, 0.69]])
    search.cv_results_ = {f"split{s}_test_score": scores[:, s] for s in range(4)} | {
        "mean_test_score": scores.mean(1),
        "params": [{"order": 1}, {"order": 2}, {"order": 3}],
    }
    lost = scores[2] - scores[0]
    assert lost.mean() > lost.std(ddof=1) / 2
    assert frugal_index(search) == 1


def test_a_fixed_embedding_is_kept():
    pair = reversed_var_pair(40, 3, 150, rng=1)
    model = AugmentedCovarianceClassifier(order=3, lag=0.02, sfreq=100.0, cv=2).fit(pair.X, pair.y)
    assert (model.order_, model.lag_) == (3, 2)
    with pytest.raises(DomainError, match="order = 'best' is neither a number nor 'grid'"):
        AugmentedCovarianceClassifier(order="best").fit(pair.X, pair.y)


def test_the_signals_themselves_may_choose():
    pair = reversed_var_pair(24, 2, 200, rng=1)
    model = AugmentedCovarianceClassifier("mdm", order="ami+fnn", cv=2).fit(pair.X, pair.y)
    chosen = select_embedding(pair.X, "ami+fnn")
    assert (model.order_, model.lag_) == (chosen.order, max(1, chosen.lag))
    assert model.selection_.order == chosen.order
    seconds = AugmentedCovarianceClassifier("mdm", order="ami+fnn", cv=2, sfreq=50.0).fit(pair.X, pair.y)
    assert (seconds.order_, seconds.lag_) == (model.order_, model.lag_)


@pytest.mark.skipif(find_spec("geomstats") is None, reason="needs the data of geomstats")
def test_where_embedding_does_not_pay_nothing_is_lost_beyond_noise():
    emg = forearm_emg("mg", "s1", per_session=300, margin=200)
    train, test = next(StratifiedGroupKFold(3, shuffle=True, random_state=0).split(emg.X, emg.y, emg.groups))
    X, y, groups = emg.X[train], emg.y[train], emg.groups[train]
    chosen = AugmentedCovarianceClassifier("mdm", orders=(1, 2, 4), lags=(1, 2), cv=3).fit(X, y, groups=groups)
    spatial = AugmentedCovarianceClassifier("mdm", order=1, lag=1, cv=3).fit(X, y, groups=groups)
    scores = [model.score(emg.X[test], emg.y[test]) for model in (chosen, spatial)]
    assert scores[1] > 0.6
    assert scores[0] >= scores[1] - 2 * np.sqrt(scores[1] * (1 - scores[1]) / len(test))
