"""Plat closures of braids.

Definition: caps and cups join strands 1 and 2, 3 and 4, … at the top and the bottom (Birman, Braids, Links and Mapping Class Groups, §5).
Convention: letters as for braids: in i > 0 the strand from lower left to upper right passes over, however strands are oriented afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from erlangen.errors import DomainError
from erlangen.topology.diagrams.braid_word import braid_code
from erlangen.topology.diagrams.orientation import Crossing, normalise

__all__ = ["plat_code"]


def plat_code(word: Sequence[int], strands: int) -> tuple[tuple[Crossing, ...], tuple[int, ...], int]:
    """Return crossings, signs and the number of circles of a plat.

    Raises
    ------
    DomainError
        If the number of strands is odd.

    Examples
    --------
    >>> plat_code([2, 2, 2], 4)[1], plat_code([1, 1], 4)[2]
    ((1, 1, 1), 1)
    """
    if strands % 2:
        message = f"a plat needs an even number of strands, got {strands}"
        raise DomainError(message, hint="pass strands= an even number")
    rows, _, top = braid_code(word, strands)
    name = {label: label for row in rows for label in row} | {label: label for label in (*top, *range(strands))}
    circles = 0
    for a in range(0, strands, 2):
        for p, q in ((a, a + 1), (top[a], top[a + 1])):
            circles += _join(name, p, q)
    flat = [_find(name, label) for row in rows for label in row]
    crossings, signs = normalise(flat, oriented=False)[:2]
    return crossings, signs, circles


def _find(name: dict[int, int], label: int) -> int:
    """Return the label that stands for the class of a label."""
    while name[label] != label:
        label = name[label]
    return label


def _join(name: dict[int, int], p: int, q: int) -> bool:
    """Identify two labels; say whether they were one already, so that a circle closes."""
    a, b = _find(name, p), _find(name, q)
    name[max(a, b)] = min(a, b)
    return a == b
