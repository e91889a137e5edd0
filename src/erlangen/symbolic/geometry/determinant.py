"""Determinants of small matrices of elements.

Definition: expansion along the first row, its products summed over one denominator.
Convention: the empty matrix has determinant 1.
"""

from __future__ import annotations

from typing import TypeAlias

from erlangen.exact import DifferentialElement, DifferentialRing, dot

__all__ = ["determinant_of"]

Term: TypeAlias = "tuple[int, DifferentialElement, DifferentialElement | None]"


def determinant_of(ring: DifferentialRing, rows: list[list[DifferentialElement]]) -> DifferentialElement:
    """Return a determinant by expansion along the first row; the blocks of a metric are small.

    Examples
    --------
    >>> ring = DifferentialRing("x")
    >>> determinant_of(ring, [[ring["x"], ring.constant(1)], [ring.constant(1), ring["x"]]])
    x^2 - 1
    """
    if not rows:
        return ring.constant(1)
    if len(rows) == 1:
        return rows[0][0]
    terms: list[Term] = []
    for j, value in enumerate(rows[0]):
        if value:
            minor = [row[:j] + row[j + 1 :] for row in rows[1:]]
            terms.append(((-1) ** j, value, determinant_of(ring, minor)))
    return dot(ring, terms)
