"""Distances laid out: Euclidean configurations come back up to isometry, with all pairs and with landmarks."""

import numpy as np
import pytest
from scipy.spatial import procrustes
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.layout import MDS, WEIGHTS, lay_out, place_on, scaled


def configuration(n, d, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, d))
    return X, cdist(X, X)


@pytest.mark.parametrize("mds", MDS)
@pytest.mark.parametrize("d", [1, 2, 3])
def test_all_pairs(mds, d):
    _, D = configuration(80, d)
    Z, value = lay_out(D, np.arange(80), d, mds=mds)
    tolerance = {"sgd": 2e-2, "smacof": 2e-2, "classical": 1e-9}[mds]
    assert value < tolerance**2 * 10
    assert np.abs(cdist(Z, Z) - D).max() < 5 * tolerance * D.max()


@pytest.mark.parametrize("mds", MDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_landmarks(mds, dtype):
    X, D = configuration(300, 2)
    columns = np.sort(np.random.default_rng(1).permutation(300)[:25])
    Z, _ = lay_out(D[:, columns].astype(dtype), columns, 2, mds=mds)
    assert procrustes(X, Z)[2] < 1e-3
    assert np.abs(cdist(Z, Z) - D).max() < 0.1 * D.max()
    if mds == "classical":
        assert np.abs(cdist(Z, Z) - D).max() < (1e-4 if dtype is np.float32 else 1e-6)


@pytest.mark.parametrize("weights", [w for w in WEIGHTS if w != "heat"])
@pytest.mark.parametrize("mds", ["sgd", "smacof"])
def test_weights_do_not_move_an_exact_configuration(mds, weights):
    X, D = configuration(50, 2, seed=3)
    Z, value = scaled(D, 2, mds=mds, weights=weights)
    assert value < 1e-2
    assert procrustes(X, Z)[2] < 1e-2


def test_heat_as_weights_prefers_near_pairs():
    """On a circle, which no plane carries with its arcs, heat weights keep near arcs better than equal weights do."""
    x = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    gap = np.abs(x[:, None] - x)
    D = np.minimum(gap, 2 * np.pi - gap)
    near = (D > 0) & (D < 0.5)
    error = {}
    for weights, H in (("uniform", None), ("heat", np.exp(-(D**2) / 0.2))):
        Z, _ = scaled(D, 2, mds="smacof", weights=weights, H=H)
        error[weights] = np.abs(cdist(Z, Z) - D)[near].max()
    assert error["heat"] < 0.5 * error["uniform"]


def test_points_are_placed_in_blocks(monkeypatch):
    X, _ = configuration(50, 2)
    Y = X[:6]
    whole = place_on(Y, cdist(X, Y))
    monkeypatch.setattr("erlangen.estimators.embeddings.layout._BLOCK", 7)
    parted = place_on(Y, cdist(X, Y))
    assert np.array_equal(parted[:49], whole[:49])
    assert np.allclose(parted[49], whole[49], rtol=0, atol=1e-15)  # a block of one row, summed in another order
    assert np.allclose(whole, X, atol=1e-6)
    assert place_on(Y, np.empty((0, 6))).shape == (0, 2)


@pytest.mark.parametrize(("names", "words"), [({"mds": "tsne"}, "mds.*'tsne'"), ({"weights": "w"}, "weights.*'w'")])
def test_unknown_names(names, words):
    with pytest.raises(DomainError, match=words):
        scaled(configuration(5, 2)[1], 2, **names)


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9, 1e-12, 1e-160])
@pytest.mark.parametrize("mds", MDS)
def test_near_duplicates_do_not_rule_the_layout(mds, gap):
    X = np.r_[configuration(80, 2)[0], np.zeros((2, 2))]
    X[-1, 0] = gap
    D = np.hypot(*(X[:, None] - X).transpose(2, 0, 1))
    Z, value = scaled(D, 2, mds=mds)
    assert np.abs(cdist(Z, Z) - D).max() < 1e-3 * D.max()
    assert value < 1e-3


@pytest.mark.parametrize("exponent", [-900, -500, 500, 900])
@pytest.mark.parametrize("mds", MDS)
def test_squares_that_leave_the_range_of_numbers(mds, exponent):
    """Distances are divided by a power of two first, so that the result is that of ordinary distances to the last bit."""
    _, D = configuration(40, 2)
    factor = 2.0**exponent
    unit = 2.0 ** np.frexp(D.max())[1]
    expected, value = lay_out(D / unit, np.arange(40), 2, mds=mds)
    Z, other = lay_out(factor * D, np.arange(40), 2, mds=mds)
    assert np.array_equal(Z, expected * unit * factor)
    assert other == value
    columns = np.arange(0, 40, 5)
    some, _ = lay_out(factor * D[:, columns], columns, 2, mds=mds)
    assert np.abs(cdist(some / factor, some / factor) - D).max() < 0.3 * D.max()
