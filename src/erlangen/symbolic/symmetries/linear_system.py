"""Linear homogeneous systems of partial differential equations, completed so that their solutions can be counted.

Definition: a Gröbner basis of the equations in the module of differential operators over a differential field, in an orderly ranking
    (Janet, Riquier; Robertz, Formal Algorithmic Elimination for PDEs); solutions are counted by the derivatives that lead no equation.
Convention: an equation maps jets ``(function, index)`` to coefficients free of the unknown functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.symmetries.completion import Completion, Equation, Index, Jet, ranking

__all__ = ["LinearSystem", "complete_linear_system", "linear_form"]


@final
@dataclass(frozen=True)
class LinearSystem:
    """A complete system: its reduced equations, each with coefficient one at its leading derivative.

    Examples
    --------
    >>> ring = DifferentialRing("x y", functions={"f": "x y"})
    >>> system = complete_linear_system([ring["f_xx"], ring.parse("f_xy - f")], ("f",))
    >>> system.dimension, system.leading
    (0, (('f', (0, 0)),))
    """

    ring: DifferentialRing
    functions: tuple[str, ...]
    equations: tuple[Equation, ...]
    eliminated: tuple[str, ...] = ()

    @property
    def leading(self) -> tuple[Jet, ...]:
        """The leading derivatives, one for each equation.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> complete_linear_system([ring.parse("f_xx + f")], ("f",)).leading
        (('f', (2,)),)
        """
        rank = ranking(self.functions, self.eliminated)
        return tuple(max(equation, key=rank) for equation in self.equations)

    @property
    def free_variables(self) -> int:
        """The number of variables on which the general solution's arbitrary functions depend; zero for finitely many constants.

        Examples
        --------
        >>> ring = DifferentialRing("t x", functions="f")
        >>> complete_linear_system([ring.parse("f_t - f_xx")], ("f",)).free_variables
        1
        """
        return max(
            (_dimension(self._corners(function), self._size(function)) for function in self.functions), default=0
        )

    @property
    def free_functions(self) -> int:
        """The number of arbitrary functions of :attr:`free_variables` variables; of constants where that is zero.

        Examples
        --------
        >>> ring = DifferentialRing("t x", functions="f")
        >>> complete_linear_system([ring.parse("f_t - f_xx")], ("f",)).free_functions
        2
        """
        most = self.free_variables
        if not most:
            return len(self.parametric())
        return sum(_degree(self._corners(function), self._size(function), most) for function in self.functions)

    @property
    def dimension(self) -> int | None:
        """The dimension of the space of solutions near a generic point; ``None`` where it is infinite.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> complete_linear_system([ring.parse("f_xxx + f_x")], ("f",)).dimension
        3
        """
        return len(self.parametric()) if not self.free_variables else None

    def parametric(self) -> tuple[Jet, ...]:
        """Return the derivatives that no equation determines: the initial data of a solution.

        Raises
        ------
        DomainError
            If there are infinitely many.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> complete_linear_system([ring.parse("f_xx")], ("f",)).parametric()
        (('f', (0,)), ('f', (1,)))
        """
        found: list[Jet] = []
        for function in self.functions:
            corners, size = self._corners(function), self._size(function)
            if _dimension(corners, size):
                message = f"infinitely many derivatives of {function} are free"
                raise DomainError(message, hint="ask for free_variables and free_functions")
            bounds = [
                min((corner[i] for corner in corners if sum(corner) == corner[i]), default=1) for i in range(size)
            ]
            for index in product(*(range(bound) for bound in bounds)):
                if not any(all(a >= b for a, b in zip(index, corner, strict=True)) for corner in corners):
                    found.append((function, index))
        rank = ranking(self.functions, self.eliminated)
        return tuple(sorted(found, key=rank))

    def reduce(self, equation: Mapping[Jet, DifferentialElement]) -> Equation:
        """Return the normal form of an equation: what the system does not imply.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> system = complete_linear_system([ring.parse("f_x - f")], ("f",))
        >>> system.reduce({("f", (2,)): ring.constant(1)})
        {('f', (0,)): 1}
        """
        return Completion(self.ring, self.functions, self.eliminated, equations=self.equations).reduce(dict(equation))

    def without(self) -> LinearSystem:
        """Return the equations free of the eliminated unknowns: the system that their projections obey.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f g")
        >>> whole = complete_linear_system([ring.parse("f_x - g"), ring.parse("g_x - f")], ("f", "g"), eliminate=("g",))
        >>> whole.without().elements()
        (-f + f_xx,)
        """
        kept = tuple(
            equation for equation in self.equations if not any(name in self.eliminated for name, _ in equation)
        )
        return LinearSystem(self.ring, tuple(name for name in self.functions if name not in self.eliminated), kept)

    def elements(self) -> tuple[DifferentialElement, ...]:
        """Return the equations as elements of the ring.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> complete_linear_system([ring.parse("2*f_x - 2*f")], ("f",)).elements()
        (-f + f_x,)
        """
        zero = self.ring.constant(0)
        return tuple(
            sum((value * self.ring.jet(function, index) for (function, index), value in equation.items()), zero)
            for equation in self.equations
        )

    def _size(self, function: str) -> int:
        return len(self.ring.functions[function])

    def _corners(self, function: str) -> list[Index]:
        return [index for name, index in self.leading if name == function]


def complete_linear_system(
    equations: Iterable[DifferentialElement],
    functions: tuple[str, ...],
    *,
    eliminate: tuple[str, ...] = (),
    limit: int = 20_000,
) -> LinearSystem:
    """Return the completion of linear homogeneous equations for undetermined functions of a ring.

    Parameters
    ----------
    equations : iterable of elements
        Each linear and homogeneous in the jets of the functions.
    functions : tuple of str
        The unknowns, the last ranked highest among derivatives of one order.
    eliminate : tuple of str
        Unknowns all of whose derivatives are ranked above those of the others, so that equations free of them come out.
    limit : int
        The number of reductions after which the completion gives up.

    Raises
    ------
    DomainError
        If an equation is not linear and homogeneous in the unknowns.
    ResourceLimitError
        If the limit is reached.

    Examples
    --------
    >>> ring = DifferentialRing("x y", functions="f")
    >>> complete_linear_system([ring.parse("f_xx"), ring.parse("f_yy")], ("f",)).dimension
    4
    """
    rows = [linear_form(element, functions) for element in equations]
    rings = {element.ring for row in rows for element in row.values()}
    if not rings:
        message = "there is no equation, so that all functions are free"
        raise DomainError(message, hint="give at least one equation that is not zero")
    (ring,) = rings
    worker = Completion(ring, functions, eliminate, limit=limit)
    worker.run([row for row in rows if row])
    return LinearSystem(ring, functions, worker.equations, eliminate)


def linear_form(element: DifferentialElement, functions: tuple[str, ...]) -> Equation:
    """Return the coefficients of the jets of some functions in a linear homogeneous expression.

    Raises
    ------
    DomainError
        If it is not linear and homogeneous in them.

    Examples
    --------
    >>> ring = DifferentialRing("x", functions="f")
    >>> linear_form(ring.parse("x*f_x - f"), ("f",))
    {('f', (0,)): -1, ('f', (1,)): x}
    """
    ring = element.ring
    found: Equation = {}
    rest = element
    for name in element.generators:
        symbol = ring.symbol(ring.position(name))
        if getattr(symbol, "kind", "") == "jet" and symbol.function in functions:  # type: ignore[union-attr]
            slope = element.partial(name)
            found[symbol.function, symbol.index] = slope  # type: ignore[union-attr]
            rest = rest - slope * ring[name]
    if rest or any(
        ring.symbol(ring.position(name)).__dict__.get("function") in functions
        for value in found.values()
        for name in value.generators
    ):
        message = f"{element} is not linear and homogeneous in {', '.join(functions)}"
        raise DomainError(message, hint="give linear homogeneous equations")
    return dict(sorted(found.items()))


def _dimension(corners: list[Index], size: int) -> int:
    """Return the dimension of the set of monomials under the stairs: the most coordinates that no corner lies in."""
    for count in range(size, 0, -1):
        for axes in combinations(range(size), count):
            if not any(all(corner[i] == 0 for i in range(size) if i not in axes) for corner in corners):
                return count
    return 0


def _degree(corners: list[Index], size: int, count: int) -> int:
    """Return the number of arbitrary functions of ``count`` variables under the stairs: the degree of their Hilbert polynomial."""
    if _dimension(corners, size) < count:
        return 0
    top = sum(max((corner[i] for corner in corners), default=0) for i in range(size))

    def standard(order: int) -> int:
        found = 0
        for index in _of_order(order, size):
            found += not any(all(a >= b for a, b in zip(index, corner, strict=True)) for corner in corners)
        return found

    # H(k) is a polynomial of degree count - 1 for k >= top; its (count - 1)-th difference is the degree.
    values = [standard(top + k) for k in range(count)]
    for _ in range(count - 1):
        values = [b - a for a, b in pairwise(values)]
    return values[0]


def _of_order(order: int, size: int) -> list[Index]:
    if size == 1:
        return [(order,)]
    return [(head, *rest) for head in range(order + 1) for rest in _of_order(order - head, size - 1)]
