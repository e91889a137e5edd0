"""Lie point symmetries: dimension first, then vector fields, then their algebra.

Definition: the determining equations are completed, which counts their solutions; solutions are then sought in a finite-dimensional
    space of functions and are all of them when they are as many as counted.
Convention: ``complete`` is true only where the count says so; symmetries with arbitrary functions are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, nullspace, solve_linear
from erlangen.symbolic.symmetries.determining import Determining, determining_equations
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra
from erlangen.symbolic.symmetries.linear_system import LinearSystem, complete_linear_system
from erlangen.validation import check_integer

__all__ = ["SymmetryAlgebra", "lie_symmetries"]

Field: TypeAlias = dict[str, DifferentialElement]


@final
@dataclass(frozen=True)
class SymmetryAlgebra:
    """The point symmetries of a system of differential equations.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> S = lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"]))
    >>> S.dimension, S.complete, len(S.basis)
    (4, True, 4)
    """

    variables: tuple[str, ...]
    determining: Determining
    completed: LinearSystem
    basis: tuple[Field, ...]
    complete: bool
    quotient: LinearSystem | None = field(default=None)

    @property
    def dimension(self) -> int | None:
        """The dimension of the algebra, ``None`` where arbitrary functions occur.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).dimension
        8
        """
        return self.completed.dimension

    @property
    def finite_dimension(self) -> int | None:
        """The dimension modulo superposition ``X = f(x) ∂_u``, for equations linear in the fields.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])).finite_dimension
        6
        """
        return self.dimension if self.quotient is None else self.quotient.dimension

    @property
    def free_functions(self) -> tuple[int, int]:
        """How many arbitrary functions occur, and of how many variables; ``(0, 0)`` for none.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])).free_functions
        (2, 1)
        """
        variables = self.completed.free_variables
        return (self.completed.free_functions, variables) if variables else (0, 0)

    @cached_property
    def algebra(self) -> LieAlgebra:
        """The Lie algebra of the basis, with exact structure constants.

        Raises
        ------
        DomainError
            If the basis is not complete, or its brackets need parameters of the equations.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).algebra.is_semisimple
        True
        """
        if not self.complete:
            message = "the algebra is known only where all symmetries are"
            raise DomainError(message, hint="raise degree, or give further functions to the ansatz")
        columns = [list(vector.values()) for vector in self.basis]
        table = {}
        for i, left in enumerate(self.basis):
            for j in range(i + 1, len(self.basis)):
                target = list(self.bracket(left, self.basis[j]).values())
                weights = _combination(columns, target)
                table[i, j] = weights
        return LieAlgebra(len(self.basis), table)

    def bracket(self, left: Field, right: Field) -> Field:
        """Return ``[X, Y]`` of two vector fields, ``[X, Y]^a = X(Y^a) - Y(X^a)``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> S = lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]))
        >>> set(map(str, S.bracket(S.basis[0], S.basis[0]).values()))
        {'0'}
        """

        def act(vector: Field, element: DifferentialElement) -> DifferentialElement:
            total = self.determining.ring.constant(0)
            for name, component in vector.items():
                total = total + component * element.derivative(name)
            return total

        return {name: act(left, right[name]) - act(right, left[name]) for name in self.variables}


def lie_symmetries(
    system: DifferentialSystem, *, degree: int = 4, functions: tuple[str, ...] = (), limit: int = 20_000
) -> SymmetryAlgebra:
    """Return the Lie point symmetries of a system.

    Parameters
    ----------
    system : DifferentialSystem
        The equations.
    degree : int
        The highest degree of polynomials that are tried as components; lower ones are tried first.
    functions : tuple of str
        Further factors to try beside 1, such as ``"exp(-u)"``.
    limit : int
        The number of reductions for the completion.

    Raises
    ------
    DomainError
        If an equation is not rational in the derivatives.
    ResourceLimitError
        If the completion takes too long.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> S = lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u*u_x"]), degree=1)
    >>> S.dimension is None, S.complete
    (True, False)
    """
    degree = check_integer(degree, "degree", low=1)
    found = determining_equations(system)
    completed = complete_linear_system(found.equations, found.unknowns, limit=limit)
    quotient = None if completed.dimension is not None else _modulo_superposition(system, found, limit)
    wanted = completed.dimension
    basis: list[Field] = []
    for tried in range(1, degree + 1):
        basis = _integrate(completed, system, tried, functions)
        if wanted is not None and len(basis) == wanted:
            break
    variables = (*system.space.base, *system.space.fields)
    return SymmetryAlgebra(
        variables, found, completed, tuple(basis), wanted is not None and len(basis) == wanted, quotient
    )


def _integrate(
    completed: LinearSystem, system: DifferentialSystem, degree: int, functions: tuple[str, ...]
) -> list[Field]:
    """Return the solutions whose components are polynomials of a degree times the given functions."""
    ring = completed.ring
    variables = (*system.space.base, *system.space.fields)
    shapes = list(_shapes(ring, variables, degree, functions))
    columns: list[list[DifferentialElement]] = []
    zero = ring.constant(0)
    for unknown in completed.functions:
        for shape in shapes:
            images = []
            for equation in completed.equations:
                total = zero
                for (name, index), value in equation.items():
                    if name == unknown:
                        slope = shape
                        for variable, count in zip(variables, index, strict=True):
                            for _ in range(count):
                                slope = slope.derivative(variable)
                        total = total + value * slope
                images.append(total)
            columns.append(images)
    fields = []
    for vector in nullspace(_rows(columns, set(ring.constants)), len(columns)):
        field_ = {}
        for place, name in enumerate(variables):
            component = zero
            for k, shape in enumerate(shapes):
                if place * len(shapes) + k in vector:
                    component = component + vector[place * len(shapes) + k] * shape
            field_[name] = component
        fields.append(field_)
    return fields


def _shapes(
    ring: DifferentialRing, variables: tuple[str, ...], degree: int, functions: tuple[str, ...]
) -> Iterator[DifferentialElement]:
    factors = [ring.constant(1), *(ring.parse(text) for text in functions)]
    for powers in product(range(degree + 1), repeat=len(variables)):
        if sum(powers) <= degree:
            monomial = ring.constant(1)
            for name, power in zip(variables, powers, strict=True):
                monomial = monomial * ring[name] ** power
            for factor in factors:
                yield monomial * factor


def _rows(columns: list[list[DifferentialElement]], constants: set[str]) -> list[dict[int, Any]]:
    """Return the linear conditions on the weights of columns of expressions, one for each monomial that is not constant."""
    count = len(columns[0])
    rows: dict[Any, dict[int, Any]] = {}
    for place in range(count):
        common = columns[0][place].ring.constant(1)
        for column in columns:
            if not column[place].is_polynomial:
                common = common * (column[place] * common).denominator
        for k, column in enumerate(columns):
            if not column[place]:
                continue
            value = column[place] * common
            names = [name for name in value.generators if name not in constants]
            for powers, number in value.coefficients(*names).items():
                key = place, tuple((name, power) for name, power in zip(names, powers, strict=True) if power)
                rational = number.rational()
                rows.setdefault(key, {})[k] = number if rational is None else rational
    return list(rows.values())


def _combination(columns: list[list[DifferentialElement]], target: list[DifferentialElement]) -> dict[int, Any]:
    """Return the rational weights with which columns combine to a target."""
    ring = target[0].ring
    whole = [*columns, target]
    rows = _rows(whole, set(ring.constants))
    found = solve_linear(rows, len(columns))
    if found is None:
        message = "the bracket of two symmetries is not among the symmetries found"
        raise DomainError(message, hint="the basis is not closed: raise the degree of the ansatz")
    weights = {}
    for k, value in found[0].items():
        rational = value.rational() if isinstance(value, DifferentialElement) else value
        if rational is None:
            message = f"a structure constant depends on parameters: {value}"
            raise DomainError(message, hint="put numbers for the parameters")
        weights[k] = rational
    return weights


def _modulo_superposition(system: DifferentialSystem, found: Determining, limit: int) -> LinearSystem | None:
    """Return the system for the symmetries modulo ``f(x) ∂_u``: the unknowns ``eta`` eliminated in favour of their slopes in u."""
    space = system.space
    ring = found.ring
    slopes = {}
    for name in space.fields:
        for other in space.fields:
            slopes[f"slope_{name}_{other}"] = ring[f"eta_{name}"].derivative(other)
    variables = (*space.base, *space.fields)
    ring.declare(functions=dict.fromkeys(slopes, variables))
    equations = [*found.equations, *(ring[name] - slope for name, slope in slopes.items())]
    eliminated = tuple(f"eta_{name}" for name in space.fields)
    kept = tuple(name for name in found.unknowns if name not in eliminated)
    whole = complete_linear_system(equations, (*kept, *slopes, *eliminated), eliminate=eliminated, limit=limit)
    return whole.without()
