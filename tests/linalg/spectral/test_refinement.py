"""Functions of stiff matrices with all their digits: against 60-digit arithmetic, up to condition 1e10, with repeated small eigenvalues."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, UnsupportedError
from erlangen.linalg import expm, inv_sqrtm, logm, powm, spectral_function, sqrtm

FUNCTIONS = {
    "exp": (expm, mpmath.exp),
    "log": (logm, mpmath.log),
    "sqrt": (sqrtm, mpmath.sqrt),
    "inv_sqrt": (inv_sqrtm, lambda x: 1 / mpmath.sqrt(x)),
    "power 0.3": (lambda A, refine: powm(A, 0.3, refine=refine), lambda x: x ** mpmath.mpf(0.3)),
    "inverse": (lambda A, refine: spectral_function(A, "inverse", refine=refine), lambda x: 1 / x),
    "power 3": (lambda A, refine: powm(A, 3, refine=refine), lambda x: x**3),
}
each = pytest.mark.parametrize(("function", "exact"), FUNCTIONS.values(), ids=FUNCTIONS)


def stiff(n, condition, repeated, seed=0):
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]
    values = np.logspace(0, -np.log10(condition), n)
    if repeated:
        values[n // 2 :] = 1 / condition
    A = (Q * values) @ Q.T
    return (A + A.T) / 2


def exactly(f, A):
    with mpmath.workdps(60):
        values, Q = mpmath.eigsy(mpmath.matrix(A.tolist()))
        B = Q * mpmath.diag([f(x) for x in values]) * Q.T
        return np.array([[float(B[i, j]) for j in range(len(A))] for i in range(len(A))])


def gap(found, exact):
    return np.linalg.norm(found - exact) / np.linalg.norm(exact)


@each
@pytest.mark.parametrize(("condition", "bound"), [(1e4, 1e-15), (1e8, 2e-15), (1e10, 1e-12)])
@pytest.mark.parametrize("repeated", [False, True], ids=["spread", "repeated"])
@pytest.mark.parametrize("n", [2, 6, 15])
def test_all_digits_of_stiff_matrices(function, exact, condition, bound, repeated, n):
    A = stiff(n, condition, repeated)
    assert gap(function(A, refine=True), exactly(exact, A)) < bound


def test_without_it_the_condition_is_paid():
    A = stiff(6, 1e8, repeated=False)
    plain, refined = (gap(logm(A, refine=refine), exactly(mpmath.log, A)) for refine in (False, True))
    assert plain > 1e4 * refined


@pytest.mark.parametrize("scale", [1e-290, 1e-14, 1e14, 1e290, 1.2e308])
def test_scale_takes_no_digit(scale):
    A = scale * stiff(5, 1e8, repeated=True)
    assert gap(logm(A, refine=True), exactly(mpmath.log, A)) < 2e-15
    assert gap(sqrtm(A, refine=True), exactly(mpmath.sqrt, A)) < 2e-15


def test_batches_dtypes_and_indefinite_matrices():
    A = np.stack([[stiff(4, 1e6, False, seed=3 * i + j) for j in range(3)] for i in range(2)])
    found = inv_sqrtm(A, refine=True)
    for i, j in np.ndindex(2, 3):
        assert gap(found[i, j], inv_sqrtm(A[i, j], refine=True)) < 1e-14
    assert np.array_equal(found, found.swapaxes(-1, -2))
    single = logm(torch.from_numpy(A).float(), refine=True)
    assert single.dtype == torch.float32
    exact = np.stack([exactly(mpmath.log, B.astype(np.float32).astype(float)) for B in A.reshape(-1, 4, 4)])
    assert gap(single.numpy().reshape(-1, 4, 4), exact) < 1e-7
    S = A[0, 0] - 0.3 * np.eye(4)
    assert gap(expm(S, refine=True), exactly(mpmath.exp, S)) < 1e-15
    assert logm(np.empty((0, 3, 3)), refine=True).shape == (0, 3, 3)


def test_gradients_are_those_of_the_function():
    A = torch.tensor(stiff(4, 10.0, repeated=True), requires_grad=True)

    def refined(B):
        return logm((B + B.mT) / 2, refine=True)

    assert torch.autograd.gradcheck(refined, A)
    assert torch.autograd.gradgradcheck(refined, A)


def test_singular_matrices_and_refusals():
    B = np.random.default_rng(0).normal(size=(4, 2))
    root = sqrtm(B @ B.T, refine=True)
    assert gap(root @ root, B @ B.T) < 1e-14
    with pytest.raises(DomainError, match="not positive definite"):
        logm(np.diag([1.0, -1e-3]), refine=True)
    with pytest.raises(UnsupportedError, match="number p"):
        powm(np.eye(2), torch.tensor(0.5), refine=True)
