"""Roots in a differential ring: which may be adjoined, and how denominators are freed of them.

Definition: ``K(s_1, …, s_k)`` with ``s_i² = b_i`` is a field iff no product of distinct ``b_i`` is a square in ``K`` (Kummer).
Convention: roots inside roots are not tested; what divides zero is refused when it is inverted.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import flint

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.fractions import subtract_free

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["check_independent", "rationalise"]


def rationalise(ring: DifferentialRing, polynomial: Any) -> tuple[Any, Any]:
    """Return ``(factor, norm)`` with ``polynomial · factor = norm`` and no root in the norm.

    Raises
    ------
    DomainError
        If the norm vanishes: a root was adjoined of what is a square.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> s = ring.adjoin_root("s", ring["x"])
    >>> rationalise(ring, (1 + s).pair[0])
    (r0 - 1, v0 - 1)
    """
    factor, norm = ring.one, polynomial
    for place in range(len(ring.roots)):
        if norm.degrees()[place]:
            rational, slope = subtract_free(norm, place, ring.gens[place])
            conjugate = slope * ring.gens[place] - rational
            factor = ring.reduce(factor * conjugate)
            norm = ring.reduce(norm * conjugate)
            if not norm:
                message = (
                    f"{DifferentialElement(ring, (polynomial, None))} divides zero: one of its roots is of a square"
                )
                raise DomainError(message, hint="adjoin only roots of elements that are not squares")
    return factor, norm


def check_independent(ring: DifferentialRing, radicand: Any, name: str) -> None:
    """Refuse a root of what is a square times a product of earlier radicands.

    Raises
    ------
    DomainError
        If it is; the square root is named.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> check_independent(ring, ring["x"].pair[0], "s")
    """
    places = len(ring.roots)
    squares = [root.square.pair[0] for root in ring.roots if root.square is not None]
    plain = [square for square in squares if not any(square.degrees()[:places])]
    if not radicand or any(radicand.degrees()[:places]):
        plain = []
    for count in range(len(plain) + 1):
        for chosen in combinations(plain, count):
            product = radicand
            for other in chosen:
                product = product * other
            try:
                root = product.sqrt()
            except flint.utils.flint_exceptions.DomainError:
                continue
            square, whole, found = (DifferentialElement(ring, (part, None)) for part in (radicand, product, root))
            message = f"{name}^2 = {square} needs no new generator: {whole} is the square of {found}"
            raise DomainError(message, hint="use that element, with the sign you mean")
