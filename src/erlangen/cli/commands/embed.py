"""``erlangen embed``: embed a point cloud from a file.

Definition: read (:mod:`erlangen.cli.points`), embed (:mod:`erlangen.cli.embedding`), write, and if asked draw and report.
Convention: targets are checked before the work; every file is written whole or not at all; the summary goes to standard output, remarks to standard error.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from erlangen import __version__
from erlangen.cli.embedding import DISTANCES, METHODS, Embedding, embed, number_or
from erlangen.cli.options import verb
from erlangen.cli.plot import PICTURES, plot_embedding
from erlangen.cli.points import WRITABLE, PointCloud, ReadOptions, check_target, find_labels, read_points, write_points
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.progress import Progress
from erlangen.cli.table import number, seconds
from erlangen.cli.terminal import Terminal, plain
from erlangen.validation import require

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_EPILOG = "Example: erlangen embed points.csv -o embedding.csv --plot embedding.png --color label"


@verb("embed", epilog=_EPILOG)
@click.argument("points", type=_PATH)
@click.option("--output", "-o", type=_PATH, required=True, help=f"Embedding to write ({', '.join(WRITABLE)}).")
@click.option(
    "--method", "-m", type=click.Choice(list(METHODS)), default="heat-geodesic", show_default=True, help="Estimator."
)
@click.option(
    "--components",
    "-d",
    type=click.IntRange(1),
    metavar="N",
    default=2,
    show_default=True,
    help="Dimensions of the embedding.",
)
@click.option(
    "--neighbors",
    "-k",
    type=click.IntRange(1),
    metavar="N",
    default=10,
    show_default=True,
    help="Neighbours of the graph.",
)
@click.option(
    "--t", type=number_or("auto", low=0, open_low=True), metavar="auto|NUMBER", help="Diffusion time [default: auto]."
)
@click.option(
    "--distance", type=click.Choice(DISTANCES), help="Distance read off the graph (heat-geodesic) [default: harnack]."
)
@click.option(
    "--sigma",
    type=number_or("auto", low=0, high=2),
    metavar="auto|NUMBER",
    help="Volume correction (heat-geodesic, random-walk).",
)
@click.option(
    "--rho",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Triplet denoising, 0 to 1 (heat-geodesic, random-walk).",
)
@click.option(
    "--landmarks",
    type=number_or("auto", "none", low=1, integer=True),
    metavar="auto|none|N",
    help="Landmarks [default: auto, by the number of points].",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", default=0, show_default=True, help="Seed.")
@click.option("--plot", type=_PATH, help=f"Picture to draw ({', '.join(PICTURES)}).")
@click.option("--color", metavar="NAME|FILE", help="Colour by a column of the file, or by a file of one value a point.")
@click.option("--report", type=_PATH, help="JSON file with parameters, findings and versions.")
@click.option("--key", help="Array of an npz file, obsm entry of an h5ad file.")
@click.option(
    "--drop",
    multiple=True,
    metavar="COLUMN",
    help="A column that is no coordinate, by name or number; may be repeated.",
)
@click.option("--delimiter", help="Delimiter of a text file [default: detected].")
@click.option(
    "--header",
    type=click.Choice(["auto", "yes", "no"]),
    default="auto",
    show_default=True,
    help="Whether a text file has one.",
)
def command(terminal: Terminal, points: Path, output: Path, **options: Any) -> None:
    """Embed the point cloud in the file POINTS (csv, tsv, txt, npy, npz or h5ad; one point a row)."""
    targets = {
        "--output": (output, WRITABLE),
        "--plot": (options["plot"], PICTURES),
        "--report": (options["report"], (".json",)),
    }
    _check_targets(points, targets)
    cloud = read_points(points, _reading(options))
    for note in cloud.notes:
        terminal.note(f"note: {points.name}: {note}")
    labels = find_labels(options["color"], cloud) if options["color"] else None
    if labels is not None and options["plot"] is None:
        terminal.note("note: --color colours the plot; there is no --plot")
    names = ("components", "neighbors", "t", "distance", "sigma", "rho", "landmarks", "seed")
    chosen = {name: options[name] for name in names}
    with Progress(terminal, f"embedding {cloud.n} points") as progress:
        result = embed(cloud.X, options["method"], chosen, on_progress=progress)
    place = write_points(output, result.Z, cloud, method=result.method, source=points)
    if options["plot"] is not None:
        plot_embedding(options["plot"], result.Z, labels, caption=_caption(result, cloud))
    report = _report(points, output, cloud, result)
    if options["report"] is not None:
        with atomic_path(options["report"]) as temporary:
            temporary.write_text(json.dumps(plain(report), indent=2) + "\n", encoding="utf-8")
    if terminal.json:
        terminal.document(report)
    for line in _summary(place, cloud, result):
        terminal.line(line)


def _check_targets(points: Path, targets: dict[str, tuple[Path | None, tuple[str, ...]]]) -> None:
    """Refuse what could not be written, before any work is done."""
    for option, (path, suffixes) in targets.items():
        if path is not None:
            check_target(path, option, suffixes, points)
    if targets["--plot"][0] is not None:
        require("matplotlib.figure", extra="plot", purpose="--plot")


def _reading(options: dict[str, Any]) -> ReadOptions:
    """Return how to read the file."""
    delimiter = {"tab": "\t", "\\t": "\t", "space": " "}.get(options["delimiter"] or "", options["delimiter"])
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        message = f"--delimiter must be one character (or tab, space), got {delimiter!r}"
        raise click.UsageError(message, click.get_current_context())
    return ReadOptions(delimiter, options["header"], options["drop"], options["color"], options["key"])


def _caption(result: Embedding, cloud: PointCloud) -> str:
    """Return the line below the picture."""
    parts = [result.method, f"{cloud.n} points"]
    if "t" in result.facts:
        parts.append(f"t = {number(result.facts['t'], 3)}")
    return " · ".join(parts)


def _report(points: Path, output: Path, cloud: PointCloud, result: Embedding) -> dict[str, Any]:
    """Return everything about the embedding but the points."""
    return {
        "points": str(points),
        "output": str(output),
        "n": cloud.n,
        "columns": list(cloud.columns),
        "components": int(result.Z.shape[1]),
        "method": result.method,
        "parameters": dict(result.parameters),
        "seconds": result.seconds,
        "findings": dict(result.facts),
        "notes": list(cloud.notes),
        "versions": {"erlangen": __version__, "numpy": np.__version__},
    }


def _summary(place: str, cloud: PointCloud, result: Embedding) -> list[str]:
    """Return the two lines of the summary."""
    facts = result.facts
    parts = [f"t = {number(facts['t'])}"] if "t" in facts else []
    parts += [f"stress {number(facts['stress'], 3)}"] if "stress" in facts else []
    if "connected" in facts:
        parts.append(
            "connected"
            if facts["connected"]
            else f"NOT connected ({facts.get('n_connected_components', 'several')} parts)"
        )
    head = f"{cloud.n} points of {cloud.X.shape[1]} coordinates -> {result.Z.shape[1]} by {result.method}, {seconds(result.seconds)}"
    return [f"{head}{': ' if parts else ''}{', '.join(parts)}", f"written to {place}"]
