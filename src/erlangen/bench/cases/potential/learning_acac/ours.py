"""An EquivariantPotential while it learns acetylacetone: one stage of epochs a round."""

import os

import numpy as np
import torch

from erlangen.potentials import EquivariantPotential, Frame, Frames, TrainingPlan
from erlangen.potentials.calibration import calibrate
from erlangen.potentials.graph import prepare
from erlangen.potentials.trainer import Trainer

STATE = {}
THREADS = int(os.environ.get("ERLANGEN_BENCH_THREADS", "1"))
NONE = {"H": 0.0, "C": 0.0, "O": 0.0}


def made(frames):
    """Frames of arrays."""
    rows = zip(frames["species"], frames["positions"], frames["energy"], frames["forces"], strict=True)
    return Frames([Frame(z, x, energy=e, forces=None if np.isnan(f).any() else f) for z, x, e, f in rows])


def identical(data):
    """The potential with the weights mace-torch starts from, on all chains of couplings."""
    state = {name: torch.from_numpy(value) for name, value in data["weights"].items()} | {
        "atomic_numbers": torch.tensor([1, 6, 8]),
        "r_max": torch.tensor(5.0),
        "radial_embedding.cutoff_fn.p": torch.tensor(5),
        "radial_embedding.bessel_fn.bessel_weights": torch.arange(1, 9) * (np.pi / 5.0),
        "atomic_energies_fn.atomic_energies": torch.zeros(3),
        "scale_shift.scale": torch.tensor(data["scale"], dtype=torch.float64),
        "scale_shift.shift": torch.tensor(data["shift"], dtype=torch.float64),
    }
    return EquivariantPotential.load_mace(state, average_neighbours=data["neighbours"]).float()


def start(data):
    """The potential and its trainer."""
    torch.set_num_threads(THREADS)
    if data["product"] == "identical":
        potential = identical(data)
    else:
        potential = EquivariantPotential(
            ("H", "C", "O"),
            5.0,
            channels=data["channels"],
            product=data["product"],
            atomic_energies=NONE,
            rng=data["seed"],
        )
    train, valid = made(data["train"]), made(data["valid"])
    prepared = prepare(train, potential.architecture.species, 5.0)
    calibrate(potential, train, prepared)
    plan = TrainingPlan(
        epochs=1, batch=data["batch"], lr=data["lr"], weight_decay=data["decay"], force_weight=data["force_weight"],
        ema=data["ema"], clip=data["clip"], plateau_factor=data["factor"], plateau_patience=data["patience"], rng=data["seed"],
    )  # fmt: skip
    return Trainer(potential, prepared, prepare(valid, potential.architecture.species, 5.0), plan, THREADS)


def run(data):
    """Take one stage; what is returned predicts with the weights that judged best so far."""
    if not STATE:
        STATE["trainer"] = start(data)
    trainer = STATE["trainer"]
    for _ in range(data["stage"]):
        trainer.run_epoch(None)
    return lambda frames: predict(trainer, data["keep"], frames)


def predict(trainer, keep, frames):
    """Energies and forces of frames."""
    potential = trainer.potential
    own = [parameter.detach().clone() for parameter in trainer.parameters]
    for parameter, best in zip(trainer.parameters, trainer.best, strict=True):
        parameter.data.copy_(best)
    if keep:
        potential.save(keep)
    found = potential.predict(made(frames), threads=THREADS)
    for parameter, value in zip(trainer.parameters, own, strict=True):
        parameter.data.copy_(value)
    return np.array([f.energy for f in found]), np.array([f.forces for f in found])
