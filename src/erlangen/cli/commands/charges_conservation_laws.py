"""``erlangen charges conservation-laws``: conserved currents by multipliers, or densities of one rank.

Definition: multipliers polynomial of a degree in coordinates and derivatives up to an order; ``--rank`` takes densities of a scaling weight.
Convention: complete for the ansatz, and no further.
"""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import jet_space
from erlangen.cli.commands.charges_symmetries import sides
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command"]


@verb(
    "conservation-laws", epilog='Example: erlangen charges conservation-laws "u_t+6*u*u_x+u_xxx" --order 0 --degree 2'
)
@click.argument("equations", nargs=-1, required=True, metavar="EQUATION…")
@click.option("--base", metavar="NAMES", help='Coordinates, as "t x" [default: the letters of the derivatives].')
@click.option("--fields", metavar="NAMES", help="Fields [default: what stands before an underscore].")
@click.option("--constants", metavar="NAMES", help="Letters that are parameters.")
@click.option("--order", type=click.IntRange(0, 6), default=0, show_default=True, help="Of derivatives in multipliers.")
@click.option("--degree", type=click.IntRange(0, 8), default=2, show_default=True, help="Of multipliers.")
@click.option("--rank", metavar="NUMBER", help="Densities of this scaling weight instead, of an evolution equation.")
@click.option("--latex", is_flag=True, help="Write formulas in LaTeX.")
def command(terminal: Terminal, equations: tuple[str, ...], **options: Any) -> None:
    """Find conservation laws of differential equations."""
    symbolic = import_module("erlangen.symbolic")
    texts = [sides(text) for text in equations]
    system = symbolic.DifferentialSystem(
        jet_space(texts, options["base"], options["fields"], options["constants"]), texts
    )
    if options["rank"] is not None:
        rank = _rank(options["rank"])
        found = symbolic.conserved_densities(system, rank)
        densities = [str(value) for value in found]
        if terminal.json:
            terminal.document(
                {
                    "equations": list(equations),
                    "rank": str(rank),
                    "densities": densities,
                    "latex": [value.latex() for value in found],
                }
            )
            return
        terminal.line(f"{len(densities)} conserved densities of rank {rank}", style="bold")
        for text in [value.latex() for value in found] if options["latex"] else densities:
            terminal.line("  " + text)
        return
    laws = symbolic.conservation_laws(system, order=options["order"], degree=options["degree"])
    rows: list[dict[str, Any]] = [
        {
            "multipliers": [str(q) for q in law.multipliers],
            "current": {k: str(v) for k, v in law.current.items()},
            "latex": {k: v.latex() for k, v in law.current.items()},
        }
        for law in laws
    ]
    if terminal.json:
        terminal.document({"equations": list(equations), "laws": rows})
        return
    terminal.line(f"{len(rows)} conservation laws with such multipliers", style="bold")
    for row in rows:
        terminal.line(f"multiplier {', '.join(row['multipliers'])}")
        for name, text in row["latex" if options["latex"] else "current"].items():
            terminal.line(f"  J^{name} = {text}")


def _rank(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        message = f"{text!r} is not a number"
        raise click.BadParameter(message, param_hint="--rank") from error
