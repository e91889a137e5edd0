"""Frames for the command, with refusals that name the file.

Definition: :func:`training_frames` reads frames and the energies of single atoms, :func:`judged_frames` frames to compare with.
Convention: of frames to compare with, forces may be missing: then energies alone are compared, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from erlangen.cli.forces.options import FRAME_WORDS, wanted_key
from erlangen.cli.translation import in_options
from erlangen.errors import DomainError, ErlangenError
from erlangen.potentials import Frames, isolated_energies, read_frames
from erlangen.random import as_generator

__all__ = ["check_elements", "judged_frames", "split", "started_frame", "training_frames"]


def read(path: Path, energy_key: str | None, forces_key: str | None) -> Frames:
    """Return the frames of a file; refusals begin with its name.

    Raises
    ------
    DomainError
        If the file is not there or no extended XYZ, or a frame lacks a key.
    """
    try:
        return read_frames(path, energy_key=energy_key, forces_key=forces_key)
    except DomainError as error:
        told = in_options(error, FRAME_WORDS)
        if not told.message.startswith(str(path)):
            told.message = f"{path}: {told.message}"
        raise told from error


def training_frames(path: Path, keys: tuple[str, str], isolated: Path | None) -> tuple[Frames, dict[str, float] | None]:
    """Return the frames of more than one atom, and the energies of single atoms where there are some.

    Raises
    ------
    DomainError
        If there is nothing to fit to, or an element has no single atom though others have.
    """
    frames = read(path, *map(wanted_key, keys))
    single = [frame for frame in frames if len(frame) == 1]
    if isolated is not None:
        single = list(read(isolated, wanted_key(keys[0]), None))
    kept = _chosen(frames, [k for k, frame in enumerate(frames) if len(frame) > 1])
    if not len(kept):
        message = f"{path} has no frame of two atoms or more"
        raise DomainError(message, hint="give frames of molecules or crystals with energy and forces")
    if not single:
        return kept, None
    try:
        energies = isolated_energies(single)
    except ErlangenError as error:
        error.message = f"{isolated or path}: {error.message}"
        raise
    missing = [name for name in kept.elements if name not in energies]
    if missing:
        message = f"{isolated or path} has single atoms of {', '.join(energies)}, and none of {missing[0]}"
        raise DomainError(message, hint="give a single atom of every element, or none to have them fitted")
    return kept, energies


def judged_frames(path: Path, keys: tuple[str, str], note: Callable[[str], None]) -> Frames:
    """Return frames to compare with; where they have no forces, their energies alone, with a note.

    Raises
    ------
    DomainError
        If a frame has neither.
    """
    energy_key, forces_key = map(wanted_key, keys)
    if forces_key is not None and energy_key is not None:
        try:
            return read(path, energy_key, forces_key)
        except DomainError as error:
            if f"has no {forces_key!r}" not in error.message:
                raise
            frames = read(path, energy_key, None)
            note(f"note: {error.message}: its energies alone are compared")
            return frames
    return read(path, energy_key, forces_key)


def started_frame(path: Path, index: int) -> Any:
    """Return one frame of a file, its results not read.

    Raises
    ------
    DomainError
        If there are not so many.
    """
    frames = read(path, None, None)
    if not -len(frames) <= index < len(frames):
        message = f"{path} has {len(frames)} frames; there is no frame {index}"
        raise DomainError(message, hint="frames are counted from 0, or from -1 at the end")
    return frames[index]


def check_elements(frames: Frames, species: tuple[str, ...], path: Path, source: str) -> None:
    """Refuse frames with an element that is not among the species, naming file, frame and atom.

    Raises
    ------
    DomainError
        With the first one.
    """
    if set(frames.elements) <= set(species):
        return
    for k, frame in enumerate(frames):
        names = Frames([frame]).elements
        foreign = [name for name in names if name not in species]
        if foreign:
            message = f"{path}: frame {k} ({frame.formula}) has {foreign[0]}, which {source} does not know"
            raise DomainError(message, hint=f"it knows {', '.join(species)}: fit with frames that have {foreign[0]}")


def split(frames: Frames, share: float, seed: int) -> tuple[Frames, Frames]:
    """Return frames to fit to and to judge by, drawn by the seed; the share is rounded, one frame is always left to fit to.

    Examples
    --------
    >>> from erlangen.potentials import Frame
    >>> pair = Frames([Frame(["H", "H"], [[0, 0, 0], [r, 0, 0]]) for r in (0.7, 0.8, 0.9, 1.0)])
    >>> [len(part) for part in split(pair, 0.25, 0)]
    [3, 1]
    """
    order = as_generator(seed).permutation(len(frames))
    count = min(round(share * len(frames)), len(frames) - 1)
    return _chosen(frames, sorted(order[count:].tolist())), _chosen(frames, sorted(order[:count].tolist()))


def _chosen(frames: Frames, places: list[int]) -> Frames:
    """Return some frames, with what is known of them all."""
    about = {"name": frames.name, "source": frames.source, "licence": frames.licence}
    return Frames([frames[k] for k in places], atomic_energies=frames.atomic_energies, **about)
