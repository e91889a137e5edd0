"""Acetylacetone: what the files must hold, and that the packaged part is a part of them."""

import os
from pathlib import Path

import numpy as np
import pytest

from erlangen.datasets import acac, acac_sample
from erlangen.errors import DomainError

FOLDER = Path(os.environ.get("ERLANGEN_DATA", "/nowhere")) / "botnet" / "acac"


@pytest.mark.parametrize(("split", "count"), [("train", 60), ("test_300K", 20), ("test_600K", 20)])
def test_the_packaged_part_is_acetylacetone(split, count):
    frames = acac_sample(split)
    assert len(frames) == count
    assert {frame.formula for frame in frames} == {"C5H8O2"}
    assert "MIT" in frames.licence
    for frame in frames:
        assert np.abs(frame.forces.sum(axis=0)).max() < 5e-3  # DFT forces add up to nothing but grid noise
        assert np.linalg.norm(frame.positions - frame.positions.mean(0), axis=1).max() < 5


def test_interaction_energies_are_those_of_a_molecule():
    # atomisation energy of acetylacetone: 14 bonds of 3 to 8 eV each, 15 atoms
    frames = acac_sample()
    counts = {"C": 5, "H": 8, "O": 2}
    bound = frames.energies - sum(n * frames.atomic_energies[s] for s, n in counts.items())
    assert (bound > -80).all()
    assert (bound < -55).all()
    assert np.ptp(bound) < 1.5  # 39 vibrations at 300 K: (39/2) kT = 0.5 eV, and its spread


def test_refusals(tmp_path):
    with pytest.raises(DomainError, match="split must be one of"):
        acac("nothing", tmp_path)
    with pytest.raises(DomainError, match=r"isolated_atoms\.xyz cannot be read"):
        acac("train_300K", tmp_path)
    (tmp_path / "isolated_atoms.xyz").write_text("1\n\nH 0 0 0\n")
    with pytest.raises(DomainError, match="SHA-256"):
        acac("train_300K", tmp_path)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the full data set is not at hand")
def test_the_packaged_frames_are_in_the_files():
    pytest.importorskip("ase")
    full, part = acac("train_300K"), acac_sample("train")
    assert len(full) == 500
    assert full.atomic_energies == part.atomic_energies
    energies = full.energies
    for frame in part:
        (k,) = np.flatnonzero(energies == frame.energy)
        assert np.array_equal(full[int(k)].positions, frame.positions)
        assert np.array_equal(full[int(k)].forces, frame.forces)
    assert acac("test_dihedral")[0].forces is None
