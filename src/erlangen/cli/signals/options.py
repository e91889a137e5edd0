"""The options that say how a file of trials is read, and how they reach the reader.

Definition: :func:`reading_options` adds them to a command, :func:`read_chosen` reads by them, with the file's remarks as notes.
Convention: lists are separated by commas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from erlangen.cli.signals.reader import read_signals
from erlangen.cli.signals.signals import SignalOptions, Signals
from erlangen.cli.terminal import Terminal

__all__ = ["integers", "read_chosen", "reading_options"]

F = TypeVar("F", bound=Callable[..., Any])
_AXES = ("NCT", "NTC", "CNT", "CTN", "TNC", "TCN")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list.

    Examples
    --------
    >>> words("left, right")
    ('left', 'right')
    """
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        message = f"{text!r} names nothing"
        raise click.BadParameter(message)
    return found


def integers(text: str) -> tuple[int, ...]:
    """Return the integers of a list with ranges.

    Examples
    --------
    >>> integers("1-3,5")
    (1, 2, 3, 5)
    """
    found: list[int] = []
    for word in words(text):
        low, _, high = word.partition("-")
        if not (low.isdecimal() and (high.isdecimal() or "-" not in word)) or int(low) < 1:
            message = f"{word!r} is no positive integer, nor a range such as 1-4"
            raise click.BadParameter(message)
        found += range(int(low), int(high or low) + 1)
    return tuple(dict.fromkeys(found))


def reading_options(function: F) -> F:
    """Add the options of reading."""
    for option in (
        click.option(
            "--band", type=float, nargs=2, metavar="LOW HIGH", help="Filter a recording to this band in Hz first."
        ),
        click.option("--picks", type=words, metavar="NAMES", help="Channels of a recording, or kinds such as eeg."),
        click.option("--tmax", type=float, metavar="SECONDS", help="End of a trial, from its event."),
        click.option("--tmin", type=float, metavar="SECONDS", help="Begin of a trial, from its event [default: 0]."),
        click.option(
            "--events", type=words, metavar="NAMES", help="Events of a recording that begin trials [default: all]."
        ),
        click.option(
            "--axes",
            type=click.Choice(_AXES, case_sensitive=False),
            default="NCT",
            metavar="AXES",
            show_default=True,
            help="Order of the axes in the file, such as CTN: N trials, C channels, T times.",
        ),
        click.option("--key", metavar="NAME", help="Array of an npz or mat file [default: the one with three axes]."),
    ):
        function = option(function)
    return function


def read_chosen(
    terminal: Terminal, path: Path, options: dict[str, Any], *, single: bool = False, what: str = "TRIALS"
) -> Signals:
    """Read a file as the options of a command say."""
    chosen = SignalOptions(
        options["key"],
        options["axes"],
        options.get("matrices", False),
        single,
        options["events"] or (),
        options["picks"] or (),
        options["tmin"],
        options["tmax"],
        options["band"] or None,
    )
    signals = read_signals(path, chosen, what=what)
    for note in signals.notes:
        terminal.note(f"note: {path.name}: {note}")
    _, n, T = signals.X.shape
    if n == T and not chosen.matrices:
        terminal.note(
            f"note: {path.name}: {signals.n} trials of {n} channels and {T} samples; covariances need --matrices"
        )
    return signals if signals.channels else replace(signals, channels=tuple(f"channel {c}" for c in range(n)))
