import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.estimators.scores import mmd


def test_it_is_its_definition_by_loops():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(7, 3)), rng.normal(size=(5, 3))

    def mean(X, Y, k):
        return np.mean([k(x, y) for x in X for y in Y])

    kernels = {"rbf": lambda x, y: np.exp(-((x - y) @ (x - y)) / 3), "linear": lambda x, y: x @ y}
    for name, k in kernels.items():
        assert np.isclose(mmd(A, B, name), mean(A, A, k) + mean(B, B, k) - 2 * mean(A, B, k))


def test_two_points_in_closed_form_and_equal_clouds():
    assert np.isclose(mmd([[0.0]], [[2.0]], gamma=0.25), 2 - 2 * np.exp(-1.0))
    A = np.random.default_rng(1).normal(size=(9, 2)) + 1e6
    assert mmd(A, A) == mmd(A, A, "linear") == 0.0
    assert np.isclose(mmd(A, A[::-1] + np.array([3, 4]), "linear"), 25.0)


def test_gaussian_clouds_come_near_the_closed_form():
    # E exp(-g |x - y|^2) for x - y ~ N(m, 2) on the line is exp(-g m^2 / (1 + 4 g)) / sqrt(1 + 4 g).
    rng = np.random.default_rng(2)
    A, B, g = rng.normal(size=(2000, 1)), rng.normal(size=(2000, 1)) + 1.5, 1.0
    exact = 2 * (1 - np.exp(-g * 1.5**2 / (1 + 4 * g))) / np.sqrt(1 + 4 * g)
    assert np.isclose(mmd(A, B), exact, rtol=0.1)


def test_misfits_are_refused():
    with pytest.raises(DomainError, match="one space"):
        mmd([[0.0]], [[0.0, 1.0]])
    with pytest.raises(DomainError, match="kernel"):
        mmd([[0.0]], [[0.0]], "cosine")
    with pytest.raises(DomainError, match="gamma"):
        mmd([[0.0]], [[0.0]], gamma=0.0)
