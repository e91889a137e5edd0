"""``erlangen charges killing``: curvature of a spacetime of the catalogue, and the dimension of its isometries.

Definition: the dimension from curvature and its derivatives at a generic point; scalars as exact expressions.
Convention: rational charts, ``x = cos θ``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import metric
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command"]


@verb("killing", epilog="Example: erlangen charges killing schwarzschild")
@click.argument("name", metavar="METRIC")
@click.option("--dimension", "-n", type=click.IntRange(2, 11), help="For minkowski, de-sitter, anti-de-sitter.")
@click.option("--derivatives", type=click.IntRange(1, 8), default=4, show_default=True, help="Of the curvature.")
@click.option("--scalars", is_flag=True, help="Print Ricci's scalar and Kretschmann's as well.")
def command(terminal: Terminal, name: str, **options: Any) -> None:
    """Count the Killing fields of a spacetime."""
    symbolic = import_module("erlangen.symbolic")
    space = metric(name, None, options["dimension"])
    found = symbolic.killing_dimension(space, derivatives=options["derivatives"])
    answer: dict[str, Any] = {
        "metric": name,
        "coordinates": list(space.ring.coordinates),
        "vacuum": not space.ricci,
        "killing_dimension": found.dimension,
        "ranks": list(found.ranks),
    }
    if options["scalars"]:
        answer["scalar_curvature"] = str(space.scalar_curvature)
        answer["kretschmann"] = str(space.kretschmann)
    if terminal.json:
        terminal.document(answer)
        return
    most = space.dimension * (space.dimension + 1) // 2
    terminal.line(f"{found.dimension} Killing fields, of at most {most}", style="bold")
    terminal.line("conditions from the curvature and its derivatives: " + ", ".join(map(str, found.ranks)))
    terminal.line("Ricci-flat" if answer["vacuum"] else "not Ricci-flat")
    for key in ("scalar_curvature", "kretschmann"):
        if key in answer:
            terminal.line(f"{key.replace('_', ' ')} = {answer[key]}")
