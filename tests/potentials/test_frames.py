"""Frames, elements and files of extended XYZ."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.potentials import Frame, Frames, isolated_energies, read_frames, write_frames
from erlangen.potentials.elements import atomic_mass, atomic_number, symbol


def test_elements():
    assert [symbol(z) for z in (1, 26, 92, 118)] == ["H", "Fe", "U", "Og"]
    assert atomic_number("Au") == 79
    assert atomic_mass(12 - 6) == pytest.approx(12.011, abs=1e-3)
    assert atomic_mass(79) == pytest.approx(196.966569, abs=1e-5)
    for wrong in ("Xx", 0, 119, 1.5, None):
        with pytest.raises(DomainError, match="no chemical element"):
            atomic_number(wrong)


def test_a_frame_refuses_what_does_not_fit():
    place = np.zeros((2, 3))
    with pytest.raises(ShapeError, match=r"positions must have shape \(2, 3\), got \(3, 3\)"):
        Frame(["H", "H"], np.zeros((3, 3)))
    with pytest.raises(DomainError, match=r"positions\[1, 0\] = nan"):
        Frame(["H", "H"], [[0, 0, 0], [np.nan, 0, 0]])
    with pytest.raises(ShapeError, match="forces"):
        Frame(["H", "H"], place, forces=np.zeros(3))
    with pytest.raises(DomainError, match="there is no cell"):
        Frame(["H", "H"], place, pbc=True)
    with pytest.raises(DomainError, match="linearly dependent"):
        Frame(["H", "H"], place, np.zeros((3, 3)), True)
    with pytest.raises(ShapeError, match="sequence of symbols"):
        Frame("HH", place)
    with pytest.raises(DomainError, match=r"frames\[0\] is a int"):
        Frames([1])
    assert not Frame(["H", "H"], place).positions.flags.writeable


def test_slices_keep_what_is_known():
    frames = Frames([Frame(["H"], np.zeros((1, 3)), energy=e) for e in range(4)], name="x", atomic_energies={"H": -1.0})
    for part in (frames[1:3], frames[[1, 2]], frames[np.array([False, True, True, False])]):
        assert part.energies.tolist() == [1.0, 2.0]
        assert part.name == "x"
        assert part.atomic_energies == {"H": -1.0}


def test_atomic_energies_are_exact_for_additive_energies():
    e0 = {"H": -13.5, "C": -1026.0}
    make = lambda *s: Frame(s, np.arange(3 * len(s)).reshape(-1, 3), energy=sum(e0[x] for x in s))  # noqa: E731
    fit = Frames([make("H", "C"), make("H", "H", "C"), make("C")]).fitted_atomic_energies()
    assert fit == pytest.approx(e0, abs=1e-9)
    assert isolated_energies([make("H"), make("C")]) == e0
    with pytest.raises(DomainError, match=r"frames\[0\] has 2 atoms"):
        isolated_energies([make("H", "C")])
    with pytest.raises(DomainError, match=r"frames\[0\] has no energy"):
        Frames([Frame(["H"], np.zeros((1, 3)))]).fitted_atomic_energies()


def test_written_frames_are_read_again(tmp_path):
    pytest.importorskip("ase")
    rng = np.random.default_rng(0)
    stress = rng.normal(size=(3, 3)).round(6)
    frame = Frame(
        ["C", "O", "H"], rng.normal(size=(3, 3)).round(6), np.diag([5.0, 6, 7]), (True, False, True),
        energy=-1.25, forces=rng.normal(size=(3, 3)).round(6), stress=stress + stress.T, info={"dihedral": 30.0},
    )  # fmt: skip
    path = tmp_path / "a.xyz"
    write_frames(path, [frame, frame])
    got = read_frames(path, stress_key="stress")
    assert len(got) == 2
    assert got.name == "a"
    for name in ("species", "positions", "cell", "energy", "forces", "stress"):
        assert np.allclose(getattr(got[0], name), getattr(frame, name), atol=1e-8), name
    assert got[0].pbc == (True, False, True)
    assert got[0].info["dihedral"] == 30.0


def test_a_missing_key_lists_those_that_are_there(tmp_path):
    pytest.importorskip("ase")
    path = tmp_path / "b.xyz"
    path.write_text('1\nProperties=species:S:1:pos:R:3:f:R:3 REF_energy=-2.5 pbc="F F F"\nH 0 0 0 1 2 3\n')
    with pytest.raises(DomainError, match=r"frame 0 has no 'energy'; it has 'REF_energy', 'f'.*energy_key"):
        read_frames(path)
    got = read_frames(path, energy_key="REF_energy", forces_key="f")[0]
    assert got.energy == -2.5
    assert got.forces.tolist() == [[1, 2, 3]]
    path.write_text("2\nnothing\n")
    with pytest.raises(DomainError, match="cannot be read as extended XYZ"):
        read_frames(path)
