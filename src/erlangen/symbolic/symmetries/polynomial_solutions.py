"""Polynomial solutions of a complete linear system of partial differential equations.

Definition: ``∂_J x^a = a!/(a-J)! x^(a-J)`` on monomials, so that every equation gives linear conditions on coefficients; equations
    ``∂_J f = 0`` leave out monomials beforehand.
Convention: one basis of the solutions of bounded total degree; generators of coefficients other than the variables stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import perm, prod
from typing import Any, TypeAlias

from erlangen.exact import DifferentialElement, nullspace
from erlangen.exact.differential.terms import from_terms
from erlangen.symbolic.symmetries.completion import Equation, Index
from erlangen.symbolic.symmetries.linear_system import LinearSystem

__all__ = ["polynomial_solutions"]

Coefficient: TypeAlias = list[
    tuple[tuple[Any, ...], Index, Any]
]  # other generators, exponents of the variables, number


def polynomial_solutions(
    system: LinearSystem, variables: tuple[str, ...], degree: int
) -> list[dict[str, DifferentialElement]]:
    """Return a basis of the solutions that are polynomials of at most a degree in some coordinates.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> from erlangen.symbolic import complete_linear_system
    >>> ring = DifferentialRing("x y", functions="f")
    >>> system = complete_linear_system([ring.parse("f_xx - 2*f_y"), ring.parse("f_xy")], ("f",))
    >>> [solution["f"] for solution in polynomial_solutions(system, ("x", "y"), 2)]
    [1, x, x^2 + y]
    """
    equations = [_coefficients(equation, system, variables) for equation in system.equations]
    shapes = [
        (name, powers) for name in system.functions for powers in _shapes(equations, name, len(variables), degree)
    ]
    rows: dict[Any, dict[int, Any]] = {}
    for column, (name, powers) in enumerate(shapes):
        for place, equation in enumerate(equations):
            for (function, index), coefficient in equation:
                if function != name or any(a < j for a, j in zip(powers, index, strict=True)):
                    continue
                factor = prod(map(perm, powers, index))
                for others, exponents, number in coefficient:
                    target = tuple(a - j + e for a, j, e in zip(powers, index, exponents, strict=True))
                    row = rows.setdefault((place, others, target), {})
                    row[column] = row.get(column, 0) + factor * number
    solutions = []
    for vector in nullspace(rows.values(), len(shapes)):
        terms: dict[str, dict[Any, Any]] = {name: {} for name in system.functions}
        for column, value in vector.items():
            name, powers = shapes[column]
            terms[name][tuple((v, p) for v, p in zip(variables, powers, strict=True) if p)] = value
        solutions.append({name: from_terms(system.ring, part) for name, part in terms.items()})
    return solutions


def _coefficients(
    equation: Equation, system: LinearSystem, variables: tuple[str, ...]
) -> list[tuple[tuple[str, Index], Coefficient]]:
    """Return an equation free of denominators, its coefficients by monomials."""
    ring = system.ring
    common = ring.constant(1)
    for value in equation.values():
        if not value.is_polynomial:
            common = common * (value * common).denominator
    constants = set(ring.constants)
    found = []
    for (function, index), value in equation.items():
        of = ring.functions[function]
        whole = value * common
        moving = [name for name in whole.generators if name not in constants]
        parts: Coefficient = []
        for powers, number in whole.coefficients(*moving).items():
            present = dict(zip(moving, powers, strict=True))
            exponents = tuple(present.pop(name, 0) for name in variables)
            others = tuple((name, power) for name, power in present.items() if power)
            rational = number.rational()
            value_: Any = number if rational is None else _plain(rational)
            parts.append((others, exponents, value_))
        counts = dict(zip(of, index, strict=True))
        found.append(((function, tuple(counts.get(name, 0) for name in variables)), parts))
    return found


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _shapes(
    equations: list[list[tuple[tuple[str, Index], Coefficient]]], name: str, size: int, degree: int
) -> Iterator[Index]:
    """Yield the exponents of monomials that no equation ``∂_J f = 0`` forbids."""
    killers = [
        index for equation in equations if len(equation) == 1 for (function, index), _ in equation if function == name
    ]

    def extend(head: Index, left: int) -> Iterator[Index]:
        if len(head) == size:
            if not any(all(a >= j for a, j in zip(head, killer, strict=True)) for killer in killers):
                yield head
            return
        for power in range(left + 1):
            yield from extend((*head, power), left - power)

    yield from extend((), degree)
