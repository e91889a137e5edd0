"""Oracles: 60-digit inverses, the dense elimination in NumPy, closed forms on paths."""

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp

from erlangen import native
from erlangen.errors import DomainError, ResourceLimitError, ShapeError
from erlangen.linalg import MMatrixFactor, elimination_order, factor_estimate, gth_inverse

BACKENDS = ["python", *(["native"] if native.available() else [])]


def random_graph(n, density, seed, *, smallest=0.0):
    """A connected random graph: random edges with weights over eight decades, and a path through all vertices."""
    rng = np.random.default_rng(seed)
    upper = sp.random_array((n, n), density=density, rng=rng)
    upper.data = 10.0 ** rng.uniform(-8, 0, len(upper.data))
    path = sp.diags_array(np.full(n - 1, 10.0**-6), offsets=1, shape=(n, n))
    W = sp.triu(upper, 1) + path
    return sp.csr_array(W + W.T)


def exact_inverse(W, slack, power=1):
    with mpmath.workdps(60):
        n, dense = W.shape[0], W.toarray()
        A = mpmath.matrix(n, n)
        for i in range(n):
            for j in range(n):
                A[i, j] = -mpmath.mpf(dense[i, j])
            A[i, i] = mpmath.mpf(slack[i]) + mpmath.fsum(mpmath.mpf(x) for x in dense[i])
        inverse = A**-1
        result = inverse
        for _ in range(power - 1):
            result = result * inverse
        return np.array([[float(result[i, j]) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("slack", [1.0, 1e-6, 1e-12])
def test_every_entry_of_the_inverse_is_relatively_accurate(backend, slack):
    W = random_graph(30, 0.1, 3)
    s = np.full(30, slack)
    exact = exact_inverse(W, s)
    found = MMatrixFactor(W, s, backend=backend).columns(np.arange(30))
    assert np.max(np.abs(found / exact - 1)) < 3e-14


def test_an_ordinary_inverse_does_lose_these_digits():
    W = random_graph(30, 0.1, 3)
    s = np.full(30, 1e-12)
    exact = exact_inverse(W, s)
    naive = np.linalg.inv(np.diag(s + W.sum(axis=1)) - W.toarray())
    assert np.max(np.abs(naive / exact - 1)) > 1e-6


@pytest.mark.parametrize("backend", BACKENDS)
def test_far_entries_on_a_path_keep_their_digits_down_to_1e_minus_250(backend):
    n, c = 120, 1e-2
    W = sp.csr_array(sp.diags_array([np.full(n - 1, c)] * 2, offsets=[-1, 1]))
    s = np.ones(n)
    found = MMatrixFactor(W, s, backend=backend).columns([0])[0]
    with mpmath.workdps(60):  # continued fraction from the far end: x_{i+1} / x_i = c / (d_{i+1} - c r_{i+1})
        c_ = mpmath.mpf(c)
        ratio = [mpmath.mpf(0)] * n
        for i in range(n - 1, 0, -1):
            degree = 1 + (c_ if i == n - 1 else 2 * c_)
            ratio[i] = c_ / (degree - c_ * (ratio[i + 1] if i + 1 < n else 0))
        x = [1 / (1 + c_ - c_ * ratio[1])]
        for i in range(1, n):
            x.append(x[-1] * ratio[i])
    assert x[-1] < mpmath.mpf(10) ** -230
    assert max(abs(float(mpmath.mpf(float(a)) / b - 1)) for a, b in zip(found, x, strict=True)) < 1e-13


@pytest.mark.parametrize("backend", BACKENDS)
def test_repeated_solves_and_scale_are_powers(backend):
    W = random_graph(25, 0.15, 5)
    s = np.linspace(0.5, 2, 25)
    exact = exact_inverse(W, s, power=3)
    factor = MMatrixFactor(W, s, backend=backend)
    assert np.allclose(factor.columns(np.arange(25), repeat=3), exact, rtol=1e-13, atol=0)
    step = exact_inverse(W, s) * s[None, :]
    assert np.allclose(factor.solve(np.eye(25), repeat=2, scale=s), step @ step, rtol=1e-13, atol=0)


@pytest.mark.skipif(not native.available(), reason="the kernels are not built")
@pytest.mark.parametrize("ordering", ["nested-dissection", "natural"])
@pytest.mark.parametrize("threads", [1, 3])
def test_kernel_and_twin_agree_on_every_level(ordering, threads):
    W = random_graph(300, 0.02, 7)
    s = np.full(300, 1e-3)
    twin = gth_inverse(W.toarray(), s)
    factor = MMatrixFactor(W, s, ordering=ordering, backend="native")
    for level in native.cpu_levels():
        found = factor.columns(np.arange(37), threads=threads, level=level)
        assert np.max(np.abs(found / twin[:37] - 1)) < 1e-12, level


def test_the_large_twin_serves_where_no_kernel_is():
    W = random_graph(700, 0.005, 9)
    found = MMatrixFactor(W, 1.0, backend="python").columns([0, 699])
    dense = np.linalg.inv(np.diag(1.0 + W.sum(axis=1)) - W.toarray())
    assert np.allclose(found, dense[[0, 699]], rtol=1e-8, atol=1e-18)


def test_a_vector_gives_a_vector_and_a_block_a_block():
    factor = MMatrixFactor(random_graph(10, 0.2, 1), 1.0)
    b = np.arange(1.0, 11)
    assert factor.solve(b).shape == (10,)
    assert np.array_equal(factor.solve(b[:, None])[:, 0], factor.solve(b))


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_estimate_counts_the_fill_of_a_dense_elimination(backend):
    W = random_graph(60, 0.05, 11)
    order = np.random.default_rng(0).permutation(60).astype(np.int32)
    pattern = W.toarray()[np.ix_(order, order)] != 0
    for k in range(60):
        below = np.flatnonzero(pattern[k + 1 :, k]) + k + 1
        pattern[np.ix_(below, below)] = True
    counts = np.tril(pattern, -1).sum(axis=0)
    estimate = factor_estimate(W, order=order, backend=backend)
    assert estimate.entries == counts.sum()
    assert estimate.flops == (counts * (counts + 2)).sum()


def test_nested_dissection_fills_less_than_the_natural_order_on_a_grid():
    k = 40
    line = sp.diags_array([np.ones(k - 1)] * 2, offsets=[-1, 1])
    W = sp.csr_array(sp.kron(line, sp.eye_array(k)) + sp.kron(sp.eye_array(k), line))
    natural = factor_estimate(W, order=elimination_order(W, "natural")).entries
    assert factor_estimate(W).entries < 0.6 * natural


def test_a_graph_without_edges_and_isolated_vertices():
    assert np.array_equal(MMatrixFactor(sp.csr_array((3, 3)), [1.0, 2, 4]).solve(np.ones(3)), [1, 0.5, 0.25])
    W = sp.block_array([[random_graph(100, 0.05, 2), None], [None, sp.csr_array((3, 3))]]).tocsr()
    assert np.allclose(MMatrixFactor(W, 1.0).columns([102])[0], np.eye(103)[102])


@pytest.mark.parametrize(
    ("W", "slack", "error", "match"),
    [
        ([[0, -1.0], [-1.0, 0]], 1.0, DomainError, r"W\[0, 1\] = -1 is negative"),
        ([[0, 1.0], [2.0, 0]], 1.0, DomainError, "not symmetric"),
        ([[3.0, 1.0], [1.0, 0]], 1.0, DomainError, r"W\[0, 0\] = 3 lies on the diagonal"),
        ([[0, np.nan], [np.nan, 0]], 1.0, DomainError, "not finite"),
        ([[0, 1.0], [1.0, 0]], [1.0, -2.0], DomainError, r"slack\[1\] = -2"),
        ([[0, 1.0], [1.0, 0]], 0.0, DomainError, "singular: no vertex of the component of vertex 0"),
        ([[0, 1.0], [1.0, 0]], np.inf, DomainError, "not finite"),
        ([[0, 1.0, 0], [1.0, 0, 0]], 1.0, ShapeError, "square"),
    ],
)
def test_bad_matrices_are_refused(W, slack, error, match):
    with pytest.raises(error, match=match):
        MMatrixFactor(sp.csr_array(W), slack)


def test_bad_right_hand_sides_and_limits_are_refused():
    factor = MMatrixFactor(random_graph(10, 0.2, 1), 1.0)
    with pytest.raises(ShapeError, match="10 rows"):
        factor.solve(np.ones(9))
    with pytest.raises(DomainError, match="not finite"):
        factor.solve(np.full(10, np.nan))
    with pytest.raises(DomainError, match=r"sources\[1\]"):
        factor.columns([0, 10])
    with pytest.raises(DomainError, match=r"sources\[0\]"):
        factor.columns([0.5])
    with pytest.raises(ShapeError, match="scale"):
        factor.solve(np.ones(10), scale=np.ones(3))
    with pytest.raises(DomainError, match="repeat"):
        factor.solve(np.ones(10), repeat=0)
    with pytest.raises(ResourceLimitError):
        MMatrixFactor(random_graph(100, 0.1, 1), 1.0, memory_limit=100)
    with pytest.raises(DomainError, match="permutation"):
        MMatrixFactor(random_graph(10, 0.2, 1), 1.0, ordering=np.zeros(10, int))
