"""``erlangen charges surface``: the surface charge of a vector field under the change of a parameter.

Definition: Barnich and Brandt's form or Iyer and Wald's, on surfaces of constant first and second coordinate, exact at every radius.
Convention: values times G where the metric has no G; the sign makes the charge of ∂_t the mass.
"""

from __future__ import annotations

from importlib import import_module

import click

from erlangen.cli.charges.reading import metric
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import ParseError

__all__ = ["command"]


@verb("surface", epilog="Example: erlangen charges surface kerr --xi phi=1 --vary a")
@click.argument("name", metavar="METRIC")
@click.option("--xi", multiple=True, required=True, metavar="NAME[=TEXT]", help='Component, as "t" or "phi=-1".')
@click.option("--vary", required=True, metavar="NAME", help="The parameter that changes.")
@click.option("--prescription", metavar="NAME", default="barnich-brandt", show_default=True, help="Or iyer-wald.")
def command(terminal: Terminal, name: str, xi: tuple[str, ...], vary: str, prescription: str) -> None:
    """Compute the change of a surface charge when a parameter of a spacetime changes."""
    symbolic = import_module("erlangen.symbolic")
    space = metric(name, None, None)
    ring = space.ring
    field = {}
    for text in xi:
        head, equals, body = text.partition("=")
        if head.strip() not in ring.coordinates:
            message = f"--xi {text}: {head.strip()!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise ParseError(message, hint="name a component by its coordinate")
        field[head.strip()] = ring.parse(body) if equals else ring.constant(1)
    form = symbolic.charge_form(space, symbolic.metric_variation(space, vary), field, prescription=prescription)
    bounds = {"x": (-1, 1)} if "x" in ring.coordinates and "phi" in ring.coordinates else {}
    circles = tuple(coordinate for coordinate in ("phi",) if coordinate in ring.coordinates)
    value = form.integrate(bounds, circles=circles)
    answer = {"metric": name, "xi": {k: str(v) for k, v in field.items()}, "vary": vary, "prescription": prescription,
              "charge": str(value), "latex": value.latex()}  # fmt: skip
    if terminal.json:
        terminal.document({**answer, "density": str(form.density)})
        return
    terminal.line(f"∂Q/∂{vary} = {value}", style="bold")
    terminal.line(f"16π times the density on surfaces of constant {form.surface[0]}, {form.surface[1]}: {form.density}")
