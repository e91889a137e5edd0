import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.estimators.scores import interpolation_scores, mccann_interpolation, mmd, wasserstein
from erlangen.estimators.scores.clustering import standardise
from erlangen.random import spawn


def moving(bins=4, each=25, seed=0):
    rng = np.random.default_rng(seed)
    times = np.repeat(np.arange(bins), each)
    return rng.normal(size=(bins * each, 2)) * 0.1 + np.c_[times, 0 * times], times


def test_the_protocol_step_by_step():
    Z, times = moving()
    points = standardise(Z)
    children = spawn(5, 2)
    scores = interpolation_scores(Z, times, rng=5)
    assert [s.time for s in scores] == [1.0, 2.0]
    for b, s in enumerate(scores, start=1):
        guess = mccann_interpolation(points[times == b - 1], points[times == b + 1], rng=children[b - 1])
        truth = points[times == b]
        assert s.w1 == wasserstein(guess, truth)
        assert np.isclose(s.squared_cost, wasserstein(guess, truth, 2.0) ** 2)
        assert s.mmd_rbf == mmd(guess, truth)
        assert s.mmd_linear == mmd(guess, truth, "linear")


def test_a_straight_course_is_interpolated_better_than_a_bent_one():
    Z, times = moving(3, 40)
    bent = Z.copy()
    bent[times == 1, 1] += 3.0
    straight, curved = interpolation_scores(Z, times)[0], interpolation_scores(bent, times)[0]
    assert all(a < b for a, b in zip(straight[1:], curved[1:], strict=True))
    assert straight.w1**2 <= straight.squared_cost


def test_order_scale_and_repeats():
    Z, times = moving()
    one = interpolation_scores(Z, times)
    assert one == interpolation_scores(Z, times)
    assert np.allclose(one, interpolation_scores(1e14 * Z, times))
    assert [s.time for s in interpolation_scores(Z, -0.5 * times)] == [-1.0, -0.5]


def test_misfits_are_refused():
    Z, times = moving()
    with pytest.raises(DomainError, match="an inner time needs 3"):
        interpolation_scores(Z, times // 2)
    with pytest.raises(DomainError, match="times must be 100 numbers"):
        interpolation_scores(Z, times[1:])
    with pytest.raises(DomainError, match="not finite"):
        interpolation_scores(Z, np.where(times == 0, np.nan, times))
