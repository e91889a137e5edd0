"""All estimators on matrices under the battery for three axes, without an expected failure; pipelines and containers."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from erlangen.estimators.covariances import MDM, Covariances, FgMDM, TangentSpace
from erlangen.testing import check_estimator_3d

NAMES = ["riemann", "logeuclid", "logchol", "wasserstein", "euclid"]
ON_MATRICES = [
    *(MDM(name) for name in [*NAMES, "kullback_sym"]),
    MDM({"mean": "logeuclid", "distance": "riemann"}),
    *(TangentSpace(name) for name in NAMES),
    FgMDM(),
    FgMDM("wasserstein"),
]


@pytest.mark.parametrize("estimator", ON_MATRICES, ids=repr)
def test_on_matrices(estimator):
    report = check_estimator_3d(estimator, kind="spd")
    assert report.passed, report.failed


@pytest.mark.parametrize("name", ["cov", "scm", "oas", "lwf"])
def test_on_trials(name):
    report = check_estimator_3d(Covariances(name), kind="series")
    assert report.passed, report.failed


def test_a_pipeline_with_a_frame_at_its_end_and_a_search():
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    y = np.arange(30) % 2
    X = rng.standard_normal((30, 3, 40)) * np.where(y, 3.0, 1.0)[:, None, None]
    head = make_pipeline(Covariances(), TangentSpace()).set_output(transform="pandas")
    frame = head.fit_transform(X)
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == [f"tangentspace{j}" for j in range(6)]
    whole = make_pipeline(Covariances(), TangentSpace(), LogisticRegression())
    grid = {"covariances__estimator": ["oas", "cov"], "tangentspace__metric": ["riemann", "logeuclid"]}
    search = GridSearchCV(whole, grid, cv=3, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.9
