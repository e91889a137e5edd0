r"""Charged particles in free space: the N-body task on which equivariant networks are compared.

Definition: :math:`\ddot x_i = \sum_{j \ne i} q_i q_j (x_i - x_j) / (|x_i - x_j|^2 + \epsilon^2)^{3/2}`,
unit masses, charges ±1 (Satorras et al., arXiv 2102.09844).
Convention: softened Coulomb forces with potential :math:`q_i q_j/\sqrt{r^2+\epsilon^2}`, leapfrog steps; the task is to predict the final positions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen.random import RngLike, as_generator
from erlangen.validation import check_finite, check_integer, check_real, check_shape

__all__ = ["ChargedParticles", "charged_particles", "propagate_charges"]

Array = NDArray[np.float64]


class ChargedParticles(NamedTuple):
    """Trajectories of charged particles, at their beginning and end.

    Attributes
    ----------
    charges : ndarray (N, n)
        ±1.
    positions, velocities : ndarray (N, n, 3)
        At the beginning.
    final_positions, final_velocities : ndarray (N, n, 3)
        At the end.

    Examples
    --------
    >>> ChargedParticles(np.ones((1, 2)), *[np.zeros((1, 2, 3))] * 4).charges
    array([[1., 1.]])
    """

    charges: Array
    positions: Array
    velocities: Array
    final_positions: Array
    final_velocities: Array


def charged_particles(
    n_trajectories: int = 3000,
    n_particles: int = 5,
    *,
    steps: int = 1000,
    dt: float = 1e-3,
    softening: float = 0.1,
    spread: float = 0.5,
    rng: RngLike = None,
) -> ChargedParticles:
    """Return random trajectories: normal positions of standard deviation ``spread``, velocities of length 0.5, charges ±1.

    Parameters
    ----------
    n_trajectories, n_particles : int
        How many trajectories N, of how many particles n.
    steps, dt, softening : int, float, float
        As :func:`propagate_charges`.
    spread : float
        Standard deviation of the positions at the beginning.
    rng : seed or Generator, optional
        Source of randomness.

    Raises
    ------
    DomainError
        If a number is outside its range.

    Examples
    --------
    >>> charged_particles(4, steps=10, rng=0).final_positions.shape
    (4, 5, 3)
    """
    count = check_integer(n_trajectories, "n_trajectories", low=0)
    n = check_integer(n_particles, "n_particles", low=1)
    spread = check_real(spread, "spread", low=0, open_low=True)
    generator = as_generator(rng)
    charges = generator.choice([-1.0, 1.0], size=(count, n))
    positions = spread * generator.normal(size=(count, n, 3))
    velocities = generator.normal(size=(count, n, 3))
    velocities *= 0.5 / np.linalg.norm(velocities, axis=-1, keepdims=True)
    final = propagate_charges(charges, positions, velocities, steps=steps, dt=dt, softening=softening)
    return ChargedParticles(charges, positions, velocities, *final)


def propagate_charges(
    charges: Array, positions: Array, velocities: Array, *, steps: int = 1000, dt: float = 1e-3, softening: float = 0.1
) -> tuple[Array, Array]:
    """Return positions and velocities after ``steps`` leapfrog steps of length ``dt``.

    Parameters
    ----------
    charges : ndarray (N, n)
        Charges.
    positions, velocities : ndarray (N, n, 3)
        At the beginning.
    steps, dt : int, float
        Number and length of the steps.
    softening : float
        ε of the potential.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit or a number is not finite.

    Examples
    --------
    >>> x, v = propagate_charges(np.ones((1, 1)), np.zeros((1, 1, 3)), np.ones((1, 1, 3)), steps=1000)
    >>> x.round(9).tolist()  # alone, a particle goes straight on
    [[[1.0, 1.0, 1.0]]]
    """
    check_shape(charges, "charges", (None, None))
    for name, array in (("positions", positions), ("velocities", velocities)):
        check_shape(array, name, (*charges.shape, 3))
        check_finite(array, name)
    steps = check_integer(steps, "steps", low=0)
    dt, softening = check_real(dt, "dt"), check_real(softening, "softening", low=0, open_low=True)
    products = charges[:, :, None] * charges[:, None, :]
    x, v = positions.copy(), velocities.copy()
    acceleration = _acceleration(products, x, softening)
    for _ in range(steps):
        v += 0.5 * dt * acceleration
        x += dt * v
        acceleration = _acceleration(products, x, softening)
        v += 0.5 * dt * acceleration
    return x, v


def _acceleration(products: Array, x: Array, softening: float) -> Array:
    """Forces on all particles."""
    gap = x[:, :, None] - x[:, None]
    inverse = (np.einsum("abcd,abcd->abc", gap, gap) + softening**2) ** -1.5
    return np.asarray(np.einsum("abc,abcd->abd", products * inverse, gap))
