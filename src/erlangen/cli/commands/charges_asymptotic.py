"""``erlangen charges asymptotic``: solutions, symmetries, charges and central charge from a file with gauge and fall-offs.

Definition: a TOML file with ``coordinates``, ``radial``, tables ``gauge`` and ``falloff``, and optionally ``background``, ``names``,
    ``constants``, ``cosmological_constant``, ``determinants``, ``absent``, ``logs``, ``functions``, ``order``.
Convention: charges are printed times 16πG, as what stands beside each parameter under the integral over the cut; a flux stands apart.
"""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen.cli.charges.reading import spelled
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import ParseError

__all__ = ["command"]

_KEYS = {
    "coordinates",
    "radial",
    "gauge",
    "falloff",
    "background",
    "names",
    "constants",
    "cosmological_constant",
    "determinants",
    "absent",
    "logs",
    "functions",
    "order",
}
_SECTIONS = {
    "metric": "metric",
    "the data obey": "rules",
    "generators": "generators",
    "parameters obey": "parameter_rules",
    "how the data move": "action",
    "16πG charge density beside each parameter": "charges",
    "16πG flux beside each parameter": "flux",
    "bracket": "bracket",
}


@verb("asymptotic", epilog="Example: erlangen charges asymptotic bondi.toml")
@click.argument("problem", metavar="PROBLEM.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--latex", is_flag=True, help="Write formulas in LaTeX.")
def command(terminal: Terminal, problem: Path, *, latex: bool) -> None:
    """Derive asymptotic symmetries and their charges from gauge and fall-offs."""
    symbolic = import_module("erlangen.symbolic")
    given = _read(problem)
    order = given.pop("order", 3)
    solution = symbolic.AsymptoticProblem(given.pop("coordinates"), given.pop("radial"), **given).solve_einstein(order)
    found = solution.symmetries()
    names = found.ring.coordinates
    split, extension = found.split(), found.central_extension
    answer = {
        "free": list(solution.free),
        "rules": _texts(solution.rules, latex),
        "unsolved": [spelled(equation, latex) for equation in solution.unsolved],
        "metric": {
            f"{names[i]} {names[j]}": spelled(value.element() if (i, j) in solution.problem.gauge else value, latex)
            for (i, j), value in solution.metric.items()
        },
        "parameters": list(found.parameters),
        "parameter_rules": _texts(found.rules, latex),
        "generators": {names[k]: spelled(value, latex) for k, value in found.components.items()},
        "action": _texts(found.action, latex),
        "charges": _texts(split.charges, latex),
        "flux": _texts({name: value for name, value in split.flux.items() if value}, latex),
        "bracket": _texts(found.bracket, latex),
        "central_extension": {
            "terms": _texts(extension.terms, latex),
            "antisymmetric": extension.antisymmetric,
            "trivial": extension.trivial,
            "beside": _texts(extension.beside, latex),
        },
    }
    if terminal.json:
        terminal.document(answer)
        return
    for equation in answer["unsolved"]:  # type: ignore[attr-defined]
        terminal.line(f"left unsolved: {equation} = 0", style="bold")
    for title, key in _SECTIONS.items():
        if answer[key]:
            terminal.line(title, style="bold")
        for name, text in answer[key].items():  # type: ignore[attr-defined]
            terminal.line(f"  {name}: {text}")
    kind = " (trivial)" if extension.trivial else " (depends on the data)" if extension.beside else ""
    terminal.line("central extension" + kind, style="bold")
    for name, value in (extension.beside or extension.terms).items():
        terminal.line(f"  {name}: {spelled(value, latex)}")


def _texts(values: dict[str, Any], latex: bool) -> dict[str, str]:
    return {name: spelled(value, latex) for name, value in values.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not a TOML file: {error}"
        raise ParseError(message) from error
    unknown, missing = sorted(set(given) - _KEYS), sorted({"coordinates", "radial", "gauge", "falloff"} - set(given))
    if unknown or missing:
        message = f"{path}: " + (
            f"the key {unknown[0]!r} is unknown" if unknown else f"the key {missing[0]!r} is missing"
        )
        raise ParseError(message, hint="keys are " + ", ".join(sorted(_KEYS)))
    return given
