"""When coordinates are smoothed: where noise has opened shortcuts, and nowhere else."""

import numpy as np
import pytest

from erlangen.datasets import sphere, swiss_roll, tree
from erlangen.estimators.embeddings.point_graph import build_point_graph
from erlangen.estimators.embeddings.smoothing import automatic_smoothing
from erlangen.operators import Graph, knn_graph


@pytest.mark.parametrize("seed", [0, 1])
def test_clean_rolls_keep_their_points_and_noisy_ones_flow(seed):
    for noise, flows in ((0.0, False), (0.1, False), (1.5, True)):
        X = swiss_roll(600, noise=noise, dim=10, rng=seed).X
        assert (automatic_smoothing(knn_graph(X, 10)) > 0) is flows
        place = build_point_graph(X, 10, smoothing="auto")
        assert np.array_equal(place.places, X) is not flows


def test_a_tree_keeps_its_points_and_a_ball_without_structure_flows():
    assert automatic_smoothing(knn_graph(tree(5, 120, noise=0.1, rng=0).X, 10)) == 0
    assert automatic_smoothing(knn_graph(np.random.default_rng(0).normal(size=(600, 10)), 10)) > 0


def test_the_answer_is_the_same_in_every_run_and_for_every_number_of_threads():
    graph = knn_graph(sphere(400, rng=0).X, 8)
    assert len({automatic_smoothing(graph, threads=threads) for threads in (1, 2, 1)}) == 1


def test_a_graph_without_edges_is_left_alone_or_not_but_does_not_fail():
    assert automatic_smoothing(Graph(np.zeros((6, 6)))) >= 0
