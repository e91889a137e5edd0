"""Elements evaluated at numbers, arrays or tensors: the numeric twin of an exact expression.

Definition: each polynomial by nested Horner rules in its generators; elementary functions and roots by those of their arguments.
Convention: values are anything with ``+ * /`` and, for adjoined functions, methods or NumPy functions: floats, NumPy arrays, torch tensors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.exact.differential.symbols import Root

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement

__all__ = ["evaluate", "to_callable"]


def to_callable(*elements: DifferentialElement) -> Callable[..., tuple[Any, ...]]:
    """Return a function of named values that evaluates the elements together; with torch tensors it is differentiable.

    Raises
    ------
    DomainError
        At a call, if a generator that occurs has no value.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> function = to_callable(ring["u"] ** 2, ring["u_x"] / ring["x"])
    >>> function(u=3.0, u_x=1.0, x=4.0)
    (9.0, 0.25)
    """
    programs = [_program(element) for element in elements]

    def call(**values: Any) -> tuple[Any, ...]:
        known = dict(values)
        return tuple(_run(program, element, known) for program, element in zip(programs, elements, strict=True))

    return call


def evaluate(element: DifferentialElement, values: Mapping[str, Any]) -> Any:
    """Return the value of an element; see :meth:`DifferentialElement.evaluate`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> evaluate(DifferentialRing("x")["x"] ** 3, {"x": 2})
    8
    """
    return _run(_program(element), element, dict(values))


def _program(element: DifferentialElement) -> tuple[Any, Any]:
    """Return numerator and denominator as nested tuples ``(name, {power: inner})`` with integers at the leaves."""
    names = element.ring.names
    top, bottom = element.pair

    def nest(terms: list[tuple[tuple[int, ...], int]], place: int) -> Any:
        while place < len(names) and not any(exponents[place] for exponents, _ in terms):
            place += 1
        if place == len(names):
            return terms[0][1] if terms else 0
        parts: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for term in terms:
            parts.setdefault(term[0][place], []).append(term)
        return names[place], [(power, nest(parts[power], place + 1)) for power in sorted(parts, reverse=True)]

    def read(polynomial: Any) -> Any:
        return nest([(tuple(int(e) for e in exponents), int(number)) for exponents, number in polynomial.terms()], 0)

    return read(top), None if bottom is None else read(bottom)


def _run(program: tuple[Any, Any], element: DifferentialElement, known: dict[str, Any]) -> Any:
    top, bottom = program
    value = _horner(top, element, known)
    return value if bottom is None else value / _horner(bottom, element, known)


def _horner(node: Any, element: DifferentialElement, known: dict[str, Any]) -> Any:
    if isinstance(node, int):
        return node
    name, parts = node
    base = _value(name, element, known)
    total, last = None, None
    for power, inner in parts:
        term = _horner(inner, element, known)
        total = term if total is None else total * base ** (last - power) + term
        last = power
    return total * base**last if last else total


def _value(name: str, element: DifferentialElement, known: dict[str, Any]) -> Any:
    """Return the value of a generator, that of an adjoined function from its argument."""
    if name in known:
        return known[name]
    ring = element.ring
    symbol = ring.symbol(ring.position(name))
    function, inside = name.partition("(")[0], None
    if isinstance(symbol, Root):
        inside, function = symbol.square, "sqrt" if function == name else function
        if function == "sin":  # the sign is the sine's, not the root's
            inside = ring.symbol(ring.position("cos" + name[3:])).argument  # type: ignore[union-attr]
    elif symbol.kind == "adjoined" and function != name:
        inside = symbol.argument
    if inside is None or function not in ("sin", "cos", "exp", "log", "sqrt"):
        message = f"the generator {name} has no value"
        raise DomainError(message, hint=f"give it: {name}=...")
    known[name] = _apply(function, _run(_program(inside), inside, known))
    return known[name]


def _apply(function: str, value: Any) -> Any:
    if isinstance(value, int | float):
        return getattr(math, function)(value)
    method = getattr(value, function, None)
    return method() if callable(method) else getattr(np, function)(value)
