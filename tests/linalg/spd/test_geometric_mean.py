"""Oracles: the defining formula in 50 digits, commuting closed forms, equivariance under congruence."""

import mpmath
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import NotSPDError, ShapeError
from erlangen.linalg import geometric_mean

RNG = np.random.default_rng(4)


def exact(oracle, P, Q, t):
    with mpmath.workdps(60):
        p, q, power = oracle.to_mp(P), oracle.to_mp(Q), mpmath.mpf(t)
        root, inverse = (oracle.mp_function(lambda x, s=s: x**s, p) for s in (mpmath.mpf(1) / 2, -mpmath.mpf(1) / 2))
        middle = inverse * q * inverse
        return oracle.to_float(root * oracle.mp_function(lambda x: x**power, (middle + middle.T) / 2) * root)


@pytest.mark.parametrize("t", [0.0, 0.25, 0.5, 1.0, -0.5, 1.75])
def test_every_point_of_the_geodesic_is_that_of_60_digits(oracle, t):
    found = geometric_mean(oracle.P, oracle.Q, t)
    assert oracle.gap(found, exact(oracle, oracle.P, oracle.Q, t)) < 1e-14
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_scale_takes_no_digit(oracle, scale):
    found = geometric_mean(scale * oracle.P, oracle.Q)
    assert oracle.gap(found, np.sqrt(scale) * geometric_mean(oracle.P, oracle.Q)) < 1e-13


def test_commuting_matrices_at_condition_1e12():
    p, q = np.logspace(-12, 0, 7), np.linspace(3, 1, 7)
    found = geometric_mean(np.diag(p), np.diag(q), 0.3)
    assert np.allclose(np.diag(found), p**0.7 * q**0.3, rtol=1e-13)
    assert np.count_nonzero(found - np.diag(np.diag(found))) == 0


def test_condition_1e12_on_full_matrices(oracle):
    P, Q = oracle.rotated(np.logspace(-12, 0, 4), 1), oracle.rotated([1.0, 2.0, 3.0, 5.0], 2)
    assert oracle.gap(geometric_mean(P, Q), exact(oracle, P, Q, 0.5)) < 1e-10
    assert oracle.gap(geometric_mean(Q, P), exact(oracle, P, Q, 0.5)) < 1e-10


def test_a_batch_is_each_of_its_members_whichever_is_factored(oracle):
    good, bad = oracle.rotated([1.0, 2.0, 3.0], 1), oracle.rotated(np.logspace(-8, 0, 3), 2)
    P, Q = np.stack([good, bad, good]), np.stack([bad, good, good])
    for t in (0.3, np.float64(0.3)):
        found = geometric_mean(P, Q, t)
        for one, p, q in zip(found, P, Q, strict=True):
            assert oracle.gap(one, exact(oracle, p, q, t)) < 1e-10  # an eigenvalue of 1e-8 knows 8 digits


def test_congruence_and_exchange(oracle):
    A = RNG.normal(size=(3, 3))
    moved = geometric_mean(A @ oracle.P @ A.T, A @ oracle.Q @ A.T, 0.3)
    assert oracle.gap(moved, A @ geometric_mean(oracle.P, oracle.Q, 0.3) @ A.T) < 1e-12
    assert oracle.gap(geometric_mean(oracle.Q, oracle.P, 0.7), geometric_mean(oracle.P, oracle.Q, 0.3)) < 1e-13
    X = geometric_mean(oracle.P, oracle.Q)
    assert oracle.gap(X @ np.linalg.solve(oracle.P, X), oracle.Q) < 1e-13


@pytest.mark.parametrize("point", ["generic", "identity"])
def test_gradcheck_and_gradgradcheck(oracle, point):
    P = torch.tensor(oracle.P if point == "generic" else 2 * np.eye(3), requires_grad=True)
    Q = torch.tensor(oracle.Q if point == "generic" else 3 * np.eye(3), requires_grad=True)

    def mean(p, q):
        return geometric_mean(oracle.sym(p), oracle.sym(q), 0.3)

    assert gradcheck(mean, (P, Q))
    assert gradgradcheck(mean, (P, Q))


def test_a_learnable_place_has_its_derivatives(oracle):
    P, Q = (
        torch.tensor(np.stack([A, B]), requires_grad=True) for A, B in ((oracle.P, oracle.Q), (oracle.Q, np.eye(3)))
    )
    for t in (torch.tensor(0.3, dtype=torch.float64), torch.tensor([0.2, 1.5], dtype=torch.float64)):
        t.requires_grad_()

        def mean(p, q, t):
            return geometric_mean(oracle.sym(p), oracle.sym(q), t)

        assert np.allclose(
            mean(P, Q, t)[0].detach(), geometric_mean(oracle.P, oracle.Q, float(t.detach().reshape(-1)[0]))
        )
        assert gradcheck(mean, (P, Q, t))
        assert gradgradcheck(mean, (P, Q, t))


def test_kinds_and_batches(oracle):
    found = geometric_mean(np.stack([oracle.P, oracle.Q]).astype(np.float32), oracle.Q.astype(np.float32))
    assert found.dtype == np.float32
    assert oracle.gap(found[0], geometric_mean(oracle.P, oracle.Q)) < 1e-6
    assert oracle.gap(found[1], oracle.Q) < 1e-6


def test_what_is_not_definite_is_refused(oracle):
    with pytest.raises(NotSPDError, match="Q is not positive definite"):
        geometric_mean(oracle.P, np.diag([1.0, 1, 0]))
    with pytest.raises(NotSPDError, match="P is not positive definite"):
        geometric_mean(np.diag([1.0, 1, -1]), oracle.P)
    with pytest.raises(ShapeError, match="do not fit"):
        geometric_mean(oracle.P, np.eye(2))
