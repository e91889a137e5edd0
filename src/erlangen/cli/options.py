"""What every command shares: its decorator, its common options, its parameter types.

Definition: :func:`verb` is ``click.command`` plus ``--json``, ``--quiet`` and ``--debug``; the function receives a :class:`Terminal` first.
Convention: options that several commands have are spelt once, here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from erlangen.cli.terminal import Terminal

__all__ = ["benchmarks_option", "moment", "parallel_options", "preset_option", "root_option", "seed_option", "verb"]

F = TypeVar("F", bound=Callable[..., Any])


def verb(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorate ``function(terminal, …)`` as a command with ``--json``, ``--quiet`` and ``--debug``."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def wrapped(*args: Any, as_json: bool, quiet: bool, **kwargs: Any) -> Any:
            return function(Terminal(json=as_json, quiet=quiet), *args, **kwargs)

        decorated: Callable[..., Any] = click.option(
            "--debug", is_flag=True, expose_value=False, help="Print the traceback of an error."
        )(wrapped)
        decorated = click.option("--quiet", "-q", is_flag=True, help="No progress, no notes.")(decorated)
        decorated = click.option(
            "--json", "as_json", is_flag=True, help="Print one JSON document on standard output and nothing else there."
        )(decorated)
        make: Callable[[Callable[..., Any]], click.Command] = click.command(name, **attributes)
        return make(decorated)

    return decorate


def preset_option(function: F) -> F:
    """Add ``--preset``."""
    return click.option("--preset", metavar="quick|full", default="quick", show_default=True, help="Size of the run.")(
        function
    )


def seed_option(function: F) -> F:
    """Add ``--seed``."""
    return click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of all random numbers."
    )(function)


def root_option(function: F) -> F:
    """Add ``--root``."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(
        "--root", type=kind, metavar="FOLDER", help="Papers of your own: a folder of folders with manifest.toml."
    )(function)


def benchmarks_option(function: F) -> F:
    """Add ``--benchmarks``."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    text = "Benchmark records to show [default: ./benchmarks if it holds any, else those installed]."
    return click.option("--benchmarks", type=kind, metavar="FOLDER", help=text)(function)


def parallel_options(function: F) -> F:
    """Add ``--jobs``, ``--cluster``, ``--threads`` and ``--again``."""
    for option in (
        click.option("--again", is_flag=True, help="Run even if this very run is finished in the store."),
        click.option("--threads", type=click.IntRange(1, 1024), help="Threads of each process [default: 1]."),
        click.option("--cluster", metavar="tcp://HOST:PORT", help="Send the rows to a Dask cluster."),
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(-1, 4096),
            default=1,
            show_default=True,
            help="Local processes; -1: all processors.",
        ),
    ):
        function = option(function)
    return function


def moment(text: str) -> datetime:
    """Return a day (2026-11-24) or a moment in ISO form, with a time zone (UTC where none is given).

    Examples
    --------
    >>> moment("2026-11-24").isoformat()
    '2026-11-24T00:00:00+00:00'
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date in ISO form (such as 2026-11-24 or 2026-11-24T08:00)"
        raise click.BadParameter(message) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
