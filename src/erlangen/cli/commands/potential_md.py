"""``erlangen potential md``: molecular dynamics from a frame, at constant energy or in a bath.

Definition: :func:`erlangen.potentials.molecular_dynamics` in pieces (:mod:`erlangen.cli.forces.dynamics`), frames as extended XYZ.
Convention: Å, fs, K, eV; ``--resume`` goes on with a trajectory that was stopped, or makes a finished one longer, to the same numbers.
"""

from __future__ import annotations

import dataclasses
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen import __version__
from erlangen.cli.forces.options import FRAME_WORDS, threads_option
from erlangen.cli.options import seed_option, verb
from erlangen.cli.points.writer import check_target
from erlangen.cli.progress import Progress
from erlangen.cli.table import number, seconds
from erlangen.cli.terminal import Terminal
from erlangen.cli.translation import spoken

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_EPILOG = "Example: erlangen potential md model/ start.xyz --steps 10000 --temperature 300 --friction 0.01 -o path.xyz"


@verb("md", epilog=_EPILOG)
@click.argument("model", type=_PATH)
@click.argument("start", type=_PATH)
@click.option("--steps", type=click.IntRange(1), required=True, metavar="N", help="In all, resumed ones included.")
@click.option("--output", "-o", type=_PATH, required=True, metavar="FILE", help="Trajectory (.xyz).")
@click.option("--timestep", type=click.FloatRange(0, min_open=True), default=0.5, show_default=True, help="In fs.")
@click.option("--temperature", type=click.FloatRange(0), default=300.0, show_default=True, help="In K.")
@click.option("--friction", type=click.FloatRange(0), help="Of a Langevin bath, in 1/fs [default: constant energy].")
@click.option("--every", type=click.IntRange(1), default=10, show_default=True, help="Steps between frames kept.")
@click.option("--frame", type=int, default=0, show_default=True, help="Which frame of START; -1 is the last.")
@click.option("--resume", is_flag=True, help="Go on with --output.")
@threads_option
@seed_option
def command(terminal: Terminal, model: Path, start: Path, **options: Any) -> None:
    """Run molecular dynamics of the potential MODEL from a frame of the file START."""
    path = options["output"]
    check_target(path, "--output", (".xyz", ".extxyz"), start)
    fitting, reading, work = (
        import_module(f"erlangen.cli.forces.{name}") for name in ("fitting", "reading", "dynamics")
    )
    place = fitting.find_model(model)
    potential = import_module("erlangen.potentials").EquivariantPotential.load(place)
    frame = reading.started_frame(start, options["frame"])
    reading.check_elements(
        import_module("erlangen.potentials").Frames([frame]), potential.architecture.species, start, place.name
    )
    law = {name: options[name] for name in ("timestep", "temperature", "friction", "every", "seed")}
    law |= {"model": place.name, "atoms": frame.formula}
    begun = time.perf_counter()
    try:
        with spoken(FRAME_WORDS), Progress(terminal, "dynamics") as progress:
            about = {"law": law, "resume": options["resume"], "threads": options["threads"]}
            found = work.run(potential, frame, path, steps=options["steps"], on_progress=progress, **about)
    except KeyboardInterrupt:
        if work.state_path(path).is_file():
            terminal.note("note: what is written is kept: the same command with --resume goes on from there")
        raise
    spent = time.perf_counter() - begun
    if terminal.json:
        summary = dataclasses.asdict(found)
        where = {"model": str(place), "start": str(start), "output": str(path), "atoms": len(frame)}
        units = {"temperature": "K", "drift": "meV an atom", "timestep": "fs"}
        terminal.document(
            {**where, **law, **summary, "seconds": spent, "units": units, "versions": {"erlangen": __version__}}
        )
    terminal.line(
        f"{frame.formula}: {found.steps} steps of {options['timestep']:g} fs, {found.frames} frames, {seconds(spent)}"
    )
    energy = "total energy" if options["friction"] is None else "total energy (of atoms in a bath)"
    terminal.line(
        f"{found.temperature:.0f} ± {found.deviation:.0f} K; {energy} within {number(found.drift, 3)} meV an atom of its start"
    )
    terminal.line(f"written to {path}")
