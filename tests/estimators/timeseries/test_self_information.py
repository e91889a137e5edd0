"""Self mutual information: closed forms, the partition, first minima."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.estimators.timeseries.self_information import adaptive_partition, first_minimum, self_information


def test_gaussian_process_in_closed_form():
    rng = np.random.default_rng(0)
    s, a = np.zeros(40000), 0.9
    noise = rng.normal(size=len(s))
    for t in range(1, len(s)):
        s[t] = a * s[t - 1] + noise[t]
    found = self_information(s, [1, 2, 4, 200])
    exact = -0.5 * np.log2(1 - a ** (2 * np.array([1, 2, 4])))
    assert np.all(np.abs(found[:3] - exact) < 0.06 * exact[0])
    assert found[3] < 0.05


def test_joint_counts_by_hand():
    s = np.random.default_rng(1).normal(size=300)
    sizes, edges = adaptive_partition(np.sort(s[:290]))
    assert sum(sizes) == 290
    assert np.array_equal(edges, np.sort(s[:290])[np.cumsum(sizes) - 1])
    cells = np.minimum(np.searchsorted(edges, s), len(edges) - 1)
    joint = np.zeros((len(edges), len(edges)))
    for t in range(290):
        joint[cells[t], cells[t + 10]] += 1
    p, q = joint / 290, np.array(sizes) / 290
    held = p > 0
    expected = np.sum(p[held] * np.log2((p / np.outer(q, q))[held]))
    assert self_information(s, [3, 10])[1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("values", "at"), [([3, 2, 2, 1], 1), ([1, 2, 3], 0), ([3, 2, 1], 2)])
def test_first_minimum(values, at):
    assert first_minimum(np.array(values, dtype=float)) == at


def test_short_series_are_refused():
    with pytest.raises(DomainError, match="delays <= 10"):
        self_information(np.arange(20.0), [15])
