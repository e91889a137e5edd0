"""Laws of physics that any potential must keep: symmetry, forces and stress as derivatives, extensivity, conserved energy."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.potentials import Frame, molecular_dynamics
from erlangen.potentials.dynamics import BOLTZMANN


def moved(frame, positions, cell=None):
    return Frame(frame.species, positions, frame.cell if cell is None else cell, frame.pbc)


def energy(potential, frame):
    return potential.predict([frame], forces=False)[0].energy


@pytest.mark.parametrize("kind", ["molecule", "crystal"])
def test_forces_are_minus_the_gradient(potential, kind, request):
    frame = request.getfixturevalue(kind)
    forces, h = potential.predict([frame])[0].forces, 1e-4
    assert np.abs(forces).max() > 0.05
    for i, a in np.ndindex(*frame.positions.shape):
        values = []
        for k in (-2, -1, 1, 2):
            x = frame.positions.copy()
            x[i, a] += k * h
            values.append(energy(potential, moved(frame, x)))
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
        assert abs(forces[i, a] + slope) < 1e-8


def test_energy_is_invariant_and_forces_turn(potential, molecule):
    rng = np.random.default_rng(0)
    base = potential.predict([molecule])[0]
    for k in range(6):
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0] * (-1) ** k
        order, shift = rng.permutation(len(molecule)), rng.normal(size=3) * 10
        frame = Frame(molecule.species[order], (molecule.positions @ turn.T + shift)[order])
        got = potential.predict([frame])[0]
        assert abs(got.energy - base.energy) < 1e-10
        assert np.abs(got.forces - (base.forces @ turn.T)[order]).max() < 1e-10
    assert np.abs(base.forces.sum(0)).max() < 1e-12
    assert np.abs(np.cross(molecule.positions, base.forces).sum(0)).max() < 1e-11


def test_mirror_images_have_one_energy_but_other_shapes_not(potential, molecule):
    mirrored = moved(molecule, molecule.positions * [-1, 1, 1])
    squeezed = moved(molecule, molecule.positions * [0.98, 1, 1])
    assert abs(energy(potential, mirrored) - energy(potential, molecule)) < 1e-10
    assert abs(energy(potential, squeezed) - energy(potential, molecule)) > 1e-4


def test_stress_is_the_derivative_by_strain(potential, crystal):
    found, h = potential.predict([crystal], stress=True)[0], 1e-4
    assert np.abs(found.stress).max() > 1e-3
    assert np.allclose(found.stress, found.stress.T, atol=1e-14)
    for a, b in np.ndindex(3, 3):
        values = []
        for k in (-2, -1, 1, 2):
            strain = np.eye(3)
            strain[a, b] += 0.5 * k * h
            strain[b, a] += 0.5 * k * h
            values.append(energy(potential, moved(crystal, crystal.positions @ strain, crystal.cell @ strain)))
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
        assert abs(found.stress[a, b] - slope / crystal.volume) < 1e-8


def test_a_supercell_is_the_same_crystal(potential, crystal):
    one = potential.predict([crystal], stress=True)[0]
    shift = crystal.cell[0]
    two = Frame(
        np.tile(crystal.species, 2), np.concatenate([crystal.positions, crystal.positions + shift]),
        crystal.cell * [[2], [1], [1]], True,
    )  # fmt: skip
    got = potential.predict([two], stress=True)[0]
    assert abs(got.energy - 2 * one.energy) < 1e-10
    assert np.allclose(got.forces, np.tile(one.forces, (2, 1)), atol=1e-11)
    assert np.allclose(got.stress, one.stress, atol=1e-11)
    wrapped = moved(crystal, crystal.positions + [[3], [0]] * crystal.cell[1] - [[0], [2]] * crystal.cell[2])
    assert abs(energy(potential, wrapped) - one.energy) < 1e-10


def test_energies_add_up_and_lonely_atoms_have_their_own(potential, molecule):
    far = Frame([*molecule.species, 1], np.concatenate([molecule.positions, [[50.0, 0, 0]]]))
    got, base = potential.predict([far])[0], potential.predict([molecule])[0]
    alone = potential.predict([Frame(["H"], [[0, 0, 0]])])[0]
    assert abs(got.energy - base.energy - alone.energy) < 1e-12
    assert np.array_equal(alone.forces, np.zeros((1, 3)))
    assert np.array_equal(got.forces[-1], np.zeros(3))
    batch = potential.predict([molecule, Frame(["H"], [[0, 0, 0]]), molecule])
    assert np.allclose([f.energy for f in batch], [base.energy, alone.energy, base.energy], atol=1e-12)
    assert len(potential.predict([])) == 0
    assert potential.predict([Frame([], np.zeros((0, 3)))])[0].energy == 0


def test_energy_is_smooth_where_a_neighbour_enters(potential):
    def pair(r):
        return potential.predict([Frame(["C", "O"], [[0, 0, 0], [r, 0, 0]])])[0]

    inside, outside = pair(3.0 - 1e-4), pair(3.0 + 1e-4)
    assert abs(inside.energy - outside.energy) < 1e-9
    assert np.abs(inside.forces - outside.forces).max() < 1e-6


def test_the_hessian_is_the_derivative_of_the_forces(potential, molecule):
    found, h = potential.hessian(molecule), 1e-5
    n = len(molecule)
    flat = found.reshape(3 * n, 3 * n)
    assert np.allclose(flat, flat.T, atol=1e-10)
    for k in (0, 7, 16):
        up, down = molecule.positions.copy(), molecule.positions.copy()
        up.flat[k] += h
        down.flat[k] -= h
        slope = (
            potential.predict([moved(molecule, down)])[0].forces - potential.predict([moved(molecule, up)])[0].forces
        ) / (2 * h)
        assert np.abs(slope.ravel() - flat[k]).max() < 1e-7


def test_energy_is_conserved_in_proportion_to_the_step_squared(potential, molecule):
    drifts = [
        molecular_dynamics(potential, molecule, steps=int(5 / dt), timestep=dt, temperature=50, every=1, rng=1).drift
        for dt in (0.5, 0.25)
    ]
    assert drifts[0] < 1e-3
    assert 2.5 < drifts[0] / drifts[1] < 6


@pytest.mark.slow
def test_energy_stays_bounded_over_ten_thousand_steps(potential, molecule):
    path = molecular_dynamics(potential, molecule, steps=10_000, timestep=0.25, temperature=50, every=50, rng=1)
    total = (path.potential_energy + path.kinetic_energy) / len(molecule)
    assert np.abs(total - total[0]).max() < 2e-4
    assert abs(total[-50:].mean() - total[:50].mean()) < 0.5 * np.ptp(total)  # it swings and does not climb


def test_a_bath_has_its_temperature():
    class Free:
        """No forces at all."""

        def predict(self, frames, threads=None):
            return [Frame(f.species, f.positions, energy=0.0, forces=np.zeros((len(f), 3))) for f in frames]

    frame = Frame(["H"] * 40 + ["O"] * 40, np.zeros((80, 3)))
    path = molecular_dynamics(Free(), frame, steps=400, timestep=2.0, temperature=300, friction=0.05, every=4, rng=3)
    assert path.temperature[20:].mean() == pytest.approx(300, rel=0.05)
    assert path.kinetic_energy[0] == pytest.approx(1.5 * 80 * BOLTZMANN * path.temperature[0])


def test_refusals(potential):
    with pytest.raises(DomainError, match=r"frames\[1\]: atom 0 is Fe, which is none of the species H, C, O"):
        potential.predict([Frame(["H"], [[0, 0, 0]]), Frame(["Fe"], [[0, 0, 0]])])
    with pytest.raises(DomainError, match=r"frames\[0\]: atoms 0 and 1 coincide"):
        potential.predict([Frame(["H", "H"], np.zeros((2, 3)))])
    with pytest.raises(DomainError, match=r"frames\[0\] is a str"):
        potential.predict(["H2O"])
