"""Frames in files of extended XYZ, read and written by ASE.

Definition: each frame is a count, a line of ``key=value`` with Lattice, Properties, pbc and results, and one line an atom (libAtoms, ASE).
Convention: energies under ``energy_key``, forces under ``forces_key``, stress under ``stress_key``; a key that a file does not have is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.potentials.elements import symbol
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.validation import require

__all__ = ["isolated_energies", "read_frames", "write_frames"]


def read_frames(
    path: str | os.PathLike[str],
    *,
    index: str = ":",
    energy_key: str | None = "energy",
    forces_key: str | None = "forces",
    stress_key: str | None = None,
    name: str | None = None,
    source: str = "",
    licence: str = "",
) -> Frames:
    """Return the frames of a file of extended XYZ.

    Parameters
    ----------
    path : path
        The file.
    index : str
        Which frames, as ASE writes slices.
    energy_key, forces_key, stress_key : str or None
        Under which names the file has them; ``None`` leaves them out.
    name, source, licence : str
        Of the data, for the result (default name: that of the file).

    Raises
    ------
    DomainError
        If a frame lacks a key (the message lists those it has), or the file cannot be read.
    MissingDependencyError
        Without ASE (extra ``chem``).

    Examples
    --------
    >>> read_frames("nowhere.xyz")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: nowhere.xyz is no file (give the path of a file of extended XYZ)
    """
    if not Path(path).is_file():
        message = f"{os.fspath(path)} is no file"
        raise DomainError(message, hint="give the path of a file of extended XYZ")
    io = require("ase.io", extra="chem", purpose="reading extended XYZ")
    try:
        images = io.read(os.fspath(path), index=index, format="extxyz")
    except (OSError, ValueError, KeyError, IndexError) as error:
        message = f"{os.fspath(path)} cannot be read as extended XYZ: {error}"
        raise DomainError(message, hint="check the count, the Properties and the lines of atoms") from error
    images = images if isinstance(images, list) else [images]
    keys = (energy_key, forces_key, stress_key)
    frames = [_frame(atoms, k, keys) for k, atoms in enumerate(images)]
    return Frames(frames, name=name or Path(path).stem, source=source or os.fspath(path), licence=licence)


def write_frames(path: str | os.PathLike[str], frames: Iterable[Frame]) -> None:
    """Write frames as extended XYZ, energies under ``energy`` and forces under ``forces`` (eight decimals, as ASE writes them).

    Raises
    ------
    MissingDependencyError
        Without ASE (extra ``chem``).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:  # doctest: +SKIP
    ...     write_frames(f"{folder}/helium.xyz", [Frame(["He"], [[0, 0, 0]], energy=-78.0)])
    ...     read_frames(f"{folder}/helium.xyz", forces_key=None)[0]
    Frame(He, energy=-78)
    """
    io = require("ase.io", extra="chem", purpose="writing extended XYZ")
    target = Path(path)
    waiting = target.with_name(target.name + ".tmp")
    with waiting.open("w", encoding="utf-8") as file:
        io.write(file, [atoms_of(frame) for frame in frames], format="extxyz")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(target)


def isolated_energies(frames: Iterable[Frame]) -> dict[str, float]:
    """Return the energies of single atoms, by symbol, from frames of one atom each.

    Raises
    ------
    DomainError
        If a frame has more than one atom, or no energy.

    Examples
    --------
    >>> isolated_energies([Frame(["H"], [[0, 0, 0]], energy=-13.6)])
    {'H': -13.6}
    """
    energies: dict[str, float] = {}
    for k, frame in enumerate(frames):
        if len(frame) != 1 or frame.energy is None:
            message = (
                f"frames[{k}] has {len(frame)} atoms and energy {frame.energy}; one atom and its energy are needed"
            )
            raise DomainError(message, hint="give frames of isolated atoms alone")
        energies[symbol(int(frame.species[0]))] = frame.energy
    return energies


def atoms_of(frame: Frame) -> Any:
    """Return a frame as ASE's Atoms, its results in a single-point calculator."""
    ase = require("ase", extra="chem", purpose="handing frames to ASE")
    single = require("ase.calculators.singlepoint", extra="chem", purpose="handing frames to ASE")
    info = {key: value for key, value in frame.info.items() if key not in ("energy", "forces", "stress")}
    atoms = ase.Atoms(frame.species, positions=frame.positions, cell=frame.cell, pbc=frame.pbc, info=info)
    results = {"energy": frame.energy, "forces": frame.forces, "stress": frame.stress}
    known = {key: value for key, value in results.items() if value is not None}
    if known:
        atoms.calc = single.SinglePointCalculator(atoms, **known)
    return atoms


def frame_of(atoms: Any) -> Frame:
    """Return ASE's Atoms as a frame, with the results its calculator holds."""
    results = {} if atoms.calc is None else dict(atoms.calc.results)
    return _built(atoms, results.get("energy"), results.get("forces"), results.get("stress"))


def _frame(atoms: Any, k: int, keys: tuple[str | None, str | None, str | None]) -> Frame:
    results = {} if atoms.calc is None else dict(atoms.calc.results)
    known = {
        **atoms.info,
        **{key: a for key, a in atoms.arrays.items() if key not in ("numbers", "positions")},
        **results,
    }
    for argument, key in zip(("energy_key", "forces_key", "stress_key"), keys, strict=True):
        if key is not None and key not in known:
            have = ", ".join(map(repr, sorted(known))) or "none"
            message = f"frame {k} has no {key!r}; it has {have}"
            raise DomainError(message, hint=f"name the right one as {argument}=, or pass {argument}=None to do without")
    values = (None if key is None else known[key] for key in keys)
    return _built(atoms, *values)


def _built(atoms: Any, energy: Any, forces: Any, stress: Any) -> Frame:
    cell = np.asarray(atoms.cell)
    return Frame(
        atoms.numbers,
        atoms.positions,
        cell if np.any(cell) else None,
        atoms.pbc,
        energy=None if energy is None else float(energy),
        forces=forces,
        stress=None if stress is None else _matrix(np.asarray(stress, dtype=np.float64)),
        info=dict(atoms.info),
    )


def _matrix(stress: Any) -> Any:
    """Stress as a matrix: ASE's order of six is xx, yy, zz, yz, xz, xy."""
    return stress[[[0, 5, 4], [5, 1, 3], [4, 3, 2]]] if stress.shape == (6,) else stress.reshape(3, 3)
