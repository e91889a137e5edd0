"""``erlangen covariance embedding``: choose the order and the lag of a delay embedding from the signals.

Definition: :func:`erlangen.estimators.select_embedding` (MDOP, PECUZAL, García–Almeida, mutual information with Cao's or Kennel's dimension).
Convention: labels are never asked for; delays are samples, and seconds where the sampling rate is known; channels are counted from 0.
"""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np

from erlangen import __version__
from erlangen.cli.embedding import number_or
from erlangen.cli.options import verb
from erlangen.cli.plot import PICTURES, plot_curve
from erlangen.cli.points.writer import check_target
from erlangen.cli.progress import Progress
from erlangen.cli.signals.durations import in_samples, span_or
from erlangen.cli.signals.options import read_chosen, reading_options
from erlangen.cli.signals.signals import Signals
from erlangen.cli.table import Column, Table, seconds
from erlangen.cli.terminal import Terminal
from erlangen.cli.translation import spoken
from erlangen.validation import require

__all__ = ["METHODS", "command"]

_PATH = click.Path(path_type=Path)
METHODS = ("mdop", "pecuzal", "garcia-almeida", "ami+cao", "ami+fnn")
_EPILOG = "Example: erlangen covariance embedding trials.npz --method ami+cao --max-delay 30"
_SHOWN = 12
_WORDS = {
    "method": "--method",
    "max_delay": "--max-delay",
    "theiler": "--theiler",
    "max_order": "--max-order",
    "threshold": "--threshold",
    "horizon": "--horizon",
    "uniform=True": "leave --pairs out",
    "per='pooled'": "--per pooled",
    "per='epoch'": "--per epoch",
    "X": "SIGNALS",
}


@verb("embedding", epilog=_EPILOG)
@click.argument("signals", type=_PATH)
@click.option("--method", "-m", type=click.Choice(METHODS), default="mdop", show_default=True, help="How to choose.")
@click.option(
    "--max-delay",
    type=span_or(low=2),
    metavar="N|200ms",
    default=50,
    show_default=True,
    help="Longest delay: samples, or a time.",
)
@click.option(
    "--theiler",
    type=number_or("auto", low=0, integer=True),
    metavar="auto|N",
    default="auto",
    show_default=True,
    help="Neighbours in time to leave out.",
)
@click.option(
    "--per",
    type=click.Choice(["epoch", "pooled"]),
    default="epoch",
    show_default=True,
    help="Choose for each trial and average, or once.",
)
@click.option("--pairs", is_flag=True, help="Keep the pairs of channel and delay (one trial, or --per pooled).")
@click.option("--max-order", type=click.IntRange(1), default=10, show_default=True, help="Most dimensions of ami+….")
@click.option(
    "--threshold", type=click.FloatRange(0, 1, max_open=True), default=0.05, show_default=True, help="Where to stop."
)
@click.option(
    "--horizon",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Samples ahead at which garcia-almeida compares neighbours.",
)
@click.option("--jobs", "-j", type=click.IntRange(-1, 4096), default=1, show_default=True, help="Processes.")
@click.option("--plot", type=_PATH, help=f"Picture of the statistic ({', '.join(PICTURES)}).")
@reading_options
def command(terminal: Terminal, signals: Path, **options: Any) -> None:
    """Choose order and lag for the SIGNALS in a file: trials, or one signal (csv: a column a channel)."""
    if options["plot"] is not None:
        check_target(options["plot"], "--plot", PICTURES, signals)
        require("matplotlib.figure", extra="plot", purpose="--plot")
    read = read_chosen(terminal, signals, options, single=True, what="SIGNALS")
    options["max_delay"] = in_samples(options["max_delay"], read, "--max-delay")
    rooms = import_module("erlangen.estimators")
    reporting = import_module("erlangen.estimators.embeddings.progress").reporting
    names = ("max_delay", "theiler", "per", "max_order", "threshold", "horizon")
    start = time.perf_counter()
    with spoken(_WORDS), Progress(terminal, options["method"]) as progress, reporting(progress):
        found = rooms.select_embedding(
            read.X,
            options["method"],
            uniform=not options["pairs"],
            n_jobs=options["jobs"],
            **{name: options[name] for name in names},
        )
    spent = time.perf_counter() - start
    statistic = _statistic(found, options["method"])
    if options["plot"] is not None:
        titles, x, y = statistic
        mark = found.lag if titles[0] == "lag" else None
        plot_curve(options["plot"], x, y, titles=titles, mark=mark, caption=f"{options['method']} · {read}")
    if terminal.json:
        terminal.document(_report(read, options, found, statistic, spent))
    terminal.line(
        f"{read}: order {found.order}, lag {found.lag}{_in_seconds(found.lag, read)} by {options['method']}, {seconds(spent)}"
    )
    terminal.line(f"{found.reason}; neighbours within {found.theiler} samples were left out")
    terminal.table(_table(found, read))
    if len(found.epochs) > _SHOWN:
        terminal.line(f"and {len(found.epochs) - _SHOWN} more trials (--json lists all)")


def _in_seconds(samples: int, signals: Signals) -> str:
    """Return a delay in seconds, where the rate is known."""
    return "" if signals.sfreq is None else f" ({seconds(samples / signals.sfreq)})"


def _table(found: Any, signals: Signals) -> Table:
    """Return the cycles of one choice, or the choices of single trials."""
    if found.epochs:
        table = Table(
            [
                Column("trial", right=True),
                Column("order", right=True),
                Column("lag", right=True),
                Column("delays", fold=True),
            ]
        )
        for i, one in enumerate(found.epochs[:_SHOWN]):
            table.add(str(i), str(one.order), str(one.lag), ", ".join(map(str, one.delays)))
        return table
    table = Table([Column("row", right=True), Column("channel"), Column("delay", right=True)])
    for i, delay in enumerate(found.delays):
        channel = signals.channels[found.channels[i]] if found.channels else "all"
        table.add(str(i), channel, f"{delay}{_in_seconds(delay, signals)}")
    return table


def _statistic(found: Any, method: str) -> tuple[tuple[str, str], list[int], list[float]]:
    """Return titles, abscissa and values of what was decided on: the mean over trials by lag, or the cycles of the first trial."""
    choices = found.epochs or (found,)
    false = "share of false neighbours"
    by_cycle = {"mdop": false, "garcia-almeida": false, "pecuzal": "decrease of L"}
    if method in by_cycle:
        titles, values = ("cycle", by_cycle[method]), np.array(choices[0].fnn)
    else:
        titles, values = ("lag", "mutual information"), np.mean([choice.beta[0] for choice in choices], axis=0)
    return titles, list(range(1, len(values) + 1)), [float(value) for value in values]


def _report(
    signals: Signals, options: dict[str, Any], found: Any, statistic: tuple[Any, Any, Any], spent: float
) -> dict[str, Any]:
    """Return everything."""

    def one(choice: Any) -> dict[str, Any]:
        return {
            "order": choice.order,
            "lag": choice.lag,
            "delays": choice.delays,
            "channels": [signals.channels[c] for c in choice.channels],
            "reason": choice.reason,
            "theiler": choice.theiler,
            "shares": choice.fnn,
        }

    titles, x, y = statistic
    return {
        "signals": signals.name,
        "shape": list(signals.X.shape),
        "sfreq": signals.sfreq,
        "method": options["method"],
        **one(found),
        "lag_seconds": None if signals.sfreq is None else found.lag / signals.sfreq,
        "statistic": {"by": titles[0], "name": titles[1], "at": x, "values": y},
        "epochs": [one(choice) for choice in found.epochs],
        "seconds": spent,
        "versions": {"erlangen": __version__, "numpy": np.__version__},
    }
