"""Oracles: the formula written out, Varadhan's distance, Cauchy and Schwarz."""

import warnings

import numpy as np
import pytest

from erlangen.errors import DomainError, DomainWarning, ShapeError
from erlangen.operators import harnack_distance, heat_kernel, varadhan_distance
from erlangen.operators.distances import harnack


def formula(H, t, sigma):
    h = H.diagonal()
    radicand = -4 * t * np.log(H) + 4 * t * sigma * np.log((h[:, None] + h) / 2)
    D = np.sqrt(np.maximum(radicand, 0))
    np.fill_diagonal(D, 0)
    return D


@pytest.mark.parametrize("sigma", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("t", [0.1, 3.0])
def test_the_formula(cloud_graph, sigma, t):
    H = heat_kernel(cloud_graph, t)
    assert np.allclose(harnack_distance(H, t, sigma=sigma), formula(H, t, sigma), rtol=1e-12, atol=1e-12)


def test_without_volume_it_is_varadhans(cloud_graph):
    H = heat_kernel(cloud_graph, 0.5)
    assert np.allclose(harnack_distance(H, 0.5, sigma=0.0), varadhan_distance(H, 0.5), rtol=1e-14)


def test_rows_in_chunks(cloud_graph, monkeypatch):
    monkeypatch.setattr(harnack, "_BLOCK_ENTRIES", 90 * 2)
    H, s = heat_kernel(cloud_graph, 0.5), np.array([3, 80, 5, 41, 9])
    h = H.diagonal()
    D = harnack_distance(H[s], 0.5, row_diagonal=h[s], column_diagonal=h, sigma=0.7, sources=s)
    assert np.allclose(D, formula(H, 0.5, 0.7)[s], rtol=1e-12)


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
def test_no_radicand_is_negative_up_to_sigma_one(cloud_graph, sigma):
    """H_ij <= sqrt(H_ii H_jj) <= (H_ii + H_jj) / 2."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, report = harnack_distance(heat_kernel(cloud_graph, 4.0), 4.0, sigma=sigma, report=True)
    assert (report.clipped, report.unreached, report.pairs) == (0, 0, 90 * 89)
    assert report.lowest > (-1e-9 if sigma == 1 else 0)


def test_above_one_points_collapse_and_that_is_said(cloud_graph):
    H = heat_kernel(cloud_graph, 4.0)
    with pytest.warns(DomainWarning, match=r"sigma = 1.5 > 1: \d+ of 8010 radicands are negative"):
        D, report = harnack_distance(H, 4.0, sigma=1.5, report=True)
    h = H.diagonal()
    negative = np.log(H) > 1.5 * np.log((h[:, None] + h) / 2)
    np.fill_diagonal(negative, False)
    assert np.all(D[negative] == 0)
    assert report.fraction > 0.1
    assert report.clipped == np.count_nonzero(negative)


def test_unreached_pairs_are_counted(pieces):
    D, report = harnack_distance(heat_kernel(pieces, 0.2), 0.2, report=True)
    label = pieces.components()
    assert np.array_equal(np.isinf(D), label[:, None] != label)
    assert report.unreached == np.count_nonzero(np.isinf(D)) == 100 - 16 - 25 - 1


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"sigma": 2.5}, DomainError, r"sigma must be a finite number in .0, 2., got sigma=2.5"),
        ({"sigma": -0.1}, DomainError, "sigma must be"),
        ({"sigma": np.nan}, DomainError, "sigma must be"),
        ({"t": -1.0}, DomainError, "t must be"),
        ({"row_diagonal": [1.0]}, ShapeError, r"row_diagonal must have shape \(2,\)"),
        ({"column_diagonal": [1.0, 0.0]}, DomainError, r"column_diagonal\[1\] = 0 is not a positive"),
        ({"H": [[0.5, 0.5, 0.0]]}, ShapeError, "row_diagonal"),
        ({"H": [[0.5, -0.5], [0.5, 0.5]]}, DomainError, "is negative"),
    ],
)
def test_refusals(options, error, words):
    arguments = {"H": [[0.5, 0.5], [0.5, 0.5]], "t": 1.0, **options}
    with pytest.raises(error, match=words):
        harnack_distance(arguments.pop("H"), arguments.pop("t"), **arguments)
