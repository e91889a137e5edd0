"""Oracles: generalised eigenvalues (SciPy) for distances, and the law of large numbers in the tangent space."""

import numpy as np
import pytest
from scipy.linalg import eigvalsh

from erlangen.datasets import conditioned_spd
from erlangen.errors import DomainError


def distance(P, Q):
    return np.linalg.norm(np.log(eigvalsh(P, Q)))


@pytest.mark.parametrize("condition", [1e2, 1e4, 1e8])
@pytest.mark.parametrize("noise", ["full", "same eigenbasis"])
def test_condition_separation_and_dispersion_are_as_asked(condition, noise):
    sample = conditioned_spd(4000, 6, condition=condition, separation=0.7, dispersion=1.5, noise=noise, rng=0)
    assert np.linalg.cond(sample.means) == pytest.approx([condition] * 2, rel=1e-7)
    assert distance(*sample.means) == pytest.approx(0.7, rel=1e-6)
    assert np.linalg.eigvalsh(sample.X).min() > 0
    for label in (0, 1):
        squares = [distance(X, sample.means[label]) ** 2 for X in sample.X[sample.y == label][:500]]
        assert np.mean(squares) == pytest.approx(1.5**2, rel=0.1)


def test_the_gradient_of_the_mean_vanishes_at_the_mean():
    sample = conditioned_spd(8000, 4, condition=1e3, rng=1)
    values, vectors = np.linalg.eigh(sample.means[1])
    W = (vectors / np.sqrt(values)).T
    inner, U = np.linalg.eigh(W @ sample.X[sample.y == 1] @ W.T)
    logs = (U * np.log(inner)[:, None, :]) @ U.swapaxes(1, 2)
    assert np.linalg.norm(logs.mean(0)) < 4 / np.sqrt(4000)
    assert np.linalg.norm(logs.mean(0)) > 0


def test_what_cannot_be_is_refused():
    with pytest.raises(DomainError, match="separation = 9 carries an eigenvalue past the outer ones"):
        conditioned_spd(10, 5, condition=1e2, separation=9.0)
    with pytest.raises(DomainError, match="condition"):
        conditioned_spd(condition=1.0)
