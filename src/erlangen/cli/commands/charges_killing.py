"""``erlangen charges killing``: curvature of a spacetime, the dimension of its isometries, and Killing fields.

Definition: the dimension from curvature and its derivatives at a generic point; fields by a search that says whether it is complete.
Convention: METRIC is a name of the catalogue (rational charts, ``x = cos θ``), a line element, or a TOML file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import field_text, metric
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError

__all__ = ["command"]


@verb("killing", epilog='Example: erlangen charges killing --fields -- "-x^2*dt^2 + dx^2"')
@click.argument("name", metavar="METRIC")
@click.option("--dimension", "-n", type=click.IntRange(2, 11), help="For minkowski, de-sitter, anti-de-sitter.")
@click.option("--derivatives", type=click.IntRange(1, 8), default=4, show_default=True, help="Of the curvature.")
@click.option("--scalars", is_flag=True, help="Print Ricci's scalar and Kretschmann's as well.")
@click.option("--fields", is_flag=True, help="Find the fields and their algebra.")
@click.option("--latex", is_flag=True, help="Write formulas in LaTeX.")
def command(terminal: Terminal, name: str, **options: Any) -> None:
    """Count the Killing fields of a spacetime, or find them."""
    symbolic = import_module("erlangen.symbolic")
    space = metric(name, None, options["dimension"])
    answer: dict[str, Any] = {
        "metric": name,
        "coordinates": list(space.ring.coordinates),
        "parameters": list(space.ring.constants),
        "determinant": str(space.determinant),
        "signature": _signature(symbolic, space),
        "vacuum": not space.ricci,
        "cosmological_constant": _cosmological(space),
    }
    found = symbolic.killing_dimension(space, derivatives=options["derivatives"])
    answer |= {"killing_dimension": found.dimension, "ranks": list(found.ranks)}
    if options["scalars"]:
        answer["scalar_curvature"] = str(space.scalar_curvature)
        answer["kretschmann"] = str(space.kretschmann)
    if options["fields"]:
        algebra = symbolic.killing_algebra(space, derivatives=options["derivatives"])
        answer["complete"] = algebra.complete
        answer["fields"] = list(algebra.texts())
        names = space.ring.coordinates
        answer["latex"] = [
            field_text({names[k]: value for (k,), value in sorted(field, key=lambda item: item[0])}, latex=True)
            for field in algebra.fields
        ]
        answer["brackets"] = [
            {"of": list(pair), "is": {str(k): str(v) for k, v in weights.items()}}
            for pair, weights in (algebra.structure_constants if algebra.complete else {}).items()
            if weights
        ]
    if terminal.json:
        terminal.document(answer)
        return
    _print(terminal, space, answer, latex=options["latex"])


def _print(terminal: Terminal, space: Any, answer: dict[str, Any], *, latex: bool) -> None:
    most = space.dimension * (space.dimension + 1) // 2
    terminal.line(f"{answer['killing_dimension']} Killing fields, of at most {most}", style="bold")
    terminal.line("conditions from the curvature and its derivatives: " + ", ".join(map(str, answer["ranks"])))
    constant = answer["cosmological_constant"]
    solves = f"Einstein's equations with cosmological constant {constant}" if constant else "not a vacuum solution"
    terminal.line("Ricci-flat" if answer["vacuum"] else f"not Ricci-flat: {solves}")
    if answer["signature"]:
        minus, plus = answer["signature"]
        terminal.line(f"signature: {minus} minus, {plus} plus; determinant {answer['determinant']}")
    for key in ("scalar_curvature", "kretschmann"):
        if key in answer:
            terminal.line(f"{key.replace('_', ' ')} = {answer[key]}")
    if "fields" in answer:
        told = "all of them" if answer["complete"] else f"{len(answer['fields'])} of them were found, not all"
        terminal.line(f"fields ({told}):")
        for text in answer["latex" if latex else "fields"]:
            terminal.line("  " + text)


def _signature(symbolic: Any, space: Any) -> list[int] | None:
    try:
        return list(symbolic.metric_signature(space))
    except DomainError:
        return None


def _cosmological(space: Any) -> str | None:
    """Return Λ where ``R_ab = 2Λ/(n-2) g_ab`` with a constant Λ, as a text."""
    n = space.dimension
    if n < 3 or space.ricci != space.lower * (space.scalar_curvature / n):
        return None
    return str(space.scalar_curvature * (n - 2) / (2 * n))
