"""mace-torch's ScaleShiftMACE while it learns acetylacetone: one stage of epochs a round.

Definition: mace-torch's model, loss, batches and groups of weights; the loop around them is that of its script (AMSGrad, moving average, plateau rule).
Convention: energies are those beside the isolated atoms, so that single precision loses nothing to them.
"""

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
TABLE = tools.get_atomic_number_table_from_zs([1, 6, 8])


def items(frames):
    """Graphs of frames, neighbours and all."""
    found = []
    for z, x, e, f in zip(frames["species"], frames["positions"], frames["energy"], frames["forces"]):  # noqa: B905
        configuration = mace_data.Configuration(
            atomic_numbers=z, positions=x, properties={"energy": e, "forces": np.nan_to_num(f)},
            property_weights={"energy": 1.0, "forces": 1.0}, pbc=(False, False, False), cell=np.zeros((3, 3)),
        )  # fmt: skip
        found.append(mace_data.AtomicData.from_config(configuration, z_table=TABLE, cutoff=5.0))
    return found


def batches(graphs, size):
    """The graphs in batches."""
    return torch_geometric.dataloader.DataLoader(graphs, batch_size=size, shuffle=False, drop_last=False)


def built(data):
    """The model with the weights that both sides start from."""
    o3 = importlib.import_module("e3nn.o3")  # after mace, which tells torch how to read its constants
    block = modules.interaction_classes["RealAgnosticResidualInteractionBlock"]
    C = data["channels"]
    model = modules.ScaleShiftMACE(
        r_max=5.0, num_bessel=8, num_polynomial_cutoff=5, max_ell=3, interaction_cls=block, interaction_cls_first=block,
        num_interactions=2, num_elements=3, hidden_irreps=o3.Irreps(f"{C}x0e+{C}x1o"), MLP_irreps=o3.Irreps("16x0e"),
        atomic_energies=np.zeros(3), avg_num_neighbors=data["neighbours"], atomic_numbers=[1, 6, 8], correlation=3,
        gate=torch.nn.functional.silu, atomic_inter_scale=data["scale"], atomic_inter_shift=data["shift"], use_reduced_cg=False,
    )  # fmt: skip
    state = {name: torch.from_numpy(value) for name, value in data["weights"].items()}
    found = model.load_state_dict(state, strict=False)
    missing = set(dict(model.named_parameters())) - set(state)
    if found.unexpected_keys or missing:
        raise ValueError(found.unexpected_keys, missing)
    return model


def groups(model, decay):
    """Weights that decay, and those that do not, as mace-torch's script has them."""

    def chosen(name):
        decays = "linear.weight" in name or "skip_tp_full.weight" in name
        return name.startswith("products") or (name.startswith("interactions") and decays)

    named = list(model.named_parameters())
    return [
        {"params": [p for name, p in named if chosen(name) is wanted], "weight_decay": decay if wanted else 0.0}
        for wanted in (True, False)
    ]


def start(data):
    """Model, optimiser, average, rule and graphs."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(THREADS)
    torch.set_default_dtype(torch.float32)
    model = built(data)
    optimiser = torch.optim.Adam(groups(model, data["decay"]), lr=data["lr"], amsgrad=True)
    rule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=data["factor"], patience=data["patience"])
    return {
        "model": model, "optimiser": optimiser, "rule": rule, "epoch": 0, "best": (np.inf, None),
        "average": ExponentialMovingAverage(model.parameters(), decay=data["ema"]),
        "loss": modules.WeightedEnergyForcesLoss(energy_weight=1.0, forces_weight=data["force_weight"]),
        "train": items(data["train"]), "valid": list(batches(items(data["valid"]), 2 * data["batch"])),
    }  # fmt: skip


def epoch(state, data):
    """One pass over the frames, and the judgement of the averaged weights."""
    model, optimiser = state["model"], state["optimiser"]
    order = np.random.default_rng([data["seed"], state["epoch"]]).permutation(len(state["train"]))
    for batch in batches([state["train"][k] for k in order], data["batch"]):
        optimiser.zero_grad(set_to_none=True)
        found = model(batch.to_dict(), training=True, compute_force=True)
        state["loss"](pred=found, ref=batch).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=data["clip"])
        optimiser.step()
        state["average"].update()
    state["epoch"] += 1
    with state["average"].average_parameters():
        losses = [
            float(state["loss"](pred=model(b.to_dict(), training=False, compute_force=True), ref=b).detach())
            for b in state["valid"]
        ]
        judged = float(np.mean(losses))
        if judged < state["best"][0]:
            state["best"] = judged, [p.detach().clone() for p in model.parameters()]
    state["rule"].step(judged)


def run(data):
    """Take one stage; what is returned predicts with the weights that judged best so far."""
    if not STATE:
        STATE.update(start(data))
    for _ in range(data["stage"]):
        epoch(STATE, data)
    return predict


def predict(frames):
    """Energies and forces of frames."""
    model = STATE["model"]
    own = [p.detach().clone() for p in model.parameters()]
    put(model, STATE["best"][1])
    energy, forces = [], []
    for batch in batches(items(frames), 16):
        found = model(batch.to_dict(), training=False, compute_force=True)
        energy.append(found["energy"].detach().double().numpy())
        forces.append(found["forces"].detach().double().numpy().reshape(len(energy[-1]), -1, 3))
    put(model, own)
    return np.concatenate(energy), np.concatenate(forces)


def put(model, values):
    """Give the model these weights."""
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values):  # noqa: B905
            parameter.copy_(value)
