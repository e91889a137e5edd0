"""``erlangen potential fit``: a force field from frames with energies and forces, one for each product named.

Definition: read (:mod:`erlangen.cli.forces.reading`), fit (:mod:`erlangen.cli.forces.fitting`), judge on test frames, save, and if asked report.
Convention: everything is checked before the first epoch; each epoch is kept, so that a fit that was stopped is taken up by ``--resume``, to the same numbers.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen import __version__
from erlangen.cli.forces.options import key_options, threads_option
from erlangen.cli.options import seed_option, verb
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.points.writer import check_target
from erlangen.cli.product_kinds import PRODUCTS, kinds
from erlangen.cli.progress import Progress
from erlangen.cli.table import Column, Table, seconds
from erlangen.cli.terminal import Terminal, plain
from erlangen.errors import DomainError
from erlangen.validation import require

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_EPILOG = "Example: erlangen potential fit train.xyz --test 300K.xyz 600K.xyz --product cg,gaunt --epochs 60 -o model/"
_SIZES = ("cutoff", "lmax", "correlation", "channels", "hidden", "layers", "factors", "rank")
_OF_GAUNT = {
    "factors": ("auto", "says what Gaunt products multiply"),
    "rank": (1, "counts the terms of a Gaunt product"),
}
_FACTORS = ("auto", "tied", "linear")
_PLAN = ("epochs", "seconds", "batch", "lr", "energy_weight", "force_weight")


@verb("fit", epilog=_EPILOG)
@click.argument("train", type=_PATH)
@click.argument("more", type=_PATH, nargs=-1, metavar="[TEST]...")
@click.option("--test", "tests", type=_PATH, multiple=True, metavar="TEST", help="Frames to judge by; may be repeated.")
@click.option(
    "--output", "-o", type=_PATH, required=True, metavar="FOLDER", help="Where potentials and checkpoints go."
)
@click.option(
    "--product",
    "-p",
    type=kinds(PRODUCTS),
    metavar="LIST",
    default="clebsch-gordan",
    show_default=True,
    help=f"Of {', '.join(PRODUCTS)}; one fit each.",
)
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="Passes over the frames.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), metavar="S", help="Processor time of each fit.")
@click.option("--valid", type=_PATH, metavar="FILE", help="Frames that choose the weights [default: a share of TRAIN].")
@click.option(
    "--valid-share", type=click.FloatRange(0, 0.5), default=0.1, show_default=True, help="Of TRAIN, without --valid."
)
@click.option("--isolated", type=_PATH, metavar="FILE", help="Single atoms [default: those in TRAIN, else fitted].")
@click.option("--cutoff", type=click.FloatRange(0, min_open=True), default=5.0, show_default=True, help="In Å.")
@click.option("--lmax", type=click.IntRange(0), default=3, show_default=True, help="Highest degree of directions.")
@click.option("--correlation", type=click.IntRange(1), default=3, show_default=True, help="Powers of the atomic basis.")
@click.option("--channels", type=click.IntRange(1), default=32, show_default=True, help="Copies of hidden irreps.")
@click.option("--hidden", metavar="IRREPS", default="0e+1o", show_default=True, help="Hidden irreps of one channel.")
@click.option(
    "--factors",
    type=click.Choice(_FACTORS),
    default="auto",
    show_default=True,
    help="What Gaunt products multiply: one function with itself (tied) or linear images of it.",
)
@click.option("--rank", type=click.IntRange(1), default=1, show_default=True, help="Terms of a Gaunt product.")
@click.option("--layers", type=click.IntRange(1), default=2, show_default=True, help="Rounds of messages.")
@click.option("--batch", type=click.IntRange(1), default=5, show_default=True, help="Frames a step.")
@click.option("--lr", type=click.FloatRange(0, min_open=True), default=0.01, show_default=True, help="Learning rate.")
@click.option("--energy-weight", type=click.FloatRange(0), default=1.0, show_default=True, help="In the loss.")
@click.option("--force-weight", type=click.FloatRange(0), default=100.0, show_default=True, help="In the loss.")
@click.option(
    "--dtype", type=click.Choice(["float32", "float64"]), default="float32", show_default=True, help="Of all."
)
@click.option("--resume", is_flag=True, help="Take up what --output holds.")
@click.option("--report", type=_PATH, help="HTML page with errors and curves, or JSON.")
@key_options
@threads_option
@seed_option
def command(terminal: Terminal, train: Path, more: tuple[Path, ...], tests: tuple[Path, ...], **options: Any) -> None:
    """Fit a potential to the frames in the file TRAIN (extended XYZ with energies in eV, forces in eV/Å)."""
    _check(train, options)
    job, notes = _job(terminal, train, (*tests, *more), options)
    work = import_module("erlangen.cli.forces.fitting")
    folder = options["output"]
    _check_folder(work, folder, options)
    folder.mkdir(parents=True, exist_ok=True)
    for note in notes:
        terminal.note(f"note: {note}")
    fits = []
    for k, product in enumerate(options["product"]):
        which = f" ({k + 1} of {len(options['product'])})" if len(options["product"]) > 1 else ""
        try:
            with Progress(terminal, f"{product}{which}") as progress:
                fits.append(work.fitted(job, product, folder, resume=options["resume"], on_progress=progress))
        except KeyboardInterrupt:
            terminal.note("note: whole epochs are kept: the same command with --resume goes on from there")
            raise
    document = _document(train, job, options, fits)
    with atomic_path(folder / "report.json") as temporary:
        temporary.write_text(json.dumps(plain(document), indent=2) + "\n", encoding="utf-8")
    _write_report(options["report"], document, fits, job)
    if terminal.json:
        terminal.document(document)
    _print(terminal, train, job, fits, options)


def _check(train: Path, options: dict[str, Any]) -> None:
    """Refuse what cannot be done, before anything is read."""
    if options["epochs"] is None and options["seconds"] is None:
        message = "nothing says how long to fit: give --epochs or --seconds"
        raise click.UsageError(message, click.get_current_context())
    for name, (usual, what) in _OF_GAUNT.items():
        if options[name] != usual and set(options["product"]) == {"clebsch-gordan"}:
            message = f"--{name} {options[name]} {what}; --product is clebsch-gordan"
            raise DomainError(message, hint=f"leave --{name} out, or add --product gaunt")
    if options["report"] is not None:
        check_target(options["report"], "--report", (".html", ".json"), train)
        if options["report"].suffix.lower() == ".html":
            require("matplotlib.figure", extra="plot", purpose="--report")


def _check_folder(work: Any, folder: Path, options: dict[str, Any]) -> None:
    """Refuse to write over a fit."""
    if folder.exists() and not folder.is_dir():
        message = f"--output: {str(folder)!r} is a file"
        raise DomainError(message, hint="give the name of a folder")
    for product in options["product"]:
        for path in (work.checkpoint_path(folder, product), work.model_path(folder, product)):
            if path.exists() and not options["resume"]:
                message = f"--output: {path} is there already"
                raise DomainError(message, hint="--resume goes on with it; or name another folder")


def _job(terminal: Terminal, train: Path, tests: tuple[Path, ...], options: dict[str, Any]) -> tuple[Any, list[str]]:
    """Read all files and return what is to be done, with what is to be said of it."""
    reading = import_module("erlangen.cli.forces.reading")
    keys = options["energy_key"], options["forces_key"]
    frames, single = reading.training_frames(train, keys, options["isolated"])
    judged = {path.stem if len({p.stem for p in tests}) == len(tests) else str(path): path for path in tests}
    found = {name: reading.judged_frames(path, keys, terminal.note) for name, path in judged.items()}
    if options["valid"] is None:
        fit, valid = reading.split(frames, options["valid_share"], options["seed"])
    else:
        fit, valid = frames, reading.judged_frames(options["valid"], keys, terminal.note)
        reading.check_elements(valid, frames.elements, options["valid"], train.name)
    for name, path in judged.items():
        reading.check_elements(found[name], frames.elements, path, train.name)
    notes = (
        []
        if single
        else ["energies of single atoms are fitted to the frames: give them by --isolated if you have them"]
    )
    sizes = {name: options[name] for name in _SIZES}
    plan = {name: options[name] for name in _PLAN}
    work = import_module("erlangen.cli.forces.fitting")
    for product in options["product"]:
        work.check_sizes(frames.elements, product, sizes)
    about = {"dtype": options["dtype"], "seed": options["seed"], "threads": options["threads"]}
    return work.Job(fit, valid, found, sizes, plan, single, **about), notes


def _document(train: Path, job: Any, options: dict[str, Any], fits: list[Any]) -> dict[str, Any]:
    """Return everything about the fits."""
    return {
        "train": str(train),
        "output": str(options["output"]),
        "frames": {"fit": len(job.train), "valid": len(job.valid), **{name: len(f) for name, f in job.tests.items()}},
        "elements": list(job.train.elements),
        "atomic_energies": job.atomic_energies,
        "sizes": job.sizes,
        "plan": job.plan,
        "dtype": job.dtype,
        "seed": job.seed,
        "fits": [fit.rows() for fit in fits],
        "units": {"energy": "meV", "forces": "meV/Å", "seconds": "processor time"},
        "versions": {"erlangen": __version__, "torch": str(import_module("torch").__version__)},
    }


def _write_report(path: Path | None, document: dict[str, Any], fits: list[Any], job: Any) -> None:
    """Write the report that was asked for."""
    if path is None:
        return
    if path.suffix.lower() == ".json":
        text = json.dumps(plain(document), indent=2) + "\n"
    else:
        sizes = ", ".join(f"{name} {value}" for name, value in job.sizes.items())
        plan = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in job.plan.items() if value is not None)
        about = {
            "train": document["train"],
            "frames": f"{len(job.train)} to fit to, {len(job.valid)} to choose the weights by",
            "elements": ", ".join(job.train.elements),
            "network": sizes,
            "plan": plan,
            "made with": f"erlangen {document['versions']['erlangen']}, torch {document['versions']['torch']}, seed {job.seed}, {job.dtype}",
        }
        text = import_module("erlangen.cli.forces.report").report(fits, job.tests, about)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _print(terminal: Terminal, train: Path, job: Any, fits: list[Any], options: dict[str, Any]) -> None:
    """Print the table of the fits."""
    elements = " ".join(job.train.elements)
    terminal.line(
        f"{train.name}: {len(job.train)} frames of {elements} to fit to, {len(job.valid)} to choose the weights by"
    )
    names, show = list(job.tests), import_module("erlangen.cli.forces.fitting").milli
    titles = ["weights", "expressivity", "epochs", "time", "an epoch"]
    titles += [f"{name} {what}" for name in names for what in ("E meV", "F meV/Å")]
    table = Table([Column("product"), *(Column(title, right=True) for title in titles)])
    for fit in fits:
        count = len(fit.epochs)
        cells = [
            f"{fit.parameters:,}",
            str(fit.expressivity),
            str(count),
            seconds(fit.seconds),
            seconds(fit.seconds / max(count, 1)),
        ]
        for name in names:
            cells += [show(fit.errors[name][key]) for key in ("energy_rmse", "forces_rmse")]
        table.add(fit.product, *cells)
    terminal.table(table)
    terminal.line(f"written to {', '.join(fit.model for fit in fits)}")
    if options["report"] is not None:
        terminal.line(f"report in {options['report']}")
