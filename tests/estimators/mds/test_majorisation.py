import warnings

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from sklearn.manifold import smacof as peer

from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.estimators.mds import classical_scaling, smacof, stress, weights_from


def noisy(n=70, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 5)) * [3, 2, 1, 1, 1]
    return cdist(X, X), rng.normal(size=(n, 2)), rng.random((n, n))


def steps(D, count, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return smacof(D, max_iter=count, rtol=0.0, **options)


@pytest.mark.parametrize("weighted", [False, True])
def test_one_step_is_the_guttman_transform_by_the_pseudo_inverse(weighted):
    D, X, R = noisy(30)
    W = R + R.T if weighted else np.ones_like(D)
    W[np.diag_indices(30)] = 0
    E = cdist(X, X) + np.eye(30)
    B = -W * D / E
    B[np.diag_indices(30)] = -B.sum(axis=1)
    V = np.diag(W.sum(axis=1)) - W
    found = steps(D, 1, init=X, weights=W if weighted else None)
    assert np.allclose(found.embedding, np.linalg.pinv(V) @ B @ X, atol=1e-12)
    assert np.isclose(found.stress, stress(D, found.embedding, W))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_stress_never_rises(weighted):
    D, X, R = noisy()
    W = np.exp(6 * (R + R.T)) if weighted else None
    values = [steps(D, k, init=X, weights=W).stress for k in range(40)]
    assert (np.diff(values) <= 1e-13).all()
    assert values[-1] < 0.9 * values[0]


@pytest.mark.parametrize("n", [8, 60, 700])
def test_threads_blocks_and_repeats_do_not_change_a_bit(n):
    D, X, _ = noisy(n)
    one = steps(D, 4, init=X, threads=1)
    for threads in (1, 2, 5):
        again = steps(D, 4, init=X, threads=threads)
        assert np.array_equal(again.embedding, one.embedding)
        assert again.stress == one.stress


@pytest.mark.parametrize("seed", range(3))
def test_not_worse_than_scikit_learn_from_the_same_start(seed):
    D, X, _ = noisy(90, seed)
    theirs = peer(D, n_components=2, init=X, n_init=1, max_iter=3000, eps=1e-9, normalized_stress=False)[0]
    ours = smacof(D, init=X, max_iter=3000, rtol=1e-8)
    assert ours.converged
    assert ours.stress <= stress(D, theirs) * (1 + 1e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_configuration_is_recovered_from_a_perturbed_start(weighted):
    X = np.random.default_rng(2).normal(size=(40, 3))
    D = cdist(X, X)
    W = weights_from("inverse", D, a=2.0) if weighted else None
    start = X + 0.1 * np.random.default_rng(3).normal(size=X.shape)
    result = smacof(D, 3, weights=W, init=start, max_iter=5000, rtol=1e-10)
    assert np.allclose(pdist(result.embedding), pdist(X), atol=1e-4)


def test_uniform_weights_and_known_pairs_only():
    D, X, _ = noisy(40)
    plain = steps(D, 10, init=X)
    assert np.allclose(plain.embedding, steps(D, 10, init=X, weights=np.full_like(D, 3.0)).embedding, atol=1e-11)
    holes, W = D.copy(), np.ones_like(D)
    for i, j in ((0, 5), (7, 30)):
        holes[i, j] = holes[j, i] = np.inf
        W[i, j] = W[j, i] = 0.0
    assert np.allclose(steps(holes, 10, init=X).embedding, steps(D, 10, init=X, weights=W).embedding, atol=1e-11)
    assert steps(holes, 5).stress < 0.2


def test_scale_and_coincident_points():
    D, X, _ = noisy(40)
    for scale in (1e-12, 1e14):
        assert np.allclose(steps(D * scale, 10, init=X * scale).embedding / scale, steps(D, 10, init=X).embedding)
    twice = np.vstack([X[:1], X])
    D2 = cdist(np.vstack([X[:1], X]), np.vstack([X[:1], X]))
    assert np.allclose(smacof(D2, init=twice).embedding, twice - twice.mean(axis=0))


def test_the_default_start_is_classical_scaling_and_early_stops_are_told():
    D, _, _ = noisy()
    Z, _ = classical_scaling(D, 2)
    assert np.allclose(steps(D, 0).embedding, Z, atol=1e-12)
    with pytest.warns(ConvergenceWarning, match="after 3 steps"):
        result = smacof(D, max_iter=3, rtol=1e-12)
    assert (result.iterations, result.converged, result.method) == (3, False, "smacof")


def test_weights_too_small_to_hold_a_point_are_refused():
    D, X, _ = noisy(20)
    W = np.ones_like(D)
    W[:10, 10:] = W[10:, :10] = 1e-18
    with pytest.raises(DomainError, match="not positive definite"):
        smacof(D, init=X, weights=W)
