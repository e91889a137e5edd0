"""Theorems on Khovanov homology, counted: on how many diagrams each fails, and on how many it was tried.

Definition: closures of random braid words; each function takes a generator's seed and a number of diagrams.
Convention: each returns (failures, instances).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from erlangen.papers.haydys_witten_khovanov.sweeps import in_q
from erlangen.topology import (
    BigradedGroup,
    Link,
    bar_natan_homology,
    jones_polynomial,
    khovanov_homology,
    s_invariant,
)

__all__ = ["connected_sums", "euler_characteristic", "mirror_images", "one_tower", "shumakovitch", "split_unions"]

Found = tuple[int, int]


def _braids(seed: int, count: int, letters: int, *, knots: bool = False) -> Iterator[Link]:
    """Yield closures of random braids on three or four strands, knots alone if asked for."""
    rng = np.random.default_rng(seed)
    while count:
        strands = int(rng.integers(3, 5))
        word = rng.integers(1, strands, size=letters) * rng.choice([-1, 1], size=letters)
        link = Link.from_braid(word.tolist(), strands)
        if not knots or link.n_components == 1:
            count -= 1
            yield link


def _count(holds: Callable[[Link], bool], links: Iterator[Link]) -> Found:
    found = [holds(link) for link in links]
    return found.count(False), len(found)


def euler_characteristic(seed: int, count: int) -> Found:
    """Reduced homology has the Jones polynomial as graded Euler characteristic, up to the sign of the number of components."""

    def holds(link: Link) -> bool:
        sign = (-1) ** (link.n_components - 1)
        return bool(khovanov_homology(link, reduced=True).euler() * sign == in_q(jones_polynomial(link)))

    return _count(holds, _braids(seed, count, 9))


def mirror_images(seed: int, count: int) -> Found:
    """The mirror image has the dual homology: free part at (-h, -q), torsion at (1 - h, -q)."""
    return _count(
        lambda link: khovanov_homology(link.mirror()) == khovanov_homology(link).mirror(), _braids(seed, count, 9)
    )


def connected_sums(seed: int, count: int) -> Found:
    """Reduced homology of a connected sum is the tensor product, with its Tor, of the reduced homologies (Künneth)."""
    pairs = zip(_braids(seed, count, 6, knots=True), _braids(seed + 1, count, 6, knots=True), strict=True)

    def holds(one: Link, two: Link) -> bool:
        parts = (khovanov_homology(link, reduced=True) for link in (one, two))
        return khovanov_homology(one.connected_sum(two), reduced=True) == next(parts).tensor(next(parts))

    found = [holds(one, two) for one, two in pairs]
    return found.count(False), len(found)


def split_unions(seed: int, count: int) -> Found:
    """Unreduced homology of a split union is the tensor product, with its Tor, of the homologies (Künneth)."""
    pairs = zip(_braids(seed, count, 5), _braids(seed + 1, count, 5), strict=True)
    found = [
        khovanov_homology(one.disjoint_union(two)) == khovanov_homology(one).tensor(khovanov_homology(two))
        for one, two in pairs
    ]
    return found.count(False), len(found)


def shumakovitch(seed: int, count: int) -> Found:
    """Over F_2 unreduced homology is reduced homology twice, at q + 1 and q - 1 (Shumakovitch)."""

    def holds(link: Link) -> bool:
        reduced = khovanov_homology(link, "F2", reduced=True)
        return bool(khovanov_homology(link, "F2") == reduced.shift(q=1) + reduced.shift(q=-1))

    return _count(holds, _braids(seed, count, 9))


def one_tower(seed: int, count: int) -> Found:
    """Reduced Bar-Natan homology of a knot has one tower, at h = 0 and q = s, and its torsion makes up the rest of reduced homology."""

    def holds(link: Link) -> bool:
        for field in ("Q", "F2", "F3"):
            module = bar_natan_homology(link, field)
            reduced = khovanov_homology(link, field, reduced=True)
            at_zero = BigradedGroup([(0, n, h, q) for (h, q), n in module.at_zero().items()], field)
            if module.towers != ((0, s_invariant(link, field)),) or at_zero != reduced:
                return False
        return True

    return _count(holds, _braids(seed, count, 8, knots=True))
