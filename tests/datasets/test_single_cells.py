"""Oracles: path lengths on the tree by hand, the moments of gamma–Poisson counts, the share of lost counts."""

import numpy as np
import pytest

from erlangen.datasets import single_cell_tree
from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.datasets.single_cells import _counts, _skeleton
from erlangen.errors import DomainError


def path_length(parents, one, two):
    """Length of the path between (branch, position) pairs: climb both to the root, drop what is common."""

    def legs(branch, position):
        chain = {branch: position}
        while parents[branch] >= 0:
            branch = parents[branch]
            chain[branch] = 1.0
        return chain

    a, b = legs(*one), legs(*two)
    return sum(abs(a.get(k, 0.0) - b.get(k, 0.0)) for k in a.keys() | b.keys())


def test_geodesics_are_path_lengths_on_the_tree():
    rng = np.random.default_rng(0)
    parents, branch, position = [-1, 0, 0, 1, 1, 4], rng.integers(6, size=40), rng.random(40)
    sample = ManifoldSample(np.zeros((40, 1)), "tree", skeleton=_skeleton(parents, branch, position))
    cells = list(zip(branch.tolist(), position.tolist(), strict=True))
    exact = [[path_length(parents, a, b) for b in cells] for a in cells]
    assert np.allclose(sample.geodesics(), exact, atol=1e-12)


def test_a_branch_without_cells_still_joins_its_children():
    sample = ManifoldSample(
        np.zeros((2, 1)), "t", skeleton=_skeleton([-1, 0, 1], np.array([0, 2]), np.array([0.5, 0.25]))
    )
    assert sample.geodesics()[0, 1] == pytest.approx(1.75)


@pytest.mark.parametrize("dispersion", [0.0, 0.5])
def test_counts_have_the_moments_of_the_model(dispersion):
    """E[c | L] = L p, Var = L p + dispersion (L p)^2; averaged over log-normal L with s = 0.3."""
    log_means = np.tile(np.log([1.0, 2.0, 5.0]), (60_000, 1))
    counts = _counts(log_means, 80.0, dispersion, 0.0, np.random.default_rng(0))
    mean = 80.0 * np.exp(0.3**2 / 2) * np.array([1, 2, 5]) / 8
    square = mean**2 * np.exp(0.3**2) * (1 + dispersion)
    assert np.allclose(counts.mean(axis=0), mean, rtol=0.015)
    assert np.allclose((counts**2).mean(axis=0), mean + square, rtol=0.03)


def test_the_stated_share_of_average_counts_is_lost_and_more_of_faint_genes():
    log_means = np.tile(np.log([0.1, 1.0, 1.9]), (40_000, 1))  # the second gene is the average
    counts = _counts(log_means, 3000.0, 0.0, 0.2, np.random.default_rng(1))
    lost = (counts == 0).mean(axis=0)
    assert lost[1] == pytest.approx(0.2, abs=0.01)
    assert lost[0] == pytest.approx(1 / (1 + 4 * 0.1), abs=0.01)
    assert lost[2] == pytest.approx(1 / (1 + 4 * 1.9), abs=0.01)


def test_cells_times_and_libraries():
    cells = single_cell_tree(300, genes=40, branches=4, rng=3)
    assert cells.X.shape == (300, 40)
    assert cells.X.min() >= 0
    totals = np.expm1(cells.X).sum(axis=1)
    assert np.allclose(totals, totals[0])
    root = np.argmin(cells.times)
    assert np.allclose(cells.geodesics([root])[0], np.abs(cells.times - cells.times[root]), atol=2 * cells.times[root])
    assert np.array_equal(cells.X, single_cell_tree(300, genes=40, branches=4, rng=3).X)


@pytest.mark.parametrize(
    "arguments",
    [
        {"n": 2},
        {"genes": 1},
        {"branches": 0},
        {"library": 0.0},
        {"dispersion": -1.0},
        {"dropout": 1.0},
        {"effect": -1.0},
    ],
)
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(DomainError, match=next(iter(arguments))):
        single_cell_tree(**arguments)
