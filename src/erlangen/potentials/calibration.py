"""The constants of a potential that are read off the data before its weights are fitted.

Definition: scale is the root mean square force component, shift the mean interaction energy an atom, and messages are divided by the mean
number of neighbours (MACE's ``rms_forces_scaling``).
Convention: energies of single atoms are those given, those of the data, or a least-squares fit to the composition, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from erlangen.potentials.frames import Frames
from erlangen.potentials.graph import PreparedFrame
from erlangen.potentials.targets import atomic_sum

__all__ = ["calibrate"]

_LEAST = 1e-6  # eV or eV/Å: below that the data say nothing of a scale


def calibrate(potential: Any, frames: Frames, prepared: Sequence[PreparedFrame]) -> None:
    """Set the constants of a potential that has none yet."""
    if not potential.has_atomic_energies:
        potential.set_atomic_energies(frames.atomic_energies or frames.fitted_atomic_energies())
    if potential.calibrated:
        return
    forces = [f.forces.ravel() for f in frames if f.forces is not None and len(f)]
    rms = float(np.sqrt(np.mean(np.concatenate(forces) ** 2))) if forces else 0.0
    known = [f for f in frames if f.energy is not None and len(f)]
    inside = [(f.energy - atomic_sum(f, potential.atomic_energies)) / len(f) for f in known if f.energy is not None]
    edges, atoms = sum(len(p.neighbours.senders) for p in prepared), sum(len(p.elements) for p in prepared)
    network = potential.network
    with torch.no_grad():
        network.scale.fill_(next((size for size in (rms, float(np.std(inside or [0.0]))) if size > _LEAST), 1.0))
        network.shift.fill_(float(np.mean(inside)) if inside else 0.0)
        network.neighbours.fill_(max(edges / max(atoms, 1), 1.0))
    potential.calibrated = True
