"""Where a command speaks: results on standard output, everything else on standard error.

Definition: a :class:`Terminal` knows whether to print one JSON document or text for a person, and whether colours and tables help.
Convention: rich is loaded only when a table goes to a real terminal; ``NO_COLOR`` and ``TERM=dumb`` are honoured; JSON has no NaN (it becomes null).
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import sys
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TextIO

import click

from erlangen.cli.table import Table

__all__ = ["Terminal", "is_interactive", "plain"]


def is_interactive(stream: TextIO) -> bool:
    """Return whether a person looks at the stream through a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: enumerations by value, dates in ISO form, non-finite numbers as null.

    Examples
    --------
    >>> plain({"a": (1, float("nan"))})
    {'a': [1, None]}
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _container(value)


def _container(value: Any) -> Any:
    """Return what holds other values, and the rest as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclasses.dataclass(frozen=True)
class Terminal:
    """The two streams of a command and how to use them.

    Parameters
    ----------
    json : bool
        Print one JSON document instead of text.
    quiet : bool
        No progress and no notes.
    """

    json: bool = False
    quiet: bool = False

    def document(self, value: Any) -> None:
        """Print one JSON document on standard output."""
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        click.echo(json.dumps(plain(value), indent=2, ensure_ascii=not utf8, allow_nan=False))

    def line(self, text: str = "", *, style: str | None = None) -> None:
        """Print a line of the result for a person; nothing where JSON was asked for."""
        if not self.json:
            bold = style == "bold"
            click.echo(click.style(text, bold=bold) if bold and self._coloured(sys.stdout) else text)

    def note(self, text: str) -> None:
        """Print a remark on standard error, unless ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)

    def table(self, table: Table) -> None:
        """Print a table: by rich on a terminal, in plain columns elsewhere; nothing where JSON was asked for."""
        if self.json:
            return
        if is_interactive(sys.stdout):
            table.print_rich(sys.stdout)
        else:
            click.echo(table.text())

    @staticmethod
    def _coloured(stream: TextIO) -> bool:
        return is_interactive(stream) and not os.environ.get("NO_COLOR")
