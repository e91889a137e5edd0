"""Cycles of an embedding that grows: shares of false neighbours, the reasons to end."""

import numpy as np
import pytest

from erlangen.estimators.timeseries.cycles import append_series, false_neighbour_share, reason_to_stop


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [([0.1, 0.4, 0.9], [0.3, 0.4, 9.0], 0.5), ([0.1], [0.1], 1.0), ([0.0, 0.1], [1.0, 0.1], 0.5)],
)
def test_share_of_false_neighbours(old, new, share):
    assert false_neighbour_share(np.array(old), np.array(new)) == share


def test_columns_are_cut_to_what_all_have():
    path = np.arange(8.0).reshape(4, 2)
    longer = append_series(path, np.arange(10.0, 16.0), 1)
    assert longer.tolist() == [[0, 1, 11], [2, 3, 12], [4, 5, 13], [6, 7, 14]]
    assert append_series(path, np.arange(4.0), 2).tolist() == [[0, 1, 2], [2, 3, 3]]


@pytest.mark.parametrize(
    ("shares", "left", "reason"),
    [
        ([0.9, 0.04], 90, "false neighbours 0.040 <= 0.05"),
        ([0.3, 0.4], 90, "false neighbours rose from 0.300 to 0.400"),
        ([0.9, 0.8, 0.7], 90, "3 cycles without an end"),
        ([0.9, 0.8], 1, "too few points"),
    ],
)
def test_reasons_to_end(shares, left, reason):
    assert reason_to_stop(shares, 0.05, 3, left).startswith(reason)
    assert reason_to_stop([0.9, 0.8], 0.05, 3, 90) == ""
