"""Sessions as a search reads them, and when it asks for them."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.evaluation.routed import asks_for_domains
from erlangen.estimators.search import ACMSearchCV, AugmentedCovarianceClassifier
from erlangen.estimators.search.domains import read_domains


def test_labels_become_numbers():
    assert read_domains(["b", "a", "b"], 3, "running").tolist() == [1, 0, 1]
    assert read_domains(None, 3, "fitted").tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("domains", "mode", "error", "match"),
    [
        ([0, 1], None, DomainError, "recentre is None"),
        ([0], "fitted", ShapeError, r"shape \(2,\).*got \(1,\)"),
        (np.zeros((2, 1)), "fitted", ShapeError, "one label a trial"),
        (None, "whitened", DomainError, "recentre must be one of"),
    ],
)
def test_refusals(domains, mode, error, match):
    with pytest.raises(error, match=match):
        read_domains(domains, 2, mode)


@pytest.mark.parametrize("kind", [ACMSearchCV, AugmentedCovarianceClassifier])
def test_sessions_are_asked_for_where_they_are_recentred(kind):
    for method in ("fit", "predict", "decision_function"):
        assert asks_for_domains(kind(recentre="fitted"), method)
        assert not asks_for_domains(kind(), method)
