"""García and Almeida: the statistic point by point, the rule of the first minimum, the Lorenz system, lazy search."""

import numpy as np
import pytest

from erlangen.estimators.timeseries.cycles import append_series
from erlangen.estimators.timeseries.garcia_almeida import first_local_minimum, garcia_almeida, stretched_share


def standard(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def test_statistic_point_by_point():
    path = standard(np.random.default_rng(3).normal(size=(2, 150)).cumsum(axis=1)).T
    for window, horizon, ratio in ((0, 1, 3.0), (4, 5, 10.0)):
        count, stretched = 150 - horizon, 0
        for i in range(count):
            gaps = np.linalg.norm(path[:count] - path[i], axis=1)
            gaps[max(0, i - window) : i + window + 1] = np.inf
            j = int(np.argmin(gaps))
            stretched += np.linalg.norm(path[i + horizon] - path[j + horizon]) / gaps[j] > ratio
        assert stretched_share(path, window, horizon, ratio) == (stretched, count)
        assert 0 < stretched < count


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ([3.0, 2.0, 1.0, 1.5, 0.5, 2.0], 2),
        ([3.0, 1.0, 1.0, 2.0], 1),
        ([3.0, 1.0, 1.0, 0.5, 2.0], 3),
        ([1.0, 2.0, 1.5, 3.0], 2),
        ([1.0, 2.0, 3.0], 0),
        ([3.0, 2.0, 1.0], 2),
    ],
)
def test_first_minimum(values, at):
    assert first_local_minimum(np.array(values)) == at


def test_no_more_delays_are_looked_at_than_decide():
    x = standard(np.random.default_rng(5).normal(size=(3, 400)).cumsum(axis=1))
    delays = np.arange(25)
    found = garcia_almeida([x], delays, 6, horizon=4, max_cycles=2)
    whole = np.array(
        [
            [[np.divide(*stretched_share(append_series(a[:, None], b, int(d)), 6, 4)) for d in delays] for b in x]
            for a in x
        ]
    )
    seen = found.stretched[0]
    assert seen.shape[2] < len(delays)
    assert np.allclose(seen, whole[:, :, : seen.shape[2]], rtol=1e-12)
    inside = (whole[:, :, 1:-1] < whole[:, :, :-2]) & (whole[:, :, 1:-1] < whole[:, :, 2:])
    first = np.where(inside.any(axis=2), inside.argmax(axis=2) + 1, 99)
    start, added = np.unravel_index(int(np.argmin(first)), (3, 3))
    assert (found.channels[0], found.delays[0]) == (start, 0)
    if len(found.delays) > 1:
        assert (found.channels[1], found.delays[1]) == (added, first.min())


def test_lorenz_as_delay_embeddings_has_it(attractors):
    x = standard(attractors.lorenz()[:1, :3000])
    far = garcia_almeida([x], np.arange(51), 17, horizon=17, max_cycles=2)
    assert 13 <= far.delays[1] <= 18
    assert far.fnn[0] >= far.fnn[1]
    near = garcia_almeida([x], np.arange(51), 1, max_cycles=2)
    assert 1 <= near.delays[1] <= 3


def test_coinciding_points_have_no_ratio():
    x = np.tile(np.array([0.0, 1.0, 3.0, 2.0]), 20)
    assert stretched_share(x[:, None], 0) == (0, 0)
    found = garcia_almeida([standard(x[None])], np.arange(5), 1, max_cycles=1)
    assert all(np.isfinite(share).all() for share in found.stretched)
