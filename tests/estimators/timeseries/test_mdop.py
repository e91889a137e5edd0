"""MDOP: the statistic pair by pair, the published choices on Rössler and Mackey–Glass, the count of cycles."""

import numpy as np

from erlangen.estimators.timeseries.derivative_statistic import derivative_statistic
from erlangen.estimators.timeseries.mdop import mdop
from erlangen.estimators.timeseries.self_information import first_minimum, self_information
from erlangen.estimators.timeseries.theiler_neighbours import nearest_in_series


def standard(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def pair_by_pair(path, s, delays, window):
    """The statistic as Nichkawde writes it, one point at a time."""
    N = len(path) - max(delays)
    logs = np.full((N, len(delays)), np.nan)
    for i in range(N):
        gaps = np.linalg.norm(path[:N] - path[i], axis=1)
        gaps[max(0, i - window) : i + window + 1] = np.inf
        j = int(np.argmin(gaps))
        for k, tau in enumerate(delays):
            ahead = abs(s[i + tau] - s[j + tau])
            if ahead > 0 and gaps[j] > 0:
                logs[i, k] = np.log10(ahead / gaps[j])
    return np.nanmean(logs, axis=0)


def test_statistic_of_every_cycle_pair_by_pair():
    x = standard(np.random.default_rng(0).normal(size=(3, 160)).cumsum(axis=1))
    delays = np.arange(0, 12, 2)
    found = mdop([x], delays, 4)
    for a in range(3):
        for b in range(3):
            assert np.allclose(found.beta[0][a, b], pair_by_pair(x[a][:, None], x[b], delays, 4), rtol=1e-12)
    path = x[found.channels[0]][:, None]
    for cycle in range(1, len(found.beta)):
        length = min(len(path), 160 - found.delays[cycle])
        path = np.column_stack(
            [path[:length], x[found.channels[cycle], found.delays[cycle] : found.delays[cycle] + length]]
        )
        for b in range(3):
            assert np.allclose(found.beta[cycle][b], pair_by_pair(path, x[b], delays, 4), rtol=1e-12)
    assert len(found.beta) >= 2


def test_zero_distances_are_left_out():
    s = np.array([[0.0, 1.0], [1.0, 1.0], [11.0, 2.0], [0.0, 5.0]])
    total, count = derivative_statistic(s, np.array([0, 1]), np.array([1, 0, 0]), np.array([1.0, 1.0, 0.0]))
    assert np.array_equal(count, [[2, 0], [2, 2]])
    assert np.allclose(total, [[0, 0], [2, 0]])


def test_roessler_as_delay_embeddings_has_it(attractors):
    r = attractors.roessler()
    lags = range(1, 101)
    window = 1 + first_minimum(self_information(r[1], lags))
    assert 1.0 <= window * 0.05 <= 1.6
    many = mdop([standard(r)], np.arange(27), window, max_cycles=10)
    assert (many.channels, many.delays) == ((2, 1, 1), (0, 0, 26))
    one = mdop([standard(r[:1])], np.arange(27), window, max_cycles=10)
    assert one.delays[:2] == (0, 26)


def test_mackey_glass_takes_five_coordinates(attractors):
    s = standard(attractors.mackey_glass()[None])
    indices, distances = nearest_in_series(s[:, :-100], 57)
    total, count = derivative_statistic(s.T.copy(), np.arange(101), indices[0], distances[0])
    assert np.argmax(total / count) >= 50
    found = mdop([s], np.arange(101), 57)
    assert len(found.delays) == 5
    assert np.abs(np.diff(found.delays)).min() >= 10
    assert found.fnn[-1] <= 0.05
    assert len(found.delays) == len(found.fnn) == len(found.beta)


def test_pooled_epochs_share_one_embedding(attractors):
    r = standard(attractors.roessler()[:, ::2])
    halves = [r[:, :2500], r[:, 2500:5000]]
    found = mdop(halves, np.arange(14), 15, max_cycles=10)
    assert found.channels[:2] == (2, 1)
    parts = [mdop([half], np.arange(14), 15).beta[0] for half in halves]
    assert np.allclose(found.beta[0], np.mean(parts, axis=0), rtol=1e-10)
