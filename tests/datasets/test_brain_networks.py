"""Oracle: the published facts: 86 persons, 40 of them patients, and all matrices positive definite only in the right order."""

from importlib.util import find_spec

import numpy as np
import pytest

from erlangen.datasets import connectomes

pytestmark = pytest.mark.skipif(find_spec("geomstats") is None, reason="needs the data of geomstats")


def test_correlations_are_positive_definite():
    sample = connectomes()
    values = np.linalg.eigvalsh(sample.X)
    assert sample.X.shape == (86, 28, 28)
    assert np.array_equal(sample.X, sample.X.swapaxes(1, 2))
    assert np.array_equal(np.diagonal(sample.X, axis1=1, axis2=2), np.ones((86, 28)))
    assert values.min() > 2e-3
    assert np.median(values[:, -1] / values[:, 0]) == pytest.approx(679, abs=1)
    assert np.bincount(sample.y).tolist() == [46, 40]


def test_by_columns_none_would_be():
    upper = connectomes().X[:, *np.triu_indices(28, 1)]
    wrong = np.tile(np.eye(28), (86, 1, 1))
    rows, columns = np.tril_indices(28, -1)
    wrong[:, rows, columns] = wrong[:, columns, rows] = upper
    assert np.linalg.eigvalsh(wrong)[:, 0].max() < 0
