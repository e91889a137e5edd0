"""Potentials by Gaunt products: invariant, with forces that are gradients, one energy by each route, and no state of mace-torch."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.potentials import EquivariantPotential, Frame
from erlangen.potentials.storage import load_tensors, save_tensors


def made(product, route="auto"):
    return EquivariantPotential(
        ["H", "C", "O"], 3.0, lmax=2, channels=4, radial_widths=(8,), product=product, route=route, rng=0,
        dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize("product", ["gaunt", "complete-gaunt"])
def test_gaunt_products_keep_the_laws(molecule, product):
    potential = made(product)
    base = potential.predict([molecule])[0]
    turn = -np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    got = potential.predict([Frame(molecule.species, molecule.positions @ turn.T)])[0]
    assert abs(got.energy - base.energy) < 1e-10
    assert np.abs(got.forces - base.forces @ turn.T).max() < 1e-10
    values = []
    for k in (-2, -1, 1, 2):
        x = molecule.positions.copy()
        x[1, 2] += k * 1e-4
        values.append(potential.predict([Frame(molecule.species, x)], forces=False)[0].energy)
    slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-4
    assert abs(base.forces[1, 2] + slope) < 1e-8
    history = potential.fit(
        [Frame(molecule.species, molecule.positions, energy=-3.0, forces=np.zeros((6, 3)))], epochs=2
    )
    assert np.isfinite(history.best_loss)
    with pytest.raises(DomainError, match="no counterpart in mace-torch"):
        potential.to_mace_state()


@pytest.mark.parametrize("product", ["gaunt", "complete-gaunt"])
def test_routes_give_one_energy(molecule, product):
    base, *others = (made(product, route).predict([molecule])[0] for route in ("grid", "fourier", "sparse"))
    for other in others:
        assert abs(other.energy - base.energy) < 1e-12 * max(1, abs(base.energy))
        assert np.abs(other.forces - base.forces).max() < 1e-11 * np.abs(base.forces).max()


def test_factors_may_be_tied_or_linear(molecule):
    tied, linear = (
        EquivariantPotential(
            ["H", "C", "O"], 3.0, lmax=2, channels=4, product="gaunt", factors=f, rng=0, dtype=torch.float64
        )
        for f in ("tied", "linear")
    )  # linear images are three maps of the four channels of each degree, in each of two layers
    assert linear.parameter_count - tied.parameter_count == 2 * 3 * (3 * 4 * 4)
    auto = EquivariantPotential(["H", "C", "O"], 3.0, lmax=2, channels=4, product="gaunt", rng=0, dtype=torch.float64)
    assert auto.predict([molecule])[0].energy == tied.predict([molecule])[0].energy
    base = linear.predict([molecule])[0]
    turn = -np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    got = linear.predict([Frame(molecule.species, molecule.positions @ turn.T)])[0]
    assert abs(got.energy - base.energy) < 1e-10
    assert np.abs(got.forces - base.forces @ turn.T).max() < 1e-10
    with pytest.raises(DomainError, match="the bracket of a function with itself is zero"):
        EquivariantPotential(["H"], 3.0, product="complete-gaunt", factors="tied")
    with pytest.raises(DomainError, match="factors='linear' says what Gaunt products multiply"):
        EquivariantPotential(["H"], 3.0, factors="linear")


@pytest.mark.parametrize(("product", "factors"), [("gaunt", "auto"), ("gaunt", "linear"), ("complete-gaunt", "auto")])
def test_ranks_add_images_with_weights_of_their_own(molecule, tmp_path, product, factors):
    sizes = {"lmax": 2, "channels": 4, "product": product, "factors": factors, "rng": 0, "dtype": torch.float64}
    one, two = (EquivariantPotential(["H", "C", "O"], 3.0, rank=rank, **sizes) for rank in (1, 2))
    linear = product != "gaunt" or factors == "linear"
    weights = sum(W.numel() for layer in one.network.products for W in layer.contraction.weights)
    # a second set of weights, and for each of two layers as many maps of the channels of three degrees as there are images more
    assert two.parameter_count - one.parameter_count == weights + 2 * (3 if linear else 1) * (3 * 4 * 4)
    base = two.predict([molecule])[0]
    turn = -np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    got = two.predict([Frame(molecule.species, molecule.positions @ turn.T)])[0]
    assert abs(got.energy - base.energy) < 1e-10
    assert np.abs(got.forces - base.forces @ turn.T).max() < 1e-10
    history = two.fit([Frame(molecule.species, molecule.positions, energy=-3.0, forces=np.zeros((6, 3)))], epochs=2)
    assert np.isfinite(history.best_loss)
    two.save(tmp_path / "two")
    again = EquivariantPotential.load(tmp_path / "two")
    assert again.architecture.rank == 2
    assert again.predict([molecule])[0].energy == two.predict([molecule])[0].energy


def test_files_from_before_ranks_are_read(molecule, tmp_path):
    potential, path = made("gaunt"), tmp_path / "fit"
    potential.save(path)
    whole = {"epochs": 1, "checkpoint": tmp_path / "checkpoint", "threads": 1}
    frames = [Frame(molecule.species, molecule.positions, energy=-3.0, forces=np.zeros((6, 3)))] * 2
    made("gaunt").fit(frames, **whole)
    for file, kind in ((path, "erlangen.potentials/1"), (tmp_path / "checkpoint", "erlangen.potentials.fit/1")):
        tensors, about = load_tensors(file, kind)
        assert about["architecture"].pop("rank") == 1
        save_tensors(file, tensors, about)
    assert EquivariantPotential.load(path).predict([molecule])[0].energy == potential.predict([molecule])[0].energy
    assert len(made("gaunt").fit(frames, **{**whole, "epochs": 2}, resume=True).epochs) == 2
    with pytest.raises(DomainError, match="its architecture is"):
        EquivariantPotential(
            ["H", "C", "O"], 3.0, lmax=2, channels=4, radial_widths=(8,), product="gaunt", rank=2, dtype=torch.float64
        ).fit(frames, **whole, resume=True)


def test_a_rank_of_another_product_is_refused():
    with pytest.raises(DomainError, match="rank=2 counts the terms of a Gaunt product; product is 'clebsch-gordan'"):
        EquivariantPotential(["H"], 3.0, rank=2)
    with pytest.raises(DomainError, match="rank must be an integer"):
        EquivariantPotential(["H"], 3.0, product="gaunt", rank=0)


def test_a_route_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match="route='fourier' is a way of Gaunt products"):
        EquivariantPotential(["H"], 3.0, route="fourier")
    with pytest.raises(DomainError, match="route"):
        EquivariantPotential(["H"], 3.0, product="gaunt", route="circle")
