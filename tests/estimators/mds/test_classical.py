import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators.mds import classical_scaling


def cloud(n, d, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)) * np.arange(d, 0, -1)


@pytest.mark.parametrize("n", [8, 400])
@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14, 1e150])
def test_a_euclidean_configuration_comes_back_up_to_an_isometry(n, d, scale):
    X = cloud(n, d)
    Z, values = classical_scaling(cdist(X, X) * scale, d)
    assert np.allclose(pdist(Z / scale), pdist(X), rtol=1e-8, atol=1e-8)
    assert np.allclose((Z / scale).mean(axis=0), 0, atol=1e-10)
    if scale < 1e100:
        moments = np.linalg.eigvalsh((X - X.mean(axis=0)).T @ (X - X.mean(axis=0)))[::-1]
        assert np.allclose(values / scale**2, moments, rtol=1e-9)


@pytest.mark.parametrize("n", [60, 400])
def test_both_ways_agree_with_the_spectrum_of_the_centred_matrix(n):
    X = np.random.default_rng(1).normal(size=(n, 6)) * [4, 3, 2, 1, 1, 1]
    D = np.sqrt(cdist(X, X, "cityblock"))
    J = np.eye(n) - 1 / n
    exact, vectors = np.linalg.eigh(-0.5 * J @ D**2 @ J)
    Z, values = classical_scaling(D, 3)
    assert np.allclose(values, exact[::-1][:3], rtol=1e-10)
    assert np.allclose(np.abs(Z.T @ vectors[:, ::-1][:, :3]), np.diag(np.sqrt(values)), atol=1e-6)
    assert (Z[np.abs(Z).argmax(axis=0), range(3)] > 0).all()


def test_repeated_eigenvalues_are_all_found_by_lanczos():
    # On a simplex the centred matrix is J / 2: one eigenvalue, n - 1 times.
    n = 320
    Z, values = classical_scaling(1.0 - np.eye(n), 3)
    assert np.allclose(values, 0.5)
    assert np.allclose(Z.T @ Z, 0.5 * np.eye(3), atol=1e-9)


def test_runs_repeat_and_infinite_distances_are_refused():
    D = cdist(cloud(350, 3), cloud(350, 3))
    assert np.array_equal(classical_scaling(D, 2)[0], classical_scaling(D, 2)[0])
    D[3, 4] = D[4, 3] = np.inf
    with pytest.raises(DomainError, match=r"D\[3, 4\] = inf"):
        classical_scaling(D)


@pytest.mark.parametrize("n", [20, 400])
def test_missing_positive_eigenvalues_give_zero_columns_and_a_warning(n):
    x = np.linspace(0, 1, n)[:, None]
    with pytest.warns(DomainWarning, match="only 1 of 2 eigenvalues"):
        Z, _ = classical_scaling(cdist(x, x), 2)
    assert not Z[:, 1].any()
    assert np.allclose(pdist(Z), pdist(x))
