"""Oracle: the expansion in Legendre polynomials of the potential on an insulated homogeneous sphere."""

import numpy as np
import pytest
from scipy.special import eval_legendre

from erlangen.datasets.sphere_leadfield import cap_electrodes, sphere_leadfield
from erlangen.errors import DomainError


def derivative(n, x):
    """P_n'(x)."""
    return n * (x * eval_legendre(n, x) - eval_legendre(n - 1, x)) / (x**2 - 1)


def series(r, position, moment, radius, conductivity, terms=400):
    """Sum over n of (2n + 1)/n f^(n-1) [n p_r P_n + p_t P_n'] / (4 pi sigma R^2): from the multipoles and the Neumann condition."""
    depth = np.linalg.norm(position)
    radial = position / depth
    f, x = depth / radius, r @ radial
    n = np.arange(1, terms)
    weight = (2 * n + 1) / n * f ** (n - 1)
    along = weight * n * eval_legendre(n, x) * (moment @ radial)
    across = weight * derivative(n, x) * ((r - x * radial) @ moment)
    return np.sum(along + across) / (4 * np.pi * conductivity * radius**2)


def test_potentials_are_the_legendre_series():
    rng = np.random.default_rng(0)
    electrodes = cap_electrodes(12, lowest=-0.9)
    positions = rng.normal(size=(5, 3))
    positions *= (np.array([0.01, 0.3, 0.6, 0.85, 0.9]) * 0.095 / np.linalg.norm(positions, axis=1))[:, None]
    moments = rng.normal(size=(5, 3))
    found = sphere_leadfield(electrodes, positions, moments, conductivity=0.4)
    expected = [[series(r, p, m, 0.095, 0.4) for p, m in zip(positions, moments, strict=True)] for r in electrodes]
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(found).max())


def test_the_mean_over_the_sphere_is_zero_and_turning_all_changes_nothing():
    nodes, weights = np.polynomial.legendre.leggauss(40)
    phi = 2 * np.pi * np.arange(80) / 80
    z, angle = np.repeat(nodes, 80), np.tile(phi, 40)
    r = np.stack([np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z], axis=1)
    position, moment = np.array([[0.2, -0.3, 0.4]]), np.array([[1.0, 2.0, -1.0]])
    potential = sphere_leadfield(r, position, moment, radius=1.0)[:, 0]
    assert abs(np.repeat(weights, 80) @ potential) < 1e-10 * np.abs(potential).sum()
    Q = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    assert np.allclose(sphere_leadfield(r @ Q, position @ Q, moment @ Q, radius=1.0)[:, 0], potential)


def test_a_dipole_outside_is_refused_with_its_index():
    with pytest.raises(DomainError, match=r"positions\[1\] is 0.1 m from the centre"):
        sphere_leadfield(cap_electrodes(3), np.array([[0, 0, 0.01], [0, 0, 0.1]]), np.ones((2, 3)))
