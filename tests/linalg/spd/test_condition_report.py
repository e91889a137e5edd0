"""Oracles: matrices of known spectrum."""

import dataclasses

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.linalg import condition_report

RNG = np.random.default_rng(8)


def test_the_numbers_of_known_spectra(oracle):
    batch = np.stack([oracle.rotated([1.0, 1, 1, 1]), oracle.rotated([0.0, 0, 2, 2]), oracle.rotated([1e-3, 1, 1, 10])])
    report = condition_report(batch)
    assert report.condition[[0, 2]] == pytest.approx([1, 1e4], rel=1e-9)
    assert np.isinf(report.condition[1])
    assert report.rank.tolist() == [4, 2, 4]
    assert report.effective_rank[:2] == pytest.approx([4, 2], rel=1e-12)
    assert report.smallest_eigenvalue == pytest.approx([1, 0, 1e-3], abs=1e-14)
    assert report.largest_eigenvalue == pytest.approx([1, 2, 10])
    assert report.definite.tolist() == [True, False, True]
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.size = 3


@pytest.mark.parametrize("scale", [1e-24, 1e14])
def test_units_do_not_matter(oracle, scale):
    report = condition_report(scale * oracle.rotated([1e-6, 1.0, 1.0]))
    assert float(report.condition) == pytest.approx(1e6, rel=1e-8)
    assert int(report.rank) == 3


def referenced(n=8):
    X = RNG.normal(size=(n, 200))
    X -= X.mean(axis=0)
    return X @ X.T


@pytest.mark.parametrize(
    ("matrix", "text"),
    [
        (np.eye(3), "well enough conditioned for every metric"),
        (np.diag([1.0, 1e-9]), "condition 1e+09 leaves about 7 digits"),
        (referenced(), "1 of 1 matrices are singular, at most 1 short of full rank: an average reference takes 1"),
        (np.diag([1.0, -1.0]), "1 of 1 matrices are indefinite"),
    ],
)
def test_the_advice_fits_the_trouble(matrix, text):
    assert text in str(condition_report(matrix))


def test_the_summary_names_the_worst_of_the_batch(oracle):
    batch = np.stack([np.eye(3), oracle.rotated([1e-5, 1, 2])]).reshape(2, 1, 3, 3)
    text = str(condition_report(torch.tensor(batch)))
    assert "2 matrices 3 x 3, 2 positive definite" in text
    assert "worst 2e+05 at [1, 0]" in text
    assert str(condition_report(np.zeros((0, 3, 3)))) == "no matrices of size 3 x 3"
    with pytest.raises(DomainError, match="not symmetric"):
        condition_report(np.array([[1.0, 2], [0, 1]]))
