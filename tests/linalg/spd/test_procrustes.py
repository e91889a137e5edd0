"""Oracles: planted rotations, and the minimum over a dense net of them."""

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import procrustes

RNG = np.random.default_rng(6)


def test_a_planted_turn_is_found():
    turn = np.linalg.qr(RNG.normal(size=(4, 4)))[0]
    B = RNG.normal(size=(7, 9, 4))
    assert np.allclose(procrustes(B @ turn, B), turn, atol=1e-13)


def test_no_other_turn_of_the_plane_is_nearer():
    A, B = RNG.normal(size=(2, 5, 2))
    best = np.linalg.norm(A - B @ procrustes(A, B))
    for angle in np.linspace(0, 2 * np.pi, 500):
        c, s = np.cos(angle), np.sin(angle)
        for other in (np.array([[c, -s], [s, c]]), np.array([[c, s], [s, -c]])):
            assert np.linalg.norm(A - B @ other) >= best - 1e-12


def test_singular_products_have_a_minimiser_too():
    A, B = np.diag([1.0, 0.0]), np.diag([2.0, 0.0])
    turn = procrustes(A, B)
    assert np.allclose(turn @ turn.T, np.eye(2), atol=1e-15)
    assert np.linalg.norm(A - B @ turn) == pytest.approx(1.0)


def test_gradcheck_and_gradgradcheck():
    A, B = (torch.tensor(RNG.normal(size=(4, 3)), requires_grad=True) for _ in range(2))
    assert gradcheck(procrustes, (A, B))
    assert gradgradcheck(procrustes, (A, B))


def test_batches_broadcast_and_what_does_not_fit_is_refused():
    assert procrustes(RNG.normal(size=(5, 1, 4, 3)), RNG.normal(size=(2, 4, 3))).shape == (5, 2, 3, 3)
    with pytest.raises(ShapeError, match="last two axes"):
        procrustes(np.eye(2), np.eye(3))
    with pytest.raises(DomainError, match="not finite"):
        procrustes(np.full((2, 2), np.nan), np.eye(2))
    with pytest.raises(DomainError, match="float32 or float64"):
        procrustes(np.eye(2) * 1j, np.eye(2))
