"""Oracles: the linear system on vec(X) in 50 digits, residuals, and differences for the derivatives."""

import mpmath
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.linalg import lyapunov

RNG = np.random.default_rng(3)


def by_kronecker(oracle, P, V, M=None):
    """Return X from (M ⊗ P + P ⊗ M) vec X = vec V in 50 digits."""
    n = len(P)
    with mpmath.workdps(50):
        p, m, v = oracle.to_mp(P), oracle.to_mp(np.eye(n) if M is None else M), oracle.to_mp(V)
        system, right = mpmath.zeros(n * n), mpmath.zeros(n * n, 1)
        for i, j, k, h in np.ndindex(n, n, n, n):
            system[i * n + j, k * n + h] = p[i, k] * m[h, j] + m[i, k] * p[h, j]
        for i, j in np.ndindex(n, n):
            right[i * n + j] = v[i, j]
        x = mpmath.lu_solve(system, right)
        return np.array([[float(x[i * n + j]) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("general", [False, True])
@pytest.mark.parametrize("symmetric", [False, True])
def test_the_solution_is_that_of_50_digits(oracle, general, symmetric):
    V = RNG.normal(size=(3, 3))
    V = V + V.T if symmetric else V
    M = oracle.Q if general else None
    found = lyapunov(oracle.P, V, M)
    assert oracle.gap(found, by_kronecker(oracle, oracle.P, V, M)) < 5e-15
    assert not symmetric or np.allclose(found, found.T, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_condition_1e12_costs_no_digit_on_a_diagonal(oracle, scale):
    p, V = np.array([1e-12, 1e-6, 1.0]), RNG.normal(size=(3, 3))
    exact = V / np.add.outer(p, p) / scale
    assert np.max(np.abs(lyapunov(scale * np.diag(p), V) / exact - 1)) < 1e-15
    M = np.diag([2.0, 1e-3, 5.0])
    general = V / (np.outer(p, np.diag(M)) + np.outer(np.diag(M), p)) / scale
    assert np.max(np.abs(lyapunov(scale * np.diag(p), V, M) / general - 1)) < 1e-14


def test_condition_1e12_leaves_a_small_residual_on_a_full_matrix(oracle):
    P, V = oracle.rotated(np.logspace(-12, 0, 6)), RNG.normal(size=(6, 6))
    X = lyapunov(P, V)
    residual = np.linalg.norm(P @ X + X @ P - V)
    assert residual < 20 * np.finfo(float).eps * np.linalg.norm(P) * np.linalg.norm(X)
    exact = by_kronecker(oracle, P[:4, :4], V[:4, :4])
    condition = np.linalg.cond(P[:4, :4])
    assert oracle.gap(lyapunov(P[:4, :4], V[:4, :4]), exact) < 10 * np.finfo(float).eps * condition


@pytest.mark.parametrize("point", ["generic", "identity"])
@pytest.mark.parametrize("general", [False, True])
def test_gradcheck_and_gradgradcheck(oracle, point, general):
    P = torch.tensor(oracle.P if point == "generic" else 2 * np.eye(3), requires_grad=True)
    M = torch.tensor(oracle.Q if point == "generic" else 3 * np.eye(3), requires_grad=True)
    V = torch.tensor(RNG.normal(size=(2, 3, 3)), requires_grad=True)

    def solution(p, v, m):
        return lyapunov(oracle.sym(p), v, oracle.sym(m) if general else None)

    assert gradcheck(solution, (P, V, M) if general else (P, V, None))
    assert gradgradcheck(solution, (P, V, M) if general else (P, V, None))


def test_the_third_derivative_exists_too():
    """For 1 x 1 matrices X = V/(2P), whose third derivative in P is -3V/P⁴."""
    p = torch.tensor([[2.0]], dtype=torch.float64, requires_grad=True)
    value = lyapunov(p, torch.ones(1, 1, dtype=torch.float64)).sum()
    for _ in range(3):
        (value,) = torch.autograd.grad(value.sum(), p, create_graph=True)
    assert value.item() == pytest.approx(-3 / 16, rel=1e-14)


def test_batches_broadcast_and_kinds_follow_the_input():
    P, V = np.stack([np.eye(2), 2 * np.eye(2)])[:, None], RNG.normal(size=(3, 2, 2))
    found = lyapunov(P, V)
    assert found.shape == (2, 3, 2, 2)
    assert np.allclose(found[1], V / 4, rtol=1e-15)
    single = lyapunov(torch.eye(2), torch.ones(2, 2))
    assert isinstance(single, torch.Tensor)
    assert single.dtype == torch.float32
    assert lyapunov([[2, 0], [0, 2]], [[4, 0], [0, 4]]).tolist() == [[1, 0], [0, 1]]
    assert lyapunov(np.zeros((0, 2, 2)), np.zeros((0, 2, 2))).shape == (0, 2, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((np.eye(2), np.eye(3)), ShapeError, r"P \(2, 2\) and V \(3, 3\)"),
        ((np.stack([np.eye(2)] * 2), np.stack([np.eye(2)] * 3)), ShapeError, "do not fit"),
        ((np.diag([1.0, 0.0]), np.eye(2)), NotSPDError, "P is not positive definite"),
        ((np.diag([1.0, -1.0]), np.eye(2)), NotSPDError, "P is not positive definite"),
        ((np.eye(2), np.eye(2), np.diag([1.0, -1.0])), NotSPDError, "M is not positive definite"),
        ((np.eye(2), np.full((2, 2), np.nan)), DomainError, r"V\[0, 0\] = nan"),
        ((np.array([[1, 2.0], [0, 5]]), np.eye(2)), DomainError, "P is not symmetric"),
    ],
)
def test_what_has_no_unique_solution_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        lyapunov(*arguments)
