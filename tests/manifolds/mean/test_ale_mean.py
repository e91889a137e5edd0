"""The ALE mean: pyriemann 0.12's numbers, two matrices, common directions, congruences, sets and refusals."""

import numpy as np
import pytest

from erlangen.errors import DomainError, NotSPDError
from erlangen.manifolds import SPD, AffineInvariant, ale_mean

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
R = np.array([[1.0, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
X, W = np.stack([P, Q, R]), [0.5, 0.3, 0.2]
PYRIEMANN = [  # 0.12, mean_ale at tol=1e-13 from ajd_pham at eps=1e-14 (by default that stops early, at an error of 1e-5); upper triangles
    (None, [1.8812861934330023, 0.22919238499871145, 0.01730259604035865, 2.896094223054673, 0.8139492364775065, 1.4393144658351682]),
    (W, [2.335727919589728, 0.2932872603099891, 0.019338156568736387, 3.0285784263890987, 0.9484390038478407, 1.708191630979264]),
]  # fmt: skip


@pytest.mark.parametrize(("weights", "triangle"), PYRIEMANN, ids=["equal", "weighted"])
def test_values_of_the_peer(weights, triangle):
    K, record = ale_mean(X, weights, tol=1e-12, certificate=True)
    assert record.converged
    np.testing.assert_allclose(K[np.triu_indices(3)], triangle, rtol=1e-8, atol=1e-9)


def test_where_all_become_diagonal_it_is_the_affine_invariant_mean():
    np.testing.assert_allclose(ale_mean(X[:2], [1, 3]), AffineInvariant().mean(X[:2], [1, 3]), rtol=1e-9, atol=1e-10)
    mixing = np.random.default_rng(0).normal(size=(3, 3))
    common = mixing * np.array([[1.0, 2, 3], [3, 1, 5], [0.1, 1, 2], [7, 7, 1]])[:, None, :] @ mixing.T
    np.testing.assert_allclose(ale_mean(common), AffineInvariant().mean(common, tol=1e-12), rtol=1e-8, atol=1e-9)
    assert AffineInvariant().dist(ale_mean(X), AffineInvariant().mean(X)) < 0.01


def test_congruences_determinants_units_and_sets():
    A, K = np.random.default_rng(0).normal(size=(3, 3)), ale_mean(X)
    np.testing.assert_allclose(ale_mean(A @ X @ A.T), A @ K @ A.T, rtol=1e-6, atol=1e-7)
    assert np.linalg.det(K) == pytest.approx(np.prod(np.linalg.det(X)) ** (1 / 3), rel=1e-9)
    np.testing.assert_allclose(ale_mean(1e-14 * X), 1e-14 * K, rtol=1e-8)
    sets = SPD(2).random(6, rng=0).numpy().reshape(2, 3, 2, 2)
    np.testing.assert_allclose(ale_mean(sets)[1], ale_mean(sets[1]), rtol=1e-9)
    with pytest.raises(NotSPDError):
        ale_mean(-X)
    with pytest.raises(DomainError, match=r"weights\[0\] = -1"):
        ale_mean(X, [-1, 1, 1])
