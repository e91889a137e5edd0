"""Fitting: it learns, it can be taken up again bit for bit, and two ranks are one process."""

import dataclasses
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from erlangen.datasets import acac_sample
from erlangen.errors import ConvergenceError, DomainError
from erlangen.potentials import EquivariantPotential, Frame, Frames, TrainingPlan
from erlangen.potentials.graph import prepare
from erlangen.potentials.storage import load_tensors
from erlangen.potentials.trainer import Trainer

SIZES = {"lmax": 1, "correlation": 2, "channels": 4, "radial_widths": (8,)}


def small(dtype=torch.float32, **more):
    return EquivariantPotential(["H", "C", "O"], 3.0, **{**SIZES, **more}, rng=0, dtype=dtype)


def weights(potential):
    return torch.cat([p.detach().reshape(-1) for p in potential.parameters()])


def test_it_learns_forces():
    train, test = acac_sample()[:15], acac_sample("test_300K")[:6]
    potential = small(channels=8)
    untrained = np.sqrt(np.mean(np.concatenate([f.forces.ravel() for f in test]) ** 2))
    seen = []
    history = potential.fit(train, test, epochs=12, batch=5, ema=0.9, on_progress=lambda *a: seen.append(a))
    errors = potential.evaluate(test)
    assert errors.forces_relative < 0.8
    assert history.best_loss == min(item["valid_loss"] for item in history.epochs)
    assert [a[:2] for a in seen] == [(k, 12) for k in range(1, 13)]
    assert potential.network.scale == pytest.approx(untrained, rel=0.2)
    assert float(potential.network.neighbours) > 4
    assert potential.atomic_energies == train.atomic_energies


def test_the_loss_is_the_weighted_mean_of_squares():
    frames = acac_sample()[:3]
    potential = small(torch.float64, atomic_energies=frames.atomic_energies)
    plan = TrainingPlan(epochs=1, energy_weight=2.0, force_weight=7.0)
    items = prepare(frames, ["H", "C", "O"], 3.0)
    loss = float(Trainer(potential, items, (), plan, None).loss(items, None, training=False))
    got = potential.predict(frames)
    energy = np.mean([((p.energy - f.energy) / 15) ** 2 for p, f in zip(got, frames, strict=True)])
    force = np.mean([(p.forces - f.forces) ** 2 for p, f in zip(got, frames, strict=True)])
    assert loss == pytest.approx(2 * energy + 7 * force, rel=1e-9)


def test_gradients_of_the_loss_are_finite_differences():
    """Through forces, hence through second derivatives of everything."""
    frames = acac_sample()[:2]
    potential = small(torch.float64, atomic_energies=frames.atomic_energies)
    items = prepare(frames, ["H", "C", "O"], 3.0)
    trainer = Trainer(potential, items, (), TrainingPlan(epochs=1), None)
    _, gradients = trainer._gradients(items, None)
    generator = torch.Generator().manual_seed(0)
    for name, parameter, gradient in zip(trainer.names, trainer.parameters, gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        values = []
        for k in (-2, -1, 1, 2):
            with torch.no_grad():
                parameter.add_(direction, alpha=k * 1e-4)
            values.append(float(trainer.loss(items, None, training=False)))
            with torch.no_grad():
                parameter.sub_(direction, alpha=k * 1e-4)
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-4
        assert float((gradient * direction).sum()) == pytest.approx(slope, rel=1e-6, abs=1e-6 * abs(values[0])), name


def test_a_fit_taken_up_again_is_the_same_fit(tmp_path):
    train, valid = acac_sample()[:6], acac_sample()[6:9]
    more = {"batch": 2, "rng": 4, "plateau_patience": 0}
    whole, parted = small(), small()
    history = whole.fit(train, valid, epochs=4, **more)
    parted.fit(train, valid, epochs=2, checkpoint=tmp_path / "fit", **more)
    again = small()
    resumed = again.fit(train, valid, epochs=4, checkpoint=tmp_path / "fit", resume=True, **more)
    assert torch.equal(weights(again), weights(whole))
    strip = lambda h: [{k: v for k, v in item.items() if k != "seconds"} for item in h.epochs]  # noqa: E731
    assert strip(resumed) == strip(history)
    _, about = load_tensors(tmp_path / "fit", "erlangen.potentials.fit/1")
    assert about["epoch"] == 4
    assert not list(tmp_path.glob("*.tmp"))
    with pytest.raises(DomainError, match="is of another fit: its law"):
        small().fit(train, valid, epochs=4, checkpoint=tmp_path / "fit", resume=True, **{**more, "lr": 0.1})
    with pytest.raises(DomainError, match="its architecture"):
        small(channels=2).fit(train, valid, epochs=4, checkpoint=tmp_path / "fit", resume=True, **more)


@pytest.mark.slow
def test_two_ranks_are_one_process(tmp_path):
    script = Path(__file__).with_name("rank.py")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment.setdefault("GLOO_SOCKET_IFNAME", "lo")
    ranks = [
        subprocess.Popen([sys.executable, str(script), str(tmp_path), str(r), "2"], env=environment) for r in range(2)
    ]
    alone = runpy.run_path(str(script))["fitted"]()
    assert [rank.wait(timeout=500) for rank in ranks] == [0, 0]
    for r in range(2):
        with np.load(tmp_path / f"{r}.npz") as theirs:
            assert np.abs(theirs["weights"] - alone[0]).max() < 1e-8
            assert np.allclose(theirs["losses"], alone[1], rtol=1e-8)


def test_seconds_end_a_fit():
    history = small().fit(acac_sample()[:4], epochs=10**6, seconds=0.5, batch=2)
    assert 0 < len(history.epochs) < 10**4
    assert history.epochs[-1]["seconds"] < 5


def test_frames_without_forces_or_energies_weigh_nothing_there():
    full = acac_sample()[:2]
    bare = [dataclasses.replace(f, forces=None, species=f.species) for f in full]
    potential = small()
    potential.fit([full[0], bare[1]], epochs=1)
    potential.fit(bare, epochs=1)
    assert np.isnan(potential.evaluate(bare).forces_rmse)
    with pytest.raises(DomainError, match="no frame has an energy"):
        potential.fit([dataclasses.replace(f, energy=None) for f in bare], epochs=1)
    with pytest.raises(DomainError, match="no frame has an energy or forces to compare"):
        potential.evaluate([dataclasses.replace(f, energy=None) for f in bare])
    with pytest.raises(DomainError, match="no frames to fit to"):
        potential.fit([], epochs=1)
    with pytest.raises(DomainError, match="neither epochs nor seconds"):
        potential.fit(full)


def test_stress_is_fitted():
    rng = np.random.default_rng(0)
    cell = np.eye(3) * 2.6
    frames = [
        Frame(["H", "C"], rng.random((2, 3)), cell, True, energy=0.1, forces=np.zeros((2, 3)), stress=np.eye(3) * 0.01)
        for _ in range(3)
    ]
    potential = small(atomic_energies={"H": 0, "C": 0, "O": 0})
    history = potential.fit(frames, epochs=12, batch=3, stress_weight=1e4, clip=None, ema=0.0)
    assert history.epochs[-1]["loss"] < 0.7 * history.epochs[0]["loss"]
    assert potential.evaluate(frames).stress_rmse > 0


def test_a_loss_that_is_not_finite_is_refused():
    frames = Frames([Frame(["H", "C"], [[0, 0, 0], [1, 0, 0]], energy=1e200, forces=np.zeros((2, 3)))])
    with pytest.raises(ConvergenceError, match=r"loss of epoch 1 is (inf|nan)"):
        small(atomic_energies={"H": 0, "C": 0, "O": 0}).fit(frames, epochs=1)


def test_a_saved_potential_is_the_same(tmp_path):
    frames = acac_sample()[:2]
    potential = small()
    potential.fit(frames, epochs=1)
    potential.save(tmp_path / "p.safetensors")
    again = EquivariantPotential.load(tmp_path / "p.safetensors")
    assert again.architecture == potential.architecture
    assert torch.equal(weights(again), weights(potential))
    assert [f.energy for f in again.predict(frames)] == [f.energy for f in potential.predict(frames)]
    (tmp_path / "broken").write_bytes(b"nothing")
    with pytest.raises(DomainError, match="broken cannot be read"):
        EquivariantPotential.load(tmp_path / "broken")
    header = (tmp_path / "p.safetensors").read_bytes()
    assert json.loads(header[8 : 8 + int.from_bytes(header[:8], "little")])["__metadata__"]["about"]


def test_the_calculator_of_ase(potential, crystal, molecule):
    ase = pytest.importorskip("ase")
    for frame in (crystal, molecule):
        atoms = ase.Atoms(
            frame.species, positions=frame.positions, cell=frame.cell, pbc=frame.pbc, calculator=potential.to_ase()
        )
        want = potential.predict([frame], stress=frame is crystal)[0]
        assert atoms.get_potential_energy() == pytest.approx(want.energy, abs=1e-12)
        assert np.allclose(atoms.get_forces(), want.forces, atol=1e-12)
    atoms = ase.Atoms(
        crystal.species, positions=crystal.positions, cell=crystal.cell, pbc=True, calculator=potential.to_ase()
    )
    assert np.allclose(atoms.get_stress(voigt=False), potential.predict([crystal], stress=True)[0].stress, atol=1e-12)
    numeric = pytest.importorskip("ase.calculators.fd")
    assert np.allclose(numeric.calculate_numerical_stress(atoms, eps=1e-5), atoms.get_stress(), atol=1e-6)


def test_architectures_refuse():
    for more, text in (
        ({"hidden": "0e+1e"}, "holds 1e, whose parity"),
        ({"hidden": "1o"}, "0e among them"),
        ({"product": "dense"}, "product must be one of"),
        ({"layers": 2, "interaction": ("plain",)}, "1 entries for 2 layers"),
        ({"species": ["H", "H"]}, "each element once"),
        ({"atomic_energies": {"H": 1.0}}, "atomic_energies has no 'C'"),
        ({"channels": 8, "hidden": "4x0e+4x1o"}, "multiplicity 4, channels is 8"),
    ):
        with pytest.raises(DomainError, match=text):
            EquivariantPotential(**{"species": ["H", "C"], "cutoff": 3.0, **more})
