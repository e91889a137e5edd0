"""``erlangen charges symmetries``: point, contact and generalised symmetries of differential equations.

Definition: the dimension by completion of the determining equations, then fields, or characteristics of an order, by an ansatz that is
    complete when they are as many.
Convention: coordinates and fields are read off the equations; ``=`` splits an equation into two sides.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import field_text, jet_space, spelled
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError

__all__ = ["command", "sides"]


@verb("symmetries", epilog='Example: erlangen charges symmetries "u_t+6*u*u_x+u_xxx"')
@click.argument("equations", nargs=-1, required=True, metavar="EQUATION…")
@click.option("--base", metavar="NAMES", help='Coordinates, as "t x" [default: the letters of the derivatives].')
@click.option("--fields", metavar="NAMES", help="Fields [default: what stands before an underscore].")
@click.option("--constants", metavar="NAMES", help="Letters that are parameters.")
@click.option(
    "--kind",
    type=click.Choice(["point", "contact", "generalized"]),
    default="point",
    show_default=True,
    help="Which symmetries.",
)
@click.option("--order", type=click.IntRange(0, 12), help="Of the derivatives in generalised characteristics.")
@click.option("--degree", type=click.IntRange(1, 12), help="Of the polynomials tried [default: 4; generalised 6].")
@click.option("--factor", multiple=True, metavar="TEXT", help='A further factor to try, as "exp(-u)"; repeatable.')
@click.option("--latex", is_flag=True, help="Write formulas in LaTeX.")
def command(terminal: Terminal, equations: tuple[str, ...], **options: Any) -> None:
    """Find the symmetries of differential equations."""
    symbolic = import_module("erlangen.symbolic")
    texts = [sides(text) for text in equations]
    space = jet_space(texts, options["base"], options["fields"], options["constants"])
    if (options["kind"] == "generalized") != (options["order"] is not None):
        message = "--order belongs to --kind generalized, which needs it"
        raise click.UsageError(message)
    found = symbolic.lie_symmetries(
        symbolic.DifferentialSystem(space, texts),
        kind=options["kind"],
        order=options["order"],
        degree=options["degree"],
        functions=tuple(options["factor"]),
    )
    functions, variables = found.free_functions
    answer = {
        "equations": list(equations),
        "kind": options["kind"],
        "dimension": found.dimension,
        "dimension_modulo_superposition": found.finite_dimension,
        "free_functions": {"count": functions, "variables": variables},
        "complete": found.complete,
        "fields": [{name: str(value) for name, value in vector.items()} for vector in found.basis],
        "latex": [{name: value.latex() for name, value in vector.items()} for vector in found.basis],
    }
    answer |= _algebra(found)
    if terminal.json:
        terminal.document(answer)
        return
    if found.dimension is None:
        more = f"; {found.finite_dimension} modulo superposition" if found.finite_dimension is not None else ""
        terminal.line(f"infinitely many: {functions} arbitrary functions of {variables} variables{more}", style="bold")
    else:
        terminal.line(f"dimension {found.dimension}, by completion of the determining equations", style="bold")
    told = "all of them" if found.complete else "those that the ansatz holds, not all"
    point, latex = options["kind"] == "point", options["latex"]
    terminal.line(f"{'fields' if point else 'characteristics'} ({told}):")
    for vector in found.basis:
        terminal.line("  " + (field_text(vector, latex=latex) if point else _characteristic(vector, latex)))
    if "algebra" in answer:
        series = answer["algebra"]["derived_series"]  # type: ignore[call-overload, index]
        terminal.line(f"derived series of dimensions {', '.join(map(str, series))}")


def _characteristic(values: dict[str, Any], latex: bool) -> str:
    return ", ".join(f"Q^{name} = {spelled(value, latex)}" for name, value in values.items())


def _algebra(found: Any) -> dict[str, Any]:
    """Return what is known of the Lie algebra: nothing where not all symmetries are, or where brackets leave the order."""
    if not found.complete:
        return {}
    try:
        algebra = found.algebra
    except DomainError as error:
        return {"not_closed": str(error)}
    series = list(algebra.derived_series())
    return {
        "algebra": {
            "derived_series": series,
            "solvable": algebra.is_solvable,
            "semisimple": algebra.is_semisimple,
            "radical": len(algebra.radical()),
        }
    }


def sides(text: str) -> str:
    """Return an equation as what vanishes."""
    left, equals, right = text.partition("=")
    return f"({left}) - ({right})" if equals else text
