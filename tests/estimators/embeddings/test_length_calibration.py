"""Powers of known metrics are found again, and units follow the points."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.spatial.distance import cdist

from erlangen.estimators.embeddings.length_calibration import length_unit, midpoint_power
from erlangen.operators import graph_distance


def line(rng, n):
    x = rng.random(n)
    return np.abs(x[:, None] - x)


def circle(rng, n):
    x = 2 * np.pi * rng.random(n)
    gap = np.abs(x[:, None] - x)
    return np.minimum(gap, 2 * np.pi - gap)


def disc(rng, n):
    X = rng.normal(size=(4 * n, 2))
    X = X[np.linalg.norm(X, axis=1) < 1.5][:n]
    return cdist(X, X)


@pytest.mark.parametrize("space", [line, circle, disc])
@pytest.mark.parametrize("p", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("m", [None, 60])
def test_powers_of_length_metrics(space, p, m):
    rng = np.random.default_rng(0)
    D = space(rng, 1200) ** (1 / p)
    columns = np.arange(1200) if m is None else np.sort(rng.permutation(1200)[:m])
    assert midpoint_power(D[:, columns], columns, rng) == pytest.approx(p, abs=0.08)


def test_the_power_is_clipped_and_does_not_depend_on_the_unit():
    rng = np.random.default_rng(0)
    g = line(rng, 500)
    all_points = np.arange(500)
    assert midpoint_power(g**2.0, all_points, rng) == 1.0
    assert midpoint_power(g**0.2, all_points, rng) == 2.0
    powers = [midpoint_power(s * g**0.7, all_points, np.random.default_rng(1)) for s in (1e-12, 1.0, 1e14)]
    assert np.allclose(powers, powers[0], rtol=1e-12)


@pytest.mark.parametrize("D", [np.zeros((6, 6)), np.where(np.eye(6) > 0, 0, np.inf)])
def test_nothing_to_measure(D):
    assert midpoint_power(D, np.arange(6), np.random.default_rng(0)) == 1.0
    assert length_unit(D, np.arange(6), sp.csr_array((6, 6))) == 1.0


def test_unreached_pairs_are_passed_over():
    rng = np.random.default_rng(0)
    g = np.full((800, 800), np.inf)
    g[:400, :400], g[400:, 400:] = line(rng, 400), line(rng, 400)
    assert midpoint_power(np.sqrt(g), np.arange(800), rng) == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
@pytest.mark.parametrize("m", [None, 5, 40])
def test_the_unit_is_that_of_the_paths(scale, m):
    rng = np.random.default_rng(0)
    steps = scale * rng.random(300)
    path = sp.diags_array([steps, steps], offsets=[1, -1]).tocsr()
    columns = np.arange(301) if m is None else np.sort(rng.permutation(301)[:m])
    D = graph_distance(path, columns).T / 3.7
    assert length_unit(D, columns, path) == pytest.approx(3.7, rel=1e-12)
