r"""Molecular dynamics of a potential: at constant energy, or in a bath.

Definition: velocity Verlet; with a bath the splitting B A O A B of Langevin's equation (Leimkuhler & Matthews, Appl. Math. Res. Express 2013, 34).
Convention: Å, fs, K, eV, unified atomic mass units; velocities in Å/fs; the centre of mass rests at the start where there is no bath.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError
from erlangen.potentials.elements import atomic_mass
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real, check_shape

__all__ = ["BOLTZMANN", "Trajectory", "molecular_dynamics"]

Array = NDArray[np.float64]
BOLTZMANN = 8.617333262e-5  # eV/K
_PER_MASS = 9.648533212e-3  # 1 eV/Å over 1 u, in Å/fs²


class Trajectory(NamedTuple):
    """Frames along a trajectory.

    Attributes
    ----------
    frames : Frames
        Every ``every``-th configuration with energy and forces, the first included.
    times : ndarray (T,)
        In fs.
    potential_energy, kinetic_energy : ndarray (T,)
        In eV.
    temperature : ndarray (T,)
        In K, from the kinetic energy.
    velocities : ndarray (n, 3)
        At the end, in Å/fs.

    Examples
    --------
    >>> Trajectory(Frames([]), np.arange(2.0), np.ones(2), np.array([0.0, 0.5]), np.zeros(2), np.zeros((4, 3))).drift
    0.125
    """

    frames: Frames
    times: Array
    potential_energy: Array
    kinetic_energy: Array
    temperature: Array
    velocities: Array

    @property
    def drift(self) -> float:
        """Largest deviation of the total energy from its start, in eV an atom."""
        total = self.potential_energy + self.kinetic_energy
        return float(np.abs(total - total[0]).max() / max(len(self.velocities), 1))


def molecular_dynamics(
    potential: Any,
    frame: Frame,
    *,
    steps: int,
    timestep: float = 0.5,
    temperature: float = 300.0,
    friction: float | None = None,
    velocities: Array | None = None,
    every: int = 10,
    rng: RngLike = None,
    on_progress: Callable[[int, int, str, dict[str, float] | None], None] | None = None,
    threads: int | None = None,
) -> Trajectory:
    r"""Return a trajectory from a frame.

    .. math:: m \dot v = -\nabla E(x) - \gamma m v + \sqrt{2 \gamma m k T}\,\eta

    Parameters
    ----------
    potential : EquivariantPotential
        Any object with ``predict([frame])``.
    frame : Frame
        The start.
    steps, timestep : int, float
        Number of steps, and their length in fs.
    temperature : float
        Of the initial velocities and of the bath, in K.
    friction : float, optional
        γ in 1/fs; without it the energy is constant.
    velocities : ndarray (n, 3), optional
        At the start, in Å/fs (default: drawn at ``temperature``).
    every : int
        Steps between frames that are kept.
    rng : seed or Generator, optional
        Source of velocities and noise.
    on_progress : callable, optional
        ``on_progress(step, total, message, metrics)`` after each frame kept.
    threads : int, optional
        Threads of the kernels.

    Raises
    ------
    ConvergenceError
        If energies or positions are no longer finite.

    Examples
    --------
    >>> from erlangen.potentials import EquivariantPotential
    >>> potential = EquivariantPotential(["He"], 2.0, channels=2, lmax=0, hidden="0e", rng=0)
    >>> path = molecular_dynamics(potential, Frame(["He"], [[0, 0, 0]]), steps=4, every=2, velocities=np.full((1, 3), 0.01), rng=0)
    >>> path.frames[-1].positions.round(6).tolist()  # alone, an atom goes straight on
    [[0.02, 0.02, 0.02]]
    """
    steps, every = check_integer(steps, "steps", low=0), check_integer(every, "every", low=1)
    dt = check_real(timestep, "timestep", low=0, open_low=True)
    kT = BOLTZMANN * check_real(temperature, "temperature", low=0)
    gamma = None if friction is None else check_real(friction, "friction", low=0)
    generator = as_generator(rng)
    mass = np.array([atomic_mass(int(z)) for z in frame.species]).reshape(-1, 1)
    v = (
        _initial(mass, kT, generator, rest=gamma is None)
        if velocities is None
        else np.array(velocities, dtype=np.float64)
    )
    check_shape(v, "velocities", (len(frame), 3))
    now = potential.predict([frame], threads=threads)[0]
    kept, kinetic = [now], [_kinetic(mass, v)]
    for step in range(1, steps + 1):
        v = v + 0.5 * dt * _PER_MASS * now.forces / mass
        x = now.positions + 0.5 * dt * v
        if gamma is not None:
            decay = math.exp(-gamma * dt)
            v = decay * v + np.sqrt((1 - decay**2) * kT * _PER_MASS / mass) * generator.normal(size=v.shape)
        now = _moved(potential, now, x + 0.5 * dt * v, step, threads)
        v = v + 0.5 * dt * _PER_MASS * now.forces / mass
        if step % every == 0:
            kept.append(now)
            kinetic.append(_kinetic(mass, v))
            if on_progress is not None:
                figures = {"energy": float(now.energy or 0.0), "temperature": _temperature(kinetic[-1], len(frame))}
                on_progress(step, steps, f"{step * dt:.1f} fs: {figures['temperature']:.0f} K", figures)
    energies = np.array(kinetic)
    return Trajectory(
        Frames(kept, name="trajectory"),
        np.asarray(dt * every * np.arange(len(kept)), dtype=np.float64),
        np.array([item.energy for item in kept]),
        energies,
        np.array([_temperature(float(e), len(frame)) for e in energies]),
        np.asarray(v, dtype=np.float64),
    )


def _moved(potential: Any, now: Frame, x: Array, step: int, threads: int | None) -> Frame:
    """The frame at new positions, with its forces."""
    if not np.isfinite(x).all():
        message = f"positions are not finite after {step} steps"
        raise ConvergenceError(
            message, iterations=step, hint="take a shorter timestep, or a potential fitted to such frames"
        )
    found: Frame = potential.predict([Frame(now.species, x, now.cell, now.pbc)], threads=threads)[0]
    return found


def _initial(mass: Array, kT: float, generator: np.random.Generator, *, rest: bool) -> Array:
    """Velocities of Maxwell and Boltzmann, without motion of the whole where it is to rest."""
    v = np.sqrt(kT * _PER_MASS / mass) * generator.normal(size=(len(mass), 3))
    return v - (mass * v).sum(0) / mass.sum() if rest and len(mass) > 1 else v


def _kinetic(mass: Array, v: Array) -> float:
    return float(0.5 * (mass * v * v).sum() / _PER_MASS)


def _temperature(kinetic: float, atoms: int) -> float:
    return 2 * kinetic / (3 * max(atoms, 1) * BOLTZMANN)
