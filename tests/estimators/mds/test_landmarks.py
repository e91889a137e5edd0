import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.mds import classical_scaling, landmark_scaling


def example(d=3, m=12, n=50, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, d)) * 5, rng.normal(size=(n, d)) * 9


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_euclidean_points_are_triangulated_exactly(d, scale):
    Y, X = example(d)
    Z = landmark_scaling(scale * cdist(Y, Y), scale * cdist(X, Y), d) / scale
    assert np.allclose(cdist(Z, Z), cdist(X, X), atol=1e-8)


def test_landmarks_among_the_points_get_their_classical_place():
    Y = np.random.default_rng(1).normal(size=(15, 6))
    D = cdist(Y, Y, "cityblock")
    assert np.allclose(landmark_scaling(D, D, 2), classical_scaling(D, 2)[0], atol=1e-10)


def test_misfits_are_refused():
    Y, X = example()
    with pytest.raises(ShapeError, match="D_points must have shape"):
        landmark_scaling(cdist(Y, Y), cdist(X, X))
    bad = cdist(X, Y)
    bad[4, 2] = np.inf
    with pytest.raises(DomainError, match=r"D_points\[4, 2\] = inf"):
        landmark_scaling(cdist(Y, Y), bad)
