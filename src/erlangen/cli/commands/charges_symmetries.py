"""``erlangen charges symmetries``: the point symmetries of differential equations.

Definition: the dimension by completion of the determining equations, then the fields by an ansatz that is complete when they are as many.
Convention: coordinates and fields are read off the equations; ``=`` splits an equation into two sides.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import field_text, jet_space
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command", "sides"]


@verb("symmetries", epilog='Example: erlangen charges symmetries "u_t+6*u*u_x+u_xxx"')
@click.argument("equations", nargs=-1, required=True, metavar="EQUATION…")
@click.option("--base", metavar="NAMES", help='Coordinates, as "t x" [default: the letters of the derivatives].')
@click.option("--fields", metavar="NAMES", help="Fields [default: what stands before an underscore].")
@click.option("--constants", metavar="NAMES", help="Letters that are parameters.")
@click.option("--degree", type=click.IntRange(1, 8), default=4, show_default=True, help="Of the polynomials tried.")
@click.option("--factor", multiple=True, metavar="TEXT", help='A further factor to try, as "exp(-u)"; repeatable.')
def command(terminal: Terminal, equations: tuple[str, ...], **options: Any) -> None:
    """Find the point symmetries of differential equations."""
    symbolic = import_module("erlangen.symbolic")
    texts = [sides(text) for text in equations]
    space = jet_space(texts, options["base"], options["fields"], options["constants"])
    found = symbolic.lie_symmetries(
        symbolic.DifferentialSystem(space, texts), degree=options["degree"], functions=tuple(options["factor"])
    )
    functions, variables = found.free_functions
    answer = {
        "equations": list(equations),
        "dimension": found.dimension,
        "dimension_modulo_superposition": found.finite_dimension,
        "free_functions": {"count": functions, "variables": variables},
        "complete": found.complete,
        "fields": [{name: str(value) for name, value in vector.items()} for vector in found.basis],
        "latex": [{name: value.latex() for name, value in vector.items()} for vector in found.basis],
    }
    if found.complete:
        algebra = found.algebra
        answer["algebra"] = {
            "derived_series": list(algebra.derived_series()),
            "solvable": algebra.is_solvable,
            "semisimple": algebra.is_semisimple,
            "radical": len(algebra.radical()),
        }
    if terminal.json:
        terminal.document(answer)
        return
    if found.dimension is None:
        more = f"; {found.finite_dimension} modulo superposition" if found.finite_dimension is not None else ""
        terminal.line(f"infinitely many: {functions} arbitrary functions of {variables} variables{more}", style="bold")
    else:
        terminal.line(f"dimension {found.dimension}, by completion of the determining equations", style="bold")
    told = "all of them" if found.complete else "those that the ansatz holds, not all"
    terminal.line(f"fields ({told}):")
    for vector in found.basis:
        terminal.line("  " + field_text(vector))
    if found.complete:
        series = answer["algebra"]["derived_series"]  # type: ignore[call-overload, index]
        terminal.line(f"derived series of dimensions {', '.join(map(str, series))}")


def sides(text: str) -> str:
    """Return an equation as what vanishes."""
    left, equals, right = text.partition("=")
    return f"({left}) - ({right})" if equals else text
