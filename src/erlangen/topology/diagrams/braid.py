"""Braids as values: words in the generators, with products, closures and permutations.

Definition: Artin's group B_n on generators 1, …, n - 1 (Birman, Braids, Links and Mapping Class Groups); equality is that of words.
Convention: strands run upwards, letters are read from the bottom; in the letter i > 0 the strand from lower left passes over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.topology.diagrams.braid_word import check_word, full_twists
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.plat import plat_code
from erlangen.validation import check_integer

__all__ = ["Braid"]


@final
@dataclass(frozen=True, init=False, repr=False)
class Braid:
    """A braid word on a number of strands: letter ``i`` exchanges strands ``i`` and ``i + 1`` positively, ``-i`` negatively.

    Equality is equality of words; what it prints, it reads.

    Parameters
    ----------
    word : iterable of int, or str
        Letters ``i`` or ``-i``, ``1 <= i < strands``.
    strands : int, optional
        The least number that carries the word, if not given.

    Raises
    ------
    DomainError
        If a letter is 0 or not less than ``strands``, naming its index.

    Examples
    --------
    >>> figure_eight = Braid([1, -2, 1, -2])
    >>> figure_eight.strands, figure_eight.closure().n_components
    (3, 1)
    >>> figure_eight * figure_eight.inverse()
    Braid([1, -2, 1, -2, 2, -1, 2, -1], 3)
    """

    word: tuple[int, ...]
    strands: int

    def __init__(self, word: Iterable[int] | str = (), strands: int | None = None) -> None:
        letters, n = check_word(word, strands)
        object.__setattr__(self, "word", letters)
        object.__setattr__(self, "strands", n)

    @classmethod
    def full_twist(cls, strands: int, count: int = 1) -> Braid:
        """Return ``count`` full twists of all strands, which generate the centre of the group for more than two strands.

        Examples
        --------
        >>> Braid.full_twist(3)
        Braid([1, 2, 1, 2, 1, 2], 3)
        """
        return cls(full_twists(strands, count), strands)

    @classmethod
    def random(cls, strands: int, length: int, *, rng: RngLike = None) -> Braid:
        """Return a word of uniform independent letters.

        Examples
        --------
        >>> Braid.random(4, 5, rng=0)
        Braid([-3, -1, -1, 2, 2], 4)
        """
        n = check_integer(strands, "strands", low=2)
        m = check_integer(length, "length", low=0)
        drawn = as_generator(rng).integers(2 * n - 2, size=m)
        return cls([int(x) + 1 if x < n - 1 else n - 2 - int(x) for x in drawn], n)

    def compose(self, other: Braid) -> Braid:
        """Return the product: this braid below, the other above.

        Examples
        --------
        >>> Braid([1, 2]).compose(Braid([-1], 3))
        Braid([1, 2, -1], 3)
        """
        if self.strands != other.strands:
            message = f"braids of {self.strands} and {other.strands} strands have no product"
            raise DomainError(message, hint="give both the same number of strands, e.g. Braid(word, strands)")
        return Braid((*self.word, *other.word), self.strands)

    def inverse(self) -> Braid:
        """Return the inverse word.

        Examples
        --------
        >>> Braid([1, -2]).inverse()
        Braid([2, -1], 3)
        """
        return Braid([-letter for letter in reversed(self.word)], self.strands)

    def mirror(self) -> Braid:
        """Return the word with all letters negated, whose closure is the mirror image."""
        return Braid([-letter for letter in self.word], self.strands)

    def __mul__(self, other: Braid) -> Braid:
        return self.compose(other)

    def __pow__(self, exponent: int) -> Braid:
        base = self if exponent >= 0 else self.inverse()
        return Braid(base.word * abs(exponent), self.strands)

    @property
    def exponent_sum(self) -> int:
        """Sum of the signs of the letters: the writhe of the closure."""
        return sum(1 if letter > 0 else -1 for letter in self.word)

    @property
    def permutation(self) -> tuple[int, ...]:
        """For each place at the bottom the place at the top at which its strand ends, from 0."""
        places = list(range(self.strands))  # places[p] = strand that stands at place p
        for letter in self.word:
            i = abs(letter)
            places[i - 1], places[i] = places[i], places[i - 1]
        ends = [0] * self.strands
        for place, strand in enumerate(places):
            ends[strand] = place
        return tuple(ends)

    def reduced(self) -> Braid:
        """Return the word with all pairs of neighbouring inverse letters cancelled.

        Examples
        --------
        >>> Braid([1, 2, -2, -1, 1]).reduced()
        Braid([1], 3)
        """
        kept: list[int] = []
        for letter in self.word:
            if kept and kept[-1] == -letter:
                kept.pop()
            else:
                kept.append(letter)
        return Braid(kept, self.strands)

    def closure(self) -> Link:
        """Return the closure.

        Examples
        --------
        >>> Braid([1, 1]).closure().writhe
        2
        """
        return Link.from_braid(self.word, self.strands)

    def plat_closure(self) -> Link:
        """Return the plat closure: caps and cups join strands 1 and 2, 3 and 4, … at the top and at the bottom.

        A plat has no orientation of its own: each component is oriented in a reproducible way, :meth:`Link.reverse` gives the others.

        Raises
        ------
        DomainError
            If the number of strands is odd.

        Examples
        --------
        >>> Braid([2, 2, 2], 4).plat_closure().n_crossings
        3
        """
        crossings, signs, circles = plat_code(self.word, self.strands)
        return Link._of(crossings, signs, circles)

    def __repr__(self) -> str:
        return f"Braid({list(self.word)}, {self.strands})"
