"""Means by recursion: the laws of Ando, Li and Mathias, pyriemann 0.12's numbers where it has them, nearness to Karcher's mean, refusals."""

import numpy as np
import pytest

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError, ResourceLimitError
from erlangen.linalg import geometric_mean
from erlangen.manifolds import SPD, AffineInvariant, recursive_mean

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
R = np.array([[1.0, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
X = np.stack([P, Q, R])
each = pytest.mark.parametrize("kind", ["alm", "bmp", "cheap"])
PYRIEMANN = {  # 0.12, upper triangles; its cheap mean refuses these matrices
    "alm": [1.8821284012560666, 0.2283231141176714, 0.017084740958565863, 2.8947043365952028, 0.8138712982884858, 1.439330264022261],
    "bmp": [1.88208002567243, 0.22846805844440107, 0.0170850168080407, 2.8947653312946446, 0.8138438329965719, 1.439332406953983],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "triangle"), PYRIEMANN.items())
def test_values_of_the_peer(kind, triangle):
    K, record = recursive_mean(X, kind, tol=1e-13, certificate=True)
    assert record.converged
    np.testing.assert_allclose(K[np.triu_indices(3)], triangle, rtol=1e-10)


@each
def test_laws(kind):
    K = recursive_mean(X, kind)
    assert np.linalg.det(K) == pytest.approx(np.prod(np.linalg.det(X)) ** (1 / 3), rel=1e-11)
    np.testing.assert_allclose(recursive_mean(X[[2, 0, 1]], kind), K, rtol=1e-9, atol=1e-10)
    A = np.random.default_rng(0).normal(size=(3, 3))
    np.testing.assert_allclose(recursive_mean(A @ X @ A.T, kind), A @ K @ A.T, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(recursive_mean(np.linalg.inv(X), kind), np.linalg.inv(K), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(recursive_mean(X[:2], kind), geometric_mean(P, Q), rtol=1e-10, atol=1e-12)
    d = np.array([[1.0, 4.0], [2.0, 3.0], [5.0, 1e-6]])
    found = recursive_mean(np.array([np.diag(x) for x in d]), kind)
    np.testing.assert_allclose(np.diag(found), np.exp(np.log(d).mean(0)), rtol=1e-9)
    assert AffineInvariant().dist(K, AffineInvariant().mean(X)) < 0.01
    np.testing.assert_allclose(recursive_mean(1e-14 * X, kind), 1e-14 * K, rtol=1e-9)


@each
def test_sets_and_axes(kind):
    count = 3 if kind == "alm" else 4
    sets = SPD(2).random(2 * count, rng=0).numpy().reshape(2, count, 2, 2)
    both = recursive_mean(sets, kind)
    np.testing.assert_allclose(both[1], recursive_mean(sets[1], kind), rtol=1e-8)
    np.testing.assert_allclose(recursive_mean(sets[:, 0], kind, axis=0), geometric_mean(*sets[:, 0]), rtol=1e-9)
    np.testing.assert_allclose(recursive_mean(sets[0, :1], kind), sets[0, 0], rtol=1e-12)


def test_refusals():
    many = SPD(2).random(9, rng=0).numpy()
    with pytest.raises(ResourceLimitError, match="9 matrices is a recursion"):
        recursive_mean(many)
    with pytest.raises(ResourceLimitError, match="up to 5 are taken"):
        recursive_mean(many[:6], "alm")
    assert SPD(2).check(recursive_mean(many, "cheap"))
    with pytest.raises(DomainError, match="kind"):
        recursive_mean(X, "ale")
    with pytest.raises(NotSPDError):
        recursive_mean(-X)
    with pytest.warns(ConvergenceWarning, match="the alm mean"):
        recursive_mean(X, "alm", max_iter=1)
