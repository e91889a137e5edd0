"""Progress with rate and time left, on standard error.

Definition: a :class:`Progress` is called as ``progress(step, total, message, metrics)``, the one protocol of the house.
Convention: a bar by rich on a terminal; plain lines at most every two seconds elsewhere; nothing with ``--quiet``.
Time left = elapsed / (step − first) · (total − step): what a resumed run finds done when it begins does not count for its rate.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from importlib import import_module
from types import TracebackType
from typing import Any

import click

from erlangen.cli.table import seconds
from erlangen.cli.terminal import Terminal, is_interactive

__all__ = ["Progress", "progress_line", "shortened"]

_FIXED = 38  # count, elapsed, "left", time left and the blanks between
_SHORTEST = 8


def progress_line(label: str, step: int, total: int, elapsed: float, message: str = "", *, first: int = 0) -> str:
    """Return one plain line of progress; ``first`` steps were done when the clock was started.

    Examples
    --------
    >>> progress_line("run", 2, 8, 4.0, "rolls")
    'run 2/8 25 %, 0.5/s, 12 s left: rolls'
    """
    parts = f"{label} {step}/{total} {100 * step // max(total, 1)} %"
    done = step - first
    if done > 0 and elapsed > 0:
        parts += f", {done / elapsed:.2g}/s"
        parts += f", {seconds(elapsed / done * (total - step))} left" if step < total else f", {seconds(elapsed)}"
    return f"{parts}: {message}" if message else parts


def shortened(message: str, room: int) -> str:
    """Return as much of a message as there is room for, and nothing where that would be a stump.

    Examples
    --------
    >>> shortened("distances on the tree", 12), shortened("distances on the tree", 5)
    ('distances o…', '')
    """
    if len(message) <= room:
        return message
    return f"{message[: room - 1]}…" if room >= _SHORTEST else ""


class Progress:
    """Show the steps of one job.

    Parameters
    ----------
    terminal : Terminal
        Decides whether anything is shown.
    label : str
        What is running.
    every : float
        Seconds between two plain lines.
    """

    def __init__(self, terminal: Terminal, label: str, *, every: float = 2.0) -> None:
        self._label = label
        self._every = every
        self._silent = terminal.quiet
        self._bar: Any = None
        self._task: Any = None
        self._start = time.monotonic()
        self._last = self._start
        self._first: tuple[int, int] | None = None
        self._step = 0
        self._room = 0
        if not self._silent and is_interactive(sys.stderr):
            self._bar = self._rich_bar()

    def _rich_bar(self) -> Any:
        rich = import_module("rich.progress")
        console = import_module("rich.console").Console(stderr=True, highlight=False)
        free = console.width - len(self._label) - _FIXED
        bar = max(5, min(28, free))
        self._room = free - bar - 1
        columns = (
            rich.TextColumn("{task.description}"),
            rich.BarColumn(bar_width=bar),
            rich.MofNCompleteColumn(),
            rich.TimeElapsedColumn(),
            rich.TextColumn("left"),
            rich.TimeRemainingColumn(),
            rich.TextColumn("{task.fields[message]}", style="dim"),
        )
        return rich.Progress(*columns, console=console, transient=True)

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(self._label, total=None, message="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: int, total: int, message: str = "", metrics: Mapping[str, Any] | None = None) -> None:
        """Show that ``step`` of ``total`` are done."""
        if self._silent:
            return
        now = time.monotonic()
        if (
            self._first is None or self._first[1] != total or step < self._step
        ):  # another part of the job, with a rate of its own
            self._first, self._start = (step, total), now if step or self._first else self._start
            if self._bar is not None:
                self._bar.reset(self._task, total=total)
        self._step = step
        if self._bar is not None:
            self._bar.update(self._task, completed=step, total=total, message=shortened(message, self._room))
            return
        if now - self._last >= self._every:
            self._last = now
            click.echo(
                progress_line(self._label, step, total, now - self._start, message, first=self._first[0]), err=True
            )
