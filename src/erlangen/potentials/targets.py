"""What a batch is fitted to, and by how much a prediction misses it.

Definition: squared error of the energy per atom, of force components and of stress components, each a mean over those that are known
(MACE, NeurIPS 2022, appendix).
Convention: energies are without those of single atoms, taken off in float64; a frame without energy, forces or stress has weight zero there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from erlangen.potentials.elements import symbol
from erlangen.potentials.frame import Frame

__all__ = ["Targets", "atomic_sum", "targets_of"]


@dataclass(frozen=True, eq=False)
class Targets:
    """Known energies, forces and stresses of a batch with their weights (0 or 1), and how many are known.

    Attributes
    ----------
    energy, energy_known : Tensor (G,)
        Interaction energy in eV.
    forces, forces_known : Tensor (n, 3), (n, 1)
        In eV/Å.
    stress, stress_known : Tensor (G, 3, 3), (G, 1, 1) of bool, or None
        In eV/Å³; ``None`` where no frame has one.
    counts : tuple of int
        Known energies, force components, stress components.
    """

    energy: Tensor
    energy_known: Tensor
    forces: Tensor
    forces_known: Tensor
    stress: Tensor | None
    stress_known: Tensor | None
    counts: tuple[int, int, int]


def targets_of(frames: Sequence[Frame], atomic_energies: Mapping[str, float], *, dtype: torch.dtype) -> Targets:
    """Return the targets of a batch.

    Examples
    --------
    >>> targets_of([Frame(["H"], [[0, 0, 0]], energy=-13.0)], {"H": -13.5}, dtype=torch.float64).energy
    tensor([0.5000], dtype=torch.float64)
    """
    energy = np.array([0.0 if f.energy is None else f.energy - atomic_sum(f, atomic_energies) for f in frames])
    forces = [np.zeros((len(f), 3)) if f.forces is None else f.forces for f in frames]
    known = [np.full((len(f), 1), float(f.forces is not None)) for f in frames]
    some = any(f.stress is not None for f in frames)
    stress = [np.zeros((3, 3)) if f.stress is None else f.stress for f in frames] if some else []

    def floats(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float64)).to(dtype)

    counts = (
        sum(f.energy is not None for f in frames),
        3 * sum(len(f) for f in frames if f.forces is not None),
        9 * sum(f.stress is not None for f in frames),
    )
    return Targets(
        energy=floats(energy),
        energy_known=floats(np.array([float(f.energy is not None) for f in frames])),
        forces=floats(np.concatenate([np.zeros((0, 3)), *forces])),
        forces_known=floats(np.concatenate([np.zeros((0, 1)), *known])),
        stress=floats(np.stack(stress)) if some else None,
        stress_known=torch.tensor([f.stress is not None for f in frames]).reshape(-1, 1, 1) if some else None,
        counts=counts,
    )


def atomic_sum(frame: Frame, atomic_energies: Mapping[str, float]) -> float:
    """Return the sum of the energies of the atoms alone.

    Examples
    --------
    >>> atomic_sum(Frame(["H", "H"], [[0, 0, 0], [1, 0, 0]]), {"H": -13.5})
    -27.0
    """
    numbers, counts = np.unique(frame.species, return_counts=True)
    return float(sum(int(k) * atomic_energies[symbol(int(z))] for z, k in zip(numbers, counts, strict=True)))
