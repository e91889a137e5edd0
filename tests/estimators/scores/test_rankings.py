import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.estimators.scores.rankings import checked_rows, neighbour_order, own_columns, ranks_of


def test_ranks_count_nearer_points_and_leave_the_own_point_out():
    rng = np.random.default_rng(0)
    D, own = rng.random((6, 9)), np.array([3, 3, 0, 8, 1, 2])
    ranks = ranks_of(neighbour_order(D, own))
    for i in range(6):
        for j in range(9):
            nearer = sum(D[i, k] <= D[i, j] for k in range(9) if k != own[i])
            assert ranks[i, j] == (0 if j == own[i] else nearer)


def test_ties_go_to_the_smaller_index_and_the_own_point_is_first_among_duplicates():
    D = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]])
    assert neighbour_order(D, np.array([1, 0])).tolist() == [[0, 2, 3], [1, 2, 3]]


def test_rows_and_sources_are_checked():
    with pytest.raises(DomainError, match=r"D\[0, 1\] = nan"):
        checked_rows([[0.0, np.nan]], "D")
    with pytest.raises(DomainError, match="sources="):
        own_columns((2, 5))
    for bad in ([0], [0, 5], [0.0, 1.0]):
        with pytest.raises(DomainError, match="sources must be 2 indices"):
            own_columns((2, 5), bad)
