"""Oracle: the optimality condition of the mean, and generalised eigenvalues (SciPy) for distances."""

import numpy as np
import pytest
from scipy.linalg import eigvalsh

from erlangen.datasets import conditioned_spd
from erlangen.estimators.search.karcher_logarithms import karcher_frame, karcher_logarithms


@pytest.mark.parametrize("condition", [1e2, 1e8])
@pytest.mark.parametrize("scale", [1.0, 1e-24])
def test_logarithms_sum_to_zero_over_the_subset_and_their_lengths_are_distances(condition, scale):
    C = scale * conditioned_spd(30, 6, condition=condition, dispersion=2.0, rng=0).X
    subsets = [np.arange(20), np.arange(10, 30), np.arange(0, 30, 2)]
    for subset, (F, W) in zip(subsets, karcher_logarithms(C, subsets), strict=True):
        assert np.linalg.norm(F[subset].mean(0)) <= 1e-8
        M = np.linalg.inv(W.T @ W)
        M = (M + M.T) / 2
        lengths = [np.linalg.norm(np.log(eigvalsh(X, M))) for X in C]
        assert np.allclose(np.linalg.norm(F, axis=1), lengths, rtol=1e-6)


def test_the_mean_does_not_depend_on_where_the_search_starts():
    C = conditioned_spd(20, 4, condition=1e3, dispersion=1.5, rng=1).X
    cold, _ = karcher_frame(C)
    warm, _ = karcher_frame(C, np.diag([3.0, 1.0, 0.2, 5.0]))
    assert np.allclose(cold.T @ cold, warm.T @ warm, rtol=1e-6)


def test_the_mean_of_commuting_matrices_is_the_geometric_one():
    values = np.exp(np.random.default_rng(0).normal(size=(9, 3)))
    W, F = karcher_frame(values[:, :, None] * np.eye(3))
    assert np.allclose(1 / (W.T @ W).diagonal(), np.exp(np.log(values).mean(0)), rtol=1e-7)
    assert F.shape == (9, 6)
