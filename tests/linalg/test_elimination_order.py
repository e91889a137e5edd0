"""Oracle: a symbolic elimination on sets of neighbours."""

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen import native
from erlangen.errors import DomainError
from erlangen.linalg import elimination_order, factor_estimate

BACKENDS = ["python", *(["native"] if native.available() else [])]


def random_graph(n, density, seed):
    W = sp.random_array((n, n), density=density, rng=np.random.default_rng(seed))
    W = sp.coo_array(W + W.T)
    apart = W.row != W.col
    return sp.csr_array((W.data[apart], (W.row[apart], W.col[apart])), shape=(n, n))


def grid(k):
    line = sp.diags_array([np.ones(k - 1)] * 2, offsets=[-1, 1])
    return sp.csr_array(sp.kron(line, sp.eye_array(k)) + sp.kron(sp.eye_array(k), line))


def eliminate(W, order):
    """Entries of each column: the neighbours a vertex has left when its turn comes, which become a clique."""
    W = sp.csr_array(W)
    left = [set(W.indices[W.indptr[i] : W.indptr[i + 1]].tolist()) - {i} for i in range(W.shape[0])]
    counts = []
    for vertex in order:
        neighbours = left[vertex]
        counts.append(len(neighbours))
        for other in neighbours:
            left[other] |= neighbours
            left[other] -= {vertex, other}
    return np.array(counts)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("W", [random_graph(90, 0.03, 0), random_graph(80, 0.2, 1), grid(12), random_graph(70, 0.0, 2)])
@pytest.mark.parametrize("ordering", ["natural", "nested-dissection", "random"])
def test_the_prediction_is_the_fill_of_a_symbolic_elimination(backend, W, ordering):
    given = np.random.default_rng(3).permutation(W.shape[0]) if ordering == "random" else ordering
    order = elimination_order(W, given)
    counts = eliminate(W, order)
    estimate = factor_estimate(W, order=order, backend=backend)
    assert estimate.entries == counts.sum()
    assert estimate.flops == (counts * (counts + 2.0)).sum()


@pytest.mark.parametrize("W", [random_graph(300, 0.01, 0), grid(20), sp.csr_array((100, 100)), sp.csr_array((0, 0))])
@pytest.mark.parametrize("ordering", ["natural", "nested-dissection"])
def test_an_order_holds_every_vertex_once(W, ordering):
    order = elimination_order(W, ordering)
    assert order.dtype == np.int32
    assert np.array_equal(np.sort(order), np.arange(W.shape[0]))


def test_a_tree_is_eliminated_from_its_leaves_without_fill():
    path = sp.csr_array(sp.diags_array([np.ones(199)] * 2, offsets=[-1, 1]))
    assert factor_estimate(path, order=np.arange(200, dtype=np.int32)).entries == 199
    star = sp.lil_array((100, 100))
    star[0, 1:] = star[1:, 0] = 1.0
    leaves_first = np.r_[1:100, 0].astype(np.int32)
    assert factor_estimate(star, order=leaves_first).entries == 99
    assert factor_estimate(star, order=np.arange(100, dtype=np.int32)).entries == 99 * 100 // 2


def test_nested_dissection_fills_a_grid_by_n_log_n_and_not_by_n_to_three_halves():
    fills = [factor_estimate(grid(k)).entries for k in (16, 64)]
    assert fills[1] < 31 * 64**2 * np.log2(64**2) / 4
    assert fills[1] / fills[0] < 35  # n^(3/2) would give 64
    assert factor_estimate(grid(64), order=elimination_order(grid(64), "natural")).entries > 3 * fills[1]


def test_form_and_diagonal_do_not_matter():
    W = random_graph(200, 0.02, 5)
    expected = elimination_order(W)
    for form in (W.tocoo(), W.tocsc(), W + sp.eye_array(200)):
        assert np.array_equal(np.sort(elimination_order(form)), np.sort(expected))
    assert np.array_equal(elimination_order(W + sp.eye_array(200)), expected)


@pytest.mark.parametrize("order", [[0, 0, 1], [0, 1], [1, 2, 3], [[0, 1, 2]]])
def test_what_is_no_permutation_is_refused(order):
    with pytest.raises(DomainError, match=r"ordering must be a permutation of 0..2.*\(every vertex stands in it once"):
        elimination_order(sp.csr_array((3, 3)), np.array(order))
    with pytest.raises(DomainError, match="ordering must be one of"):
        elimination_order(sp.csr_array((3, 3)), "amd")
