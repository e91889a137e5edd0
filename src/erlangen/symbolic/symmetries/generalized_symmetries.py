"""Contact and generalised symmetries: their number first, then characteristics, then brackets.

Definition: evolutionary fields with characteristic ``Q(x, u_J)``, J parametric and of bounded order, tangent to the solutions (Olver, 5.1);
    a contact symmetry has ``Q(x, u, u_i)`` of one field.
Convention: characteristics are taken on solutions, so that trivial ones are zero; ``complete`` speaks of the order asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.prolongation import commutator
from erlangen.symbolic.symmetries.ansatz import ansatz_solutions
from erlangen.symbolic.symmetries.characteristic_equations import CharacteristicEquations, characteristic_equations
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra
from erlangen.symbolic.symmetries.linear_conditions import spanned_algebra
from erlangen.symbolic.symmetries.linear_system import LinearSystem, complete_linear_system
from erlangen.symbolic.symmetries.superposition import modulo_superposition

__all__ = ["GeneralizedSymmetries", "generalized_symmetries", "solved_for_highest"]

Characteristic: TypeAlias = dict[str, DifferentialElement]


@final
@dataclass(frozen=True)
class GeneralizedSymmetries:
    """The symmetries of a system whose characteristics are of bounded order.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> S = generalized_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xxx"]), 1)
    >>> S.dimension, S.complete, S.algebra.is_semisimple  # sp(4), by contact transformations
    (10, True, True)
    """

    system: DifferentialSystem
    order: int
    determining: CharacteristicEquations
    completed: LinearSystem
    basis: tuple[Characteristic, ...]
    quotient: LinearSystem | None = field(default=None)

    @property
    def dimension(self) -> int | None:
        """The number of independent symmetries of the order, ``None`` where arbitrary functions occur.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> burgers = DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx - 2*u*u_x"])
        >>> [generalized_symmetries(burgers, order).dimension for order in (1, 2)]
        [2, 5]
        """
        return self.completed.dimension

    @property
    def finite_dimension(self) -> int | None:
        """The number modulo superposition ``Q = f(x)``, for equations linear in the fields.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> heat = DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])
        >>> generalized_symmetries(heat, 1).finite_dimension
        3
        """
        return self.dimension if self.quotient is None else self.quotient.dimension

    @property
    def free_functions(self) -> tuple[int, int]:
        """How many arbitrary functions occur, and of how many variables; ``(0, 0)`` for none.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> generalized_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]), 1).free_functions
        (2, 2)
        """
        variables = self.completed.free_variables
        return (self.completed.free_functions, variables) if variables else (0, 0)

    @property
    def complete(self) -> bool:
        """Whether the basis holds all symmetries of the order.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> generalized_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]), 1).complete
        False
        """
        return len(self.basis) == self.dimension

    def bracket(
        self, left: Mapping[str, DifferentialElement], right: Mapping[str, DifferentialElement]
    ) -> Characteristic:
        """Return ``[P, Q] = pr X_P Q - pr X_Q P`` on solutions; it may be of higher order than both.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> S = generalized_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xxx"]), 1)
        >>> S.bracket(S.basis[0], S.basis[0])
        {'y': 0}
        """
        found = commutator(left, right)
        zero = self.system.space.ring.constant(0)
        return {name: self.system.reduce(found.get(name, zero)) for name in self.system.space.fields}

    @cached_property
    def algebra(self) -> LieAlgebra:
        """The Lie algebra of the basis, with exact structure constants, where it is closed.

        Raises
        ------
        DomainError
            If the basis is not complete, or brackets have higher order than the symmetries.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> kdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
        >>> generalized_symmetries(kdv, 3).algebra.derived_series()
        (4, 3, 1, 0)
        """
        if not self.complete:
            message = "the algebra is known only where all symmetries are"
            raise DomainError(message, hint="raise degree, or give further functions to the ansatz")
        return spanned_algebra(self.basis, lambda one: list(one.values()), self.bracket)


def generalized_symmetries(
    system: DifferentialSystem,
    order: int,
    *,
    degree: int = 6,
    functions: tuple[str, ...] = (),
    limit: int = 20_000,
) -> GeneralizedSymmetries:
    """Return the symmetries whose characteristics depend on parametric derivatives up to an order; see :func:`lie_symmetries`.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> sine_gordon = DifferentialSystem(JetSpace("t x", "u"), ["u_tx - sin(u)"])
    >>> generalized_symmetries(sine_gordon, 1).dimension
    3
    """
    found = characteristic_equations(system, order)
    frame = found.frame
    if not found.equations:
        message = f"every characteristic of order {order} is a symmetry: the equations hold identically"
        raise DomainError(message, hint="give equations that restrict the fields")
    completed = complete_linear_system(found.equations, frame.unknowns, limit=limit)
    quotient = None
    if completed.dimension is None:
        quotient = modulo_superposition(
            found.equations, frame.unknowns, shifted=frame.unknowns, along=tuple(frame.jets), limit=limit
        )
    factors = [frame.carry(system.space.parse(text)) for text in functions]
    basis = [
        {name: frame.back(solution[f"Q_{name}"]) for name in system.space.fields}
        for solution in ansatz_solutions(completed, frame.ring.coordinates, degree, factors)
    ]
    return GeneralizedSymmetries(system, order, found, completed, tuple(basis), quotient)


def solved_for_highest(system: DifferentialSystem) -> DifferentialSystem:
    """Return a system with each equation solved for one of its highest derivatives, so that lower ones stay parametric.

    Raises
    ------
    DomainError
        If an equation is not linear in any of its highest derivatives.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> solved_for_highest(DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])).solved
    {'u_xxx': -6*u*u_x - u_t}
    """
    space = system.space
    leading = []
    for equation in system.equations:
        order = space.order(equation)
        found = [
            name
            for name in equation.generators
            if getattr(symbol := space.ring.symbol(space.ring.position(name)), "function", "") in space.fields
            and symbol.order == order  # type: ignore[union-attr]
            and equation.partial(name)
            and not equation.partial(name).partial(name)
        ]
        if not found:
            message = f"the equation {equation} = 0 is not linear in any of its derivatives of order {order}"
            raise DomainError(message, hint="solve it for one of them, and give that equation")
        leading.append(max(found, key=lambda name: space.ring.symbol(space.ring.position(name)).index))  # type: ignore[union-attr]
    return DifferentialSystem(space, system.equations, leading)
