"""Training steps of an EquivariantPotential with the weights of a ScaleShiftMACE."""

import os

import numpy as np
import torch

from erlangen.potentials import EquivariantPotential, Frame, TrainingPlan
from erlangen.potentials.graph import prepare
from erlangen.potentials.targets import atomic_sum
from erlangen.potentials.trainer import Trainer

STATE = {}
THREADS = int(os.environ.get("ERLANGEN_BENCH_THREADS", "1"))


def start(data):
    """The potential, its trainer, and what it says of the first batch."""
    torch.set_num_threads(THREADS)
    kind = getattr(torch, data["dtype"])
    state = {name: torch.from_numpy(value) for name, value in data["weights"].items()}
    state |= {
        "atomic_numbers": torch.tensor([1, 6, 8]),
        "r_max": torch.tensor(5.0),
        "radial_embedding.cutoff_fn.p": torch.tensor(5),
        "radial_embedding.bessel_fn.bessel_weights": torch.arange(1, 9) * (np.pi / 5.0),
        "atomic_energies_fn.atomic_energies": torch.from_numpy(data["atomic_energies"].copy()),
        "scale_shift.scale": torch.tensor(0.8, dtype=torch.float64),
        "scale_shift.shift": torch.tensor(-4.6, dtype=torch.float64),
    }
    potential = EquivariantPotential.load_mace(state, average_neighbours=12.0).to(kind)
    frames = [
        Frame(data["species"], x, energy=e, forces=f)
        for x, e, f in zip(data["positions"][:60], data["energy"], data["forces"], strict=False)
    ]
    prepared = prepare(frames, potential.architecture.species, 5.0)
    first = potential.predict(frames[:5], threads=THREADS)
    energies = np.array([f.energy - atomic_sum(f, potential.atomic_energies) for f in first])
    trainer = Trainer(potential, prepared, [], TrainingPlan(epochs=1), THREADS)
    return {"trainer": trainer, "answer": (energies, np.array([f.forces[0] for f in first]))}


def run(data):
    """Take the steps."""
    if not STATE:
        STATE.update(start(data))
    trainer = STATE["trainer"]
    for k in range(data["steps"]):
        trainer.step(trainer.prepared[5 * (k % 12) : 5 * (k % 12) + 5])
    return STATE["answer"]
