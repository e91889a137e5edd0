"""Training steps of mace-torch's ScaleShiftMACE, batches made beforehand."""

import importlib
import logging
import os
import warnings

import numpy as np
import torch
from mace import data as mace_data
from mace import modules, tools
from mace.tools import torch_geometric
from torch_ema import ExponentialMovingAverage

STATE = {}
THREADS = int(os.environ.get("ERLANGEN_BENCH_THREADS", "1"))


def start(data):
    """The model, its optimiser and batches, and what it says of the first batch."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(THREADS)
    torch.set_default_dtype(getattr(torch, data["dtype"]))
    o3 = importlib.import_module("e3nn.o3")  # after mace, which tells torch how to read its constants
    block = modules.interaction_classes["RealAgnosticResidualInteractionBlock"]
    model = modules.ScaleShiftMACE(
        r_max=5.0, num_bessel=8, num_polynomial_cutoff=5, max_ell=3, interaction_cls=block, interaction_cls_first=block,
        num_interactions=2, num_elements=3, hidden_irreps=o3.Irreps("32x0e+32x1o"), MLP_irreps=o3.Irreps("16x0e"),
        atomic_energies=data["atomic_energies"].copy(), avg_num_neighbors=12.0, atomic_numbers=[1, 6, 8], correlation=3,
        gate=torch.nn.functional.silu, atomic_inter_scale=0.8, atomic_inter_shift=-4.6, use_reduced_cg=False,
    )  # fmt: skip
    state = {name: torch.from_numpy(value) for name, value in data["weights"].items()}
    unknown = model.load_state_dict(state, strict=False).unexpected_keys
    if unknown:
        raise ValueError(unknown)
    table = tools.get_atomic_number_table_from_zs([1, 6, 8])
    items = []
    for x, e, f in zip(data["positions"][:60], data["energy"], data["forces"], strict=False):
        configuration = mace_data.Configuration(
            atomic_numbers=data["species"], positions=x, properties={"energy": e, "forces": f},
            property_weights={"energy": 1.0, "forces": 1.0}, pbc=(False, False, False), cell=np.zeros((3, 3)),
        )  # fmt: skip
        items.append(mace_data.AtomicData.from_config(configuration, z_table=table, cutoff=5.0))
    loader = torch_geometric.dataloader.DataLoader(items, batch_size=5, shuffle=False, drop_last=False)
    batches = list(loader)
    found = model(batches[0].to_dict(), training=False)
    answer = (found["interaction_energy"].detach().double().numpy(), found["forces"].detach().double().numpy()[::15])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01, amsgrad=True, weight_decay=5e-7)
    return {
        "model": model, "batches": batches, "optimiser": optimiser, "answer": answer,
        "loss": modules.WeightedEnergyForcesLoss(energy_weight=1.0, forces_weight=100.0),
        "average": ExponentialMovingAverage(model.parameters(), decay=0.99),
    }  # fmt: skip


def run(data):
    """Take the steps."""
    if not STATE:
        STATE.update(start(data))
    for k in range(data["steps"]):
        batch = STATE["batches"][k % 12]
        STATE["optimiser"].zero_grad(set_to_none=True)
        found = STATE["model"](batch.to_dict(), training=True, compute_force=True)
        STATE["loss"](pred=found, ref=batch).backward()
        torch.nn.utils.clip_grad_norm_(STATE["model"].parameters(), max_norm=10.0)
        STATE["optimiser"].step()
        STATE["average"].update()
    return STATE["answer"]
