"""The extension itself, called as the rooms call it: levels, threads, and refusals before anything is written."""

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen import native
from erlangen.estimators.mds.stress_descent import sgd_epoch

kernels = native.kernels()
pytestmark = pytest.mark.skipif(kernels is None, reason="the kernels are not built")
LEVELS = native.cpu_levels() or ("baseline",)


def rows(A):
    return A.indptr.astype(np.int64), A.indices.astype(np.int32), A.data


def path(n):
    return sp.csr_array(sp.diags_array([np.linspace(0.5, 2, n - 1)] * 2, offsets=[-1, 1]))


def factor(W, order=None, slack=1.0):
    n = W.shape[0]
    order = np.arange(n, dtype=np.int32) if order is None else order
    return kernels.MMatrixFactor(*rows(W), np.full(n, slack), order)


def test_levels_are_ordered_and_begin_with_the_one_that_runs_everywhere():
    assert tuple(level for level in ("baseline", "avx2", "avx512") if level in LEVELS) == LEVELS
    assert LEVELS[0] == "baseline"


def test_a_level_that_does_not_run_here_is_refused():
    A = path(4)
    with pytest.raises(ValueError, match="'sse9' does not run on this machine"):
        kernels.spmm(*rows(A), np.ones((4, 2)), np.empty((4, 2)), 1, "sse9")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("columns", [1, 3, 16, 17, 64, 85])
def test_spmm_of_each_level_is_the_same_at_any_number_of_threads(level, dtype, columns):
    rng = np.random.default_rng(0)
    A = sp.random_array((1300, 700), density=0.01, rng=rng, format="csr", dtype=dtype)
    B = rng.normal(size=(700, columns)).astype(dtype)
    found = [np.full((1300, columns), np.nan, dtype) for _ in range(3)]
    for out, threads in zip(found, (1, 2, 7), strict=True):
        kernels.spmm(*rows(A), B, out, threads, level)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    assert np.allclose(
        found[0], A.toarray().astype(np.float64) @ B, rtol=0, atol=50 * np.finfo(dtype).eps * np.abs(B).max()
    )


@pytest.mark.parametrize("level", LEVELS)
def test_solves_of_each_level_are_the_same_at_any_number_of_threads(level):
    n = 200
    solver, b = factor(path(n)), np.random.default_rng(1).normal(size=(50, n))
    found = [np.full((50, n), np.nan) for _ in range(3)]
    for out, threads in zip(found, (1, 2, 5), strict=True):
        solver.solve(b, out, 2, np.empty(0), threads, level)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    A = np.diag(1 + path(n).sum(axis=1)) - path(n).toarray()
    assert np.allclose(found[0] @ A @ A, b, atol=1e-12)


@pytest.mark.parametrize(
    ("start", "index", "law"),
    [
        ([0, 1, 1], [0], "frame"),
        ([1, 1, 2], [0, 1], "frame"),
        ([0, 2, 1, 2], [0, 1], "decreases at row 1"),
        ([0, 1, 2], [0, 5], "index 5 at entry 1"),
        ([0, 1, 2], [-1, 0], "index -1 at entry 0"),
        ([], [], "frame"),
    ],
)
def test_broken_rows_are_refused(start, index, law):
    start, index = np.array(start, dtype=np.int64), np.array(index, dtype=np.int32)
    rows_out = max(len(start) - 1, 0)
    message = {"frame": "frame the indices"}.get(law, law)
    if law == "frame" and len(index) == 1:
        start = np.array([0, 1, 3], dtype=np.int64)
    with pytest.raises(ValueError, match=message):
        kernels.spmm(start, index, np.ones(len(index)), np.ones((2, 2)), np.empty((rows_out, 2)), 1, "auto")


def test_wrong_shapes_and_types_are_refused():
    A, solver = path(4), factor(path(4))
    with pytest.raises(ValueError, match="out has the wrong shape"):
        kernels.spmm(*rows(A), np.ones((4, 2)), np.empty((4, 3)), 1, "auto")
    with pytest.raises(TypeError):
        kernels.spmm(*rows(A), np.ones((4, 2), dtype=np.float32), np.empty((4, 2)), 1, "auto")
    with pytest.raises(ValueError, match="right-hand side"):
        solver.solve(np.ones((1, 3)), np.empty((1, 4)), 1, np.empty(0), 1, "auto")
    with pytest.raises(ValueError, match="not a vertex"):
        solver.columns(np.array([4], dtype=np.int32), np.empty((1, 4)), 1, np.empty(0), 1, "auto")
    with pytest.raises(ValueError, match="scale has the wrong length"):
        solver.solve(np.ones((1, 4)), np.empty((1, 4)), 1, np.ones(3), 1, "auto")


@pytest.mark.parametrize("order", [[0, 0, 2, 3], [0, 1, 2, 4], [-1, 1, 2, 3]])
def test_an_elimination_order_that_is_no_permutation_is_refused(order):
    with pytest.raises(ValueError, match="order is not a permutation at position"):
        factor(path(4), np.array(order, dtype=np.int32))


@pytest.mark.parametrize("half", [sp.triu, sp.tril], ids=["upper", "lower"])
def test_half_a_pattern_is_refused_before_the_factor_is_overrun(half):
    star = np.zeros((40, 40))
    star[0, 1:] = star[1:, 0] = 1.0
    with pytest.raises(ValueError, match="the pattern is not symmetric"):
        factor(sp.csr_array(half(star)))


@pytest.mark.parametrize("slack", [0.0, -1.0, np.nan, np.inf])
def test_a_pivot_that_is_not_positive_is_named(slack):
    with pytest.raises(ValueError, match=r"^\d+$"):
        factor(sp.csr_array((3, 3)), slack=slack)


def distances(n, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, 2))
    return np.linalg.norm(X[:, None] - X[None], axis=2)


@pytest.mark.parametrize("order", [[0, 0, 2, 3], [0, 1, 2, 4], [0, 1, 2, -1], [0, 1, 2]])
def test_a_tournament_with_a_player_twice_is_refused(order):
    with pytest.raises(ValueError, match="order"):
        kernels.stress_sgd_epoch(np.ones((4, 2)), distances(4), None, np.array(order, dtype=np.int32), 0.1, 1, "auto")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_placing_points_is_the_same_at_any_number_of_threads(level, d):
    rng = np.random.default_rng(2)
    landmarks, D = rng.normal(size=(20, d)), rng.uniform(0.5, 2, size=(300, 20))
    found = [np.zeros((300, d)) for _ in range(2)]
    for Z, threads in zip(found, (1, 3), strict=True):
        kernels.place_points_sweep(Z, landmarks, D, None, 5, threads, level)
    assert np.array_equal(found[0], found[1])
    assert np.isfinite(found[0]).all()


@pytest.mark.parametrize("players", [2, 3, 9, 40, 41])
@pytest.mark.parametrize("d", [1, 2, 3, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_tournament_has_the_same_bits_on_every_level(players, d, weighted):
    D = distances(players)
    D[0, 1] = D[1, 0] = np.inf
    W = np.where(D < 1, 0.0, 1 / (1 + D)) if weighted else None
    start = np.random.default_rng(3).normal(size=(players, d))
    order = np.random.default_rng(4).permutation(players + players % 2).astype(np.int32)
    found = []
    for level in LEVELS:
        Z = start.copy()
        kernels.stress_sgd_epoch(Z, D, W, order, 0.4, 1, level)
        found.append(Z)
    twin = start.copy()
    sgd_epoch(twin, D, W, order, 0.4, module=None)
    assert all(np.array_equal(Z, found[0]) for Z in found)
    assert np.allclose(found[0], twin, rtol=0, atol=1e-13)


@pytest.mark.slow
def test_a_tournament_of_many_points_is_the_same_at_any_number_of_threads():
    n = 8192  # fewer points are played by one thread
    D = np.full((n, n), 1.5)
    start = np.random.default_rng(3).normal(size=(n, 2))
    order = np.random.default_rng(4).permutation(n).astype(np.int32)
    found = []
    for threads in (1, 2, 3):
        Z = start.copy()
        kernels.stress_sgd_epoch(Z, D, None, order, 0.1, threads, "auto")
        found.append(Z)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    assert not np.array_equal(found[0], start)
