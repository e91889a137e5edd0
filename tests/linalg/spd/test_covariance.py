"""Oracles: numpy, scikit-learn, pyriemann 0.12's printed values, and the papers' sums written out term by term."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.covariance import ledoit_wolf, oas
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import ConvergenceWarning, DomainError, DomainWarning, ShapeError
from erlangen.linalg import check_spd, covariance

SMALL = np.array([[1.0, 4, -2, 0, 3, 5, -1, 2], [2, 3, -3, 1, 1, 6, 0, -2], [0, -1, 2, 5, -4, 1, 3, 7]])
PYRIEMANN = {  # upper triangles printed by pyriemann 0.12 on SMALL, "tyl" with tol=1e-14
    "cov": [6.0, 5.285714285714286, -3.3571428571428568, 8.0, -4.142857142857142, 11.982142857142856],
    "scm": [5.25, 4.625, -2.9375, 7.0, -3.625, 10.484375],
    "corr": [1.0, 0.7629271414291483, -0.3959377861952839, 1.0, -0.42314354271214194, 1.0],
    "oas": [7.282101269333544, 0.5880739884380596, -0.37350645211606487, 7.504615751445242, -0.46092285580280346, 7.947657979221213],
    "lwf": [6.41607830768773, 2.308495442445851, -1.466206564796689, 7.289563069694269, -1.809361292727829, 9.028733622618],
    "sch": [6.0, 3.804562113458462, -2.4164110720614556, 8.0, -2.9819540889269027, 11.982142857142854],
    "tyl": [0.9274343654062944, 0.6908036182053541, -0.718470812617314, 0.7598466592476116, -0.45110878701345536, 1.3127189753460935],
}  # fmt: skip
UPPER = np.triu_indices(3)


def signals(*shape, seed=0):
    X = np.random.default_rng(seed).normal(size=shape)
    return X * np.logspace(0, 1, shape[-2])[:, None] + 3


@pytest.mark.parametrize("kind", PYRIEMANN)
def test_the_values_of_pyriemann(kind):
    found = covariance(SMALL, kind, tol=1e-13, max_iter=2000)
    assert np.allclose(found[UPPER], PYRIEMANN[kind], rtol=1e-12, atol=0)
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize(("n", "count"), [(7, 60), (20, 15), (1, 9)])
def test_batches_equal_numpy_and_scikit_learn_trial_by_trial(n, count):
    X = signals(2, 3, n, count)
    oracles = {"oas": lambda x: oas(x.T)[0], "lwf": lambda x: ledoit_wolf(x.T)[0]}
    if count > n + 1:
        oracles |= {"cov": np.cov, "scm": lambda x: np.cov(x, bias=True), "corr": np.corrcoef}
    for kind, oracle in oracles.items():
        found = covariance(X, kind)
        for trial in np.ndindex(2, 3):
            assert np.allclose(found[trial], oracle(X[trial]), rtol=1e-12, atol=1e-13), kind


def test_schaefer_and_strimmer_term_by_term():
    """Sec. 2 of their paper: Var(r_ij) = T/(T-1)³ Σ_t (w_tij - w̄_ij)², w_tij = z_ti z_tj of standardised z."""
    X = signals(4, 30)
    n, count = X.shape
    z = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, ddof=1, keepdims=True)
    top = bottom = 0.0
    for i, j in itertools.permutations(range(n), 2):
        w = z[i] * z[j]
        top += count / (count - 1) ** 3 * np.sum((w - w.mean()) ** 2)
        bottom += (count / (count - 1) * w.mean()) ** 2
    target = np.cov(X)
    expected = np.where(np.eye(n, dtype=bool), target, (1 - min(1, top / bottom)) * target)
    assert np.allclose(covariance(X, "sch"), expected, rtol=1e-12)


def test_tyler_is_a_fixed_point_and_does_not_see_the_length_of_samples():
    X = signals(5, 80) - 3
    C = covariance(X, "tyl", assume_centred=True, tol=1e-13, max_iter=1000)
    weights = 5 / np.einsum("it,ij,jt->t", X, np.linalg.inv(C), X)
    again = (X * weights) @ X.T / 80
    assert np.allclose(again / np.trace(again) * 5, C, rtol=1e-10)
    lengths = np.random.default_rng(1).pareto(1, size=80) + 0.1
    assert np.allclose(covariance(X * lengths, "tyl", assume_centred=True, tol=1e-13, max_iter=1000), C, rtol=1e-9)
    with pytest.warns(ConvergenceWarning, match="after 2 steps at a relative step of"):
        covariance(X, "tyl", tol=1e-13, max_iter=2)


@pytest.mark.parametrize("kind", [k for k in PYRIEMANN if k not in ("corr", "tyl")])
@pytest.mark.parametrize(
    ("scale", "dtype", "digits"), [(1e-6, np.float32, 2e-5), (1e-12, np.float64, 1e-13), (1e7, np.float64, 1e-13)]
)
def test_volts_and_other_units_cost_nothing(kind, scale, dtype, digits):
    X = signals(3, 6, 40)
    found = covariance((scale * X).astype(dtype), kind)
    assert found.dtype == dtype
    assert np.allclose(found.astype(float) / scale**2, covariance(X, kind), rtol=digits, atol=digits * 10)


def test_white_channels_of_equal_power_are_shrunk_to_the_target_and_not_beyond():
    """Where S is a multiple of I exactly, the published quotient is 0/0 and differences of squares give any sign."""
    X = np.concatenate([np.eye(3), -np.eye(3)], axis=1) * 0.1
    for kind in ("oas", "lwf"):
        assert np.allclose(covariance(X, kind), np.eye(3) * 0.02 / 6, rtol=1e-14)


@pytest.mark.parametrize("kind", ["oas", "lwf", "sch"])
def test_fewer_samples_than_channels_still_give_a_definite_matrix(kind):
    check_spd(covariance(signals(4, 22, 15), kind))


@pytest.mark.parametrize("kind", ["oas", "lwf", "sch"])
def test_fewer_effective_samples_shrink_more(kind):
    X = signals(5, 200)
    X[1] += X[0]
    full, none = covariance(X, kind), covariance(X, kind, effective_samples=200)
    assert np.array_equal(full, none)
    off = [abs(covariance(X, kind, effective_samples=k)[0, 1]) for k in (200, 100, 50)]
    assert off[0] > off[1] > off[2]
    smooth = np.cumsum(signals(5, 200, seed=2) - 3, axis=1)
    spread = [np.ptp(np.linalg.eigvalsh(covariance(smooth, kind, effective_samples=e))) for e in (None, "auto")]
    assert spread[1] < spread[0]


def test_half_the_effective_samples_double_the_shrinkage_of_ledoit_and_wolf():
    X = signals(4, 100)
    S = np.cov(X, bias=True)
    shrunk = [covariance(X, "lwf", effective_samples=k)[0, 1] / S[0, 1] for k in (100, 50)]
    assert 1 - shrunk[1] == pytest.approx(2 * (1 - shrunk[0]), rel=1e-10)


@pytest.mark.parametrize("kind", PYRIEMANN)
def test_gradcheck(kind):
    X = torch.tensor(signals(2, 7) if kind == "tyl" else signals(2, 3, 9), requires_grad=True)
    assert gradcheck(lambda x: covariance(x, kind, tol=1e-13), X)
    if kind != "tyl":
        assert gradgradcheck(lambda x: covariance(x, kind), X)


def test_the_path_of_arrays_is_that_of_tensors():
    X = signals(4, 5, 30)
    for kind in PYRIEMANN:
        found = covariance(torch.tensor(X, requires_grad=True), kind)
        assert np.allclose(found.detach().numpy(), covariance(X, kind), rtol=1e-12, atol=1e-13)


def test_too_few_samples_are_told_with_their_ratio():
    with pytest.warns(
        DomainWarning, match=r'5 samples of 10 channels \(T/n = 0.5\): every "cov" .* of rank at most 4'
    ) as caught:
        found = covariance(signals(10, 5))
    assert caught[0].filename == __file__
    assert np.linalg.matrix_rank(found) == 4
    with pytest.warns(DomainWarning, match="rank at most 2"):
        covariance(signals(3, 3), "scm")


def broken(value):
    X = signals(4, 3, 20)
    X[2, 1, 7] = value
    return X


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: covariance(broken(np.nan)), DomainError, "NaN or infinity at trial 2, channel 1; 1 channels"),
        (lambda: covariance(broken(np.inf), "oas"), DomainError, "trial 2, channel 1"),
        (lambda: covariance(broken(np.nan)[2]), DomainError, "infinity at channel 1"),
        (lambda: covariance(broken(1e200)), DomainError, "leave the range of torch.float64"),
        (lambda: covariance(np.ones(5)), ShapeError, r"shape \(..., n, T\)"),
        (lambda: covariance(np.ones((3, 1))), ShapeError, "T >= 2"),
        (lambda: covariance(np.ones((2, 3)) * 1j), DomainError, "complex128"),
        (lambda: covariance(SMALL, "ledoit"), DomainError, "estimator must be one of 'cov'"),
        (lambda: covariance(np.vstack([SMALL, np.ones(8)]), "corr"), DomainError, "channel 3 .* is constant"),
        (lambda: covariance(SMALL[:, :3], "tyl"), DomainError, "more samples than channels, got T=3 and n=3"),
        (lambda: covariance(np.vstack([SMALL, np.zeros(8)]), "tyl"), DomainError, "spans less than its 4 channels"),
        (lambda: covariance(SMALL, "oas", effective_samples="most"), DomainError, "effective_samples must be a number"),
        (lambda: covariance(SMALL, "oas", effective_samples=9), DomainError, "effective_samples must be a finite"),
    ],
)
def test_what_has_no_covariance_is_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_integers_and_empty_batches():
    assert np.array_equal(covariance(SMALL.astype(int)), covariance(SMALL))
    assert covariance(np.zeros((0, 3, 20)), "oas").shape == (0, 3, 3)
