"""Products of linear forms in an exterior algebra over Z.

Definition: the free graded-commutative algebra on names of degree one.
Convention: a monomial is an ascending tuple of names; factors multiply from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["wedge"]


def wedge(factors: Iterable[Sequence[tuple[Any, int]]]) -> dict[tuple[Any, ...], int]:
    """Multiply out linear forms, each a sequence of pairs ``(name, coefficient)``.

    Examples
    --------
    >>> wedge([[(1, 1), (2, -1)], [(1, 1), (2, 1)]])
    {(1, 2): 2}
    >>> wedge([])
    {(): 1}
    """
    total: dict[tuple[Any, ...], int] = {(): 1}
    for form in factors:
        larger: dict[tuple[Any, ...], int] = {}
        for monomial, value in total.items():
            for name, coefficient in form:
                if name not in monomial:
                    place = sum(other < name for other in monomial)
                    key = (*monomial[:place], name, *monomial[place:])
                    sign = -1 if (len(monomial) - place) % 2 else 1
                    larger[key] = larger.get(key, 0) + sign * value * coefficient
        total = {monomial: value for monomial, value in larger.items() if value}
    return total
