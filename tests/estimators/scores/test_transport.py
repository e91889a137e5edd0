from itertools import permutations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.estimators.scores import mccann_interpolation, sinkhorn, wasserstein
from erlangen.estimators.scores import transport as module
from erlangen.estimators.scores.transport import transport_cost


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_on_the_line_sorting_is_optimal(p, scale):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=60), rng.normal(size=60) + 1
    exact = np.mean(np.abs(np.sort(a) - np.sort(b)) ** p) ** (1 / p)
    assert np.isclose(wasserstein(scale * a[:, None], scale * b[:, None], p), scale * exact, rtol=1e-12, atol=0)


@pytest.mark.parametrize("sizes", [(7, 5), (30, 20), (1, 9)])
def test_unequal_sizes_by_copies_and_by_the_linear_program(sizes, monkeypatch):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=sizes[0]), rng.normal(size=sizes[1])
    exact = wasserstein_distance(a, b)
    assert np.isclose(wasserstein(a[:, None], b[:, None]), exact, rtol=1e-12)
    monkeypatch.setattr(module, "_COPIES", 0)
    assert np.isclose(wasserstein(a[:, None], b[:, None]), exact, rtol=1e-7)
    cost = cdist(rng.normal(size=(sizes[0], 3)), rng.normal(size=(sizes[1], 3)), "sqeuclidean")
    by_program = transport_cost(cost)
    monkeypatch.setattr(module, "_COPIES", 2000)
    assert np.isclose(by_program, transport_cost(cost), rtol=1e-7)


def test_the_best_of_all_permutations():
    rng = np.random.default_rng(2)
    A, B = rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    C = cdist(A, B)
    best = min(np.mean([C[i, s[i]] for i in range(6)]) for s in permutations(range(6)))
    assert np.isclose(wasserstein(A, B), best)


def test_translations_cost_their_length_and_the_distance_is_a_metric():
    rng = np.random.default_rng(3)
    A, B, C = rng.normal(size=(3, 40, 2))
    shift = np.array([3.0, 4.0])
    assert np.isclose(wasserstein(A, A + shift, 2.0), 5.0)
    assert np.isclose(wasserstein(A, B, 2.0), wasserstein(B, A, 2.0))
    assert wasserstein(A, A) == 0.0
    assert wasserstein(A, C, 2.0) <= wasserstein(A, B, 2.0) + wasserstein(B, C, 2.0)
    assert wasserstein(A, B, 1.0) <= wasserstein(A, B, 2.0)


def test_gaussian_quantiles_come_near_the_closed_form():
    # W_2 of N(0, 1) and N(m, s^2) on the line is sqrt(m^2 + (s - 1)^2).
    from scipy.stats import norm

    q = norm.ppf((np.arange(400) + 0.5) / 400)[:, None]
    assert np.isclose(wasserstein(q, 2 + 3 * q, 2.0), np.sqrt(4 + 4), rtol=5e-3)


def test_the_entropic_plan_of_two_points_in_closed_form():
    # Costs 0 and 1: by symmetry P = [[u, v], [v, u]] / 2 with v / u = exp(-1 / eps), u + v = 1.
    for reg in (0.05, 0.5, 5.0):
        v = 1 / (1 + np.exp(1 / reg))
        result = sinkhorn([[0.0], [1.0]], [[0.0], [1.0]], reg, tol=1e-12)
        assert np.allclose(result.plan, [[(1 - v) / 2, v / 2], [v / 2, (1 - v) / 2]])
        assert np.isclose(result.cost, v)
        assert result.converged


def test_margins_are_certified_and_the_cost_falls_to_the_exact_one():
    rng = np.random.default_rng(4)
    A, B = rng.normal(size=(30, 2)), rng.normal(size=(20, 2)) + 1
    exact = wasserstein(A, B, 2.0) ** 2
    costs = []
    for reg in (1.0, 0.1, 0.01):
        result = sinkhorn(A, B, reg, max_iter=20000, tol=1e-8)
        margins = np.abs(result.plan.sum(1) - 1 / 30).sum() + np.abs(result.plan.sum(0) - 1 / 20).sum()
        assert np.isclose(result.residual, margins)
        assert result.converged
        costs.append(result.cost)
    assert costs[0] > costs[1] > costs[2] >= exact - 1e-7
    assert np.isclose(costs[2], exact, rtol=0.05)


def test_strong_entropy_is_independence_and_coincident_clouds_cost_nothing():
    A, B = np.random.default_rng(5).normal(size=(2, 8, 2))
    assert np.allclose(sinkhorn(A, B, 1e6).plan, 1 / 64, rtol=1e-5)
    assert sinkhorn(A * 0, B * 0).cost == 0.0


def test_an_early_stop_is_told_with_its_residual():
    A, B = np.random.default_rng(6).normal(size=(2, 30, 2))
    with pytest.warns(ConvergenceWarning, match="margins are off by"):
        assert not sinkhorn(A, B, 0.001, max_iter=3).converged


def test_displacement_ends_at_both_clouds_and_moves_the_mean_evenly():
    rng = np.random.default_rng(7)
    A, B = rng.normal(size=(40, 2)), rng.normal(size=(20, 2)) + np.array([6, 0])
    assert mccann_interpolation(A, B).shape == (30, 2)
    assert {tuple(x) for x in mccann_interpolation(A, B, 0.0)} <= {tuple(x) for x in A}
    assert {tuple(x) for x in mccann_interpolation(A, B, 1.0)} <= {tuple(x) for x in B}
    middle = mccann_interpolation(A, B, 0.25, 20000, rng=1)
    assert np.allclose(middle.mean(axis=0), 0.75 * A.mean(axis=0) + 0.25 * B.mean(axis=0), atol=0.05)
    assert np.array_equal(mccann_interpolation(A, B, rng=2), mccann_interpolation(A, B, rng=2))


def test_misfits_are_refused():
    A = np.zeros((3, 2))
    with pytest.raises(DomainError, match="one space"):
        wasserstein(A, A[:, :1])
    for call in (lambda: wasserstein(A, A, 0.5), lambda: sinkhorn(A, A, 0.0), lambda: mccann_interpolation(A, A, 1.5)):
        with pytest.raises(DomainError):
            call()
