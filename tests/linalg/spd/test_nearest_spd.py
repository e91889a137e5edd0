"""Oracles: Higham's theorem (no competitor is nearer), known spectra, differences for the derivatives."""

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import check_spd, nearest_spd

RNG = np.random.default_rng(7)


def test_a_known_spectrum_is_cut_at_the_floor(oracle):
    A = oracle.rotated([-3.0, 0.5, 2.0, 10.0])
    found, repair = nearest_spd(A, floor=0.1, report=True)
    assert np.allclose(found, oracle.rotated([1.0, 1.0, 2.0, 10.0]), atol=1e-13)
    assert float(repair.distance) == pytest.approx(np.hypot(4.0, 0.5), rel=1e-13)
    assert float(repair.relative) == pytest.approx(np.hypot(4.0, 0.5) / np.linalg.norm(A), rel=1e-13)
    assert int(repair.raised) == 2
    assert float(repair.skew) < 1e-16


def test_no_competitor_is_nearer():
    A = RNG.normal(size=(4, 4))
    found, repair = nearest_spd(A, floor=0.0, report=True)
    assert float(repair.skew) == pytest.approx(np.linalg.norm(A - A.T) / 2 / np.linalg.norm(A))
    best = np.linalg.norm(A - found)
    for _ in range(300):
        B = RNG.normal(size=(4, 4)) * 0.3
        root = np.linalg.cholesky(found + 1e-12 * np.eye(4)) + B
        assert np.linalg.norm(A - root @ root.T) >= best - 1e-9
    values, vectors = np.linalg.eigh((A + A.T) / 2)
    assert np.allclose(found, (vectors * np.maximum(values, 0)) @ vectors.T, atol=1e-14)


@pytest.mark.parametrize("scale", [1e-24, 1.0, 1e14])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_result_is_definite_in_any_unit(oracle, scale, dtype):
    X = RNG.normal(size=(3, 6, 4))
    A = (X @ np.swapaxes(X, -1, -2)).astype(dtype) * dtype(scale)
    found = nearest_spd(A)
    assert found.dtype == dtype
    assert oracle.gap(found.astype(float), A.astype(float)) < 1e-5
    check_spd(nearest_spd(A, floor=1e-4))


def test_what_is_definite_is_returned_as_it_is(oracle):
    assert oracle.gap(nearest_spd(oracle.P), oracle.P) < 1e-15


@pytest.mark.parametrize("values", [[-1.0, 0.5, 2.0], [3.0, 3.0, 3.0], [-2.0, -2.0, 4.0]])
def test_gradcheck_and_gradgradcheck(oracle, values):
    """The floor is held fixed, so that the largest eigenvalue, which sets it, must not move: floor 0."""
    A = torch.tensor(oracle.rotated(values), requires_grad=True)
    assert gradcheck(lambda a: nearest_spd(a, floor=0.0), A)
    assert gradgradcheck(lambda a: nearest_spd(a, floor=0.0), A)


@pytest.mark.parametrize(
    ("matrix", "error", "text"),
    [
        (np.ones((2, 3)), ShapeError, "square"),
        (np.array([[np.nan, 0], [0, 1]]), DomainError, "not finite"),
        (np.eye(2) * 1j, DomainError, "complex"),
        (np.stack([np.eye(2), np.zeros((2, 2))]), DomainError, r"A\[1\] is zero"),
    ],
)
def test_what_has_no_scale_is_refused(matrix, error, text):
    with pytest.raises(error, match=text):
        nearest_spd(matrix)
    with pytest.raises(DomainError, match="floor must be"):
        nearest_spd(np.eye(2), floor=-1.0)


def test_an_empty_batch_is_empty():
    found, repair = nearest_spd(np.zeros((0, 2, 2)), report=True)
    assert found.shape == (0, 2, 2)
    assert repair.distance.shape == (0,)
