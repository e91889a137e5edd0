"""``erlangen charges surface``: the surface charge of a vector field under changes of parameters.

Definition: Barnich and Brandt's form or Iyer and Wald's, on surfaces of constant first and second coordinate; several parameters are
    a one-form, integrated where its curvature vanishes.
Convention: METRIC as for ``killing``; values times G unless ``--newton`` names it; the sign makes the charge of ∂_t the mass.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import click

from erlangen.cli.charges.reading import metric, spelled, vector
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError, DomainWarning

__all__ = ["command"]


@verb("surface", epilog="Example: erlangen charges surface kerr --xi t --vary M --vary a --first-law")
@click.argument("name", metavar="METRIC")
@click.option("--xi", multiple=True, required=True, metavar="NAME[=TEXT]", help='Component, as "t" or "phi=-1".')
@click.option("--vary", multiple=True, required=True, metavar="NAME", help="A parameter that changes; repeatable.")
@click.option("--prescription", metavar="NAME", default="barnich-brandt", show_default=True, help="Or iyer-wald.")
@click.option("--newton", metavar="TEXT", default="1", show_default=True, help="Newton's constant.")
@click.option("--first-law", is_flag=True, help="Compare with the horizon.")
@click.option("--latex", is_flag=True, help="Write formulas in LaTeX.")
def command(terminal: Terminal, name: str, xi: tuple[str, ...], vary: tuple[str, ...], **options: Any) -> None:
    """Compute the change of a surface charge when parameters of a spacetime change."""
    symbolic = import_module("erlangen.symbolic")
    space = metric(name, None, None)
    field = vector(space, xi)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DomainWarning)
        form = symbolic.surface_charge(
            space, delta=vary, xi=field, prescription=options["prescription"],
            theory=symbolic.Einstein(newton=options["newton"]),
        )  # fmt: skip
        values = form.at_radius
    answer: dict[str, Any] = {
        "metric": name, "xi": {k: str(v) for k, v in field.items()}, "vary": vary[0] if len(vary) == 1 else list(vary),
        "prescription": options["prescription"], "variation": {k: str(v) for k, v in values.items()},
        "charge": str(values[vary[0]]) if len(vary) == 1 else None, "latex": values[vary[0]].latex(),
        "warnings": [str(warning.message) for warning in caught],
    }  # fmt: skip
    _integrate(form, answer)
    if options["first_law"]:
        law = form.first_law()
        answer["first_law"] = {
            "holds": law.holds, "surface_gravity": str(law.surface_gravity), "area_over_2pi": str(law.area),
            "angular_velocities": {k: str(v) for k, v in law.angular_velocities.items()},
            "eliminated": [law.eliminated[0], str(law.eliminated[1])],
        }  # fmt: skip
    if terminal.json:
        terminal.document({**answer, "density": {k: str(v) for k, v in form.density.items()}})
        return
    _print(terminal, form, answer, latex=options["latex"])


def _integrate(form: Any, answer: dict[str, Any]) -> None:
    """Add the charge, or why there is none."""
    try:
        answer["curvature"] = {f"{p} {q}": str(value) for (p, q), value in form.curvature.items()}
        answer["integrable"] = form.integrable
        answer["total"] = str(form.charge) if form.integrable else None
    except DomainError as error:
        answer["total"] = None
        answer["warnings"].append(str(error))


def _print(terminal: Terminal, form: Any, answer: dict[str, Any], *, latex: bool) -> None:
    for name, value in form.at_radius.items():
        change = rf"\partial Q/\partial {name}" if latex else f"∂Q/∂{name}"
        terminal.line(f"{change} = {spelled(value, latex)}", style="bold")
    if answer["total"] is not None:
        terminal.line(f"Q = {spelled(form.charge, latex)}")
    for pair, value in answer.get("curvature", {}).items():
        terminal.line(f"not integrable: curvature {value} in {pair}")
    for text in answer["warnings"]:
        terminal.line(f"warning: {text}")
    if "first_law" in answer:
        law = answer["first_law"]
        terminal.line("the first law " + ("holds" if law["holds"] else "does not hold"), style="bold")
        terminal.line(
            f"with {law['eliminated'][0]} = {law['eliminated'][1]}: κ = {law['surface_gravity']}, A/2π = {law['area_over_2pi']}"
        )
        for name, value in law["angular_velocities"].items():
            terminal.line(f"  Ω_{name} = {value}")
    for name, value in form.density.items():
        terminal.line(
            f"16π times the density for {name} on surfaces of constant {form.fixed[0]}, {form.fixed[1]}: {spelled(value, latex)}"
        )
