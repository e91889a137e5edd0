"""A trajectory in pieces: each is appended to the file and the state is kept, so that it can be taken up again.

Definition: :func:`run` calls :func:`erlangen.potentials.molecular_dynamics` for a few steps at a time, velocities and random numbers going on.
Convention: a state holds positions, velocities, the generator and the length of the file; the pieces together are the uninterrupted trajectory, bit for bit.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.points.atomic import atomic_path
from erlangen.errors import DomainError, StoreError
from erlangen.potentials import Frame, Frames, molecular_dynamics, write_frames
from erlangen.random import as_generator

__all__ = ["Summary", "load_state", "run", "state_path"]

Progress = Callable[[int, int, str, Mapping[str, Any] | None], None]
_FORMAT = "erlangen.dynamics/1"
_PIECE = 20  # frames a piece


@dataclass
class State:
    """Where a trajectory stands.

    Attributes
    ----------
    step, size : int
        Steps done, and bytes of the file that hold them.
    positions, velocities : ndarray (n, 3) or None
        In Å and Å/fs; no velocities before the first step.
    generator : dict
        State of the random numbers.
    law : dict
        What must be the same to go on.
    energies, temperatures : list of float
        Total energy in eV and temperature in K of every frame that was kept.
    """

    step: int
    size: int
    positions: NDArray[np.float64]
    velocities: NDArray[np.float64] | None
    generator: dict[str, Any]
    law: dict[str, Any]
    energies: list[float] = field(default_factory=list)
    temperatures: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """What came of a trajectory.

    Attributes
    ----------
    steps, frames : int
        Steps in all, and frames in the file.
    temperature, deviation : float
        Mean and standard deviation of the temperature in K.
    drift : float
        Largest deviation of the total energy from its start, in meV an atom.
    """

    steps: int
    frames: int
    temperature: float
    deviation: float
    drift: float


def state_path(path: Path) -> Path:
    """Return where the state of a trajectory lies.

    Examples
    --------
    >>> state_path(Path("a/path.xyz")).name
    'path.xyz.state.npz'
    """
    return path.with_name(f"{path.name}.state.npz")


def run(
    potential: Any,
    frame: Frame,
    path: Path,
    *,
    steps: int,
    law: Mapping[str, Any],
    resume: bool,
    threads: int | None,
    on_progress: Progress,
) -> Summary:
    """Run to ``steps`` in all, from the frame or from where the file stands, and return what came of it.

    ``law`` holds ``timestep``, ``temperature``, ``friction``, ``every``, ``seed`` and whatever else must not change on the way.

    Raises
    ------
    DomainError
        If the state is of another trajectory, or none is there to resume.
    """
    begun = _begun(path, frame, dict(law), resume)
    every = int(law["every"])
    if steps % every:
        message = f"--steps {steps} is no multiple of --every {every}"
        raise DomainError(message, hint="the last step is kept like every other")
    on_progress(begun.step, steps, "", None)
    while begun.step < steps:
        _piece(potential, frame, path, begun, min(steps - begun.step, _PIECE * every), threads, on_progress, steps)
    energies, temperatures = np.array(begun.energies), np.array(begun.temperatures)
    drift = float(np.abs(energies - energies[0]).max() / len(frame) * 1e3)
    return Summary(begun.step, len(energies), float(temperatures.mean()), float(temperatures.std()), drift)


def _begun(path: Path, frame: Frame, law: dict[str, Any], resume: bool) -> State:
    """Return the state to go on from."""
    place = state_path(path)
    if resume:
        if not place.is_file():
            message = f"--resume: there is no {place}"
            raise DomainError(message, hint="begin without --resume")
        state = load_state(place)
        for name, value in law.items():
            if state.law.get(name) != value:
                message = f"--resume: {path} was begun with {name} {state.law.get(name)}, not {value}"
                raise DomainError(message, hint="go on with the same, or begin another file")
        return state
    for there in (place, path):
        if there.exists():
            message = f"--output: {there} is there already"
            raise DomainError(message, hint="--resume goes on with it; or name another file")
    generator = as_generator(law["seed"])
    return State(0, 0, frame.positions, None, dict(generator.bit_generator.state), law)


def _piece(
    potential: Any,
    start: Frame,
    path: Path,
    state: State,
    steps: int,
    threads: int | None,
    on_progress: Progress,
    total: int,
) -> None:
    """Go on by some steps, append what is kept, and store where it stands."""
    law, first = state.law, state.step == 0
    generator = as_generator(0)
    generator.bit_generator.state = state.generator
    before = state.step

    def shifted(step: int, _: int, message: str, figures: Mapping[str, Any] | None) -> None:
        time = (before + step) * law["timestep"]
        on_progress(before + step, total, f"{time:.0f} fs{message[message.index(':') :]}", figures)

    found = molecular_dynamics(
        potential,
        Frame(start.species, state.positions, start.cell, start.pbc),
        steps=steps,
        timestep=law["timestep"],
        temperature=law["temperature"],
        friction=law["friction"],
        velocities=state.velocities,
        every=law["every"],
        rng=generator,
        on_progress=shifted,
        threads=threads,
    )
    skipped = 0 if first else 1  # the first frame of a piece is the last of the one before
    kept = [
        _stamped(frame, (before + k * law["every"]) * law["timestep"], found.temperature[k])
        for k, frame in enumerate(found.frames)
        if k >= skipped
    ]
    state.energies += (found.potential_energy + found.kinetic_energy)[skipped:].tolist()
    state.temperatures += found.temperature[skipped:].tolist()
    state.size = _appended(path, kept, state.size)
    state.step += steps
    state.positions, state.velocities = found.frames[-1].positions, found.velocities
    state.generator = dict(generator.bit_generator.state)
    _store(state, state_path(path))


def _stamped(frame: Frame, time: float, temperature: float) -> Frame:
    """Return a frame that knows its time (fs) and temperature (K)."""
    info = {"time": round(time, 9), "temperature": round(float(temperature), 6)}
    return Frame(
        frame.species, frame.positions, frame.cell, frame.pbc, energy=frame.energy, forces=frame.forces, info=info
    )


def _appended(path: Path, frames: list[Frame], size: int) -> int:
    """Append frames after the first ``size`` bytes of a file, on disk when this returns; return its size then."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.piece")
    try:
        write_frames(waiting, Frames(frames))
        piece = waiting.read_bytes()
    finally:
        waiting.unlink(missing_ok=True)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size + len(piece)


def _store(state: State, place: Path) -> None:
    """Write a state, whole or not at all."""
    about = {
        "format": _FORMAT,
        "step": state.step,
        "size": state.size,
        "generator": state.generator,
        "law": state.law,
    }
    arrays: dict[str, NDArray[Any]] = {
        "about": np.array(json.dumps(about)),
        "positions": state.positions,
        "energies": np.array(state.energies),
        "temperatures": np.array(state.temperatures),
    }
    if state.velocities is not None:
        arrays["velocities"] = state.velocities
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    with atomic_path(place) as temporary:
        temporary.write_bytes(stream.getvalue())


def load_state(place: Path) -> State:
    """Return the state that a file holds.

    Raises
    ------
    StoreError
        If it holds none.
    """
    try:
        with np.load(place, allow_pickle=False) as found:
            arrays = {key: found[key] for key in found.files}
        about = json.loads(str(arrays["about"]))
        if about["format"] != _FORMAT:
            message = f"{place} has format {about['format']!r}, expected {_FORMAT!r}"
            raise StoreError(message, hint="it is of another version")
        return State(
            about["step"],
            about["size"],
            arrays["positions"],
            arrays.get("velocities"),
            about["generator"],
            about["law"],
            arrays["energies"].tolist(),
            arrays["temperatures"].tolist(),
        )
    except (KeyError, ValueError, OSError) as error:
        message = f"{place} holds no state of a trajectory: {error}"
        raise StoreError(message, hint="remove it and begin anew") from error
