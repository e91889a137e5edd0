import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.mds import kruskal_stress, stress
from erlangen.estimators.mds.stress_values import pair_sums


def example(n=40, seed=0):
    rng = np.random.default_rng(seed)
    X, Z = rng.normal(size=(n, 4)), rng.normal(size=(n, 2))
    W = rng.random((n, n))
    return cdist(X, X), Z, W + W.T


def by_loops(D, Z, W):
    raw = known = own = 0.0
    for i in range(len(D)):
        for j in range(i):
            if np.isfinite(D[i, j]):
                e = np.linalg.norm(Z[i] - Z[j])
                raw += W[i, j] * (D[i, j] - e) ** 2
                known += W[i, j] * D[i, j] ** 2
                own += W[i, j] * e**2
    return raw, known, own


def test_stress_is_its_definition_with_and_without_weights_and_infinities():
    D, Z, W = example()
    ones = np.ones_like(D)
    assert np.isclose(stress(D, Z), by_loops(D, Z, ones)[0] / by_loops(D, Z, ones)[1])
    D[3, 9] = D[9, 3] = np.inf
    raw, known, own = by_loops(D, Z, W)
    assert np.isclose(stress(D, Z, W), raw / known)
    assert np.isclose(kruskal_stress(D, Z, W), np.sqrt(raw / own))


def test_inverse_square_weights_are_formed_on_the_way():
    D, Z, _ = example()
    D[3, 9] = D[9, 3] = np.inf
    D[5, 6] = D[6, 5] = 0.0
    with np.errstate(divide="ignore"):
        W = np.where(D > 0, D**-2.0, 0.0)
    assert np.allclose(pair_sums(D, Z, None, inverse_square=True), by_loops(D, Z, W))


def test_invariance_under_isometries_and_scale():
    D, Z, _ = example()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(2, 2)))[0]
    assert np.isclose(stress(D, Z @ turn + 7), stress(D, Z))
    assert np.isclose(kruskal_stress(1e14 * D, 1e14 * Z), kruskal_stress(D, Z))
    assert stress(cdist(Z, Z), Z) < 1e-30


def test_points_that_do_not_fit_or_coincide_are_refused():
    D, Z, _ = example()
    with pytest.raises(ShapeError, match="Z must have shape"):
        stress(D, Z[:-1])
    with pytest.raises(DomainError, match="coincide"):
        kruskal_stress(D, np.zeros_like(Z))
    with pytest.raises(DomainError, match="no scale"):
        stress(D, Z, np.zeros_like(D))
