"""Finitely generated bigraded modules over F[H], F a field.

Definition: a sum of towers F[H] and of torsion modules F[H]/H^k, each given by the bidegree (h, q) of its generator (structure theorem for graded PIDs).
Convention: H has bidegree (0, -2); the dual sign of persistence, where the variable raises the degree, is not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from erlangen.errors import ParseError
from erlangen.exact.ring import Ring, parse_ring

__all__ = ["GradedModule"]

Bidegree = tuple[int, int]

_TERM = re.compile(r"\s*([A-Z]\w*)\[H\](?:/H(?:\^(\d+))?)?\s*\((-?\d+),\s*(-?\d+)\)\s*")


@final
@dataclass(frozen=True)
class GradedModule:
    """A finitely generated bigraded module over F[H].

    Parameters
    ----------
    ring : Ring or str
        The field F.
    towers : iterable of (h, q)
        Generators of the free summands.
    torsion : iterable of (h, q, k)
        Generators of the summands F[H]/H^k, k >= 1.

    Examples
    --------
    >>> m = GradedModule("Q", [(0, 2)], [(3, 8, 1)])
    >>> print(m)
    Q[H](0, 2) + Q[H]/H(3, 8)
    >>> GradedModule.parse(str(m)) == m, m.torsion_order, m.at_zero()
    (True, 1, {(0, 2): 1, (2, 6): 1, (3, 8): 1})
    """

    ring: Ring
    towers: tuple[Bidegree, ...]
    torsion: tuple[tuple[int, int, int], ...]

    def __init__(
        self, ring: Ring | str, towers: Iterable[Bidegree] = (), torsion: Iterable[tuple[int, int, int]] = ()
    ) -> None:
        object.__setattr__(self, "ring", parse_ring(ring))
        object.__setattr__(self, "towers", tuple(sorted(towers)))
        object.__setattr__(self, "torsion", tuple(sorted(torsion)))

    @property
    def torsion_order(self) -> int:
        """The least k with H^k torsion = 0: the largest order of a summand, 0 without torsion."""
        return max((k for _, _, k in self.torsion), default=0)

    def at_zero(self) -> dict[Bidegree, int]:
        """Return the dimensions of the homology at H = 0: one for a tower, two for a torsion summand.

        F[H]/H^k with generator (h, q) is the cokernel of H^k from a generator at (h - 1, q - 2k), which survives at H = 0.
        """
        count = Counter(self.towers)
        for h, q, k in self.torsion:
            count[h, q] += 1
            count[h - 1, q - 2 * k] += 1
        return dict(sorted(count.items()))

    def at_one(self) -> dict[Bidegree, int]:
        """Return the dimensions of the associated graded of the homology at H = 1: the towers."""
        return dict(sorted(Counter(self.towers).items()))

    def shift(self, h: int = 0, q: int = 0) -> GradedModule:
        """Return the module with its bidegrees raised."""
        towers = ((a + h, b + q) for a, b in self.towers)
        return GradedModule(self.ring, towers, ((a + h, b + q, k) for a, b, k in self.torsion))

    def __add__(self, other: GradedModule) -> GradedModule:
        return GradedModule(self.ring, self.towers + other.towers, self.torsion + other.torsion)

    def __bool__(self) -> bool:
        return bool(self.towers or self.torsion)

    def _terms(self) -> list[str]:
        free = [f"{self.ring}[H]({h}, {q})" for h, q in self.towers]
        return free + [f"{self.ring}[H]/H{f'^{k}' if k > 1 else ''}({h}, {q})" for h, q, k in self.torsion]

    def __str__(self) -> str:
        return " + ".join(self._terms()) or "0"

    def latex(self) -> str:
        r"""Return the module in LaTeX, as in :math:`\mathbb{Q}[H]\{0, 2\}`, with the bidegree in braces."""
        base = rf"\mathbb{{F}}_{{{self.ring.characteristic}}}" if self.ring.characteristic else r"\mathbb{Q}"
        free = [rf"{base}[H]\{{{h}, {q}\}}" for h, q in self.towers]
        rest = [rf"{base}[H]/H^{{{k}}}\{{{h}, {q}\}}" for h, q, k in self.torsion]
        return r" \oplus ".join(free + rest) or "0"

    @classmethod
    def parse(cls, text: str, ring: Ring | str = "Q") -> GradedModule:
        """Read what ``str`` prints; ``ring`` is that of the zero module.

        Raises
        ------
        ParseError
            At the first summand that is none.
        """
        towers, torsion, position = [], [], 0
        for part in text.split("+") if text.strip() != "0" else ():
            found = _TERM.fullmatch(part)
            if found is None:
                message = f"{part.strip()!r} at offset {position} is no summand over F[H]"
                raise ParseError(message, position=position, expected="Q[H](h, q) or Q[H]/H^k(h, q)")
            ring = parse_ring(found[1])
            h, q = int(found[3]), int(found[4])
            if "/" in part:
                torsion.append((h, q, int(found[2] or 1)))
            else:
                towers.append((h, q))
            position += len(part) + 1
        return cls(ring, towers, torsion)
