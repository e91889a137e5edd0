"""A complex of crossingless matchings with degrees and an abstract kind of cobordism between them.

Definition: an object of Bar-Natan's category of complexes over a tangle's cobordisms (math/0410495, section 3), stored by entries.
Convention: an entry is a sum of dotted discs, written {dots: coefficient}; ``no_dots`` between equal objects is the identity.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from typing import Generic, TypeAlias, TypeVar

from erlangen.errors import LawError
from erlangen.exact.ring import Element, Ring
from erlangen.topology.scanning.matching import Arcs

__all__ = ["CobordismComplex", "Generator"]

Generator: TypeAlias = tuple[int, int, Arcs]  # h, q, matching
Dots = TypeVar("Dots", bound=Hashable)


class CobordismComplex(ABC, Generic[Dots]):
    """Generators by number, and the entries of the differential by source and by target.

    Parameters
    ----------
    ring : Ring
        Z, Q or a prime field.
    no_dots : hashable
        The mark of discs without dots.
    """

    def __init__(self, ring: Ring, no_dots: Dots) -> None:
        self.ring = ring
        self.no_dots = no_dots
        self.generators: dict[int, Generator] = {0: (0, 0, ())}
        self.out: dict[int, dict[int, dict[Dots, Element]]] = {0: {}}
        self.into: dict[int, set[int]] = {0: set()}
        self.compositions = 0

    @abstractmethod
    def product(self, arcs: tuple[Arcs, Arcs, Arcs], first: Dots, second: Dots) -> Iterable[tuple[Dots, int]]:
        """Return ``second`` after ``first`` between three matchings as a sum of dotted discs."""

    def new_generator(self, generator: Generator) -> int:
        """Add a generator without entries; return its number."""
        number = len(self.generators)
        self.generators[number] = generator
        self.out[number], self.into[number] = {}, set()
        return number

    def add(self, source: int, target: int, terms: Iterable[tuple[Dots, Element]]) -> None:
        """Add terms to an entry, dropping what cancels."""
        entry = self.out[source].setdefault(target, {})
        for dots, coefficient in terms:
            value = self.ring.element(entry.get(dots, 0) + coefficient)
            if value:
                entry[dots] = value
            else:
                entry.pop(dots, None)
        if entry:
            self.into[target].add(source)
        else:
            del self.out[source][target]
            self.into[target].discard(source)

    def compose(
        self, path: tuple[int, int, int], first: dict[Dots, Element], second: dict[Dots, Element]
    ) -> list[tuple[Dots, Element]]:
        """Return the terms of ``second`` after ``first``, entries along a path of three generators."""
        a, b, c = (self.generators[number][2] for number in path)
        self.compositions += len(first) * len(second)
        return [
            (dots, below * above * factor)
            for low, below in first.items()
            for high, above in second.items()
            for dots, factor in self.product((a, b, c), low, high)
        ]

    def scalar(self, source: int, target: int) -> Element:
        """Return the coefficient of the identity in an entry between equal matchings of equal q, else 0."""
        if self.generators[source][1:] != self.generators[target][1:]:
            return 0
        return self.out[source].get(target, {}).get(self.no_dots, 0)

    def remove(self, generator: int) -> None:
        """Remove a generator with all its entries."""
        for target in self.out.pop(generator):
            self.into[target].discard(generator)
        for source in self.into.pop(generator):
            del self.out[source][generator]
        del self.generators[generator]

    def n_terms(self) -> int:
        """Return the number of terms of all entries."""
        return sum(len(entry) for row in self.out.values() for entry in row.values())

    def check(self) -> None:
        """Verify that d² = 0.

        Raises
        ------
        LawError
            With the first pair of generators between which it is not.
        """
        for source, row in self.out.items():
            square: dict[tuple[int, Dots], Element] = {}
            for middle, first in row.items():
                for target, second in self.out[middle].items():
                    for dots, value in self.compose((source, middle, target), first, second):
                        square[target, dots] = self.ring.element(square.get((target, dots), 0) + value)
            for (target, dots), value in square.items():
                if value:
                    ends = self.generators[source], self.generators[target]
                    message = f"d² is not zero from {ends[0]} to {ends[1]}: {value} at dots {dots}"
                    raise LawError(message, hint="this is a defect of the engine, please report the diagram")
