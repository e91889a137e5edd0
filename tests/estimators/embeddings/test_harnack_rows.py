"""Blocks of rows give the whole, and the remark on sigma > 1 comes once."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlangen.errors import DomainWarning
from erlangen.estimators.embeddings.harnack_rows import HarnackRows
from erlangen.operators import Graph, harnack_distance, heat_kernel


def random_graph(n, density, seed, spread):
    rng = np.random.default_rng(seed)
    W = np.triu(np.exp(spread * rng.normal(size=(n, n))) * (rng.random((n, n)) < density), 1)
    return Graph(W + W.T)


def test_blocks_are_the_whole():
    H = heat_kernel(random_graph(30, 0.3, 0, 1.0), 0.7)
    blocks = HarnackRows(0.7, 0.8)
    D = np.vstack([blocks(H[i : i + 7], np.arange(i, min(30, i + 7)), H.diagonal()) for i in range(0, 30, 7)])
    assert np.array_equal(D, harnack_distance(H, 0.7, sigma=0.8))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    n=st.integers(3, 14),
    density=st.floats(0.1, 1.0),
    seed=st.integers(0, 10_000),
    spread=st.floats(0.0, 4.0),
    log_t=st.floats(-4.0, 4.0),
    method=st.sampled_from(["euler", "uniformisation"]),
)
def test_at_sigma_one_nothing_is_ever_clipped(n, density, seed, spread, log_t, method):
    """H is positive semi-definite, so that H_ij <= sqrt(H_ii H_jj) <= (H_ii + H_jj) / 2: the radicand is never negative."""
    graph = random_graph(n, density, seed, spread)
    t = 10.0**log_t / max(1.0, float(graph.degrees.max()))
    H = heat_kernel(graph, t, method=method)
    _, report = harnack_distance(H, t, sigma=1.0, report=True)
    assert report.clipped == 0
    assert report.lowest >= -1e-9


def test_above_one_it_is_told_once_with_numbers():
    H = heat_kernel(random_graph(30, 0.5, 1, 1.0), 0.5)
    rows = HarnackRows(0.5, 1.5)
    with pytest.warns(DomainWarning, match=r"sigma = 1.5 > 1: \d+ of \d+ radicands") as caught:
        D = rows(H, np.arange(30), H.diagonal())
    assert len(caught) == 1
    assert (D == 0).sum() > 30
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows(H, np.arange(30), H.diagonal())


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_estimated_volumes_are_raised_to_what_they_are_at_least(sigma):
    """The bound H_ij^2 / H_ii <= H_jj makes each distance at most the true one where it is used, and never zero."""
    H = heat_kernel(random_graph(40, 0.4, 2, 1.0), 0.3)
    volumes = H.diagonal()
    true = harnack_distance(H, 0.3, sigma=sigma)
    halved = HarnackRows(0.3, sigma, estimated=True)(H, np.arange(40), volumes / 2)
    plain = harnack_distance(H, 0.3, row_diagonal=volumes, column_diagonal=volumes / 2, sigma=sigma)
    off = ~np.eye(40, dtype=bool)
    assert (halved <= true + 1e-12).all()
    assert (halved >= plain).all()
    assert (halved > plain).any()
    assert (halved[off] > 0).all()
    assert np.array_equal(HarnackRows(0.3, sigma, estimated=True)(H, np.arange(40), volumes), true)
