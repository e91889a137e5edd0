"""Oracles: what the counts of operations say in clear cases."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.operators import Graph
from erlangen.operators.heat import choice
from erlangen.operators.heat.choice import check_sources, heat_method


def test_one_row_is_summed_all_pairs_of_a_long_time_are_squared(cloud_graph):
    assert heat_method(cloud_graph, 5.0, sources=1).name == "uniformisation"
    assert heat_method(cloud_graph, 5.0).name == "squaring"


def test_no_dense_matrix_of_many_vertices(cycle, monkeypatch, cloud_graph):
    assert heat_method(cycle(9000), 5.0).name == "uniformisation"
    monkeypatch.setattr(choice, "available_memory", lambda: 100_000)
    assert heat_method(cloud_graph, 5.0).name == "uniformisation"


def test_a_graph_without_edges():
    assert heat_method(Graph(np.zeros((3, 3))), 1.0).name == "uniformisation"


@pytest.mark.parametrize("name", sorted(set(choice.METHODS) - {"auto", "lowrank"}))
def test_names(small, name):
    assert heat_method(small, 1.0, method=name).name == name
    assert heat_method(small, 1.0, method="lowrank", rank=2).name == "lowrank"


def test_sources():
    assert check_sources(None, 3).tolist() == [0, 1, 2]
    assert check_sources(2, 3).tolist() == [2]
    assert check_sources(np.array([1, 1], dtype=np.uint8), 3).dtype == np.int64
    assert check_sources([], 3).shape == (0,)
    for bad in ([3], [-1], [[0]], [0.0], ["a"]):
        with pytest.raises(DomainError, match="sources"):
            check_sources(bad, 3)
