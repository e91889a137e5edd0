"""Batches of acetylacetone and the weights both sides start from (NumPy and the standard library alone).

Definition: five frames a batch of the packaged part of acac; weights are standard normal, under the names and in the shapes of mace-torch.
Convention: the score is how many decimals energies (eV) and forces (eV/Å) of the first batch share with mace-torch in float64.
"""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[3] / "datasets" / "data" / "acetylacetone.safetensors"
# interaction energies of the first five frames, and the forces on the first atom of each: mace-torch 0.3.16, float64, these weights
ENERGIES = (-65.4533967622, -65.4644279685, -65.4637064141, -65.4633704386, -65.4662644934)
FORCES = (
    (0.0033263898, 0.0044330635, 0.0134430639),
    (-0.0078426112, -0.0424930412, 0.0332085711),
    (0.00898184, -0.0150186039, -0.0146719147),
    (-0.0223444918, 0.0111870703, 0.0045778422),
    (0.0250962557, 0.0451464996, -0.0045544655),
)
CHANNELS = 32
KINDS = {"float32": np.float32, "float64": np.float64}


def arrays():
    """The arrays of a file of safetensors."""
    content = FILE.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    kinds = {"F64": "<f8", "I64": "<i8"}
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            part = content[8 + size + start : 8 + size + end]
            found[name] = np.frombuffer(part, dtype=kinds[entry["dtype"]]).reshape(entry["shape"])
    return found


def shapes():
    """Names and shapes of the weights of a ScaleShiftMACE: 32x0e+32x1o, degrees up to 3, correlation 3, two layers."""
    C = CHANNELS
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


def make(steps=8, dtype="float32"):
    """Positions, energies, forces and weights."""
    rng = np.random.default_rng(0)
    data = arrays()
    weights = {}
    for name, shape in shapes().items():
        divisor = shape[1] if "contractions" in name else 1
        weights[name] = (rng.normal(size=shape) / divisor).astype(KINDS[dtype])
    return {
        "species": data["species"],
        "positions": data["positions"],
        "energy": data["energy"],
        "forces": data["forces"],
        "atomic_energies": data["atomic_energies"],
        "weights": weights,
        "steps": steps,
        "dtype": dtype,
    }


def score(_, result):
    """Decimals shared with the stored numbers."""
    energies, forces = result
    gaps = (np.abs(energies - np.array(ENERGIES)).max(), np.abs(forces - np.array(FORCES)).max())
    return {"energy_decimals": float(-np.log10(gaps[0] + 1e-16)), "force_decimals": float(-np.log10(gaps[1] + 1e-16))}
