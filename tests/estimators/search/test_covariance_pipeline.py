"""Pipelines of covariances by name: the same as those put together by hand."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from erlangen.errors import DomainError
from erlangen.estimators import MDM, DomainRecentre, FgMDM, TangentSpace
from erlangen.estimators.search.covariance_pipeline import (
    CLASSIFIERS,
    RememberingScorer,
    covariance_pipeline,
    recentred_predictions,
)

RNG = np.random.default_rng(0)
Y = np.arange(40) % 2
S = RNG.normal(size=(40, 3, 60)) * np.where(Y[:, None], [1.6, 1.0, 1.0], [1.0, 1.0, 1.0])[..., None]
C = S @ S.transpose(0, 2, 1) / 60
BY_HAND = {
    "mdm": lambda: MDM("logeuclid"),
    "fgmdm": lambda: FgMDM("logeuclid"),
    "ts-svm": lambda: make_pipeline(TangentSpace("logeuclid"), SVC(kernel="linear")),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_equal_to_the_steps_by_hand(name):
    found = covariance_pipeline(name, "logeuclid").fit(C[:20], Y[:20]).predict(C[20:])
    assert np.array_equal(found, BY_HAND[name]().fit(C[:20], Y[:20]).predict(C[20:]))


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_name_learns(name):
    assert covariance_pipeline(name).fit(C[:20], Y[:20]).score(C[20:], Y[20:]) > 0.8


def test_an_unknown_name():
    with pytest.raises(DomainError, match="classifier must be one of"):
        covariance_pipeline("csp")


def test_recentred_predictions_are_those_of_each_domain_centred_by_itself():
    known = (C[:20], Y[:20], np.zeros(20))
    model = covariance_pipeline("mdm", recentre="transductive")
    centred = [DomainRecentre().fit_transform(part) for part in (C[:20], C[20:])]
    expected = MDM().fit(centred[0], Y[:20]).predict(centred[1])
    assert np.array_equal(recentred_predictions(model, known, C[20:]), expected)
    assert np.array_equal(recentred_predictions(model, known, 1e6 * C[20:]), expected), "an unknown gain is taken out"


def test_a_scorer_remembers():
    scorer = RememberingScorer("roc_auc", ("covmeans_", "absent"))
    model = MDM().fit(C[:20], Y[:20])
    score = scorer(model, C[20:], Y[20:])
    assert score == pytest.approx(roc_auc_score(Y[20:], model.predict_proba(C[20:])[:, 1]))
    assert np.array_equal(scorer.kept[0]["covmeans_"], model.covmeans_)
    assert scorer.kept[0]["absent"] is None
