"""Symmetry algebras on the page: fields, brackets and the drawn graph for equations that a person types.

Definition: :func:`describe_symmetries` finds the point symmetries; :func:`symmetry_examples` are those that the page shows without a server.
Convention: equations are separated by semicolons, ``=`` splits two sides; linear equations are shown modulo superposition.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any

from erlangen.errors import DomainError, ParseError, ResourceLimitError
from erlangen.gallery.algebra_graph import algebra_graph
from erlangen.gallery.algebra_parts import AlgebraParts, algebra_parts

__all__ = ["EXAMPLES", "describe_symmetries", "symmetry_examples"]

EXAMPLES = (
    ("Korteweg–de Vries", "u_t + 6*u*u_x + u_xxx = 0"),
    ("Heat", "u_t = u_xx"),
    ("Burgers", "u_t + u*u_x = u_xx"),
    ("A free particle", "y_xx = 0"),
    ("Harry Dym", "u_t = u^3*u_xxx"),
    ("Sine–Gordon", "u_tt - u_xx + sin(u) = 0"),
)
_LETTERS, _EQUATIONS, _MOST, _LIMIT = 600, 4, 16, 20_000
_DECIMAL = re.compile(r"(?<![\w.])(\d*)\.(\d+)")
_SYMBOLS = {"−": "-", "·": "*"}


def describe_symmetries(equation: str, *, constants: str = "", title: str | None = None) -> dict[str, Any]:
    """Return the point symmetries of equations with their brackets, their parts and a graph.

    Raises
    ------
    ErlangenError
        If the text is no system of differential equations, or larger than a page may compute.
    """
    symbolic = import_module("erlangen.symbolic")
    texts = _sides(equation)
    space = symbolic.jet_space_of(texts, constants=constants)
    found = symbolic.lie_symmetries(symbolic.DifferentialSystem(space, texts), degree=3, limit=_LIMIT)
    functions, variables = found.free_functions
    told = {
        "name": title or equation,
        "equation": equation,
        "dimension": found.dimension,
        "finite_dimension": found.finite_dimension,
        "free_functions": {"count": functions, "variables": variables},
    }
    try:
        fields, algebra = found.finite_basis, found.finite_algebra
    except DomainError as error:
        texts = [_field_text(vector) for vector in found.basis[:_MOST]]
        return {**told, "complete": False, "why": error.message, "fields": texts, "parts": None, "graph": None}
    if len(fields) > _MOST:
        message = f"{len(fields)} symmetries are more than this page draws"
        raise ResourceLimitError(message, hint="use 'erlangen charges symmetries' in a shell")
    parts = algebra_parts(algebra)
    return {**told, "complete": True, "why": None, **_shown(parts, fields, title or equation)}


def _shown(parts: AlgebraParts, fields: Any, title: str) -> dict[str, Any]:
    """Return the texts and the picture of an algebra."""
    texts = [_field_text(_combined(vector, fields)) for vector in parts.basis]
    brackets = [[i, j, _sum_text(value)] for (i, j), value in parts.brackets.items()]
    sizes = {name: parts.dimension(name) for name in ("levi", "nilpotent", "rest")}
    label = f"Structure constants of {title}: {len(texts)} elements, {len(brackets)} brackets that do not vanish"
    return {
        "fields": texts,
        "parts": list(parts.parts),
        "sizes": sizes,
        "diagonal": list(parts.diagonal),
        "derived_series": list(parts.derived_series),
        "brackets": brackets,
        "graph": algebra_graph(parts, label),
    }


def _sides(text: str) -> list[str]:
    """Return the equations of a text as what vanishes."""
    if not 0 < len(text.strip()) <= _LETTERS:
        message = f"the equations must have 1 to {_LETTERS} characters, not {len(text)}"
        raise ParseError(message)
    for symbol, sign in _SYMBOLS.items():
        text = text.replace(symbol, sign)
    text = _DECIMAL.sub(lambda found: f"({int(found[1] + found[2])}/{10 ** len(found[2])})", text)
    found = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(found) > _EQUATIONS:
        message = f"{len(found)} equations are more than this page takes"
        raise ResourceLimitError(message, hint=f"give at most {_EQUATIONS}")
    return [f"({left}) - ({right})" if sign else left for left, sign, right in (part.partition("=") for part in found)]


def _combined(vector: tuple[Fraction, ...], fields: Any) -> dict[str, Any]:
    """Return the combination of vector fields with given weights."""
    return {
        name: sum((weight * fields[k][name] for k, weight in enumerate(vector) if weight), 0 * fields[0][name])
        for name in fields[0]
    }


def _field_text(components: dict[str, Any]) -> str:
    parts = []
    for name, value in components.items():
        text = str(value)
        if text == "0":
            continue
        if text in ("1", "-1"):
            parts.append(f"{text[:-1]}∂_{name}")
        else:
            simple = len(value.numerator) == 1 or text.startswith("(")
            parts.append(f"{text} ∂_{name}" if simple else f"({text}) ∂_{name}")
    return " + ".join(parts).replace("+ -", "− ").replace("-", "−") or "0"


def _sum_text(value: dict[int, Fraction]) -> str:
    """Return ``Σ c X_k``, indices from 1.

    Examples
    --------
    >>> _sum_text({0: Fraction(-3, 2), 2: Fraction(1)})
    '−3/2 X1 + X3'
    """
    parts = [f"{'' if abs(c) == 1 else f'{abs(c)} '}X{k + 1}" for k, c in value.items()]
    signs = ["−" if c < 0 else "+" for c in value.values()]
    rest = "".join(f" {sign} {part}" for sign, part in zip(signs[1:], parts[1:], strict=True))
    return ("−" if signs[0] == "−" else "") + parts[0] + rest


@cache
def symmetry_examples() -> tuple[dict[str, Any], ...]:
    """Return the equations that the page shows without a server."""
    return tuple(describe_symmetries(text, title=name) for name, text in EXAMPLES)
