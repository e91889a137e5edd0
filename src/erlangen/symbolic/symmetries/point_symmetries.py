"""Lie point symmetries: dimension first, then vector fields, then their algebra.

Definition: the determining equations are completed, which counts their solutions; solutions are then sought in a finite-dimensional
    space of functions and are all of them when they are as many as counted.
Convention: ``complete`` is true only where the count says so; symmetries with arbitrary functions are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, nullspace
from erlangen.symbolic.symmetries.ansatz import ansatz_solutions
from erlangen.symbolic.symmetries.determining import Determining, determining_equations
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra
from erlangen.symbolic.symmetries.linear_conditions import condition_rows, spanned_algebra
from erlangen.symbolic.symmetries.linear_system import LinearSystem, complete_linear_system
from erlangen.symbolic.symmetries.superposition import modulo_superposition

__all__ = ["SymmetryAlgebra", "point_symmetries"]

Field: TypeAlias = dict[str, DifferentialElement]


@final
@dataclass(frozen=True)
class SymmetryAlgebra:
    """The point symmetries of a system of differential equations.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> S = point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"]))
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
        >>> point_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).dimension
        8
        """
        return self.completed.dimension

    @property
    def finite_dimension(self) -> int | None:
        """The dimension modulo superposition ``X = f(x) ∂_u``, for equations linear in the fields.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])).finite_dimension
        6
        """
        return self.dimension if self.quotient is None else self.quotient.dimension

    @property
    def free_functions(self) -> tuple[int, int]:
        """How many arbitrary functions occur, and of how many variables; ``(0, 0)`` for none.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])).free_functions
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
        >>> point_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).algebra.is_semisimple
        True
        """
        if not self.complete:
            message = "the algebra is known only where all symmetries are"
            raise DomainError(message, hint="raise degree, or give further functions to the ansatz")
        return spanned_algebra(self.basis, lambda one: list(one.values()), self.bracket)

    @cached_property
    def finite_basis(self) -> tuple[Field, ...]:
        """The fields of the basis that are no superpositions ``f(x) ∂_u``; the whole basis where the equations are not linear.

        Raises
        ------
        DomainError
            If they are not as many as ``finite_dimension``, or dependent modulo superposition.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> len(point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])).finite_basis)
        6
        """
        if self.quotient is None:
            kept, wanted = self.basis, self.dimension if self.complete else None
        else:
            kept = tuple(vector for vector in self.basis if any(self._modulo(vector)))
            wanted = self.quotient.dimension
        columns = [self._modulo(vector) for vector in kept]
        if len(kept) != wanted or (kept and nullspace(condition_rows(columns), len(kept))):
            message = f"the ansatz holds {len(kept)} symmetries modulo superposition, not all"
            raise DomainError(message, hint="raise degree, or give further functions to the ansatz")
        return kept

    @cached_property
    def finite_algebra(self) -> LieAlgebra:
        """The Lie algebra of ``finite_basis``, brackets modulo superposition.

        Raises
        ------
        DomainError
            As for ``finite_basis`` and ``algebra``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> S = point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]))
        >>> len(S.finite_algebra.levi_factor()), len(S.finite_algebra.radical())
        (3, 3)
        """
        return spanned_algebra(self.finite_basis, self._modulo, self.bracket)

    def _modulo(self, vector: Field) -> list[DifferentialElement]:
        """Return what is left of a field modulo superposition: its base components and the slopes of the others in the fields."""
        if self.quotient is None:
            return list(vector.values())
        fields = [name.removeprefix("eta_") for name in self.determining.unknowns if name.startswith("eta_")]
        slopes = [vector[a].derivative(b) for a in fields for b in fields]
        return [value for name, value in vector.items() if name not in fields] + slopes

    def bracket(self, left: Field, right: Field) -> Field:
        """Return ``[X, Y]`` of two vector fields, ``[X, Y]^a = X(Y^a) - Y(X^a)``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> S = point_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]))
        >>> set(map(str, S.bracket(S.basis[0], S.basis[0]).values()))
        {'0'}
        """

        def act(vector: Field, element: DifferentialElement) -> DifferentialElement:
            total = self.determining.ring.constant(0)
            for name, component in vector.items():
                total = total + component * element.derivative(name)
            return total

        return {name: act(left, right[name]) - act(right, left[name]) for name in self.variables}


def point_symmetries(
    system: DifferentialSystem, *, degree: int = 4, functions: tuple[str, ...] = (), limit: int = 20_000
) -> SymmetryAlgebra:
    """Return the Lie point symmetries of a system; see :func:`lie_symmetries`.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> S = point_symmetries(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u*u_x"]), degree=1)
    >>> S.dimension is None, S.complete
    (True, False)
    """
    found = determining_equations(system)
    completed = complete_linear_system(found.equations, found.unknowns, limit=limit)
    quotient = None
    if completed.dimension is None:
        shifted = tuple(f"eta_{name}" for name in system.space.fields)
        quotient = modulo_superposition(
            found.equations, found.unknowns, shifted=shifted, along=system.space.fields, limit=limit
        )
    variables = (*system.space.base, *system.space.fields)
    factors = [found.ring.parse(text) for text in functions]
    basis = [
        dict(zip(variables, (solution[name] for name in found.unknowns), strict=True))
        for solution in ansatz_solutions(completed, variables, degree, factors)
    ]
    return SymmetryAlgebra(variables, found, completed, tuple(basis), len(basis) == completed.dimension, quotient)
