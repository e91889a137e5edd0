"""``erlangen covariance mean``: average covariances under a metric, with a certificate.

Definition: the Fréchet mean (:meth:`erlangen.manifolds.Metric.mean`) of matrices, or of the covariances of trials, of all or of each class.
Convention: the mean is in the unit of the data; npy holds one matrix, or one a class in the order of the table; distances are to the mean.
"""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from erlangen import __version__
from erlangen.cli.options import verb
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.points.writer import check_target
from erlangen.cli.progress import Progress
from erlangen.cli.recipe import ESTIMATORS, MEANS
from erlangen.cli.signals.columns import find_column, find_numbers
from erlangen.cli.signals.options import read_chosen, reading_options
from erlangen.cli.table import Column, Table, number, seconds
from erlangen.cli.terminal import Terminal
from erlangen.cli.translation import TRIAL_WORDS, spoken

__all__ = ["command"]

_PATH = click.Path(path_type=Path)
_WRITABLE = (".npy", ".npz")
_EPILOG = "Example: erlangen covariance mean covariances.npy --matrices -o mean.npy --metric logeuclid"
_WORDS = {**TRIAL_WORDS, "weights": "--weights", "max_iter": "--max-iter"}


@verb("mean", epilog=_EPILOG)
@click.argument("trials", type=_PATH)
@click.option("--output", "-o", type=_PATH, required=True, help=f"Where the mean goes ({', '.join(_WRITABLE)}).")
@click.option("--metric", type=click.Choice(MEANS), default="riemann", show_default=True, help="Geometry.")
@click.option("--matrices", is_flag=True, help="The file holds covariances (N, n, n), not trials.")
@click.option("--estimator", type=click.Choice(ESTIMATORS), default="cov", show_default=True, help="Of covariances.")
@click.option("--weights", metavar="NAME|FILE", help="Weight of every trial.")
@click.option("--by", metavar="NAME|FILE", help="One mean a class of these labels.")
@click.option(
    "--tol", type=click.FloatRange(0, 1, min_open=True), default=1e-10, show_default=True, help="Of the residual."
)
@click.option("--max-iter", type=click.IntRange(1), default=200, show_default=True, help="Limit of iterations.")
@reading_options
def command(terminal: Terminal, trials: Path, **options: Any) -> None:
    """Average the covariances of the TRIALS in a file, or (--matrices) the covariances it holds."""
    if options["matrices"] and options["estimator"] != "cov":
        message = "--matrices are covariances already: --estimator is of trials"
        raise click.UsageError(message, click.get_current_context())
    check_target(options["output"], "--output", _WRITABLE, trials)
    signals = read_chosen(terminal, trials, options)
    labels = None if options["by"] is None else find_column(options["by"], "--by", signals)
    weights = None if options["weights"] is None else find_numbers(options["weights"], "--weights", signals)
    work = import_module("erlangen.cli.means")
    with spoken(_WORDS):
        matrices = work.matrices(signals, options["estimator"], given=options["matrices"])
        start = time.perf_counter()
        with Progress(terminal, "means") as progress:
            limits = {"tol": options["tol"], "max_iter": options["max_iter"]}
            found = work.means(matrices, options["metric"], weights, labels, limits, on_progress=progress)
    spent = time.perf_counter() - start
    means = np.stack([item.pop("mean") for item in found])
    _write(options["output"], means, labels)
    condition, spread = work.condition_report(matrices), work.between(means, options["metric"])
    report = {
        "trials": signals.name,
        "shape": list(matrices.shape),
        "output": str(options["output"]),
        "metric": options["metric"],
        "means": found,
        "between": spread,
        "condition": condition,
        "seconds": spent,
        "versions": {"erlangen": __version__, "numpy": np.__version__},
    }
    if terminal.json:
        terminal.document(report)
    terminal.line(f"{options['metric']} mean of {signals.name}, {seconds(spent)}")
    terminal.table(_table(found))
    for line in [*str(condition).splitlines(), *_apart(spread, found), f"written to {options['output']}"]:
        terminal.line(line)


def _write(path: Path, means: NDArray[Any], labels: NDArray[Any] | None) -> None:
    """Write one mean, or one a class."""
    whole = means[0] if labels is None else means
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".npy":
            np.save(temporary, whole, allow_pickle=False)
        elif labels is None:
            np.savez(temporary, allow_pickle=False, mean=whole)
        else:
            np.savez(temporary, allow_pickle=False, mean=whole, classes=np.unique(labels))


def _apart(spread: list[list[float]], found: list[dict[str, Any]]) -> list[str]:
    """Return the line on the nearest and the farthest two means."""
    pairs = [(spread[i][j], i, j) for i in range(len(spread)) for j in range(i)]
    if not pairs:
        return []
    near, far = min(pairs), max(pairs)
    told = [f"{number(d, 3)} ({found[j]['class']}, {found[i]['class']})" for d, i, j in (near, far)]
    return [
        f"distance between means: {told[0]}" if len(pairs) == 1 else f"distances between means: {told[0]} to {told[1]}"
    ]


def _table(found: list[dict[str, Any]]) -> Table:
    """Return the table of the means."""
    titles = ("matrices", "iterations", "residual", "median distance", "largest")
    table = Table([Column("class"), *(Column(title, right=True) for title in titles), Column("of")])
    for item in found:
        away = item["distances"]
        table.add(
            "all" if item["class"] is None else str(item["class"]),
            str(item["count"]),
            str(item["iterations"]),
            f"{item['residual']:.1e}{'' if item['converged'] else ' (not converged)'}",
            number(away["median"], 3),
            number(away["largest"], 3),
            f"trial {away['of']}",
        )
    return table
