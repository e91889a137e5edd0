"""Acetylacetone as training, validation and test frames, and the weights of the identical function (NumPy and the standard library alone).

Definition: of 500 frames at 300 K every tenth judges, the others train; tests at 300 K, 600 K, along a dihedral angle and along a proton's transfer.
Convention: energies beside those of isolated atoms, in eV, forces in eV/Å; the score is the root mean square error in meV and meV/Å.
"""

import os
from pathlib import Path

import numpy as np

TESTS = {"300K": "test_MD_300K", "600K": "test_MD_600K", "dihedral": "test_dihedral", "transfer": "test_H_transfer"}
NUMBERS = {"H": 1, "C": 6, "O": 8}
CUTOFF = 5.0


def blocks(path):
    """Yield comment and rows of each frame of an extended XYZ file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        size = int(lines[at])
        yield lines[at + 1], [line.split() for line in lines[at + 2 : at + 2 + size]]
        at += 2 + size


def energy_of(comment):
    """The energy that a comment names."""
    return float(next(word for word in comment.split() if word.startswith("energy=")).split("=")[1])


def frames(path, single):
    """Species, positions, energies beside those of the atoms, and forces (NaN where a file has none)."""
    species, positions, energies, forces = [], [], [], []
    for comment, rows in blocks(path):
        species.append([NUMBERS[row[0]] for row in rows])
        numbers = np.array([row[1:] for row in rows], dtype=float)
        positions.append(numbers[:, :3])
        energies.append(energy_of(comment) - sum(single[z] for z in species[-1]))
        forces.append(numbers[:, 3:6] if numbers.shape[1] == 6 else np.full((len(rows), 3), np.nan))
    found = {"species": species, "positions": positions, "energy": energies, "forces": forces}
    return {name: np.array(value) for name, value in found.items()}


def part(whole, which):
    """Some of the frames."""
    return {name: value[which] for name, value in whole.items()}


def shapes(C):
    """Names and shapes of the weights of a ScaleShiftMACE: scalars and vectors, degrees up to 3, correlation 3, two layers, three elements."""
    found = {"node_embedding.linear.weight": (3 * C,)}
    for k, (up, paths, outputs) in enumerate(((1, 4, (0, 1)), (2, 10, (0,)))):
        at = f"interactions.{k}."
        found |= {f"{at}linear_up.weight": (up * C * C,), f"{at}linear.weight": (paths * C * C,)}
        found[f"{at}skip_tp.weight"] = (3 * C * C,)
        for j, shape in enumerate(((8, 64), (64, 64), (64, 64), (64, paths * C))):
            found[f"{at}conv_tp_weights.layer{j}.weight"] = shape
        for i in outputs:
            at = f"products.{k}.symmetric_contractions.contractions.{i}."
            counts = ((1, 4, 23), (1, 6, 51))[i]
            found |= {f"{at}weights.{1 - j}": (3, counts[j], C) for j in range(2)}
            found[f"{at}weights_max"] = (3, counts[2], C)
        found[f"products.{k}.linear.weight"] = (len(outputs) * C * C,)
    found |= {"readouts.0.linear.weight": (C,), "readouts.1.linear_1.weight": (16 * C,)}
    return found | {"readouts.1.linear_2.weight": (16,)}


def constants(train):
    """Root mean square force, mean energy an atom and mean number of neighbours."""
    apart = np.linalg.norm(train["positions"][:, :, None] - train["positions"][:, None], axis=-1)
    neighbours = ((apart < CUTOFF).sum(-1) - 1).mean()
    shift = (train["energy"] / train["species"].shape[1]).mean()
    return {
        "scale": float(np.sqrt((train["forces"] ** 2).mean())),
        "shift": float(shift),
        "neighbours": float(neighbours),
    }


def make(folder=None, seed=1, stage=5, channels=32, product="identical", keep="", frames_used=450):
    """The sets, the constants, the weights to start from, and the choices."""
    place = Path(folder or Path(os.environ["ERLANGEN_DATA"]) / "botnet" / "acac")
    single = {NUMBERS[rows[0][0]]: energy_of(comment) for comment, rows in blocks(place / "isolated_atoms.xyz")}
    whole = frames(place / "train_300K.xyz", single)
    judge = np.arange(len(whole["energy"])) % 10 == 9
    train = part(part(whole, ~judge), slice(0, frames_used))
    rng = np.random.default_rng(seed)
    weights = {
        name: (rng.normal(size=shape) / (shape[1] if "contractions" in name else 1)).astype(np.float32)
        for name, shape in shapes(channels).items()
    }
    return {
        "train": train, "valid": part(whole, judge), "weights": weights, **constants(train),
        "tests": {name: frames(place / f"{file}.xyz", single) for name, file in TESTS.items()},
        "seed": seed, "stage": stage, "channels": channels, "product": product, "keep": keep,
        "batch": 5, "lr": 0.01, "decay": 5e-7, "force_weight": 100.0, "ema": 0.99, "clip": 10.0, "factor": 0.8, "patience": 50,
    }  # fmt: skip


def order(data, epoch):
    """The order of the training frames in an epoch, the same for every side."""
    return np.random.default_rng([data["seed"], epoch]).permutation(len(data["train"]["energy"]))


def score(data, predict):
    """Errors on each test."""
    found = {}
    for name, frames_ in data["tests"].items():
        energy, forces = predict(frames_)
        gap = energy - frames_["energy"]
        found[f"energy_{name}"] = 1e3 * np.sqrt((gap**2).mean())
        found[f"relative_energy_{name}"] = 1e3 * np.sqrt(((gap - gap.mean()) ** 2).mean())
        if np.isfinite(frames_["forces"]).all():
            found[f"forces_{name}"] = 1e3 * np.sqrt(((forces - frames_["forces"]) ** 2).mean())
    return found
