"""``erlangen potential evaluate``: how far a potential is from calculated energies and forces.

Definition: root mean square and mean absolute errors (:func:`erlangen.potentials.prediction_errors`) on each file, and the worst frame.
Convention: meV and meV/Å; ``--output`` holds the frames with predicted energies and forces in place of their own.
"""

from __future__ import annotations

from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any

import click

from erlangen import __version__
from erlangen.cli.forces.options import FRAME_WORDS, key_options, threads_option
from erlangen.cli.options import verb
from erlangen.cli.points.writer import check_target
from erlangen.cli.table import Column, Table, number
from erlangen.cli.terminal import Terminal
from erlangen.cli.translation import spoken

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_EPILOG = "Example: erlangen potential evaluate model/gaunt.safetensors 300K.xyz 600K.xyz"


@verb("evaluate", epilog=_EPILOG)
@click.argument("model", type=_PATH)
@click.argument("frames", type=_PATH, nargs=-1, required=True, metavar="FRAMES...")
@click.option("--output", "-o", type=_PATH, metavar="FILE", help="Predictions of one file, as extended XYZ (.xyz).")
@click.option("--batch", type=click.IntRange(1), default=16, show_default=True, help="Frames at a time.")
@key_options
@threads_option
def command(terminal: Terminal, model: Path, frames: tuple[Path, ...], **options: Any) -> None:
    """Compare the potential MODEL (a file, or the folder of one fit) with the FRAMES in files."""
    if options["output"] is not None:
        check_target(options["output"], "--output", (".xyz", ".extxyz"), frames[0])
        if len(frames) > 1:
            message = "--output takes the predictions of one file"
            raise click.UsageError(message, click.get_current_context())
    fitting, reading = (import_module(f"erlangen.cli.forces.{name}") for name in ("fitting", "reading"))
    potentials = import_module("erlangen.potentials")
    place = fitting.find_model(model)
    potential = potentials.EquivariantPotential.load(place)
    keys = options["energy_key"], options["forces_key"]
    files = [(path, reading.judged_frames(path, keys, terminal.note)) for path in frames]
    for path, own in files:
        reading.check_elements(own, potential.architecture.species, path, place.name)
    found = []
    for path, own in files:
        with spoken(FRAME_WORDS):
            predicted = potential.predict(own, batch=options["batch"], threads=options["threads"])
            errors = potentials.prediction_errors(own, predicted)
        found.append({"file": str(path), **errors._asdict(), **_worst(own, predicted)})
        if options["output"] is not None:
            potentials.write_frames(options["output"], predicted)
    if terminal.json:
        about = {"model": str(place), "product": potential.architecture.product, "output": options["output"]}
        units = {"energy": "meV", "forces": "meV/Å"}
        terminal.document({**about, "files": found, "units": units, "versions": {"erlangen": __version__}})
    terminal.line(f"{place}: {potential.architecture.product}, {potential.parameter_count:,} weights")
    terminal.table(_table(found))
    if options["output"] is not None:
        terminal.line(f"written to {options['output']}")


def _worst(frames: Any, predicted: Any) -> dict[str, Any]:
    """Return the frame with the largest force error, and that error in meV/Å."""
    gaps = [
        (float(abs(p.forces - f.forces).max()) * 1e3, k)
        for k, (f, p) in enumerate(zip(frames, predicted, strict=True))
        if f.forces is not None
    ]
    worst, k = max(gaps, default=(float("nan"), -1))
    return {"worst_force": worst, "worst_frame": None if k < 0 else k}


def _table(found: list[dict[str, Any]]) -> Table:
    """Return the table of the files."""
    titles = ("frames", "E meV", "E an atom", "F meV/Å", "F MAE", "F relative", "worst F", "in frame")
    table = Table([Column("file"), *(Column(title, right=True) for title in titles)])
    show = import_module("erlangen.cli.forces.fitting").milli
    keys = ("energy_rmse", "energy_per_atom_rmse", "forces_rmse", "forces_mae", "forces_relative", "worst_force")
    for row in found:
        cells = [_relative(row[key]) if key == "forces_relative" else show(row[key]) for key in keys]
        table.add(Path(row["file"]).name, str(row["frames"]), *cells, number(row["worst_frame"]))
    return table


def _relative(value: float) -> str:
    """Return a share, a dash where there is none."""
    return f"{value:.3f}" if isfinite(value) else "–"
