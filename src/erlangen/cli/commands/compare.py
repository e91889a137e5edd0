"""``erlangen compare``: two runs side by side.

Definition: what differs in specification, metrics and environment; for numbers the difference and the ratio second : first.
Convention: equal entries are shown with ``--all`` only; exit code 0 whether they differ or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeGuard

import click

from erlangen.cli.options import verb
from erlangen.cli.parameters import run_argument
from erlangen.cli.table import Column, Table, number, seconds
from erlangen.cli.terminal import Terminal
from erlangen.runs import Run, RunStore

__all__ = ["command", "differences"]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(a: object, b: object) -> bool:
    """Return whether two values are equal; NaN equals NaN."""
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b):
        return True
    return a == b


def differences(
    first: Mapping[str, Any], second: Mapping[str, Any], *, everything: bool = False
) -> list[dict[str, Any]]:
    """Return the entries in which two mappings differ, in the order of the first.

    Examples
    --------
    >>> differences({"a": 1, "b": 2}, {"a": 1, "b": 3})
    [{'name': 'b', 'first': 2, 'second': 3, 'difference': 1, 'ratio': 1.5, 'equal': False}]
    """
    rows = []
    for name in [*first, *(key for key in second if key not in first)]:
        a, b = first.get(name), second.get(name)
        equal = _same(a, b) and (name in first) == (name in second)
        row = {"name": name, "first": a, "second": b, "difference": None, "ratio": None, "equal": equal}
        if _is_number(a) and _is_number(b):
            row["difference"] = b - a
            row["ratio"] = b / a if a else None
        if everything or not equal:
            rows.append(row)
    return rows


def _setting(run: Run) -> dict[str, Any]:
    """Return what determines a run, its parameters spelt out."""
    spec = run.spec.to_json()
    parameters = spec.pop("parameters")
    return {**spec, **{f"parameters.{key}": value for key, value in parameters.items()}}


@verb("compare")
@run_argument("first")
@run_argument("second")
@click.option("--all", "everything", is_flag=True, help="Show equal entries as well.")
def command(terminal: Terminal, first: str, second: str, everything: bool) -> None:
    """Compare two runs: parameters, metrics, environment."""
    store = RunStore()
    a, b = store.run(first), store.run(second)
    parts = {
        "parameters": differences(_setting(a), _setting(b), everything=everything),
        "metrics": differences(a.metrics, b.metrics, everything=everything),
        "environment": differences(a.versions, b.versions, everything=everything),
    }
    if terminal.json:
        head = {"first": a.id, "second": b.id, "seconds": [a.seconds, b.seconds]}
        terminal.document({**head, **parts})
        return
    terminal.line(
        f"{a.id} ({a.slug}, {a.status}, {seconds(a.seconds)})  and  {b.id} ({b.slug}, {b.status}, {seconds(b.seconds)})"
    )
    for part, rows in parts.items():
        _print_part(terminal, part, rows, a.id, b.id)


def _print_part(terminal: Terminal, part: str, rows: list[dict[str, Any]], first: str, second: str) -> None:
    """Print one part of the comparison."""
    if not rows:
        terminal.line(f"{part}: equal")
        return
    numeric = part == "metrics"
    columns = [Column(part), Column(first, right=True), Column(second, right=True)]
    table = Table([*columns, Column("difference", right=True), Column("ratio", right=True)] if numeric else columns)
    for row in rows:
        cells = [row["name"], number(row["first"], 6), number(row["second"], 6)]
        table.add(*cells, *([number(row["difference"]), number(row["ratio"])] if numeric else []))
    terminal.line()
    terminal.table(table)
