"""Oracles: the trace formula in 50 and more digits (where its cancellation costs nothing), closed forms of commuting matrices."""

import mpmath
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.linalg import bures_distance, bures_squared_distance, geometric_mean

with mpmath.workdps(50):
    KNOWN = mpmath.mpf("1.1733995824529933909")


def exact(oracle, P, Q, digits=80):
    with mpmath.workdps(digits):
        p, q = oracle.to_mp(P), oracle.to_mp(Q)
        factor = mpmath.cholesky(p)
        inside = mpmath.eigsy(factor.T * q * factor, eigvals_only=True)
        traces = sum(p[i, i] + q[i, i] for i in range(p.rows))
        return mpmath.sqrt(traces - 2 * sum(mpmath.sqrt(x) for x in inside))


def test_the_published_value(oracle):
    assert abs(exact(oracle, oracle.P, oracle.Q) - KNOWN) < 1e-18
    assert abs(float(bures_distance(oracle.P, oracle.Q)) / KNOWN - 1) < 5e-16
    assert abs(float(bures_squared_distance(oracle.P, oracle.Q)) / KNOWN**2 - 1) < 1e-15


@pytest.mark.parametrize("delta", [0.3, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-13])
def test_close_matrices_lose_no_digit(oracle, delta):
    for P in (np.eye(3), oracle.P, oracle.Q, oracle.rotated(np.logspace(-4, 0, 5))):
        Q = (1 + delta) * P
        assert abs(float(bures_distance(P, Q)) / exact(oracle, P, Q) - 1) <= 3e-15
        other = P + delta * oracle.rotated(np.linspace(-1, 1, len(P)), 5) * np.linalg.eigvalsh(P)[0]
        assert abs(float(bures_distance(P, other)) / exact(oracle, P, other) - 1) <= 1e-13


@pytest.mark.parametrize("delta", [1e-4, 1e-8])
def test_close_matrices_of_condition_1e12(oracle, delta):
    P = oracle.rotated(np.logspace(-12, 0, 6))
    assert abs(float(bures_distance(P, (1 + delta) * P)) / exact(oracle, P, (1 + delta) * P) - 1) < 1e-11


def test_a_batch_of_close_far_and_equal_pairs_is_each_of_its_members(oracle):
    P = np.stack([oracle.P, oracle.P, oracle.P, oracle.Q])
    Q = np.stack([oracle.P, 1.0001 * oracle.P, oracle.Q, oracle.Q * (1 + 1e-9)])
    found = bures_squared_distance(P.reshape(2, 2, 3, 3), Q.reshape(2, 2, 3, 3)).reshape(-1)
    for value, p, q in zip(found, P, Q, strict=True):
        assert float(value) == pytest.approx(float(bures_squared_distance(p, q)), rel=1e-14)


def test_condition_1e12(oracle):
    for seeds in ((1, 2), (3, 3), (4, 5)):
        P, Q = oracle.rotated(np.logspace(-12, 0, 5), seeds[0]), oracle.rotated(np.logspace(1, -11, 5), seeds[1])
        assert abs(float(bures_distance(P, Q)) / exact(oracle, P, Q) - 1) < 1e-11


@pytest.mark.parametrize("scale", [1e-14, 1e14])
def test_scale_and_exchange_take_no_digit(oracle, scale):
    found = float(bures_distance(scale * oracle.Q, scale * oracle.P))
    assert abs(found / (mpmath.sqrt(scale) * KNOWN) - 1) < 2e-15


def test_commuting_matrices():
    p, q = np.array([1.0, 4.0, 1e-12]), np.array([9.0, 0.25, 1.0])
    assert float(bures_distance(np.diag(p), np.diag(q))) == pytest.approx(
        np.linalg.norm(np.sqrt(p) - np.sqrt(q)), rel=1e-15
    )
    assert float(bures_distance(np.eye(4), 4 * np.eye(4))) == 2.0


def test_singular_matrices_have_a_distance_but_no_gradient(oracle):
    v, w = np.array([1.0, 2, 2]), np.array([2.0, 1, -1])
    rank_one = bures_squared_distance(np.outer(v, v), np.outer(w, w))  # min over signs of |v -+ w|²
    assert float(rank_one) == pytest.approx(min(np.sum((v - w) ** 2), np.sum((v + w) ** 2)), rel=1e-14)
    assert float(bures_squared_distance(np.zeros((3, 3)), oracle.P)) == pytest.approx(9.0, rel=1e-15)
    p = torch.tensor(np.outer(v, v), requires_grad=True)
    with pytest.raises(DomainError, match="no gradient at a singular matrix"):
        bures_squared_distance(p, torch.tensor(oracle.P)).backward()


def test_the_gradient_is_the_identity_less_the_optimal_map(oracle):
    P, Q = (torch.tensor(A, requires_grad=True) for A in (oracle.P, oracle.Q))
    to_P, to_Q = torch.autograd.grad(bures_squared_distance(P, Q), (P, Q))
    map_, eye = geometric_mean(np.linalg.inv(oracle.P), oracle.Q), np.eye(3)
    assert np.allclose(to_P, eye - map_, atol=1e-14)
    assert np.allclose(to_Q, eye - np.linalg.inv(map_), atol=1e-14)
    assert np.allclose(map_ @ oracle.P @ map_, oracle.Q, atol=1e-13)


def test_the_gradient_of_close_matrices_does_not_cancel(oracle):
    """T = (1 + δ)^(1/2) I for Q = (1 + δ) P."""
    P = torch.tensor(oracle.P, requires_grad=True)
    bures_squared_distance(P, torch.tensor((1 + 1e-8) * oracle.P)).backward()
    assert np.allclose(P.grad, (1 - np.sqrt(1 + 1e-8)) * np.eye(3), rtol=2e-7, atol=1e-15)


@pytest.mark.parametrize("function", [bures_distance, bures_squared_distance])
def test_equal_matrices_are_at_distance_zero_with_zero_gradient(oracle, function):
    A = np.stack([oracle.P, oracle.rotated(np.logspace(-8, 0, 3)), np.eye(3)])
    P = torch.tensor(A, requires_grad=True)
    found = function(P, torch.tensor(A))
    assert found.tolist() == [0, 0, 0]
    found.sum().backward()
    assert not P.grad.abs().any()


@pytest.mark.parametrize("function", [bures_distance, bures_squared_distance])
@pytest.mark.parametrize("point", ["generic", "identity"])
def test_gradcheck_and_gradgradcheck(oracle, function, point):
    P = torch.tensor(oracle.P if point == "generic" else 2 * np.eye(3), requires_grad=True)
    Q = torch.tensor(np.stack([oracle.Q] * 2) if point == "generic" else 3 * np.eye(3), requires_grad=True)

    def distance(p, q):
        return function(oracle.sym(p), oracle.sym(q))

    assert gradcheck(distance, (P, Q))
    assert gradgradcheck(distance, (P, Q))


def test_a_third_derivative_is_refused(oracle):
    P = torch.tensor(oracle.P, requires_grad=True)
    value = bures_squared_distance(P, torch.tensor(oracle.Q))
    for _ in range(2):
        (value,) = torch.autograd.grad(value.sum(), P, create_graph=True)
    with pytest.raises(DomainError, match="a third one was asked for"):
        torch.autograd.grad(value.sum(), P)


def test_batches_kinds_and_refusals(oracle):
    batch = np.stack([oracle.P, oracle.Q]).astype(np.float32)
    found = bures_distance(batch[:, None], batch)
    assert found.dtype == np.float32
    assert np.allclose(found, float(KNOWN) * np.array([[0, 1], [1, 0]]), rtol=1e-6)
    with pytest.raises(ShapeError, match="do not fit"):
        bures_distance(oracle.P, np.eye(2))
    with pytest.raises(NotSPDError, match=r"Q\[1\] is not positive definite.* -1,"):
        bures_distance(oracle.P, np.stack([oracle.P, np.diag([1.0, 1, -1])]))
    with pytest.raises(DomainError, match="P is not symmetric"):
        bures_distance(np.triu(oracle.P), oracle.Q)
