"""Charged particles: laws of conservation, symmetry, reversal, and two particles against SciPy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from erlangen.datasets import charged_particles, propagate_charges
from erlangen.errors import DomainError, ShapeError


def energy(q, x, v, softening=0.1):
    i, j = np.triu_indices(q.shape[1], 1)
    gap = np.linalg.norm(x[:, i] - x[:, j], axis=-1)
    return 0.5 * (v**2).sum((1, 2)) + (q[:, i] * q[:, j] / np.sqrt(gap**2 + softening**2)).sum(1)


def test_momentum_and_energy_stay():
    sample = charged_particles(20, rng=1)
    assert set(np.unique(sample.charges)) == {-1.0, 1.0}
    assert np.allclose(sample.velocities.sum(1), sample.final_velocities.sum(1), atol=1e-11)
    before = energy(sample.charges, sample.positions, sample.velocities)
    after = energy(sample.charges, sample.final_positions, sample.final_velocities)
    assert np.abs(after - before).max() < 1e-2
    assert np.median(np.abs(after - before)) < 1e-4


def test_motions_carry_over_and_time_runs_back():
    sample = charged_particles(3, steps=0, rng=2)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    x, v = propagate_charges(sample.charges, sample.positions, sample.velocities, steps=100)
    turned = propagate_charges(sample.charges, sample.positions @ turn.T + 1.5, sample.velocities @ turn.T, steps=100)
    assert np.allclose(turned[0], x @ turn.T + 1.5, atol=1e-11)
    back = propagate_charges(sample.charges, x, -v, steps=100)[0]
    assert np.allclose(back, sample.positions, atol=1e-11)


def test_two_particles_against_an_integrator_of_order_eight():
    q, x, v = (
        np.array([[1.0, -1.0]]),
        np.array([[[0.5, 0, 0], [-0.5, 0.1, 0]]]),
        np.array([[[0, 0.4, 0], [0, -0.4, 0.1]]]),
    )

    def field(_, y):
        p, u = y.reshape(2, 2, 3)
        gap = p[0] - p[1]
        pull = -gap / (gap @ gap + 0.01) ** 1.5
        return np.concatenate([u.ravel(), pull, -pull])

    exact = solve_ivp(field, (0, 0.5), np.concatenate([x.ravel(), v.ravel()]), method="DOP853", rtol=1e-12, atol=1e-12)
    got = propagate_charges(q, x, v, steps=5000, dt=1e-4)[0]
    assert np.allclose(got.ravel(), exact.y[:6, -1], atol=1e-7)


def test_refusals():
    with pytest.raises(DomainError, match="n_particles"):
        charged_particles(1, 0)
    with pytest.raises(ShapeError, match="velocities"):
        propagate_charges(np.ones((1, 2)), np.zeros((1, 2, 3)), np.zeros((1, 3, 3)))
    with pytest.raises(DomainError, match=r"positions\[0, 0, 0\]"):
        propagate_charges(np.ones((1, 1)), np.full((1, 1, 3), np.nan), np.zeros((1, 1, 3)))
