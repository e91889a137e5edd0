"""The same function as mace-torch 0.3.16: its energies, forces and stresses, stored with the weights they belong to."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from erlangen.datasets import acac_sample
from erlangen.errors import DomainError
from erlangen.potentials import EquivariantPotential, Frame

STORED = load_file(Path(__file__).parent / "data" / "mace_0_3_16.safetensors")
CRYSTAL = Frame(
    ["C", "O", "H", "H"], [[0.1, 0.2, 0.3], [1.3, 0.1, 0.2], [0.2, 1.2, 0.1], [2.0, 1.9, 1.1]],
    [[3.1, 0, 0], [0.3, 2.9, 0], [-0.2, 0.1, 3.3]], True,
)  # fmt: skip


def state(kind):
    prefix = f"{kind}/state/"
    return {key.removeprefix(prefix): value for key, value in STORED.items() if key.startswith(prefix)}


@pytest.mark.parametrize("reduced", [False, True])
@pytest.mark.parametrize("kind", ["residual", "plain"])
def test_energies_forces_and_stresses_are_those_of_mace(kind, reduced):
    potential = EquivariantPotential.load_mace(state(kind), average_neighbours=9.5, reduced=reduced)
    assert potential.dtype == torch.float64
    assert potential.architecture.interaction[0] == kind
    for name, frames in (("molecules", acac_sample("test_600K")[:3]), ("crystal", [CRYSTAL])):
        got = potential.predict(frames, stress=name == "crystal")
        assert np.abs([f.energy for f in got] - STORED[f"{kind}/{name}/energy"].numpy()).max() < 1e-10
        forces = np.concatenate([f.forces for f in got])
        assert np.abs(forces - STORED[f"{kind}/{name}/forces"].numpy()).max() < 1e-10
        assert np.abs(forces).max() > 0.02
    assert np.abs(got[0].stress - STORED[f"{kind}/crystal/stress"][0].numpy()).max() < 1e-10


@pytest.mark.parametrize("kind", ["residual", "plain"])
def test_single_precision_loses_only_rounding(kind):
    potential = EquivariantPotential.load_mace(state(kind), average_neighbours=9.5).float()
    got = potential.predict(acac_sample("test_600K")[:3])
    assert np.abs([f.energy for f in got] - STORED[f"{kind}/molecules/energy"].numpy()).max() < 1e-5
    assert np.abs(np.concatenate([f.forces for f in got]) - STORED[f"{kind}/molecules/forces"].numpy()).max() < 1e-4


@pytest.mark.parametrize("reduced", [False, True])
def test_weights_go_back(reduced):
    given = state("residual")
    back = EquivariantPotential.load_mace(given, average_neighbours=9.5, reduced=reduced).to_mace_state()
    for key, value in back.items():
        assert value.shape == given[key].shape or key.startswith("scale_shift"), key
        if not reduced or "contractions" not in key:
            assert torch.equal(value.reshape(-1), given[key].reshape(-1)), key
    whole = {**given, **back}
    again = EquivariantPotential.load_mace(whole, average_neighbours=9.5)
    energies = [f.energy for f in again.predict(acac_sample("test_600K")[:3], forces=False)]
    assert np.abs(energies - STORED["residual/molecules/energy"].numpy()).max() < 1e-10
    assert {key for key in given if key.endswith("weight") or "contractions" in key} <= set(back)


def test_sources(tmp_path):
    model = torch.nn.Module()
    model.interactions = torch.nn.ModuleList([torch.nn.Module()])
    model.interactions[0].avg_num_neighbors = 9.5
    model.state_dict = lambda: state("residual")
    torch.save(state("residual"), tmp_path / "state.pt")
    energies = [
        EquivariantPotential.load_mace(source, **more).predict([CRYSTAL])[0].energy
        for source, more in ((model, {}), (tmp_path / "state.pt", {"average_neighbours": 9.5}))
    ]
    assert energies[0] == energies[1]
    (tmp_path / "pickled.model").write_bytes(b"\x80\x02cos\nsystem\n.")
    with pytest.raises(DomainError, match=r"cannot be read as a dictionary of tensors.*load it with mace-torch"):
        EquivariantPotential.load_mace(tmp_path / "pickled.model")
    with pytest.raises(DomainError, match="does not hold avg_num_neighbors"):
        EquivariantPotential.load_mace(state("residual"))


def test_what_has_no_place_is_refused():
    given = state("residual")
    with pytest.raises(DomainError, match=r"holds 'pair_repulsion_fn\.a_exp', which has no place"):
        EquivariantPotential.load_mace({**given, "pair_repulsion_fn.a_exp": torch.zeros(1)}, average_neighbours=9.5)
    with pytest.raises(DomainError, match=r"has no 'node_embedding\.linear\.weight'"):
        EquivariantPotential.load_mace(
            {k: v for k, v in given.items() if k != "node_embedding.linear.weight"}, average_neighbours=9.5
        )
    wrong = {**given, "radial_embedding.bessel_fn.bessel_weights": torch.ones(6)}
    with pytest.raises(DomainError, match="not Bessel's"):
        EquivariantPotential.load_mace(wrong, average_neighbours=9.5)
    heads = {**given, "scale_shift.scale": torch.ones(2)}
    with pytest.raises(DomainError, match="2 heads"):
        EquivariantPotential.load_mace(heads, average_neighbours=9.5)
