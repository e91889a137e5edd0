"""Oracles: the characterisation of the factors, and differences for the derivatives."""

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import polar

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("shape", [(3, 3), (4, 5, 3), (2, 2, 6, 6)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_factors_are_what_they_are_called(shape, dtype):
    A = RNG.normal(size=shape).astype(dtype)
    turn, stretch = polar(A)
    eps = np.finfo(dtype).eps
    assert turn.dtype == stretch.dtype == dtype
    assert np.allclose(turn @ stretch, A, rtol=0, atol=30 * eps)
    assert np.allclose(np.swapaxes(turn, -1, -2) @ turn, np.eye(shape[-1]), rtol=0, atol=30 * eps)
    assert np.array_equal(stretch, np.swapaxes(stretch, -1, -2))
    assert (np.linalg.eigvalsh(stretch) > 0).all()


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_a_known_pair_is_found_at_any_scale_and_condition(oracle, scale):
    Q = np.linalg.qr(RNG.normal(size=(5, 5)))[0]
    S = scale * oracle.rotated(np.logspace(-8, 0, 5))
    turn, stretch = polar(Q @ S)
    assert oracle.gap(stretch, S) < 1e-14
    assert oracle.gap(turn, Q) < 1e-7


@pytest.mark.parametrize(
    "matrix",
    [
        RNG.normal(size=(3, 3)),
        2 * np.eye(3),
        np.diag([1.0, -1.0, 2.0]),
        np.vstack([np.eye(2), RNG.normal(size=(2, 2))]),
    ],
    ids=["generic", "multiple of I", "reflection", "tall"],
)
def test_gradcheck_and_gradgradcheck_also_at_repeated_singular_values(matrix):
    A = torch.tensor(matrix, requires_grad=True)
    assert gradcheck(polar, A)
    assert gradgradcheck(polar, A)


@pytest.mark.parametrize(
    ("matrix", "error", "text"),
    [
        (np.ones((2, 3)), ShapeError, "m >= n"),
        (np.ones(3), ShapeError, "m >= n"),
        (np.stack([np.eye(2), np.ones((2, 2))]), DomainError, r"A\[1\] has rank 1 of 2"),
        (np.array([[np.nan, 0], [0, 1]]), DomainError, r"A\[0, 0\] = nan is not finite"),
        (np.eye(2) * 1j, DomainError, "float32 or float64"),
    ],
)
def test_what_has_no_unique_factor_is_refused(matrix, error, text):
    with pytest.raises(error, match=text):
        polar(matrix)
