"""What is trained and timed: potentials that differ in their many-body product alone, on energies and forces of acetylacetone.

Definition: the network of MACE with the product of section 3.3 in place of its own; see :class:`erlangen.potentials.EquivariantPotential`.
Convention: torch is imported here and for charged bodies alone in this paper; seconds are processor time; errors are in meV and meV/Å.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from erlangen.datasets import acac, acac_sample
from erlangen.groups import SO3
from erlangen.nn import GauntSelfInteraction, SymmetricContraction
from erlangen.potentials import EquivariantPotential, Frame, Frames, molecular_dynamics

__all__ = ["frames", "learn", "parameter_counts", "paths", "route_differences", "step_times", "symmetry"]

SPECIES = ("H", "C", "O")
PATHS = {"dihedral": "test_dihedral", "transfer": "test_H_transfer"}


def frames(folder: str, whole: bool, train: int) -> dict[str, Frames]:
    """Return frames to train on, to judge by, and to test on: of the whole data set, or of the part that comes with the package."""
    if whole:
        place = folder or None
        everything = acac("train_300K", place)
        tests = {"300K": acac("test_MD_300K", place), "600K": acac("test_MD_600K", place)}
    else:
        everything = acac_sample("train")
        tests = {"300K": acac_sample("test_300K"), "600K": acac_sample("test_600K")}
    tests |= {name: acac_sample(split) for name, split in PATHS.items()}
    every = len(everything) // 10  # one frame of ten judges
    judges = [i for i in range(len(everything)) if i % 10 == 9][:every]
    others = [i for i in range(len(everything)) if i % 10 != 9]
    chosen = [others[int(k)] for k in np.linspace(0, len(others) - 1, min(train, len(others))).round()]
    return {"train": _some(everything, chosen), "valid": _some(everything, judges), **tests}


def _some(items: Frames, which: list[int]) -> Frames:
    """Return a part of the frames."""
    return Frames([items[i] for i in which], name=items.name, atomic_energies=items.atomic_energies)


def _potential(
    product: str, route: str, sizes: dict[str, Any], seed: int, energies: Any, dtype: Any
) -> EquivariantPotential:
    """Return a potential of the paper's kind."""
    return EquivariantPotential(
        SPECIES, product=product, route=route, hidden="0e+1o", rng=seed, atomic_energies=energies, dtype=dtype, **sizes
    )


def learn(
    product: str,
    sizes: dict[str, Any],
    data: dict[str, Any],
    seed: int,
    epochs: int,
    stages: int,
    steps: int,
    rank: int = 1,
    dtype: str = "float32",
) -> dict[str, Any]:
    """Train one potential and return its errors before and after each of ``stages`` equal parts of the training, with the seconds spent until then.

    The drift is the largest change of the total energy, in meV an atom, in so many steps (if any) of half a femtosecond from an unseen frame at
    300 K; energies along paths are in meV, about their mean.
    """
    sets = frames(**data)
    sizes = {**sizes, "rank": rank} if rank > 1 else sizes
    potential = _potential(product, "auto", sizes, seed, sets["train"].atomic_energies, getattr(torch, dtype))
    course = [{"epoch": 0, "seconds": 0.0, **_errors(potential, sets)}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fit.safetensors"
        for k in range(1, stages + 1):
            history = potential.fit(
                sets["train"],
                sets["valid"],
                epochs=max(1, round(k * epochs / stages)),
                batch=5,
                rng=seed,
                plateau_patience=max(2, epochs // 10),
                checkpoint=path,
                resume=True,
                threads=1,
            )
            course.append({**history.epochs[-1], **_errors(potential, sets)})
    along = {name: _about_mean([found.energy for found in potential.predict(sets[name], threads=1)]) for name in PATHS}
    found = {"course": course, "parameters": potential.parameter_count, "paths": along}
    if not steps:
        return found
    moved = molecular_dynamics(potential, sets["300K"][0], steps=steps, timestep=0.5, rng=seed, threads=1)
    return found | {"drift": 1e3 * moved.drift}


def _about_mean(energies: Any) -> list[float]:
    """Return energies about their mean, in meV."""
    values = np.array([float(energy) for energy in energies])
    return [float(value) for value in 1e3 * (values - values.mean())]


def paths() -> dict[str, dict[str, list[float]]]:
    """Return place and energy (meV, about the mean) along each path by density functional theory.

    The place is the dihedral angle in degrees, or how much farther the proton is from the first oxygen than from the second, in Å.
    """
    turned, moved = (acac_sample(split) for split in PATHS.values())
    places = {"dihedral": [float(f.info["dihedral_angle"]) for f in turned], "transfer": [_asymmetry(f) for f in moved]}
    return {
        name: {"place": places[name], "energy": _about_mean([f.energy for f in items])}
        for name, items in (("dihedral", turned), ("transfer", moved))
    }


def _asymmetry(frame: Frame) -> float:
    """Return by how much the proton between two oxygens is nearer to the second, in Å."""
    oxygens, hydrogens = (np.asarray(frame.positions)[np.asarray(frame.species) == z] for z in (8, 1))
    apart = np.linalg.norm(oxygens[:, None] - hydrogens[None], axis=-1)
    first, second = apart[:, apart.sum(axis=0).argmin()]
    return float(first - second)


def _errors(potential: EquivariantPotential, sets: dict[str, Frames]) -> dict[str, float]:
    """Return the errors on each test."""
    found: dict[str, float] = {}
    for name in ("300K", "600K"):
        errors = potential.evaluate(sets[name], threads=1)
        found[f"energy_{name}"] = errors.energy_rmse
        found[f"forces_{name}"] = errors.forces_rmse
        found[f"relative_{name}"] = errors.forces_relative
    return found


def step_times(sizes: dict[str, Any], rounds: int) -> dict[str, float]:
    """Return the least seconds of a whole training step (five frames, float32) of each product and route, taken in turn."""
    sample = acac_sample()
    choices = (("gaunt", "grid"), ("gaunt", "fourier"), ("complete-gaunt", "grid"), ("clebsch-gordan", "auto"))
    potentials = [_potential(*choice, sizes, 0, sample.atomic_energies, torch.float32) for choice in choices]
    best = dict.fromkeys(range(len(choices)), np.inf)
    for turn in range(rounds + 1):  # the first warms up
        for k, potential in enumerate(potentials):
            history = potential.fit(sample[:5], epochs=1, batch=5, rng=0, threads=1)
            if turn:
                best[k] = min(best[k], history.epochs[0]["seconds"])
    return {f"{product}/{route}": float(best[k]) for k, (product, route) in enumerate(choices)}


def route_differences(sizes: dict[str, Any]) -> dict[str, float]:
    """Return by how much energies and forces by Fourier coefficients and by sparse sums differ from those by the grid, relative to the largest."""
    sample, found = acac_sample()[:4], {}
    for name, dtype in (("float64", torch.float64), ("float32", torch.float32)):
        said = [
            _values(_potential("gaunt", route, sizes, 1, sample.atomic_energies, dtype), list(sample))
            for route in ("grid", "fourier", "sparse")
        ]
        found[name] = max(
            float(np.abs(other - own).max() / np.abs(own).max())
            for more in said[1:]
            for own, other in zip(said[0], more, strict=True)
        )
    return found


def _values(potential: EquivariantPotential, items: list[Frame]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return energies beside those of the atoms, and forces."""
    out = potential(potential.graph(items), threads=1)
    forces: Any = out.forces
    return out.energy.double().numpy(), forces.detach().double().numpy()


def symmetry(sizes: dict[str, Any]) -> dict[str, float]:
    """Return by how much energies and forces fail to be invariant and to turn with the atoms, under rotations and inversion, by product."""
    items, found = list(acac_sample()[:3]), {}
    for product in ("gaunt", "complete-gaunt", "clebsch-gordan"):
        potential = _potential(product, "auto", sizes, 1, None, torch.float64)
        E, F = _values(potential, items)
        worst = 0.0
        for R in np.asarray(SO3().sample(2, rng=3)):
            for g in (R, -R):
                turned, forces = _values(potential, [Frame(f.species, f.positions @ g.T) for f in items])
                worst = max(worst, float(np.abs(turned - E).max() / np.abs(E).max()))
                worst = max(worst, float(np.abs(forces - F @ g.T).max() / np.abs(F).max()))
        found[product] = worst
    return found


def parameter_counts() -> dict[str, int]:
    """Return the numbers of weights of the product of one layer: 32 channels, three species, degrees to 3, powers to 3, scalars and vectors out."""
    before, after = "+".join(f"32x{degree}{'eo'[degree % 2]}" for degree in range(4)), "32x0e+32x1o"
    layers = {
        "gaunt": GauntSelfInteraction(before, 3, after, num_elements=3),
        "mace": SymmetricContraction(before, after, 3, 3, reduced=False),
        "reduced": SymmetricContraction(before, after, 3, 3),
    }
    return {name: sum(weight.numel() for weight in layer.parameters()) for name, layer in layers.items()}
