import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.mds import weights_from


def example(n=10):
    X = np.random.default_rng(0).normal(size=(n, 3))
    D = cdist(X, X)
    D[1, 2] = D[2, 1] = np.inf
    return D


def test_each_kind_is_its_formula_off_the_diagonal():
    D = example()
    pairs = np.isfinite(D) & ~np.eye(10, dtype=bool)
    low, high = D[pairs].min(), D[pairs].max()
    H = np.exp(-(np.where(np.isinf(D), 9.0, D) ** 2))
    wanted = {
        "uniform": np.ones_like(D),
        "heat": H + 1e-5,
        "inverse": np.where(pairs, D, 1.0) ** -1.7,
        "gaussian": np.exp(-(((np.where(pairs, D, low) - low) / (high - low)) ** 2) / 1.7),
    }
    for kind, exact in wanted.items():
        assert np.allclose(weights_from(kind, D, H=H, a=1.7), np.where(pairs, exact, 0.0), rtol=1e-13)


def test_coincident_pairs_weigh_as_the_nearest_and_equal_distances_weigh_one():
    D = np.array([[0.0, 0.0, 3.0], [0.0, 0.0, 2.0], [3.0, 2.0, 0.0]])
    assert weights_from("inverse", D, a=1.0)[0, 1] == 0.5
    assert np.array_equal(weights_from("gaussian", 1.0 - np.eye(4)), 1.0 - np.eye(4))


def test_misuse_is_refused():
    D = example()
    with pytest.raises(DomainError, match="H is missing"):
        weights_from("heat", D)
    with pytest.raises(ShapeError):
        weights_from("heat", D, H=np.ones((3, 3)))
    with pytest.raises(DomainError, match="kind must be one of"):
        weights_from("sne", D)
    with pytest.raises(DomainError, match="a must be"):
        weights_from("inverse", D, a=0.0)
