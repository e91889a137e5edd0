import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from erlangen import native
from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.estimators.mds import smacof, stress, stress_sgd, weights_from
from erlangen.estimators.mds.stress_descent import annealing, sgd_epoch

needs_kernels = pytest.mark.skipif(not native.available(), reason="the kernels are not built")


def example(n=60, p=5, d=2, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * np.linspace(3, 1, p)
    return cdist(X, X), rng.normal(size=(n, d))


def pair_by_pair(Z, D, W, order, eta):
    """The definition, in the order of the tournament, one pair after the other."""
    m = len(order) - 1
    for r in range(m):
        for k in range(len(order) // 2):
            i, j = (order[m], order[r]) if k == 0 else (order[(r + k) % m], order[(r - k) % m])
            if i >= len(Z) or j >= len(Z) or not np.isfinite(D[i, j]):
                continue
            w = W[i, j] if W is not None else (D[i, j] ** -2.0 if D[i, j] > 0 else 0.0)
            gap = Z[i] - Z[j]
            length = np.linalg.norm(gap)
            if w > 0 and length > 0:
                step = min(w * eta, 1.0) * (length - D[i, j]) / 2 * gap / length
                Z[i], Z[j] = Z[i] - step, Z[j] + step


@pytest.mark.parametrize("n", [2, 3, 8, 15])
def test_every_pair_meets_once_in_an_epoch(n):
    players = np.random.default_rng(n).permutation(np.arange(n + n % 2, dtype=np.int32))
    m, met = len(players) - 1, []
    for r in range(m):
        pairs = [(players[m], players[r])] + [
            (players[(r + k) % m], players[(r - k) % m]) for k in range(1, len(players) // 2)
        ]
        assert len({p for pair in pairs for p in pair}) == len(players)
        met += [frozenset(pair) for pair in pairs]
    assert len(met) == len(set(met)) == len(players) * m // 2


@pytest.mark.parametrize("n", [2, 7, 24])
@pytest.mark.parametrize("d", [1, 2, 3, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_twin_and_kernel_on_every_level_are_the_definition(n, d, weighted):
    D, start = example(n, d=d)
    if n > 2:
        D[0, 1] = D[1, 0] = np.inf
        D[1, 2] = D[2, 1] = 0.0
    W = np.random.default_rng(1).random((n, n)) if weighted else None
    if weighted:
        W = W + W.T
        W[0, n - 1] = W[n - 1, 0] = 0.0
    order = np.random.default_rng(2).permutation(np.arange(n + n % 2, dtype=np.int32))
    exact = start.copy()
    pair_by_pair(exact, D, W, order, 0.7)
    ways = [(None, "auto"), *((native.kernels(), level) for level in native.cpu_levels())]
    for module, level in ways:
        Z = start.copy()
        sgd_epoch(Z, D, W, order, 0.7, module=module, level=level)
        assert np.allclose(Z, exact, rtol=0, atol=1e-12)


@needs_kernels
@pytest.mark.slow
def test_threads_do_not_change_a_bit_on_any_level():
    n = 8192  # the kernel starts threads from 4096 pairs a round
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 2)).astype(np.float32)
    D = np.empty((n, n))
    cdist(X, X, out=D)
    start = rng.normal(size=(n, 2))
    order = np.arange(n, dtype=np.int32)
    for level in native.cpu_levels():
        results = []
        for threads in (1, 3):
            Z = start.copy()
            sgd_epoch(Z, D, None, order, 1e-2, module=native.kernels(), threads=threads, level=level)
            results.append(Z)
        assert np.array_equal(*results)


@pytest.mark.parametrize("backend", ["python", pytest.param("native", marks=needs_kernels)])
@pytest.mark.parametrize("d", [2, 3])
def test_a_configuration_is_recovered(backend, d):
    X = np.random.default_rng(4).normal(size=(45, d))
    start = X + 0.3 * np.random.default_rng(5).normal(size=X.shape)
    result = stress_sgd(cdist(X, X), d, init=start, epochs=80, backend=backend)
    assert result.converged
    assert np.allclose(pdist(result.embedding), pdist(X), atol=1e-3)


@pytest.mark.parametrize("kind", ["inverse", "uniform", "gaussian"])
def test_the_stress_comes_near_that_of_majorisation(kind):
    D, _ = example(120)
    W = weights_from(kind, D, a=2.0)
    ours = stress_sgd(D, weights=W, epochs=60)
    assert np.isclose(ours.stress, stress(D, ours.embedding, W))
    assert ours.stress <= 1.01 * smacof(D, weights=W, max_iter=2000, rtol=1e-7).stress


def test_default_weights_are_inverse_squares_and_scale_does_not_matter():
    D, start = example(50)
    plain = stress_sgd(D, init=start)
    given = stress_sgd(D, init=start, weights=weights_from("inverse", D, a=2.0))
    assert np.isclose(plain.stress, given.stress, rtol=1e-4)
    order = np.arange(50, dtype=np.int32)
    for scale in (2.0**-40, 2.0**46):  # powers of two round the same way
        Z, moved = start.copy(), start * scale
        sgd_epoch(Z, D, None, order, 0.3, module=native.kernels())
        sgd_epoch(moved, D * scale, None, order, 0.3 * scale**2, module=native.kernels())
        assert np.array_equal(moved, Z * scale)
        assert np.isclose(stress_sgd(D * scale, init=start * scale).stress, plain.stress, rtol=1e-4)


def test_runs_repeat_and_seeds_matter():
    D, start = example(50)
    one = stress_sgd(D, init=start, rng=3)
    assert np.array_equal(one.embedding, stress_sgd(D, init=start, rng=3).embedding)
    assert not np.array_equal(one.embedding, stress_sgd(D, init=start, rng=4).embedding)
    assert np.allclose(one.embedding.mean(axis=0), 0, atol=1e-12)
    assert (one.iterations, one.method) == (30, "sgd")


def test_the_rates_fall_from_the_least_to_the_largest_weight():
    rates = annealing(0.01, 25.0, 30, 0.1)
    assert np.isclose(rates[0], 100.0)
    assert np.isclose(rates[-1], 0.1 / 25.0)
    assert np.allclose(rates[1:] / rates[:-1], rates[1] / rates[0])
    assert annealing(2.0, 2.0, 1, 0.5).tolist() == [0.25]


def test_an_unsettled_descent_is_told_and_options_are_checked():
    D, start = example(30)
    with pytest.warns(ConvergenceWarning, match="the last of 1 epochs"):
        assert not stress_sgd(D, init=100 * start, epochs=1, epsilon=1.0).converged
    for options in ({"epochs": 0}, {"epsilon": 0.0}, {"backend": "gpu"}):
        with pytest.raises(DomainError):
            stress_sgd(D, **options)
