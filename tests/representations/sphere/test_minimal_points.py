"""Minimal points: as well conditioned as published, and as the optimiser makes them."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.representations.sphere.minimal_points import (
    LARGEST,
    even_harmonics,
    minimal_points,
    optimise_points,
    quadrature_weights,
    write_points,
)

# Condition numbers of log-det-optimised points, L = 1 ... 6, as given with the rule.
PUBLISHED = [1.00, 1.56, 1.89, 2.14, 2.35, 2.71]


def condition(points, L):
    return np.linalg.cond(even_harmonics(points, L))


@pytest.mark.parametrize("L", range(1, 7))
def test_condition_numbers(L):
    assert condition(minimal_points(L), L) <= 1.05 * PUBLISHED[L - 1]


@pytest.mark.parametrize("L", range(LARGEST + 1))
def test_as_many_points_as_the_space_has_dimensions(L):
    points = minimal_points(L)
    assert points.shape == ((2 * L + 1) * (L + 1), 3)
    assert np.abs(np.linalg.norm(points, axis=1) - 1).max() <= 1e-15 * 2
    assert condition(points, L) <= 4.25
    assert quadrature_weights(points, L).min() > 0


def test_six_points_are_the_diagonals_of_an_icosahedron():
    cosines = np.abs(minimal_points(1) @ minimal_points(1).T)[np.triu_indices(6, 1)]
    assert np.abs(cosines - 1 / np.sqrt(5)).max() <= 1e-7


@pytest.mark.parametrize("L", [1, 2])
def test_the_optimiser_finds_the_stored_points_again(L):
    points = optimise_points(L, restarts=3, rng=11)
    logdet = [np.linalg.slogdet(even_harmonics(p, L))[1] for p in (points, minimal_points(L))]
    assert abs(logdet[0] - logdet[1]) <= 1e-9
    assert abs(condition(points, L) / condition(minimal_points(L), L) - 1) <= 1e-4


@pytest.mark.slow
def test_all_points_can_be_made_again(tmp_path):
    write_points(tmp_path / "points.safetensors", restarts=1, rng=5)
    assert (tmp_path / "points.safetensors").stat().st_size > 20_000


def test_refusals():
    with pytest.raises(DomainError, match="kept for L <= 12, got L=13"):
        minimal_points(13)
    with pytest.raises(DomainError, match="restarts"):
        optimise_points(1, restarts=0)
