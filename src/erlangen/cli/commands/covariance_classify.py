"""``erlangen covariance classify``: score a classifier of trials, and predict others.

Definition: read (:mod:`erlangen.cli.signals`), estimate covariances, evaluate fold by fold (:mod:`erlangen.cli.classification`), and if asked predict.
Convention: targets are checked before the work; a trial's class is read from no other trial's, and nothing of a tested trial but its signal is used.
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from erlangen import __version__
from erlangen.cli.embedding import number_or
from erlangen.cli.options import verb
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.points.writer import check_target
from erlangen.cli.progress import Progress
from erlangen.cli.recipe import CLASSIFIERS, ESTIMATORS, METRICS, SEARCHES, Plan, Recipe, Scores
from erlangen.cli.signals.columns import find_column, find_labels
from erlangen.cli.signals.durations import in_samples, span_or, spans
from erlangen.cli.signals.options import integers, read_chosen, reading_options
from erlangen.cli.signals.signals import Signals
from erlangen.cli.table import Column, Table, number, seconds
from erlangen.cli.terminal import Terminal, plain
from erlangen.cli.translation import TRIAL_WORDS, spoken
from erlangen.errors import ShapeError

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_EPILOG = "Example: erlangen covariance classify trials.npz --labels y --sessions session --across sessions --classifier ts-svm"
_WRITABLE = (".csv", ".tsv", ".npy")
_WHERE = "NAME|FILE"
_SCORING = {"auto": "auto", "accuracy": "accuracy", "balanced-accuracy": "balanced_accuracy", "roc-auc": "roc_auc"}
_COLUMNS = {"session": "--sessions", "subject": "--subjects", "group": "--groups"}
_WORDS = {
    **TRIAL_WORDS,
    "n_splits": "--cv",
    "cv": "--cv",
    "y": "--labels",
    "max_delay": "the longest delay",
    "'group'": "--groups",
}


@verb("classify", epilog=_EPILOG)
@click.argument("trials", type=_PATH)
@click.option("--labels", "-l", metavar=_WHERE, help="Class of every trial: array of the file, file, or FILE:COLUMN.")
@click.option("--sessions", metavar=_WHERE, help="Session of every trial.")
@click.option("--subjects", metavar=_WHERE, help="Subject of every trial.")
@click.option(
    "--groups", metavar=_WHERE, help="What must stay in one fold, such as the recording windows were cut from."
)
@click.option("--matrices", is_flag=True, help="The file holds covariances (N, n, n), not trials.")
@click.option("--estimator", type=click.Choice(ESTIMATORS), default="cov", show_default=True, help="Of covariances.")
@click.option(
    "--effective-samples",
    type=number_or("auto", low=1),
    metavar="auto|N",
    help="How many samples shrinkage (oas, lwf) counts on: auto measures it, as autocorrelated signals need.",
)
@click.option(
    "--order",
    type=number_or(*SEARCHES, low=1, integer=True),
    metavar="N|auto|mdop|…",
    default="1",
    show_default=True,
    help=f"Blocks of the delay embedding, or how to find them: {', '.join(SEARCHES)}.",
)
@click.option(
    "--lag",
    type=span_or("auto"),
    metavar="N|20ms|auto",
    default="auto",
    show_default=True,
    help="Between the blocks: samples, or a time.",
)
@click.option("--orders", type=integers, metavar="LIST", help="Orders that auto tries [default: 1-6].")
@click.option("--lags", type=spans, metavar="LIST", help="Lags that auto tries [default: 1,2,4,6,8].")
@click.option(
    "--classifier", "-c", type=click.Choice(CLASSIFIERS), default="mdm", show_default=True, help="Classifier."
)
@click.option("--metric", type=click.Choice(METRICS), default="riemann", show_default=True, help="Geometry.")
@click.option("--recentre", is_flag=True, help="Move each session to one centre by its unlabelled mean.")
@click.option("--cv", type=click.IntRange(2), metavar="K", help="Folds within each session [default: 5].")
@click.option("--across", type=click.Choice(["sessions", "subjects"]), help="Leave one session, or one subject, out.")
@click.option(
    "--scoring",
    type=click.Choice(list(_SCORING)),
    default="auto",
    show_default=True,
    help="auto: ROC AUC for two classes, accuracy for more.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", default=42, show_default=True, help="Of folds.")
@click.option(
    "--jobs", "-j", type=click.IntRange(-1, 4096), default=1, show_default=True, help="Processes of a search."
)
@click.option("--predict", type=_PATH, metavar="FILE", help="Train on all trials and predict these.")
@click.option("--output", "-o", type=_PATH, help=f"Where the predicted labels go ({', '.join(_WRITABLE)}).")
@click.option("--report", type=_PATH, help="JSON file with everything.")
@reading_options
def command(terminal: Terminal, trials: Path, **options: Any) -> None:
    """Score a classifier of the TRIALS in a file (npy, npz, mat, edf, bdf, gdf or fif) by their covariances."""
    _check_uses(options)
    _check_targets(trials, options)
    signals = read_chosen(terminal, trials, options)
    options.update({name: in_samples(options[name], signals, f"--{name}") for name in ("lag", "lags")})
    recipe, plan = _recipe(options), _plan(options)
    y, origin = find_labels(options["labels"], signals)
    columns = _columns(signals, options)
    work = _work()
    with spoken(_WORDS):
        features = work.features(recipe, signals.X, signals.name)
        with Progress(terminal, "folds") as progress:
            result = work.scores(recipe, plan, features, y, columns, on_progress=progress)
    report = _report(signals, origin, y, recipe, plan, result)
    if options["predict"] is not None:
        report["prediction"] = _predict(terminal, options, recipe, (signals, features, y, columns))
    if options["report"] is not None:
        with atomic_path(options["report"]) as temporary:
            temporary.write_text(json.dumps(plain(report), indent=2) + "\n", encoding="utf-8")
    if terminal.json:
        terminal.document(report)
    terminal.line(f"{_what(signals, recipe)}, {_classes(y)}")
    terminal.table(_table(result))
    for line in _summary(result, report.get("prediction"), options["output"]):
        terminal.line(line)


def _work() -> Any:
    """Return the module that computes, loaded now that it is wanted."""
    return import_module("erlangen.cli.classification")


def _usage(message: str) -> click.UsageError:
    return click.UsageError(message, click.get_current_context(silent=True))


def _check_uses(options: dict[str, Any]) -> None:
    """Refuse options that do not go together, never ignore one."""
    if options["cv"] is not None and options["across"] is not None:
        message = "--cv makes folds within a session, --across leaves whole ones out: choose one"
        raise _usage(message)
    if options["across"] is not None and options[options["across"]] is None:
        message = f"--across {options['across']} needs --{options['across']}"
        raise _usage(message)
    if (options["predict"] is None) != (options["output"] is None):
        message = "--predict FILE and --output FILE go together"
        raise _usage(message)
    fixed = isinstance(options["order"], int)
    embedded = options["order"] != 1 or options["lag"] != "auto" or options["orders"] or options["lags"]
    if options["matrices"] and (embedded or options["estimator"] != "cov"):
        message = "--matrices are covariances already: --estimator, --order and --lag are of trials"
        raise _usage(message)
    if options["orders"] and options["order"] != "auto":
        message = "--orders are those that --order auto tries"
        raise _usage(message)
    if options["lags"] and (
        options["lag"] != "auto" or options["order"] == 1 or not (fixed or options["order"] == "auto")
    ):
        message = "--lags are those that --lag auto tries, with --order auto or a number above 1"
        raise _usage(message)
    if options["effective_samples"] is not None and options["estimator"] not in ("oas", "lwf"):
        message = "--effective-samples is of shrinkage: give --estimator oas or lwf"
        raise _usage(message)


def _check_targets(trials: Path, options: dict[str, Any]) -> None:
    """Refuse what could not be written, before any work is done."""
    for option, suffixes in (("output", _WRITABLE), ("report", (".json",))):
        if options[option] is not None:
            check_target(options[option], f"--{option}", suffixes, trials)


def _recipe(options: dict[str, Any]) -> Recipe:
    """Return how trials become labels."""
    given = {name: options[name] for name in ("orders", "lags") if options[name]}
    names = ("estimator", "effective_samples", "order", "lag", "classifier", "metric", "recentre", "matrices", "jobs")
    return Recipe(**{name: options[name] for name in names}, **given)


def _plan(options: dict[str, Any]) -> Plan:
    """Return who is tested."""
    return Plan(options["across"], options["cv"] or 5, _SCORING[options["scoring"]], options["seed"])


def _columns(signals: Signals, options: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """Return session and subject of every trial, and its group where there is one."""
    found = {}
    for name, option in _COLUMNS.items():
        what = options[option[2:]]
        if what is not None:
            found[name] = find_column(what, option, signals)
        elif name != "group":
            found[name] = np.full(signals.n, "1")
    return found


def _predict(terminal: Terminal, options: dict[str, Any], recipe: Recipe, known: tuple[Any, ...]) -> dict[str, Any]:
    """Train on all trials, predict those of another file, and write their labels."""
    signals, features, y, columns = known
    others = read_chosen(terminal, options["predict"], options, what="--predict")
    if others.X.shape[1] != signals.X.shape[1]:
        message = f"--predict: {others.name} has {others.X.shape[1]} channels, {signals.name} has {signals.X.shape[1]}"
        raise ShapeError(message, hint="give the same channels in the same order")
    start = time.perf_counter()
    work = _work()
    with spoken(_WORDS), Progress(terminal, "training on all") as progress:
        wanted = work.features(recipe, others.X, others.name)
        labels, chosen = work.predictions(recipe, (features, y, columns), wanted, on_progress=progress)
    _write(options["output"], labels)
    counts = {str(label): int((labels == label).sum()) for label in np.unique(y)}
    return {
        "file": str(options["predict"]),
        "output": str(options["output"]),
        "n": others.n,
        "counts": counts,
        "seconds": time.perf_counter() - start,
        **chosen,
    }


def _write(path: Path, labels: NDArray[Any]) -> None:
    """Write labels, one a trial."""
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".npy":
            np.save(temporary, labels, allow_pickle=False)
            return
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", lineterminator="\n")
            writer.writerow(["trial", "label"])
            writer.writerows(enumerate(labels.tolist()))


def _classes(y: NDArray[Any]) -> str:
    """Return the classes with their counts."""
    values, counts = np.unique(y, return_counts=True)
    shown = [f"{value} ({count})" for value, count in zip(values.tolist()[:6], counts.tolist(), strict=False)]
    return f"{len(values)} classes: {', '.join(shown)}{', …' if len(values) > 6 else ''}"


def _what(signals: Signals, recipe: Recipe) -> str:
    """Return what is classified, and how."""
    size = f"{signals.n} matrices {signals.X.shape[1]} x {signals.X.shape[1]}" if recipe.matrices else str(signals)
    embedded = "" if recipe.matrices or recipe.order == 1 else f", order {recipe.order}, lag {recipe.lag}"
    return f"{size}; {recipe.classifier} ({recipe.metric}{embedded}{', recentred' if recipe.recentre else ''})"


def _table(result: Scores) -> Table:
    """Return the table of the rows."""
    searched = any(row.order is not None for row in result.rows)
    subjects = len({row.subject for row in result.rows}) > 1
    sessions = len({row.session for row in result.rows}) > 1
    columns = [Column("subject")] * subjects + [Column("session")] * sessions
    columns += [Column("fold", right=True), Column("train", right=True), Column("test", right=True)]
    columns += [Column("order", right=True), Column("lag", right=True)] if searched else []
    table = Table([*columns, Column(result.scoring.replace("_", " "), right=True), Column("time", right=True)])
    seen: Counter[tuple[str, str]] = Counter()
    for row in result.rows:
        seen[row.subject, row.session] += 1
        cells = [row.subject] * subjects + [row.session] * sessions
        cells += [str(seen[row.subject, row.session]), str(row.trained), str(row.tested)]
        cells += [number(row.order), number(row.lag)] if searched else []
        table.add(*cells, f"{row.score:.3f}", seconds(row.seconds))
    return table


def _summary(result: Scores, prediction: dict[str, Any] | None, output: Path | None) -> list[str]:
    """Return the lines below the table."""
    guess = f"chance {result.chance:.3g}"
    if result.bound is not None:
        guess += f"; guessing stays below {result.bound:.3g} in 95 of 100 cases"
    name = result.scoring.replace("_", " ")
    lines = [f"{name} {result.mean:.3f} ± {result.deviation:.3f} ({guess}), {seconds(result.seconds)}"]
    if prediction is not None:
        counts = ", ".join(f"{label} ({count})" for label, count in prediction["counts"].items())
        lines.append(f"{prediction['n']} trials predicted: {counts}; written to {output}")
    return lines


def _report(
    signals: Signals, origin: str, y: NDArray[Any], recipe: Recipe, plan: Plan, result: Scores
) -> dict[str, Any]:
    """Return everything."""
    values, counts = np.unique(y, return_counts=True)
    return {
        "trials": signals.name,
        "shape": list(signals.X.shape),
        "sfreq": signals.sfreq,
        "channels": list(signals.channels),
        "labels": origin,
        "classes": {str(value): int(count) for value, count in zip(values.tolist(), counts, strict=True)},
        "recipe": recipe,
        "plan": plan,
        "scoring": result.scoring,
        "rows": list(result.rows),
        "mean": result.mean,
        "deviation": result.deviation,
        "chance": result.chance,
        "chance_95": result.bound,
        "seconds": result.seconds,
        "notes": list(signals.notes),
        "versions": {"erlangen": __version__, "numpy": np.__version__},
    }
