"""Equations, metrics, fields and functions as a person spells them at the command.

Definition: fields are what stands before an underscore, base coordinates are the letters behind it; decimals become exact fractions.
Convention: ``t`` comes first among coordinates, then the others in alphabetical order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from erlangen.errors import ParseError

__all__ = ["exact_decimals", "field_text", "jet_space", "metric", "periodic"]

_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)")


def jet_space(equations: Iterable[str], base: str | None, fields: str | None, constants: str | None) -> Any:
    """Return the jet space of equations, coordinates and fields read off where they are not given."""
    symbolic = import_module("erlangen.symbolic")
    return symbolic.jet_space_of(equations, base=base, fields=fields, constants=constants)


def metric(name: str, chart: str | None, dimension: int | None) -> Any:
    """Return a metric of the catalogue."""
    return import_module("erlangen.symbolic").spacetime(name, chart=chart, dimension=dimension)


def field_text(components: dict[str, Any]) -> str:
    """Return a vector field as ``f ∂_x + g ∂_y``."""
    parts = []
    for name, value in components.items():
        text = str(value)
        if text != "0":
            simple = len(value.numerator) == 1 and value.is_polynomial
            parts.append(f"∂_{name}" if text == "1" else f"{text} ∂_{name}" if simple else f"({text}) ∂_{name}")
    return " + ".join(parts) or "0"


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
