"""Search and classifier under the battery for three axes, without an expected failure."""

import pytest
from joblib import parallel_config

from erlangen.estimators.search import ACMSearchCV, AugmentedCovarianceClassifier
from erlangen.testing import check_estimator_3d


@pytest.mark.parametrize(
    "estimator",
    [
        ACMSearchCV([1, 2], [1], {"kernel": ["linear"]}, cv=2),
        AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(1,), cv=2),
        AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(1,), cv=2, recentre="fitted"),
    ],
    ids=["search", "classifier", "recentred"],
)
def test_on_trials(estimator):
    with parallel_config(
        backend="threading"
    ):  # processes take seconds to start; the search has a test of its own for them
        report = check_estimator_3d(estimator, kind="series")
    assert report.passed, report.failed
