"""Heat by the compiled kernels and by their Python twins is the same heat."""

import numpy as np
import pytest

from erlangen import native
from erlangen.operators import (
    HeatOperator,
    heat_kernel,
    knn_graph,
    random_walk_kernel,
    resistance_distance,
    varadhan_distance,
)


@pytest.mark.parametrize("method", ["euler", "uniformisation", "squaring", "chebyshev", "krylov"])
def test_methods(cloud_graph, monkeypatch, method):
    B = np.random.default_rng(0).uniform(size=(90, 3))
    kernels = heat_kernel(cloud_graph, 0.3, method=method), HeatOperator(cloud_graph, 0.3, method=method) @ B
    monkeypatch.setattr(native, "available", lambda: False)
    twins = heat_kernel(cloud_graph, 0.3, method=method), HeatOperator(cloud_graph, 0.3, method=method) @ B
    for a, b in zip(kernels, twins, strict=True):
        assert np.allclose(
            a, b, **({"atol": 1e-12} if method in ("chebyshev", "krylov") else {"rtol": 1e-12, "atol": 0})
        )


def test_far_entries_by_the_twin(cycle, monkeypatch):
    graph = cycle(300)
    row = heat_kernel(graph, 0.01, sources=[0], method="euler")
    monkeypatch.setattr(native, "available", lambda: False)
    twin = heat_kernel(graph, 0.01, sources=[0], method="euler")
    far = row > 1e-290
    assert row[far].min() < 1e-280
    assert np.allclose(twin[far], row[far], rtol=1e-11, atol=0)


def test_walks_and_currents(cloud_graph, monkeypatch):
    walk, currents = random_walk_kernel(cloud_graph, 3, sources=[1]), resistance_distance(cloud_graph)
    monkeypatch.setattr(native, "available", lambda: False)
    assert np.allclose(random_walk_kernel(cloud_graph, 3, sources=[1]), walk, rtol=1e-12, atol=0)
    assert np.allclose(resistance_distance(cloud_graph), currents, rtol=1e-9)


def test_duplicated_points_lie_together():
    """At a short time copies of a point are nearer to one another than to any other point, without NaN."""
    X = np.repeat(np.random.default_rng(0).normal(size=(20, 2)), 3, axis=0)
    D = varadhan_distance(heat_kernel(knn_graph(X, 8, kernel="gaussian"), 1e-3), 1e-3)
    assert np.isfinite(D[:, :3]).any()
    assert not np.isnan(D).any()
    same = np.repeat(np.arange(20), 3)
    own = (same[:, None] == same) & ~np.eye(60, dtype=bool)
    nearest = np.where(np.eye(60, dtype=bool), np.inf, D).argmin(axis=1)
    assert np.all(own[np.arange(60), nearest])
