"""Linear conditions on the weights of expressions, one for each monomial in coordinates and jets.

Definition: ``Σ c_k f_k = 0`` identically for expressions ``f_k``, several at a time, over their common denominator.
Convention: entries are fractions, or elements in the ring's constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, solve_linear
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra

__all__ = ["combination", "condition_rows", "spanned_algebra"]

Vector = TypeVar("Vector")


def condition_rows(columns: list[list[DifferentialElement]]) -> list[dict[int, Any]]:
    """Return one row for each monomial in the coordinates and jets; entries are fractions, or elements in the ring's constants.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> condition_rows([[ring["x"]], [ring.parse("y - x")]])
    [{0: Fraction(1, 1), 1: Fraction(-1, 1)}, {1: Fraction(1, 1)}]
    """
    if not columns:
        return []
    ring = columns[0][0].ring
    constants = set(ring.constants)
    common = [ring.constant(1)] * len(columns[0])
    for column in columns:
        for place, element in enumerate(column):
            if not element.is_polynomial:
                common[place] = common[place] * (element * common[place]).denominator
    rows: dict[tuple[int, tuple[int, ...]], dict[int, Any]] = {}
    for k, column in enumerate(columns):
        for place, element in enumerate(column):
            value = element if common[place] == 1 else element * common[place]
            for powers, number in _by_monomial(value, constants):
                rows.setdefault((place, powers), {})[k] = number
    return list(rows.values())


def _by_monomial(element: DifferentialElement, constants: set[str]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield the exponents of coordinates and jets with their coefficients, numbers where the ring has no constants."""
    if not constants:
        for powers, number in element.pair[0].terms():
            yield tuple(map(int, powers)), Fraction(int(number))
        return
    names = element.ring.names
    moving = [name for name in element.generators if name not in constants]
    places = [names.index(name) for name in moving]
    for powers, number in element.coefficients(*moving).items():
        whole = [0] * len(names)
        for place, power in zip(places, powers, strict=True):
            whole[place] = power
        rational = number.rational()
        yield tuple(whole), number if rational is None else rational


def combination(columns: list[list[DifferentialElement]], target: list[DifferentialElement]) -> dict[int, Any]:
    """Return the rational weights with which columns combine to a target.

    Raises
    ------
    DomainError
        If there are none, or they depend on parameters.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> combination([[ring["x"]], [ring["y"]]], [ring.parse("2*x")])
    {0: Fraction(2, 1)}
    """
    found = solve_linear(condition_rows([*columns, target]), len(columns))
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


def spanned_algebra(
    basis: Sequence[Vector],
    column: Callable[[Vector], list[DifferentialElement]],
    bracket: Callable[[Vector, Vector], Vector],
) -> LieAlgebra:
    """Return the Lie algebra of a basis, from the brackets of its pairs written in it.

    Raises
    ------
    DomainError
        If the basis is not closed under brackets, or structure constants depend on parameters.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> line = [ring.constant(1), ring["x"], ring["x"] ** 2]  # the fields f ∂_x
    >>> spanned_algebra(line, lambda f: [f], lambda f, g: f * g.derivative("x") - g * f.derivative("x")).is_semisimple
    True
    """
    columns = [column(vector) for vector in basis]
    pairs = [(i, j) for i in range(len(basis)) for j in range(i + 1, len(basis))]
    table = {(i, j): combination(columns, column(bracket(basis[i], basis[j]))) for i, j in pairs}
    return LieAlgebra(len(basis), table)
