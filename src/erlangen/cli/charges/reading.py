"""Equations, metrics, fields and functions as a person spells them at the command.

Definition: fields are what stands before an underscore, base coordinates are the letters behind it; decimals become exact fractions.
Convention: ``t`` comes first among coordinates, then the others in alphabetical order.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from erlangen.errors import ParseError

__all__ = ["exact_decimals", "field_text", "jet_space", "metric", "periodic", "spelled", "vector"]

_DIFFERENTIAL = re.compile(r"[*+(/^-].*\bd[^\W\d_]|\bd[^\W\d_]\w*\s*\^")
_METRIC_KEYS = frozenset({"coordinates", "constants", "functions", "line_element", "matrix"})
_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)")


def jet_space(equations: Iterable[str], base: str | None, fields: str | None, constants: str | None) -> Any:
    """Return the jet space of equations, coordinates and fields read off where they are not given."""
    symbolic = import_module("erlangen.symbolic")
    return symbolic.jet_space_of(equations, base=base, fields=fields, constants=constants)


def metric(name: str, chart: str | None, dimension: int | None) -> Any:
    """Return a metric of the catalogue, of a line element, or of a TOML file with one."""
    symbolic = import_module("erlangen.symbolic")
    if name.endswith(".toml"):
        return _metric_of_file(Path(name))
    if name not in symbolic.SPACETIMES and _DIFFERENTIAL.search(name):
        return symbolic.parse_metric(name)
    return symbolic.spacetime(name, chart=chart, dimension=dimension)


def _metric_of_file(path: Path) -> Any:
    """Return the metric of a file: ``line_element``, or ``coordinates`` and ``matrix``; ``constants`` and ``functions`` if wanted."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ParseError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not a TOML file: {error}"
        raise ParseError(message) from error
    unknown = sorted(set(given) - _METRIC_KEYS)
    if unknown or ("line_element" in given) == ("matrix" in given):
        message = f"{path}: " + (f"the key {unknown[0]!r} is unknown" if unknown else "give line_element or matrix")
        raise ParseError(message, hint="keys are " + ", ".join(sorted(_METRIC_KEYS)))
    symbolic = import_module("erlangen.symbolic")
    options = {key: given[key] for key in ("coordinates", "constants", "functions") if key in given}
    if "line_element" in given:
        return symbolic.parse_metric(given["line_element"], **options)
    names = str(given.get("coordinates", "")).split()
    rows = given["matrix"]
    if not isinstance(rows, list) or len(rows) != len(names) or any(len(row) != len(names) for row in rows):
        message = f"{path}: matrix is not {len(names)} x {len(names)}, as the coordinates {' '.join(names)!r} ask for"
        raise ParseError(message, hint='coordinates = "t r", matrix = [["-1", "0"], ["0", "1"]]')
    terms = [f"({entry})*d{names[i]}*d{names[j]}" for i, row in enumerate(rows) for j, entry in enumerate(row)]
    return symbolic.parse_metric(" + ".join(terms), **options)


def vector(space: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    """Return a vector field given by ``name`` or ``name=expression`` for each component."""
    ring, field = space.ring, {}
    for text in parts:
        head, equals, body = text.partition("=")
        if head.strip() not in ring.coordinates:
            message = f"--xi {text}: {head.strip()!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise ParseError(message, hint="name a component by its coordinate")
        field[head.strip()] = ring.parse(exact_decimals(body)) if equals else ring.constant(1)
    return field


def spelled(value: Any, latex: bool) -> str:
    """Return an exact value as text, or in LaTeX."""
    return str(value.latex()) if latex else str(value)


def field_text(components: dict[str, Any], *, latex: bool = False) -> str:
    """Return a vector field as ``f ∂_x + g ∂_y``, or in LaTeX."""
    parts = []
    for name, value in components.items():
        text = spelled(value, latex)
        along = rf"\,\partial_{{{value.ring[name].latex()}}}" if latex else f" ∂_{name}"
        if text != "0":
            simple = (
                len(value.numerator) == 1 if value.is_polynomial else latex
            )  # a fraction in LaTeX needs no brackets
            left, right = (r"\left(", r"\right)") if latex else ("(", ")")
            front = "" if text == "1" else text if simple else f"{left}{text}{right}"
            parts.append((front + along).removeprefix(r"\,").strip())
    return " + ".join(parts).replace("+ -", "- ") or "0"


def exact_decimals(text: str) -> str:
    """Return a text with decimals written as fractions: ``0.3`` becomes ``(3/10)``."""
    return _DECIMAL.sub(lambda found: f"({int(found[1] + found[2])}/{10 ** len(found[2])})", text)


def periodic(text: str, name: str) -> Any:
    """Return a function of phi, given as ``name=expression``, that takes arrays."""
    head, equals, body = text.partition("=")
    if not equals or head.strip() != name:
        message = f"{text!r} is not of the form {name}=expression"
        raise ParseError(message, hint=f'write "{name}=-1+0.3*cos(phi)"')
    ring = import_module("erlangen.exact").DifferentialRing("phi")
    element = ring.parse(exact_decimals(body))
    return lambda phi: element.evaluate({"phi": phi}) + 0 * phi
