"""Elements evaluated at numbers, arrays or tensors: the numeric twin of an exact expression.

Definition: each polynomial by nested Horner rules in its generators, equal steps of all elements once; elementary functions and roots by those
    of their arguments.
Convention: values are anything with ``+ * /`` and, for adjoined functions, methods or NumPy functions: floats, NumPy arrays, torch tensors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.exact.differential.symbols import Root

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement

__all__ = ["evaluate", "to_callable"]

_FUNCTIONS = ("sin", "cos", "exp", "log", "sqrt")


def to_callable(*elements: DifferentialElement, names: Iterable[str] | None = None) -> Callable[..., tuple[Any, ...]]:
    """Return a function of named values that evaluates the elements together; with torch tensors it is differentiable.

    Parameters
    ----------
    *elements : DifferentialElement
    names : iterable of str, optional
        What will be given; the steps are then written at once, otherwise at the first call with these names.

    Raises
    ------
    DomainError
        If a generator that occurs has no value: at a call, or at once if names are given.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> function = to_callable(ring["u"] ** 2, ring["u_x"] / ring["x"])
    >>> function(u=3.0, u_x=1.0, x=4.0)
    (9.0, 0.25)
    """
    compiled: dict[frozenset[str], _Program] = {}
    if names is not None:
        return _Program(elements, frozenset(names)).of

    def call(**values: Any) -> tuple[Any, ...]:
        given = frozenset(values)
        if given not in compiled:
            compiled[given] = _Program(elements, given)
        return compiled[given].run(values)

    return call


def evaluate(element: DifferentialElement, values: Mapping[str, Any]) -> Any:
    """Return the value of an element; see :meth:`DifferentialElement.evaluate`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> evaluate(DifferentialRing("x")["x"] ** 3, {"x": 2})
    8
    """
    return _Program((element,), frozenset(values)).run(values)[0]


class _Program:
    """A straight line of steps ``(operation, operands)`` in which equal steps are one; each value is let go after its last use."""

    def __init__(self, elements: tuple[DifferentialElement, ...], given: frozenset[str]) -> None:
        self.given = given
        self.steps: list[tuple[str, Any, Any]] = []
        self._places: dict[tuple[str, Any, Any], int] = {}
        self.results = [self._element(element) for element in elements]
        last = {place: number for number, step in enumerate(self.steps) for place in _operands(step)}
        self.dead: list[list[int]] = [[] for _ in self.steps]
        for place, number in last.items():
            if place not in self.results:
                self.dead[number].append(place)

    def run(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of the elements."""
        at: list[Any] = []
        for (operation, a, b), dead in zip(self.steps, self.dead, strict=True):
            if operation == "*":
                at.append(at[a] * at[b])
            elif operation == "+":
                at.append(at[a] + at[b])
            elif operation == "/":
                at.append(at[a] / at[b])
            elif operation == "value":
                at.append(values[a])
            else:
                at.append(a if operation == "number" else _apply(operation, at[a]))
            for place in dead:
                at[place] = None
        return tuple(at[place] for place in self.results)

    def of(self, **values: Any) -> tuple[Any, ...]:
        """Return the values of the elements at named values."""
        return self.run(values)

    # -- writing the steps ---------------------------------------------------------------------------------------------------------
    def _step(self, operation: str, a: Any, b: Any = None) -> int:
        if operation in "+*" and a > b:
            a, b = b, a
        step = operation, a, b
        if step not in self._places:
            self._places[step] = len(self.steps)
            self.steps.append(step)
        return self._places[step]

    def _element(self, element: DifferentialElement) -> int:
        top, bottom = element.pair
        value = self._polynomial(top, element)
        return value if bottom is None else self._step("/", value, self._polynomial(bottom, element))

    def _polynomial(self, polynomial: Any, element: DifferentialElement) -> int:
        terms = [(tuple(int(e) for e in exponents), int(number)) for exponents, number in polynomial.terms()]
        return self._nest(terms, 0, element) if terms else self._step("number", 0)

    def _nest(self, terms: list[tuple[tuple[int, ...], int]], place: int, element: DifferentialElement) -> int:
        """Write Horner's rule in the generator at a place, with coefficients nested in those that follow."""
        names = element.ring.names
        while place < len(names) and not any(exponents[place] for exponents, _ in terms):
            place += 1
        if place == len(names):
            return self._step("number", terms[0][1])
        parts: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for term in terms:
            parts.setdefault(term[0][place], []).append(term)
        base, total, last = self._value(names[place], element), None, 0
        for power in sorted(parts, reverse=True):
            inner = self._nest(parts[power], place + 1, element)
            total = inner if total is None else self._step("+", self._times_power(total, base, last - power), inner)
            last = power
        return self._times_power(total, base, last)  # type: ignore[arg-type]  # there is a term

    def _times_power(self, value: int, base: int, power: int) -> int:
        while power:
            if power & 1:
                value = base if self.steps[value] == ("number", 1, None) else self._step("*", value, base)
            power >>= 1
            if power:
                base = self._step("*", base, base)
        return value

    def _value(self, name: str, element: DifferentialElement) -> int:
        """Write the value of a generator, that of an adjoined function from its argument."""
        if name in self.given:
            return self._step("value", name)
        ring = element.ring
        symbol = ring.symbol(ring.position(name))
        function, inside = name.partition("(")[0], None
        if isinstance(symbol, Root):
            inside, function = symbol.square, "sqrt" if function == name else function
            if function == "sin":  # the sign is the sine's, not the root's
                inside = ring.symbol(ring.position("cos" + name[3:])).argument  # type: ignore[union-attr]
        elif symbol.kind == "adjoined" and function != name:
            inside = symbol.argument
        if inside is None or function not in _FUNCTIONS:
            message = f"the generator {name} has no value"
            raise DomainError(message, hint=f"give it: {name}=...")
        return self._step(function, self._element(inside))


def _operands(step: tuple[str, Any, Any]) -> tuple[int, ...]:
    operation, a, b = step
    return (a, b) if operation in "+*/" else (a,) if operation in _FUNCTIONS else ()


def _apply(function: str, value: Any) -> Any:
    if isinstance(value, int | float):
        return getattr(math, function)(value)
    method = getattr(value, function, None)
    return method() if callable(method) else getattr(np, function)(value)
