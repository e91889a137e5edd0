"""Oracle: scikit-learn's machines on the features themselves."""

import numpy as np
import pytest
from sklearn.svm import SVC

from erlangen.errors import DomainError
from erlangen.estimators.search.precomputed_svc import KernelBlock, predicted

SETTINGS = [
    {"kernel": "linear", "C": 0.5},
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": "auto", "C": 10.0},
    {"kernel": "rbf", "gamma": 0.3, "class_weight": "balanced"},
    {"kernel": "poly", "degree": 2, "coef0": 0.7},
    {"kernel": "sigmoid", "coef0": -0.2},
]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("classes", [2, 4])
def test_decisions_are_those_on_the_features(setting, classes):
    rng = np.random.default_rng(0)
    y = np.array(list("abcd"))[np.arange(80) % classes]
    F = rng.normal(size=(80, 5)) + 0.8 * (np.arange(80) % classes)[:, None]
    train, test = np.arange(0, 80, 2) + (np.arange(40) // 2) % 2, None
    test = np.setdiff1d(np.arange(80), train)
    block = KernelBlock(F @ F.T, train, 5, float(F[train].var()))
    model, kernel = block.fit(setting, y[train])
    theirs = SVC(**setting).fit(F[train], y[train])
    assert np.allclose(model.decision_function(kernel[test]), theirs.decision_function(F[test]), atol=1e-7)
    assert np.array_equal(predicted(model, kernel[test]), theirs.predict(F[test]))


def test_a_kernel_that_is_no_function_of_dot_products_is_refused():
    with pytest.raises(DomainError, match="no function of dot products"):
        KernelBlock(np.eye(2), np.arange(2), 2, 1.0).fit({"kernel": "precomputed"}, np.array([0, 1]))
