"""One rank of a fit on several: ``python rank.py FOLDER RANK SIZE`` writes FOLDER/RANK.npz."""

import sys

import numpy as np
import torch

from erlangen.datasets import acac_sample
from erlangen.potentials import EquivariantPotential


def fitted():
    """Weights and validation losses of a short fit whose batches do not divide evenly."""
    potential = EquivariantPotential(
        ["H", "C", "O"], 3.0, lmax=1, correlation=2, channels=4, radial_widths=(8,), rng=0, dtype=torch.float64
    )
    history = potential.fit(acac_sample()[:4], acac_sample()[7:10], epochs=1, batch=3, rng=1)
    weights = torch.cat([p.detach().reshape(-1) for p in potential.parameters()]).numpy()
    return weights, np.array([item["valid_loss"] for item in history.epochs])


if __name__ == "__main__":
    folder, rank, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=size)
    weights, losses = fitted()
    np.savez(f"{folder}/{rank}.npz", weights=weights, losses=losses)
    torch.distributed.destroy_process_group()
