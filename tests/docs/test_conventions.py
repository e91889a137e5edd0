"""The page of conventions, line by line: each line is pinned by a test of this file, and none is left over."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp
import torch

from erlangen import linalg, operators
from erlangen.bench.measure import _ratio
from erlangen.estimators import mds
from erlangen.papers import Claim, Verdict
from erlangen.papers.judgement import _compare
from erlangen.random import as_generator

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTIONS = ("Arrays", "Graphs and Laplacians", "Heat distances", "Verdicts and ratios")
ELSEWHERE = (
    "Positive definite matrices",
    "Layers and optimisers",
    "Signals and delay embeddings",
    "Evaluation",
    "Links and their invariants",
    "Rotations and harmonics",
    "Complexes and Khovanov homology",
    "Diagrams, codes and names",
    "Symmetries and charges",
)
PINNED = {}


def pins(*starts):
    def mark(test):
        PINNED.update(dict.fromkeys(starts, test.__name__))
        return test

    return mark


@pytest.fixture
def triangle():
    """Three vertices with unequal weights."""
    return operators.Graph([[0, 1, 2], [1, 0, 4], [2, 4, 0]])


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_the_page_is_pinned():
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    titles = parts[::2]
    assert sorted(titles) == sorted(SECTIONS + ELSEWHERE)
    text = "\n".join(body for title, body in zip(titles, parts[1::2], strict=True) if title in SECTIONS)
    lines = re.findall(r"^- (.+)$", text, re.MULTILINE)
    assert len(lines) > 10
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []
    assert [start for start in PINNED if not any(line.startswith(start) for line in lines)] == []


@pins("Batches come first")
def test_batches_come_first_and_kernels_have_a_row_per_source(triangle):
    A = np.stack([np.eye(3), 2 * np.eye(3)])
    assert np.allclose(linalg.expm(A), np.exp([1, 2])[:, None, None] * np.eye(3))
    assert operators.knn_graph(np.random.default_rng(0).normal(size=(12, 2)), 3).n == 12
    assert operators.heat_kernel(triangle, 1.0, sources=[2, 0]).shape == (2, 3)


@pins("NumPy in gives NumPy out")
def test_the_kind_and_the_dtype_follow_the_input():
    assert isinstance(linalg.expm(np.eye(2)), np.ndarray)
    assert linalg.expm(np.eye(2, dtype=np.float32)).dtype == np.float32
    assert linalg.expm(np.eye(2, dtype=np.int64)).dtype == np.float64
    A = torch.eye(2, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(linalg.expm(A).trace(), A)
    assert torch.allclose(gradient, np.e * torch.eye(2, dtype=torch.float64))


@pins("Randomness enters only by")
def test_randomness_enters_only_by_an_argument():
    before = repr(np.random.get_state())  # noqa: NPY002
    assert as_generator(3).normal() == as_generator(3).normal()
    operators.knn_graph(np.random.default_rng(0).normal(size=(20, 2)), 4)
    assert repr(np.random.get_state()) == before  # noqa: NPY002


@pins("A graph is a symmetric non-negative weight matrix")
def test_a_graph_is_symmetric_and_without_loops(triangle):
    assert np.array_equal(triangle.degrees, [3, 5, 6])
    for wrong in ([[0, 1], [2, 0]], [[0, -1], [-1, 0]], [[1, 1], [1, 0]]):
        with pytest.raises(ValueError, match="weights"):
            operators.Graph(wrong)


@pins("Combinatorial: ")
def test_the_four_laplacians(triangle):
    W, d = triangle.weights.toarray(), np.array([3.0, 5.0, 6.0])
    root = np.diag(d**-0.5)
    assert np.allclose(triangle.laplacian("combinatorial").toarray(), np.diag(d) - W)
    assert np.allclose(triangle.laplacian("symmetric").toarray(), np.eye(3) - root @ W @ root)
    assert np.allclose(triangle.laplacian("random-walk").toarray(), np.eye(3) - np.diag(1 / d) @ W)
    m = np.array([1.0, 4.0, 9.0])
    scale = np.diag(m**-0.5)
    heavy = operators.Graph(W, mass=m)
    assert np.allclose(heavy.laplacian("mass").toarray(), scale @ (np.diag(d) - W) @ scale)


@pins("Every Laplacian is positive semi-definite")
@pytest.mark.parametrize("kind", ["combinatorial", "symmetric"])
def test_heat_is_the_exponential_of_minus_the_laplacian(triangle, kind):
    L = triangle.laplacian(kind).toarray()
    assert np.linalg.eigvalsh(L)[0] > -1e-12
    assert np.allclose(operators.heat_kernel(triangle, 0.3, laplacian=kind), scipy.linalg.expm(-0.3 * L), atol=1e-9)


@pins("The units of $t$ differ")
def test_the_units_of_time_differ_by_the_degree():
    ring = sp.csr_array(sp.diags_array([np.ones(9)] * 2 + [np.ones(1)] * 2, offsets=[-1, 1, 9, -9]))  # each degree is 2
    one = operators.heat_kernel(operators.Graph(ring), 0.7, laplacian="combinatorial")
    two = operators.heat_kernel(operators.Graph(ring), 1.4, laplacian="symmetric")
    assert np.allclose(one, two, atol=1e-9)


@pins("A $k$-nearest-neighbour graph does not count")
def test_no_point_is_its_own_neighbour():
    found = operators.nearest_neighbours(np.random.default_rng(1).normal(size=(30, 3)), 5)
    (indices,) = (item for item in found if item.dtype.kind == "i")
    assert indices.shape == (30, 5)
    assert not (indices == np.arange(30)[:, None]).any()
    X = np.array([[0.0], [1.0], [1.5], [10.0]])
    edges = {
        how: operators.knn_graph(X, 1, kernel="connectivity", symmetrisation=how) for how in ("mean", "max", "union")
    }
    assert edges["max"].weights[2, 3] == 1.0
    assert edges["mean"].weights[2, 3] == 0.5


@pins("$d_t(i,j)^2")
def test_the_sign_and_the_two_ends_of_sigma(triangle):
    t = 0.2
    H = operators.heat_kernel(triangle, t)
    off = ~np.eye(3, dtype=bool)
    mean = (np.diag(H)[:, None] + np.diag(H)) / 2
    for sigma in (0.0, 0.5, 1.0):
        square = -4 * t * np.log(H) + 4 * t * sigma * np.log(mean)
        assert np.allclose(operators.harnack_distance(H, t, sigma=sigma)[off] ** 2, square[off])
    assert np.allclose(operators.varadhan_distance(H, t), operators.harnack_distance(H, t, sigma=0.0))


@pins("The diagonal of a distance matrix")
def test_the_diagonal_is_zero_and_what_was_not_reached_is_infinite():
    apart = operators.Graph(scipy.linalg.block_diag([[0, 1], [1, 0]], [[0, 1], [1, 0]]))
    D = operators.varadhan_distance(operators.heat_kernel(apart, 1.0), 1.0)
    assert np.array_equal(np.diag(D), np.zeros(4))
    assert np.isinf(D[0, 2])


@pins("Embeddings keep their metric scale")
def test_embeddings_keep_their_scale():
    X = np.random.default_rng(2).normal(size=(15, 2))
    D = np.linalg.norm(X[:, None] - X[None], axis=2)
    Z, _ = mds.classical_scaling(7.0 * D, 2)
    assert np.allclose(np.linalg.norm(Z[:, None] - Z[None], axis=2), 7.0 * D, atol=1e-9)


@dataclass
class OneCase:
    measured: str = "wall"


@pins("A benchmark ratio is the peer's time over ours")
def test_a_ratio_above_one_means_that_we_are_faster():
    assert _ratio(OneCase(), {"wall": 2.0, "cpu": 2.0}, {"wall": 6.0, "cpu": 6.0}) == 3.0


@pins("A tolerance in a manifest is absolute")
def test_a_tolerance_is_absolute():
    claim = Claim("c", "text", "Table 1", metric="m", paper_value=100.0, tolerance=0.5)
    assert _compare(claim, 100.4)[0] is Verdict.REPRODUCED
    assert _compare(claim, 100.6)[0] is not Verdict.REPRODUCED
