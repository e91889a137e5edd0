"""Oracles: scipy's cdist, which squares differences one by one."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ResourceLimitError, ShapeError
from erlangen.operators import denoise, triplet_distance
from erlangen.operators.distances import triplet


def distances(n=60, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, 3))
    return cdist(X, X)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_distances_between_rows(scale):
    D = scale * distances()
    found = triplet_distance(D)
    assert np.allclose(found, cdist(D, D), rtol=1e-11)
    assert np.array_equal(found, found.T)
    assert np.all(found.diagonal() == 0)


def test_near_rows_do_not_cancel():
    A = 1e3 + np.abs(np.random.default_rng(1).normal(size=(30, 50)))
    A[1] = A[0] + 1e-9
    A[2] = A[0]
    found = triplet_distance(A)
    assert np.allclose(found, cdist(A, A), rtol=1e-11)
    assert found[0, 2] == 0


def test_rectangular_rows_and_blocks(monkeypatch):
    monkeypatch.setattr(triplet, "_PAIR_ENTRIES", 10)
    A = distances()[:8]
    A[3] = A[2] * (1 + 1e-8)
    assert np.allclose(triplet_distance(A), cdist(A, A), rtol=1e-10)


def test_infinity_against_infinity_agrees_and_else_is_far():
    inf = np.inf
    D = np.array([[0, 1, inf, inf], [1, 0, inf, inf], [inf, inf, 0, 2], [inf, inf, 2, 0.0]])
    expected = np.full((4, 4), inf)
    expected[:2, :2] = [[0, np.sqrt(2)], [np.sqrt(2), 0]]
    expected[2:, 2:] = [[0, np.sqrt(8)], [np.sqrt(8), 0]]
    assert np.allclose(triplet_distance(D), expected)
    for rho in (0.0, 0.5, 1.0):
        assert not np.isnan(denoise(D, rho)).any()


@pytest.mark.parametrize("rho", [0.0, 0.3, 1.0])
def test_denoising_mixes(rho):
    D = distances()
    assert np.allclose(denoise(D, rho), (1 - rho) * D + rho * cdist(D, D), rtol=1e-11)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda D: denoise(D, 1.5), DomainError, "rho must be a finite number in .0, 1."),
        (lambda D: denoise(D, np.nan), DomainError, "rho must be"),
        (lambda D: denoise(D[:2], 0.5), ShapeError, r"\(n, n\)"),
        (lambda D: triplet_distance(-D), DomainError, "is no distance"),
        (lambda D: triplet_distance(np.where(D == 0, np.nan, D)), DomainError, r"D\[0, 0\] = nan is no distance"),
        (lambda D: triplet_distance(D[0]), ShapeError, "D must have shape"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call(distances(5))


def test_memory_is_asked_for_before(monkeypatch):
    def refuse(estimate, what, **_):
        message = f"{what}: {estimate:.0f}"
        raise ResourceLimitError(message)

    monkeypatch.setattr(triplet, "check_memory", refuse)
    with pytest.raises(ResourceLimitError, match="between 5 rows of 5 entries: 1200"):
        triplet_distance(distances(5))
