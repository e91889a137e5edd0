"""Polynomials of a differential ring put together from their terms.

Definition: ``Σ c Π v^n`` over a mapping from monomials ``((v, n), …)`` to coefficients c.
Convention: numbers go into one polynomial at once; coefficients that are elements are multiplied and added.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.fractions import cancel

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["Powers", "from_terms"]

Powers: TypeAlias = tuple[tuple[str, int], ...]


def from_terms(
    ring: DifferentialRing, terms: Mapping[Powers, int | Fraction | DifferentialElement]
) -> DifferentialElement:
    """Return the polynomial with such terms.

    Raises
    ------
    DomainError
        If a name is unknown.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> from_terms(DifferentialRing("x", functions="u"), {(("u_x", 2),): Fraction(1, 2), (("u", 3), ("x", 1)): -1})
    (-2*x*u^3 + u_x^2)/2
    """
    places = {name: ring.position(name) for powers in terms for name, _ in powers}  # new jets come into being here
    places = {name: ring.position(name) for name in places}
    empty = [0] * len(ring.names)

    def exponents(powers: Powers) -> tuple[int, ...]:
        whole = empty.copy()
        for name, power in powers:
            whole[places[name]] += power
        return tuple(whole)

    numbers = {powers: value for powers, value in terms.items() if not isinstance(value, DifferentialElement)}
    common = lcm(*(value.denominator for value in numbers.values()))
    whole: dict[tuple[int, ...], int] = {}
    for powers, value in numbers.items():
        key = exponents(powers)
        whole[key] = whole.get(key, 0) + value.numerator * (common // value.denominator)
    top = ring.reduce(ring.context.from_dict(whole))
    total = DifferentialElement(ring, cancel(top, None if common == 1 else ring.one * common))
    for powers, factor in terms.items():
        if isinstance(factor, DifferentialElement):
            total = total + factor * DifferentialElement(ring, (ring.context.from_dict({exponents(powers): 1}), None))
    return total
