"""Linking numbers against LinkInfo."""

import numpy as np
import pytest

from erlangen.topology import Link, linking_matrix, linking_number, writhe


def read(text):
    return [[int(x) for x in row.split(",")] for row in text.strip("{}").replace(" ", "").split("},{")]


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_linkinfo(links, limit):
    for row, link in links(limit):
        assert linking_matrix(link).tolist() == read(row["linking_matrix"]), row["name"]


def test_split_components_link_nothing():
    assert linking_matrix(Link.from_braid([1, 1], strands=4)).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0] * 4, [0] * 4]
    assert linking_matrix(Link.from_braid([], strands=2)).tolist() == [[0, 0], [0, 0]]


def test_a_full_twist_links_every_pair_once():
    n = 5
    full = Link.from_braid(list(range(1, n)) * n)
    assert linking_matrix(full).tolist() == (1 - np.eye(n, dtype=int)).tolist()
    assert linking_number(full) == n * (n - 1) // 2
    assert writhe(full) == n * (n - 1)
