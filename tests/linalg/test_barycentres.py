"""Descents to means in one call of a kernel, against the loops in torch, closed forms, and matrices that no mean exists of."""

import itertools

import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.linalg import check_spd
from erlangen.linalg.barycentres import descend, plain_spd
from erlangen.manifolds import SPD
from erlangen.manifolds.mean import bures, karcher

pytestmark = pytest.mark.skipif(not native.available(), reason="no kernels were built")


def sample(count, n, condition=30.0, seed=0):
    X = SPD(n).random(count, rng=seed, condition=condition).numpy()
    w = np.random.default_rng(seed).uniform(0.5, 2.0, count)
    w /= w.sum()
    return X, w, np.linalg.cholesky(np.tensordot(w, X, 1))


def twin(kind, X, w, start, tol, max_iter):
    """The loop of the room of means, whose whitened sums are LAPACK's here."""
    T = torch.from_numpy
    iterate = karcher.iterate_factor if kind == "affine" else bures._iterate

    class Sum:
        def __call__(self, left, *rest):
            frame = left if kind == "affine" else left.mT
            values, vectors = torch.linalg.eigh(frame @ T(X) @ frame.mT)
            image = values.log() if kind == "affine" else values.sqrt()
            S = torch.einsum("k,kij,kj,klj->il", T(w), vectors, image, vectors)
            return S if kind == "affine" else rest[0].mT @ S

    return iterate(Sum(), T(start), tol, max_iter, 0)


@pytest.mark.parametrize("level", native.cpu_levels())
@pytest.mark.parametrize(
    ("kind", "n", "count"), [("affine", 3, 7), ("affine", 9, 70), ("bures", 2, 5), ("bures", 8, 65), ("bures", 17, 33)]
)
def test_kernel_takes_the_steps_of_the_twin(level, kind, n, count):
    X, w, start = sample(count, n)
    patience = 8 if kind == "affine" else 6
    for most in (1, 2, 3, 50):
        found = descend(kind, X, w, start, 1e-11, most, patience=patience, level=level)
        factor, residual, steps, *_ = twin(kind, X, w, start, 1e-11, most)
        assert found.iterations == steps
        np.testing.assert_allclose(found.residual, residual, rtol=1e-6, atol=1e-13)
        np.testing.assert_allclose(found.factor @ found.factor.T, factor @ factor.mT, rtol=1e-11, atol=1e-12)
    assert found.verdict == "converged"


def test_threads_change_no_bit():
    X, w, start = sample(400, 20)
    for kind in ("affine", "bures"):
        one, three = (descend(kind, X, w, start, 1e-10, 50, patience=8, threads=t) for t in (1, 3))
        np.testing.assert_array_equal(one.factor, three.factor)


def test_commuting_matrices_have_closed_means():
    Q = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))[0]
    d = np.exp(np.random.default_rng(2).normal(size=(9, 5)))
    X = np.einsum("ij,kj,lj->kil", Q, d, Q)
    w = np.arange(1.0, 10) / 45
    start = np.linalg.cholesky(X[0] + X[3])
    for kind, exact in (("affine", np.exp(w @ np.log(d))), ("bures", (w @ np.sqrt(d)) ** 2)):
        found = descend(kind, X, w, start, 1e-13, 100, patience=8)
        np.testing.assert_allclose(found.factor @ found.factor.T, (Q * exact) @ Q.T, rtol=1e-12, atol=1e-12)


def test_units_do_not_matter():
    X, w, start = sample(12, 4)
    for kind, c in itertools.product(("affine", "bures"), (1e-14, 1e14)):
        plain = descend(kind, X, w, start, 1e-11, 50, patience=8)
        scaled = descend(kind, c * X, w, np.sqrt(c) * start, 1e-11, 50, patience=8)
        np.testing.assert_allclose(scaled.factor @ scaled.factor.T / c, plain.factor @ plain.factor.T, rtol=1e-10)
        assert scaled.iterations == plain.iterations


def test_verdicts():
    X, w, start = sample(12, 4)
    assert descend("affine", X, w, start, 1e-11, 2, patience=8).verdict == "limited"
    assert descend("affine", X, w, start, 0.0, 500, patience=8).verdict == "stalled"
    assert descend("bures", X, w, start, 0.0, 500, patience=6).verdict == "stalled"
    measured = descend("affine", X, w, start, 1e-13, 50, patience=8)
    exact, told = measured.factor @ measured.factor.T, []
    for tol in 10.0 ** -np.arange(3, 11):
        trusting = descend("affine", X, w, start, tol, 50, patience=8, trust=True)
        told.append(trusting.verdict)
        np.testing.assert_allclose(
            trusting.factor @ trusting.factor.T, exact, rtol=0, atol=3 * tol * np.abs(exact).max()
        )
    assert set(told) == {"trusted", "converged"}
    for kind in ("affine", "bures"):
        indefinite = X.copy()
        indefinite[5] = np.diag([1.0, 1.0, 1.0, -1.0])
        assert descend(kind, indefinite, w, start, 1e-11, 50, patience=8).verdict == "lost"


def test_orders_beyond_the_kernel_are_left_to_the_twin():
    X, w, start = sample(3, 33)
    assert descend("affine", X, w, start, 1e-9, 5, patience=8) is None


def test_refusals():
    X, w, start = sample(4, 3)
    module = native.kernels("native")

    def call(A=X, weight=w, factor=start, tol=1e-9, most=5, patience=3, level="auto"):
        return module.barycentre(A, weight, factor.copy(), True, tol, most, patience, False, 1, level)

    call()
    for wrong in (
        {"weight": w[:3].copy()},
        {"factor": np.eye(2)},
        {"factor": start.T.copy()},
        {"factor": -start},
        {"factor": np.nan * start},
        {"A": X[:0].copy(), "weight": w[:0].copy()},
        {"A": np.ones((4, 3, 2))},
        {"A": np.ones((4, 129, 129)), "factor": np.eye(129)},
        {"most": 0},
        {"patience": 0},
        {"tol": -1.0},
        {"level": "none"},
    ):
        with pytest.raises(ValueError, match=r"."):
            call(**wrong)
    with pytest.raises(ValueError, match="length"):
        module.plain_matrices(X, np.empty(3, np.int8), 1, "auto")
    with pytest.raises(ValueError, match="square"):
        module.plain_matrices(np.ones((4, 3, 2)), np.empty(4, np.int8), 1, "auto")


@pytest.mark.parametrize("level", native.cpu_levels())
def test_plain_matrices_are_those_that_need_no_second_look(level):
    X = sample(11, 6, condition=1e8)[0]
    assert plain_spd(X, level=level)
    assert plain_spd(1e-250 * X, level=level)
    for place in (0, 4, 10):
        for spoil in (_nan_above, _asymmetric, _singular, _indefinite):
            doubtful = X.copy()
            spoil(doubtful[place])
            assert not plain_spd(doubtful, level=level)
    np.testing.assert_array_equal(check_spd(X), X)
    assert not plain_spd(X[:, :, ::-1])
    assert not plain_spd(X.astype(np.float32))


def _nan_above(A):
    A[0, -1] = np.nan


def _asymmetric(A):
    A[0, -1] = np.nextafter(A[0, -1], np.inf)


def _singular(A):
    A[-1], A[:, -1] = A[0], A[:, 0]
    A[-1, -1] = A[0, 0]


def _indefinite(A):
    A[-1, -1] = -A[-1, -1]
