"""Solutions of a complete linear system in a finite-dimensional space of functions.

Definition: polynomials of bounded degree in all variables together, times given factors; the conditions on their weights are solved exactly.
Convention: degrees are tried one after the other, until as many solutions are found as there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TypeAlias

from erlangen.exact import DifferentialElement, DifferentialRing, nullspace
from erlangen.symbolic.symmetries.linear_conditions import condition_rows
from erlangen.symbolic.symmetries.linear_system import LinearSystem
from erlangen.symbolic.symmetries.polynomial_solutions import polynomial_solutions

__all__ = ["ansatz_solutions"]

Solution: TypeAlias = dict[str, DifferentialElement]


def ansatz_solutions(
    system: LinearSystem, variables: tuple[str, ...], degree: int, factors: Sequence[DifferentialElement] = ()
) -> list[Solution]:
    """Return solutions by unknown: polynomials up to a degree, and their products with the factors.

    Examples
    --------
    >>> from erlangen.symbolic import complete_linear_system
    >>> ring = DifferentialRing("x", functions="f")
    >>> system = complete_linear_system([ring.parse("f_xx - f")], ("f",))
    >>> [solution["f"] for solution in ansatz_solutions(system, ("x",), 1, (ring.parse("exp(x)"),))]
    [exp(x)]
    """
    found: list[Solution] = []
    for tried in range(1, degree + 1):
        found = (
            _with_factors(system, variables, tried, factors)
            if factors
            else polynomial_solutions(system, variables, tried)
        )
        if system.dimension is not None and len(found) == system.dimension:
            break
    return found


def _with_factors(
    system: LinearSystem, variables: tuple[str, ...], degree: int, factors: Sequence[DifferentialElement]
) -> list[Solution]:
    ring = system.ring
    zero = ring.constant(0)
    shapes = list(_shapes(ring, variables, degree, factors))
    columns: list[list[DifferentialElement]] = []
    for unknown in system.functions:
        of = ring.functions[unknown]
        for shape in shapes:
            images = []
            for equation in system.equations:
                total = zero
                for (name, index), value in equation.items():
                    if name == unknown:
                        along = [coordinate for coordinate, count in zip(of, index, strict=True) for _ in range(count)]
                        total = total + value * shape.derivative(*along)
                images.append(total)
            columns.append(images)
    solutions = []
    for vector in nullspace(condition_rows(columns), len(columns)):
        solution = dict.fromkeys(system.functions, zero)
        for column, weight in vector.items():
            place, k = divmod(column, len(shapes))
            name = system.functions[place]
            solution[name] = solution[name] + weight * shapes[k]
        solutions.append(solution)
    return solutions


def _shapes(
    ring: DifferentialRing, variables: tuple[str, ...], degree: int, factors: Sequence[DifferentialElement]
) -> Iterator[DifferentialElement]:
    for powers in product(range(degree + 1), repeat=len(variables)):
        if sum(powers) <= degree:
            monomial = ring.constant(1)
            for name, power in zip(variables, powers, strict=True):
                monomial = monomial * ring[name] ** power
            yield monomial
            for factor in factors:
                yield monomial * factor
