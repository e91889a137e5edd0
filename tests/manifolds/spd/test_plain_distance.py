"""The short way to distances of numbers: right, exactly zero where matrices are equal, and never past a refusal."""

import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen.errors import DomainError, NotSPDError
from erlangen.linalg import check_spd
from erlangen.manifolds import SPD, AffineInvariant, BuresWasserstein
from erlangen.manifolds.spd.plain_distance import affine_squares, bures_squares

METRICS = [(AffineInvariant(), affine_squares), (BuresWasserstein(), bures_squares)]


def _affine(P, Q):
    return np.sqrt(np.sum(np.log(scipy.linalg.eigvalsh(P, Q)) ** 2))


def _bures(P, Q):
    root = scipy.linalg.sqrtm(P).real
    return np.sqrt(np.trace(P) + np.trace(Q) - 2 * np.trace(scipy.linalg.sqrtm(root @ Q @ root).real))


def _matrices(n, count=7, condition=1e4):
    return SPD(n).random(count + 1, rng=n, condition=condition).numpy()


@pytest.mark.parametrize("n", [1, 3, 22])
@pytest.mark.parametrize(("metric", "oracle"), [(AffineInvariant(), _affine), (BuresWasserstein(), _bures)])
def test_distances_are_those_of_scipy(metric, oracle, n):
    *many, one = _matrices(n)
    expected = [oracle(P, one) for P in many]
    np.testing.assert_allclose(metric.dist(np.array(many), one), expected, rtol=1e-9)
    np.testing.assert_allclose(metric.dist(one, np.array(many)), expected, rtol=1e-9)
    np.testing.assert_allclose(metric.squared_dist(many[0], one), expected[0] ** 2, rtol=1e-9)


@pytest.mark.parametrize(("metric", "plain"), METRICS)
def test_a_matrix_in_the_batch_that_equals_the_one_has_distance_zero(metric, plain):
    X = _matrices(4)
    assert plain(torch.from_numpy(X), torch.from_numpy(X[3])) is not None
    assert np.flatnonzero(metric.dist(X, X[3]) == 0).tolist() == [3]
    assert metric.dist(X[3], X[3]) == 0


@pytest.mark.parametrize(("metric", "plain"), METRICS)
def test_what_is_not_exactly_symmetric_takes_the_careful_way(metric, plain):
    X = _matrices(3)
    skew = X.copy()
    skew[2, 0, 1] *= 1 + 1e-10
    assert plain(torch.from_numpy(skew), torch.from_numpy(X[0])) is None
    even = (skew + skew.swapaxes(1, 2)) / 2
    np.testing.assert_allclose(metric.dist(skew, X[0])[1:], metric.dist(even, X[0])[1:], rtol=1e-12)


@pytest.mark.parametrize(("metric", "plain"), METRICS)
@pytest.mark.parametrize("side", ["many", "one"])
@pytest.mark.parametrize("fault", ["singular", "indefinite", "nan", "infinite", "skew"])
def test_every_refusal_stands(metric, plain, side, fault):
    X = _matrices(3)
    broken = X[2]
    if fault == "singular":
        broken[...] = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    elif fault == "indefinite":
        broken[...] = np.diag([1.0, -1e-3, 2.0])
    else:
        broken[0, 1] = {"nan": np.nan, "infinite": np.inf, "skew": 3.0}[fault]
        broken[1, 0] = broken[0, 1] if fault != "skew" else -3.0
    arguments = (X, X[0]) if side == "many" else (X[:2], broken)
    assert plain(*(torch.from_numpy(A) for A in arguments)) is None
    with pytest.raises(NotSPDError if fault in ("singular", "indefinite") else DomainError):
        metric.dist(*arguments)


@pytest.mark.parametrize(("metric", "plain"), METRICS)
@pytest.mark.parametrize("condition", [1e10, 1e13, 1e15, 1e17])
def test_where_the_short_way_goes_the_factorisation_stands(metric, plain, condition):
    X = torch.from_numpy(_matrices(6, 40, condition))
    for P in X[:-1]:
        if plain(P[None], X[-1]) is not None:
            check_spd(P)
            check_spd(X[-1])


def test_a_gradient_and_other_numbers_take_the_careful_way():
    x, y = torch.eye(2, dtype=torch.float64).requires_grad_(), 2 * torch.eye(2, dtype=torch.float64)
    assert affine_squares(x, y) is None
    AffineInvariant().squared_dist(x, y).backward()
    np.testing.assert_allclose(x.grad, -2 * np.log(2) * np.eye(2), rtol=1e-12)
    with torch.no_grad():
        assert affine_squares(x, y) is not None
    assert affine_squares(y.float(), y.float()) is None
    assert affine_squares(y[None], y[None]) is None
