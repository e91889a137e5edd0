"""Potentials by Gaunt products: invariant, with forces that are gradients, and no state of mace-torch."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.potentials import EquivariantPotential, Frame


def test_gaunt_products_keep_the_laws(molecule):
    potential = EquivariantPotential(
        ["H", "C", "O"], 3.0, lmax=2, channels=4, radial_widths=(8,), product="gaunt", rng=0, dtype=torch.float64
    )
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


def test_a_route_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match="route='fourier' is not among"):
        EquivariantPotential(["H"], 3.0, product="gaunt", route="fourier")
