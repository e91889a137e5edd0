"""Acetylacetone: energies and forces of C5H8O2 from density functional theory, with extrapolation in temperature and along two coordinates.

Definition: Langevin dynamics at 300 K and 600 K, a dihedral scan, a proton transfer; PBE with D3 in def2-SVP, ORCA (Batatia et al., arXiv 2205.06643).
Convention: total energies in eV, forces in eV/Å, positions in Å, no periodic cell; ``atomic_energies`` are those of the isolated atoms.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load

from erlangen.datasets.data_files import checked_bytes, data_folder
from erlangen.potentials import Frame, Frames, isolated_energies, read_frames
from erlangen.validation import check_choice

__all__ = ["acac", "acac_sample"]

_SOURCE = "github davkovacs/BOTNet-datasets, dataset_acac (arXiv 2205.06643)"
_LICENCE = "MIT, copyright 2022 davkovacs"
_CHECKSUMS = {
    "isolated_atoms": "b74f321b453374621b447d65c60979f70df1b7182c8ee0215388b2c574f33823",
    "train_300K": "8f5706d6902360555a5be59395612d2afc3489a75688388a58e7275fdad68af3",
    "test_MD_300K": "2291f3186a3cc6a5e05e92952c84a9237ca53f862d78fd3316a769360719ec43",
    "test_MD_600K": "d5a5bba154ec43f915eb7529f86ec3af60e6f911743859daba030181a0378ff7",
    "test_dihedral": "0c2246a593579de5a4450698d5f4ba5802b095824b7f211aa5889339967c6809",
    "test_H_transfer": "ea4d76c79cf4cfccd2f93eaf755172b0b648886c4907eb0f82dff07a77530743",
}
_WITHOUT_FORCES = ("test_dihedral", "test_H_transfer")
_SAMPLE_CHECKSUM = "697bf0634ae436bc79ef07baf611ef6322dffaa78d7e21af81f726971d114f62"
_SAMPLE_SPLITS = {"train": slice(0, 60), "test_300K": slice(60, 80), "test_600K": slice(80, 100)}
_SAMPLE_PATHS = {"test_dihedral": "dihedral", "test_H_transfer": "transfer"}


def acac(split: str, folder: str | os.PathLike[str] | None = None) -> Frames:
    """Return one file of the data set, from a folder that holds it.

    Parameters
    ----------
    split : str
        ``"train_300K"`` (500 frames), ``"test_MD_300K"``, ``"test_MD_600K"`` (650 each), ``"test_dihedral"`` or ``"test_H_transfer"``
        (the last two without forces).
    folder : path, optional
        Where the files lie (default: ``botnet/acac`` below $ERLANGEN_DATA).

    Returns
    -------
    Frames
        With the energies of the isolated atoms.

    Raises
    ------
    DomainError
        If the folder or a file is not there, or a file is not the one described.
    MissingDependencyError
        Without ASE, which reads the files (extra ``chem``).

    References
    ----------
    Batatia et al., "The design space of E(3)-equivariant atom-centered interatomic potentials", arXiv 2205.06643.

    Examples
    --------
    >>> acac("train_300K", "nowhere")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: acetylacetone is looked for in nowhere, which is no folder...
    """
    split = check_choice(split, "split", [name for name in _CHECKSUMS if name != "isolated_atoms"])
    source = "dataset_acac of github davkovacs/BOTNet-datasets"
    place = data_folder(folder, "botnet/acac", purpose="acetylacetone", source=source)
    for name in ("isolated_atoms", split):
        checked_bytes(place / f"{name}.xyz", _CHECKSUMS[name])
    single = isolated_energies(read_frames(place / "isolated_atoms.xyz", forces_key=None))
    forces_key = None if split in _WITHOUT_FORCES else "forces"
    frames = read_frames(place / f"{split}.xyz", forces_key=forces_key)
    return Frames(_open(frames), name=f"acac/{split}", source=_SOURCE, licence=_LICENCE, atomic_energies=single)


def acac_sample(split: str = "train") -> Frames:
    """Return a small part of the data set that comes with this package.

    Parameters
    ----------
    split : {"train", "test_300K", "test_600K", "test_dihedral", "test_H_transfer"}
        60 frames spread evenly over the training file; 20 over each of two test files; the two paths whole (45 and 15 frames, without forces).

    Returns
    -------
    Frames
        With the energies of the isolated atoms.

    References
    ----------
    As :func:`acac`; licence in ``datasets/data/acetylacetone.LICENSE``.

    Examples
    --------
    >>> acac_sample("test_600K")
    Frames('acac_sample/test_600K', 20 frames, elements=('H', 'C', 'O'))
    """
    check_choice(split, "split", (*_SAMPLE_SPLITS, *_SAMPLE_PATHS))
    arrays = load(checked_bytes(Path(__file__).parent / "data" / "acetylacetone.safetensors", _SAMPLE_CHECKSUM))
    single = arrays["atomic_energies"]
    frames = _along(arrays, _SAMPLE_PATHS[split]) if split in _SAMPLE_PATHS else _apart(arrays, _SAMPLE_SPLITS[split])
    energies = {name: float(single[k]) for k, name in enumerate(("H", "C", "O"))}
    return Frames(frames, name=f"acac_sample/{split}", source=_SOURCE, licence=_LICENCE, atomic_energies=energies)


def _apart(arrays: dict[str, Any], where: slice) -> list[Frame]:
    """Frames of dynamics, with forces."""
    rows = zip(arrays["positions"][where], arrays["energy"][where], arrays["forces"][where], strict=True)
    return [Frame(arrays["species"], positions, energy=energy, forces=forces) for positions, energy, forces in rows]


def _along(arrays: dict[str, Any], name: str) -> list[Frame]:
    """Frames along a path, with the angle (degrees) where there is one."""
    angles = arrays.get(f"{name}_angle")
    return [
        Frame(
            arrays["species"],
            positions,
            energy=arrays[f"{name}_energy"][k],
            info={} if angles is None else {"dihedral_angle": float(angles[k])},
        )
        for k, positions in enumerate(arrays[f"{name}_positions"])
    ]


def _open(frames: Frames) -> list[Frame]:
    """Frames without the box of 50 Å that the files carry: they do not repeat."""
    return [
        Frame(
            f.species,
            f.positions,
            energy=f.energy,
            forces=f.forces,
            info={k: np.asarray(v).item() for k, v in f.info.items() if k == "dihedral_angle"},
        )
        for f in frames
    ]
