"""Oracles: Lyapunov equation of a known VAR (scipy), dense block solves, the printed formulas of the normalised recursion, scipy's scalar Toeplitz."""

import numpy as np
import pytest
import scipy.linalg as sla
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import block_toeplitz, levinson_whittle, toeplitz_blocks, toeplitz_from_partials
from erlangen.testing import check_derivatives


def stable_var(n, order, rng):
    """Return coefficients (order, n, n) of a stable VAR, its noise and exact autocovariances of lags 0 … count."""
    while True:
        A = 0.5 * rng.standard_normal((order, n, n)) / np.sqrt(n)
        companion = np.zeros((n * order, n * order))
        companion[:n] = np.concatenate(A, axis=1)
        companion[n:, :-n] = np.eye(n * (order - 1))
        if np.abs(np.linalg.eigvals(companion)).max() < 0.9:
            break
    root = rng.standard_normal((n, n))
    noise = root @ root.T + np.eye(n)
    Q = np.zeros_like(companion)
    Q[:n, :n] = noise
    state = sla.solve_discrete_lyapunov(companion, Q)

    def gammas(count):
        lags = [(np.linalg.matrix_power(companion, h) @ state)[:n, :n] for h in range(count)]
        lags[0] = (lags[0] + lags[0].T) / 2
        return np.stack(lags)

    return A, noise, gammas


def contractions(n, count, rng, size=0.8):
    Z = rng.standard_normal((count, n, n))
    return size * Z / np.linalg.norm(Z, 2, axis=(-2, -1))[:, None, None]


def spd(n, rng):
    root = rng.standard_normal((n, n))
    return root @ root.T + np.eye(n)


@pytest.mark.parametrize("direction", ["future", "past"])
def test_blocks_stand_where_the_stacked_signal_puts_them(direction):
    """The covariance of an explicit stack of a VAR's moving average form, by its definition E[x(t + h) x(t)^T]."""
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((4, 2, 2))  # x(t) = sum_k weights[k] e(t - k)
    gammas = np.stack([sum(weights[k + h] @ weights[k].T for k in range(4 - h)) for h in range(4)])
    p, rows = 3, np.zeros((3, 2, 6, 2))
    for block in range(p):
        shift = block if direction == "future" else p - 1 - block
        for k in range(4):
            rows[block, :, 3 - k + shift] = weights[k]
    stack = rows.reshape(6, 12)
    found = block_toeplitz(gammas, order=p, direction=direction)
    np.testing.assert_allclose(found, stack @ stack.T, atol=1e-14)
    np.testing.assert_array_equal(toeplitz_blocks(found, 2, direction), gammas[:3])


def test_scalar_blocks_are_scipys_toeplitz_and_the_orders_are_reversals():
    rng = np.random.default_rng(1)
    row = rng.standard_normal(5)
    np.testing.assert_array_equal(block_toeplitz(row[:, None, None]), sla.toeplitz(row))
    gammas = np.concatenate([spd(3, rng)[None], rng.standard_normal((3, 3, 3))])
    reversal = np.kron(np.eye(4)[::-1], np.eye(3))
    np.testing.assert_array_equal(
        block_toeplitz(gammas, direction="past"), reversal @ block_toeplitz(gammas) @ reversal
    )


@pytest.mark.parametrize(("n", "order"), [(1, 1), (2, 1), (3, 2), (4, 4), (8, 3)])
def test_yule_walker_recovers_a_known_var(n, order):
    A, noise, gammas = stable_var(n, order, np.random.default_rng(n + order))
    found = levinson_whittle(gammas(order + 3))
    np.testing.assert_allclose(found.coefficients[:order], A, atol=1e-10)
    np.testing.assert_allclose(found.coefficients[order:], 0, atol=1e-10)
    np.testing.assert_allclose(found.partials[order:], 0, atol=1e-10)
    np.testing.assert_allclose(found.forward[-1], noise, rtol=1e-10, atol=1e-10)
    direct = np.linalg.solve(
        block_toeplitz(gammas(order), direction="past"), np.concatenate([g.T for g in gammas(order + 1)[1:]])
    ).T
    np.testing.assert_allclose(np.concatenate(A, axis=1), direct, atol=1e-9)


def test_partials_are_those_of_the_block_formula():
    """L, K and Omega by dense solves with R_l, block (i, j) = Gamma(j - i)."""
    rng = np.random.default_rng(3)
    n, p = 3, 5
    gammas = toeplitz_from_partials(spd(n, rng), contractions(n, p - 1, rng))
    found = levinson_whittle(gammas)

    def inv_root(M):
        return np.linalg.inv(sla.sqrtm(M).real)

    for lag in range(1, p - 1):
        f = np.concatenate(gammas[1 : lag + 1], axis=1)
        b = np.concatenate([g.T for g in gammas[lag:0:-1]], axis=1)
        R = np.linalg.inv(block_toeplitz(gammas, lag, "past"))
        L, K = gammas[0] - f @ R @ f.T, gammas[0] - b @ R @ b.T
        np.testing.assert_allclose(found.forward[lag], L, atol=1e-11)
        np.testing.assert_allclose(found.backward[lag], K, atol=1e-11)
        omega = inv_root(L) @ (gammas[lag + 1] - f @ R @ b.T) @ inv_root(K)
        np.testing.assert_allclose(found.partials[lag], omega, atol=1e-10)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
@pytest.mark.parametrize(("n", "p"), [(1, 4), (3, 6), (5, 2), (4, 1)])
def test_the_determinant_identity_and_the_inverse(n, p, scale):
    rng = np.random.default_rng(10 * n + p)
    gamma0, omegas = scale * spd(n, rng), contractions(n, p - 1, rng, 0.7)
    gammas = toeplitz_from_partials(gamma0, omegas)
    G = block_toeplitz(gammas)
    assert np.linalg.eigvalsh(G)[0] > 0
    inside = sum((p - k) * np.linalg.slogdet(np.eye(n) - w @ w.T)[1] for k, w in enumerate(omegas, start=1))
    wanted = p * np.linalg.slogdet(gamma0)[1] + inside
    assert np.linalg.slogdet(G)[1] == pytest.approx(wanted, rel=1e-11, abs=1e-11)
    found = levinson_whittle(gammas)
    np.testing.assert_allclose(found.partials, omegas, atol=1e-11)
    again = toeplitz_from_partials(gammas[0], found.partials)
    np.testing.assert_allclose(again, gammas, rtol=0, atol=1e-11 * np.abs(gammas).max())


def test_one_more_lag_adds_the_noise_to_the_determinant():
    _, noise, gammas = stable_var(3, 2, np.random.default_rng(5))
    for p in (3, 4, 5):
        step = np.linalg.slogdet(block_toeplitz(gammas(p)))[1] - np.linalg.slogdet(block_toeplitz(gammas(p - 1)))[1]
        assert step == pytest.approx(np.linalg.slogdet(noise)[1], abs=1e-9)


def test_a_batch_equals_its_elements_and_torch_stays_torch():
    rng = np.random.default_rng(6)
    gammas = np.stack([toeplitz_from_partials(spd(3, rng), contractions(3, 3, rng)) for _ in range(6)])
    whole = levinson_whittle(torch.tensor(gammas).reshape(2, 3, 4, 3, 3))
    for index, single in enumerate(gammas):
        for name, value in levinson_whittle(single)._asdict().items():
            assert isinstance(value, np.ndarray)
            np.testing.assert_allclose(getattr(whole, name).flatten(0, 1)[index].numpy(), value, atol=1e-12)


@pytest.mark.parametrize("white", [False, True])
def test_derivatives(white):
    """Also at Gamma(0) = I, where every eigenvalue is repeated."""
    rng = np.random.default_rng(7)
    gamma0 = torch.eye(3, dtype=torch.float64) if white else torch.tensor(spd(3, rng))
    omegas = torch.tensor(contractions(3, 2, rng, 0.6))
    check_derivatives(
        lambda a, z: levinson_whittle(toeplitz_from_partials(a + a.mT, z)).coefficients,
        gamma0 / 2,
        omegas,
        directions=2,
    ).raise_if_failed()
    check_derivatives(
        lambda a, z: toeplitz_from_partials(a + a.mT, z), gamma0 / 2, omegas, directions=2
    ).raise_if_failed()


def test_refusals():
    with pytest.raises(DomainError, match=r"Omega_2\[1\] has spectral norm 1\.\d+ >= 1"):
        levinson_whittle(np.array([[1.0, 0.2, 0.1], [1.0, 0.5, -0.9]])[:, :, None, None])
    with pytest.raises(DomainError, match="Omega_1 has spectral norm 1 >= 1"):
        levinson_whittle(np.ones((2, 1, 1)))
    with pytest.raises(DomainError, match="not positive definite"):
        levinson_whittle(np.stack([-np.eye(2), np.zeros((2, 2))]))
    with pytest.raises(DomainError, match="Omega_1"):
        toeplitz_from_partials(np.eye(2), 2 * np.eye(2)[None])
    with pytest.raises(DomainError, match=r"gammas\[0, 1, 1\] = nan"):
        levinson_whittle(np.stack([np.diag([1.0, np.nan])] * 2))
    with pytest.raises(DomainError, match="lag 0 is not symmetric"):
        block_toeplitz(np.array([[[1.0, 0.5], [0.0, 1.0]]]))
    with pytest.raises(ShapeError, match="needs the lags"):
        block_toeplitz(np.ones((2, 1, 1)), order=3)
    with pytest.raises(ShapeError, match="shape"):
        block_toeplitz(np.eye(2))
    with pytest.raises(DomainError, match="not block-Toeplitz"):
        toeplitz_blocks(np.diag([1.0, 2.0]), 1)
    with pytest.raises(ShapeError, match="multiple"):
        toeplitz_blocks(np.eye(3), 2)
    with pytest.raises(ShapeError, match="partials"):
        toeplitz_from_partials(np.eye(2), np.zeros((1, 3, 3)))
