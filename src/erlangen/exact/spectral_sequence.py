"""The spectral sequence of a filtered complex over a field.

Definition: E_0 = associated graded, E_{r+1} = H(E_r, d_r), d_r raising the homological degree by 1 and the label by r units (Weibel, ch. 5).
Convention: given by its pairs (source, target) that cancel on page r = difference of labels / unit, and by what survives; pages are numbered by r.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from erlangen.exact.graded_module import GradedModule
from erlangen.exact.ring import Ring

__all__ = ["SpectralSequence"]

Bidegree = tuple[int, int]


@final
@dataclass(frozen=True)
class SpectralSequence:
    """Pages of a filtered complex over a field: dimensions and ranks of differentials.

    Parameters
    ----------
    ring : Ring
        The field.
    unit : int
        The step of the labels that counts as one page.
    survivors : tuple of (degree, label)
        What lives to the last page.
    pairs : tuple of ((degree, label), (degree + 1, label'))
        What cancels, on page (label' - label)/unit.

    Examples
    --------
    >>> from erlangen.exact import Q
    >>> s = SpectralSequence(Q, 4, ((0, 1), (0, 3)), (((2, 5), (3, 9)),))
    >>> s.page(1), s.differential(1)
    ({(0, 1): 1, (0, 3): 1, (2, 5): 1, (3, 9): 1}, {((2, 5), (3, 9)): 1})
    >>> s.last_page, s.page(2) == s.limit
    (2, True)
    """

    ring: Ring
    unit: int
    survivors: tuple[Bidegree, ...]
    pairs: tuple[tuple[Bidegree, Bidegree], ...]

    def length(self, pair: tuple[Bidegree, Bidegree]) -> int:
        """Return the page on which a pair cancels."""
        return (pair[1][1] - pair[0][1]) // self.unit

    @property
    def last_page(self) -> int:
        """The first page that equals the limit."""
        return max((1 + self.length(pair) for pair in self.pairs), default=0)

    @property
    def limit(self) -> dict[Bidegree, int]:
        """Dimensions of the last page."""
        return dict(sorted(Counter(self.survivors).items()))

    def page(self, r: int) -> dict[Bidegree, int]:
        """Return the dimensions of E_r at each (degree, label)."""
        alive = [place for pair in self.pairs if self.length(pair) >= r for place in pair]
        return dict(sorted(Counter([*self.survivors, *alive]).items()))

    def differential(self, r: int) -> dict[tuple[Bidegree, Bidegree], int]:
        """Return the ranks of d_r between places, those that are not zero."""
        return dict(sorted(Counter(pair for pair in self.pairs if self.length(pair) == r).items()))

    def module(self) -> GradedModule:
        """Return the homology of the complex over F[H] whose entries are weighted by powers of H, of degree -2.

        Labels and unit must be those of H: one page is a unit of 2.
        """
        torsion = ((*target, (target[1] - source[1]) // 2) for source, target in self.pairs if target[1] > source[1])
        return GradedModule(self.ring, self.survivors, torsion)

    @classmethod
    def of_module(cls, module: GradedModule, unit: int = 2) -> SpectralSequence:
        """Return the spectral sequence, from the page of H = 0 on, that a module over F[H] knows."""
        pairs: Iterable[tuple[Bidegree, Bidegree]] = (((h - 1, q - 2 * k), (h, q)) for h, q, k in module.torsion)
        return cls(module.ring, unit, module.towers, tuple(sorted(pairs)))

    def __str__(self) -> str:
        lines = [f"limit: {_places(self.limit)}"]
        for r in sorted({self.length(pair) for pair in self.pairs}):
            arrows = (f"{a} -> {b}{f' x{n}' if n > 1 else ''}" for (a, b), n in self.differential(r).items())
            lines.append(f"d_{r}: " + ", ".join(arrows))
        return "\n".join(lines)


def _places(count: dict[Bidegree, int]) -> str:
    return ", ".join(f"{place}{f' x{n}' if n > 1 else ''}" for place, n in count.items()) or "0"
