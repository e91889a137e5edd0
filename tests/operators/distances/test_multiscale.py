"""Oracles: the weights written out."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import multiscale_distance, multiscale_weights


def test_weights_fall_with_time_and_sum_to_one():
    t = np.geomspace(0.1, 200, 7)
    w = multiscale_weights(t)
    raw = 1 - t / t.sum()
    assert np.allclose(w, raw / raw.sum(), rtol=1e-15)
    assert np.all(np.diff(w) < 0)
    assert multiscale_weights([3.0]).tolist() == [1.0]


def test_the_weighted_mean():
    D = np.abs(np.random.default_rng(0).normal(size=(3, 4, 5)))
    w = multiscale_weights([1.0, 2.0, 5.0])
    assert np.allclose(multiscale_distance(list(D), [1.0, 2.0, 5.0]), np.tensordot(w, D, 1), rtol=1e-14)
    assert np.array_equal(multiscale_distance([D[0]], [9.0]), D[0])
    assert multiscale_distance([[[np.inf]], [[1.0]]], [1.0, 1.0])[0, 0] == np.inf


@pytest.mark.parametrize(
    ("D", "t", "error", "words"),
    [
        ([[[1.0]]], [1.0, 2.0], ShapeError, "1 distances, 2 times"),
        ([[[1.0]]], [0.0], DomainError, r"times\[0\] = 0 is not a positive"),
        ([[[1.0]], [[1.0, 2.0]]], [1.0, 2.0], ShapeError, "shapes"),
        ([[[np.nan]]], [1.0], DomainError, "no distance"),
        ([], [], DomainError, "times is empty"),
    ],
)
def test_refusals(D, t, error, words):
    with pytest.raises(error, match=words):
        multiscale_distance(D, t)
