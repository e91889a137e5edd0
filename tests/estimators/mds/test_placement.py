import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.spatial.distance import cdist

from erlangen import native
from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.mds import place_points
from erlangen.estimators.mds.placement import place_sweep, placement_start, placement_stress

needs_kernels = pytest.mark.skipif(not native.available(), reason="the kernels are not built")
backends = ["python", pytest.param("native", marks=needs_kernels)]


def example(d=2, m=9, n=140, seed=0, noise=0.0):
    rng = np.random.default_rng(seed)
    Y, X = rng.normal(size=(m, d)), 1.5 * rng.normal(size=(n, d))
    return Y, X, np.abs(cdist(X, Y) + noise * rng.normal(size=(n, m)))


@pytest.mark.parametrize("backend", backends)
@pytest.mark.parametrize("d", [1, 2, 3, 6])
def test_exact_distances_give_the_points(backend, d):
    Y, X, D = example(d)
    assert np.allclose(place_points(Y, D, backend=backend), X, atol=1e-8)


@pytest.mark.parametrize("d", [1, 2, 3, 6])
@pytest.mark.parametrize("weighted", [False, True])
def test_kernel_and_twin_agree_on_every_level_and_thread_count(d, weighted):
    Y, X, D = example(d, noise=0.3)
    D[3, 2] = np.inf
    D[5, 1] = 0.0
    W = np.random.default_rng(1).random(D.shape) if weighted else None
    if weighted:
        W[4, 3] = 0.0
    start = X + 0.5
    start[7] = Y[2]
    twin = start.copy()
    place_sweep(twin, Y, D, W, 12, module=None)
    for level in native.cpu_levels():
        results = []
        for threads in (1, 2, 5):
            Z = start.copy()
            place_sweep(Z, Y, D, W, 12, module=native.kernels(), threads=threads, level=level)
            results.append(Z)
        assert all(np.array_equal(results[0], Z) for Z in results[1:])
        assert np.allclose(results[0], twin, rtol=0, atol=1e-11)


@pytest.mark.parametrize("backend", backends)
def test_the_stress_of_no_point_rises_and_ends_at_a_minimum(backend):
    Y, _, D = example(noise=0.4)
    values, Z = [], placement_start(Y, D)
    for _ in range(6):
        values.append(placement_stress(Z, Y, D, None))
        Z = place_points(Y, D, init=Z, max_iter=5, backend=backend)
    assert (np.diff(values, axis=0) <= 1e-12).all()
    Z = place_points(Y, D, max_iter=3000, backend=backend)
    for i in range(0, 140, 35):
        best = minimize(lambda z, i=i: placement_stress(z[None], Y, D[i : i + 1], None)[0], Z[i], method="BFGS")
        assert placement_stress(Z[i : i + 1], Y, D[i : i + 1], None)[0] <= best.fun + 1e-9


def test_the_stress_is_its_definition():
    Y, X, D = example(noise=0.3, n=5)
    W = np.random.default_rng(2).random(D.shape)
    D[2, 4] = np.inf
    by_loops = [
        sum(W[i, k] * (D[i, k] - np.linalg.norm(X[i] - Y[k])) ** 2 for k in range(len(Y)) if np.isfinite(D[i, k]))
        for i in range(5)
    ]
    assert np.allclose(placement_stress(X, Y, D, W), by_loops)


def test_a_landmark_is_put_on_itself_and_few_landmarks_serve():
    Y, _, _ = example(m=6)
    assert np.array_equal(place_points(Y, cdist(Y, Y)), Y)
    one = place_points(Y[:1], np.array([[2.0]]), init=[[9.0, 9.0]])
    assert np.isclose(np.linalg.norm(one - Y[0]), 2.0)
    assert place_points(Y, np.empty((0, 6))).shape == (0, 2)


def test_a_row_with_unknown_distances_uses_the_known_ones():
    Y, X, D = example()
    D[:, 4] = np.where(np.arange(len(D)) % 2, np.inf, D[:, 4])
    near = X + 0.05
    assert np.allclose(place_points(Y, D, init=near, max_iter=20000), X, atol=1e-6)


def test_misfits_are_refused():
    Y, X, D = example()
    with pytest.raises(ShapeError, match="D must have shape"):
        place_points(Y, D[:, :-1])
    with pytest.raises(ShapeError, match="init must have shape"):
        place_points(Y, D, init=X[:, :1])
    with pytest.raises(ShapeError, match="weights must have shape"):
        place_points(Y, D, weights=D[1:])
    for value, told in ((-1.0, r"D\[3, 2\] = -1"), (np.nan, r"D\[3, 2\] = nan")):
        bad = D.copy()
        bad[3, 2] = value
        with pytest.raises(DomainError, match=told):
            place_points(Y, bad)
    lost = D.copy()
    lost[6] = np.inf
    with pytest.raises(DomainError, match=r"D\[6\] is infinite throughout"):
        place_points(Y, lost)
    W = np.ones_like(D)
    W[8] = 0.0
    with pytest.raises(DomainError, match=r"weights\[8\]"):
        place_points(Y, D, weights=W)
    with pytest.raises(DomainError, match="at most 64"):
        place_points(np.eye(70), np.ones((1, 70)))
