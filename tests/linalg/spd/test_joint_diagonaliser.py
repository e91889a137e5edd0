"""Joint diagonalisation: sources whose mixing is known, the generalised eigenproblem, no better turn nearby, units, refusals."""

import numpy as np
import pytest
import scipy.linalg

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError, ShapeError
from erlangen.linalg import joint_diagonaliser


def criterion(B, X, w):
    inside = B @ X @ B.T
    return sum(w * (np.log(np.diagonal(inside, axis1=1, axis2=2)).sum(1) - np.linalg.slogdet(inside)[1])) / sum(w)


def random(count, n, seed=0):
    A = np.random.default_rng(seed).normal(size=(count, n, 2 * n))
    return A @ A.transpose(0, 2, 1) / n


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_sources_are_found_up_to_order_and_size(scale):
    rng = np.random.default_rng(1)
    mixing, powers = rng.normal(size=(4, 4)), rng.uniform(0.1, 10, size=(6, 4))
    X = scale * np.einsum("ij,kj,lj->kil", mixing, powers, mixing)
    B, record = joint_diagonaliser((X + X.transpose(0, 2, 1)) / 2, certificate=True)
    assert record.converged
    gain = np.abs(B @ mixing)
    assert ((gain / gain.max(axis=1, keepdims=True) > 1e-6).sum(axis=1) == 1).all()
    np.testing.assert_allclose(np.diagonal((B @ X @ B.T).mean(0)), 1, rtol=1e-10)


def test_two_matrices_are_a_generalised_eigenproblem():
    P, Q = random(2, 5)
    B = joint_diagonaliser(np.stack([P, Q]))
    inside = B @ np.stack([P, Q]) @ B.T
    assert np.abs(inside - np.einsum("kii->ki", inside)[:, :, None] * np.eye(5)).max() < 1e-10
    ratios = np.sort(np.diag(inside[1]) / np.diag(inside[0]))
    np.testing.assert_allclose(ratios, scipy.linalg.eigvalsh(Q, P), rtol=1e-10)


def test_no_nearby_matrix_is_better_and_weights_count():
    X, w = random(7, 4), np.array([1.0, 2, 3, 4, 1, 1, 1])
    B = joint_diagonaliser(X, w)
    least, rng = criterion(B, X, w), np.random.default_rng(0)
    assert all(criterion(B + 1e-3 * rng.normal(size=(4, 4)) @ B, X, w) > least for _ in range(30))
    assert criterion(joint_diagonaliser(X), X, w) > least + 1e-6
    A = rng.normal(size=(4, 4))
    assert criterion(joint_diagonaliser(A @ X @ A.T, w), A @ X @ A.T, w) == pytest.approx(least, rel=1e-6)


def test_multiples_of_one_matrix_and_refusals():
    same = joint_diagonaliser(np.stack([np.eye(2), 2 * np.eye(2)]))
    np.testing.assert_allclose(1.5 * same @ same.T, np.eye(2), atol=1e-12)
    X = random(3, 3)
    with pytest.raises(ShapeError, match="N, n, n"):
        joint_diagonaliser(X[0])
    with pytest.raises(ShapeError, match=r"weights must have shape \(3,\)"):
        joint_diagonaliser(X, [1, 2])
    with pytest.raises(DomainError, match=r"weights\[1\]"):
        joint_diagonaliser(X, [1, 0, 1])
    with pytest.raises(NotSPDError):
        joint_diagonaliser(-X)
    with pytest.warns(ConvergenceWarning, match="joint diagonaliser"):
        joint_diagonaliser(random(5, 4), max_iter=1)
