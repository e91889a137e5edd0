"""A Lie algebra in a basis that shows its parts: Levi factor, nilpotent ideal [g, r], the rest of the radical r.

Definition: ``g = s ⊕ r`` (Levi); ``[g, r]`` is nilpotent; elements whose ad is diagonal in the basis give every other element a weight.
Convention: the given basis is kept where each of its elements lies in one part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

__all__ = ["AlgebraParts", "algebra_parts"]

Vector = tuple[Fraction, ...]
Bracket = dict[int, Fraction]


@dataclass(frozen=True)
class AlgebraParts:
    """Basis vectors in the given coordinates, the part of each (levi, nilpotent or rest), brackets and weights in that basis."""

    basis: tuple[Vector, ...]
    parts: tuple[str, ...]
    brackets: dict[tuple[int, int], Bracket]
    diagonal: tuple[int, ...]
    weights: tuple[Vector, ...]
    derived_series: tuple[int, ...]

    def dimension(self, part: str) -> int:
        """Return how many basis elements lie in a part."""
        return self.parts.count(part)


def algebra_parts(algebra: Any) -> AlgebraParts:
    """Return the parts of a :class:`erlangen.symbolic.LieAlgebra`.

    Examples
    --------
    >>> from erlangen.symbolic import LieAlgebra
    >>> found = algebra_parts(LieAlgebra(2, {(0, 1): {1: 1}}))
    >>> found.parts, found.diagonal, found.weights[1]
    (('rest', 'nilpotent'), (0,), (Fraction(1, 1),))
    """
    levi, radical = algebra.levi_factor() if algebra.dimension else (), algebra.radical()
    ideal = algebra.product(algebra.basis, radical)
    spans = {"levi": levi, "nilpotent": ideal, "rest": radical}
    basis: tuple[Vector, ...] = tuple(algebra.basis)
    parts = [next((name for name, span in spans.items() if _inside(algebra, span, vector)), "") for vector in basis]
    if "" in parts or parts.count("levi") != len(levi) or parts.count("nilpotent") != len(ideal):
        rest = _complement(algebra, ideal, radical)
        basis = (*levi, *ideal, *rest)
        parts = ["levi"] * len(levi) + ["nilpotent"] * len(ideal) + ["rest"] * len(rest)
    brackets = {
        (i, j): _coordinates(basis, algebra.bracket(basis[i], basis[j]))
        for i in range(len(basis))
        for j in range(i + 1, len(basis))
    }
    diagonal = tuple(i for i in range(len(basis)) if _is_diagonal(i, brackets))
    weights = tuple(tuple(_entry(brackets, h, i) for h in diagonal) for i in range(len(basis)))
    return AlgebraParts(
        basis,
        tuple(parts),
        {pair: value for pair, value in brackets.items() if value},
        diagonal,
        weights,
        algebra.derived_series(),
    )


def _inside(algebra: Any, span: Sequence[Vector], vector: Vector) -> bool:
    return len(algebra.span([*span, vector])) == len(span)


def _complement(algebra: Any, inner: Sequence[Vector], outer: Sequence[Vector]) -> list[Vector]:
    """Return vectors of ``outer`` that complete ``inner`` to it."""
    chosen: list[Vector] = []
    for vector in outer:
        if not _inside(algebra, algebra.span([*inner, *chosen]), vector):
            chosen.append(vector)
    return chosen


def _coordinates(basis: Sequence[Vector], target: Vector) -> Bracket:
    rows = []
    for k, value in enumerate(target):
        row = {c: vector[k] for c, vector in enumerate(basis) if vector[k]}
        rows.append({**row, len(basis): value} if value else row)
    found = import_module("erlangen.exact").solve_linear(rows, len(basis))
    return {k: Fraction(value) for k, value in found[0].items() if value}


def _entry(brackets: dict[tuple[int, int], Bracket], h: int, i: int) -> Fraction:
    """Return the coefficient of ``e_i`` in ``[e_h, e_i]``."""
    sign, pair = (1, (h, i)) if h < i else (-1, (i, h))
    return sign * brackets.get(pair, {}).get(i, Fraction(0))


def _is_diagonal(h: int, brackets: dict[tuple[int, int], Bracket]) -> bool:
    touched = [(j if i == h else i, value) for (i, j), value in brackets.items() if h in (i, j) and value]
    return bool(touched) and all(set(value) == {other} for other, value in touched)
