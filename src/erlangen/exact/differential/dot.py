"""Sums of products of fractions, reduced once.

Definition: ``Σ c a b`` over the least common denominator of its terms, with one gcd at the end instead of one a term.
Convention: a term is ``(c, a, b)`` with an integer c; ``b`` may be ``None`` for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.fractions import cancel

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["Term", "dot"]

Term: TypeAlias = "tuple[int, DifferentialElement, DifferentialElement | None]"


def dot(ring: DifferentialRing, terms: Iterable[Term]) -> DifferentialElement:
    """Return ``Σ c a b`` in lowest terms.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> x, y = ring["x"], ring["y"]
    >>> dot(ring, [(1, x, 1 / y), (-2, 1 / x, y), (3, x, None)])
    (3*x^2*y + x^2 - 2*y^2)/(x*y)
    """
    groups: list[list[Any]] = []  # numerator and denominator, each denominator once
    for count, left, right in terms:
        n, d = left.pair
        if right is not None:
            m, e = right.pair
            n = n * m
            d = e if d is None else d if e is None else d * e
        if not n:
            continue
        n = n * count if count != 1 else n
        for group in groups:
            if (group[1] is None) == (d is None) and (d is None or group[1] == d):
                group[0] = group[0] + n
                break
        else:
            groups.append([n, d])
    kept = [group for group in groups if group[0]]
    if not kept:
        return ring.constant(0)
    n, d = kept[0]
    for m, e in kept[1:]:
        if e is None:
            n = n + (m if d is None else m * d)
        elif d is None:
            n, d = n * e + m, e
        else:
            common = d.gcd(e)
            left_rest, right_rest = (d, e) if common.is_one() else (d // common, e // common)
            n, d = n * right_rest + m * left_rest, d * right_rest
    return DifferentialElement(ring, cancel(ring.reduce(n), d))
