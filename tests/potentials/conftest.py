"""Small potentials and molecules."""

import numpy as np
import pytest
import torch

from erlangen.potentials import EquivariantPotential, Frame


@pytest.fixture(scope="session")
def potential():
    """Small, float64, with every kind of coupling."""
    made = EquivariantPotential(
        ["H", "C", "O"], 3.0, lmax=2, channels=4, radial_widths=(8, 8), rng=0, dtype=torch.float64,
        atomic_energies={"H": -1.0, "C": -2.0, "O": -3.0},
    )  # fmt: skip
    with torch.no_grad():
        made.network.neighbours.fill_(4.0)
    return made


@pytest.fixture
def molecule():
    rng = np.random.default_rng(5)
    grid = np.array([[0, 0, 0], [1.2, 0, 0], [0, 1.3, 0], [0, 0, 1.1], [1.2, 1.3, 0], [2.0, 0.4, 1.0]])
    return Frame(["C", "O", "H", "H", "C", "H"], grid + 0.15 * rng.normal(size=(6, 3)))


@pytest.fixture
def crystal():
    rng = np.random.default_rng(7)
    cell = np.array([[2.4, 0, 0], [0.3, 2.6, 0], [0.1, -0.2, 2.2]])
    positions = np.array([[0.1, 0.2, 0.1], [1.2, 1.3, 1.0]]) + 0.1 * rng.normal(size=(2, 3))
    return Frame(["C", "O"], positions, cell, True)
