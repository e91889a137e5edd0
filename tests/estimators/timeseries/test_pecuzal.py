"""PECUZAL: statistics point by point, the published embedding of the Lorenz series, noise."""

import numpy as np

from erlangen.estimators.timeseries.pecuzal import _Cost, _peaks, continuity_statistic, pecuzal


def standard(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def neighbours(path, i, window, count):
    gaps = np.linalg.norm(path - path[i], axis=1)
    gaps[max(0, i - window) : i + window + 1] = np.inf
    return np.argsort(gaps)[:count]


def test_continuity_point_by_point():
    x = standard(np.random.default_rng(0).normal(size=(2, 120)).cumsum(axis=1))
    delays, window = np.array([0, 3, 9]), 2
    found = continuity_statistic([x], [x[:1].T], delays, window)
    ranks = {8: 6, 9: 7, 10: 8, 11: 8, 12: 9, 13: 9}  # 95 % quantiles of the binomial law at 1/2
    for c in range(2):
        for k, tau in enumerate(delays):
            values = []
            for i in range(111):
                near = neighbours(x[0, :111, None], i, window, 13)
                gaps = np.abs(x[c, near + tau] - x[c, i + tau])
                values.append(min(np.sort(gaps[:m])[rank - 1] for m, rank in ranks.items()))
            assert np.isclose(found[c, k], np.mean(values), rtol=1e-12)


def test_cost_point_by_point():
    path = standard(np.random.default_rng(1).normal(size=(2, 90)).cumsum(axis=1)).T
    count, window = 80, 3
    E, spread = np.zeros(count), np.zeros(count)
    for i in range(count):
        ball = np.array([i, *neighbours(path[:count], i, window, 3)])
        pairs = [np.sum((path[a] - path[b]) ** 2) for n, a in enumerate(ball) for b in ball[n + 1 :]]
        spread[i] = 2 / 12 * np.sum(pairs)
        for horizon in (2, 3, 4):
            later = path[ball + horizon]
            E[i] += np.mean(np.sum((later - later.mean(axis=0)) ** 2, axis=1)) / 3
    expected = np.log10(np.sqrt(np.mean(E / spread)) * np.sqrt(1 / np.mean(1 / spread)))
    assert np.isclose(_Cost([path], [count], window).at(4), expected, rtol=1e-12)


def test_lorenz_series_as_published(attractors):
    s = standard(attractors.lorenz()[:1, :3000])
    found = pecuzal([s], np.arange(41), 18, threshold=0.05)
    assert found.delays == (0, 18, 9)
    assert found.decreases[0] < found.decreases[1] < -0.05


def test_several_series_and_noise():
    noise = standard(np.random.default_rng(2).normal(size=(2, 400)))
    assert len(pecuzal([noise], np.arange(12), 1, threshold=0.05).delays) == 1
    t = np.arange(600)
    x = standard(np.stack([np.sin(0.11 * t) + 0.5 * np.sin(0.043 * t), np.cos(0.11 * t)]))
    found = pecuzal([x], np.arange(20), 8, max_cycles=1)
    assert len(found.delays) == 2
    assert "1 cycles" in found.reason


def test_peaks_and_plateaus():
    assert list(_peaks(np.array([2.0, 1.0, 3.0, 3.0, 1.0, 2.0]))) == [0, 2]
    assert list(_peaks(np.array([1.0, 2.0, 3.0]))) == [2]


def test_pooled_epochs_share_one_embedding(attractors):
    s = standard(attractors.lorenz()[:1, :3000])
    halves = [s[:, :1500], s[:, 1500:]]
    delays = np.arange(21)
    both = continuity_statistic(halves, [half.T for half in halves], delays, 18)
    apart = [continuity_statistic([half], [half.T], delays, 18) for half in halves]
    assert np.allclose(both, np.mean(apart, axis=0), rtol=1e-10)
    for cost, parts in (
        (_Cost([half.T for half in halves], [1400, 1400], 18), [_Cost([half.T], [1400], 18) for half in halves]),
    ):
        weights = np.array([part._weight.sum() for part in parts])
        pooled = np.sum(weights * 10 ** (2 * np.array([part.at(5) for part in parts]))) / weights.sum()
        assert np.isclose(cost.at(5), 0.5 * np.log10(pooled), rtol=1e-10)
    assert pecuzal(halves, delays, 18, threshold=0.05).delays[:2] == (0, 18)
