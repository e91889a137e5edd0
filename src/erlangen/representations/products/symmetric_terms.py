r"""A symmetric contraction as a sparse polynomial: which monomials each output component is made of.

Definition: :math:`B_o = \sum_{q: o(q) = o} K_q\, x^{\alpha(q)}`, :math:`K_q = \sum_p u_{qp} W_p`; a monomial is its parent times one component.
Convention: monomial 0 is the constant 1; monomials stand degree by degree, parents before children; pairs q are sorted by output, then by monomial.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_polynomials import Monomial, monomials

__all__ = ["SymmetricTerms", "symmetric_terms"]

Index = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class SymmetricTerms:
    """Tables of a sparse polynomial.

    Attributes
    ----------
    dim_in, dim_out, paths : int
        Components of the feature and of the result, number of paths.
    parent, factor : ndarray (M,)
        The parent of each monomial and the component it is multiplied by; both 0 for the constant.
    degree_start : tuple of int
        Where the monomials of each degree begin, from degree 0 on, and their number.
    output, monomial : ndarray (Q,)
        Component of the result and monomial of each pair.
    start, path, value : ndarray (Q+1,), (n,), (n,)
        For each pair the paths it is a combination of, in compressed rows.
    """

    dim_in: int
    dim_out: int
    paths: int
    parent: Index
    factor: Index
    degree_start: tuple[int, ...]
    output: Index
    monomial: Index
    start: NDArray[np.int64]
    path: Index
    value: NDArray[np.float64]

    @property
    def pairs(self) -> int:
        """Number of distinct pairs of output component and monomial."""
        return len(self.output)


@functools.lru_cache(maxsize=256)
def symmetric_terms(maps: SymmetricBasis) -> SymmetricTerms:
    """Return the tables of a basis of symmetric maps.

    Examples
    --------
    >>> terms = symmetric_terms(SymmetricBasis("0e+1o+2e+3o", "0e", 3))
    >>> terms.pairs, len(terms.path)  # 1 + 16 + 77 of the three degrees
    (94, 94)
    """
    starts = list(itertools.accumulate((2 * l + 1 for l, _ in maps.kinds_out), initial=0))
    entries: dict[tuple[int, Monomial], dict[int, float]] = {}
    for p, path in enumerate(maps.paths):
        names = monomials(maps.kinds_in, path.type)
        for m, n in np.argwhere(path.polynomial != 0).tolist():
            pair = starts[path.output] + m, names[n]
            entries.setdefault(pair, {})[p] = float(path.polynomial[m, n])
    known = _closed({monomial for _, monomial in entries})
    place = {monomial: i for i, monomial in enumerate(known)}
    pairs = sorted(entries, key=lambda pair: (pair[0], place[pair[1]]))
    rows = [sorted(entries[pair].items()) for pair in pairs]
    degrees = [len(monomial) for monomial in known]
    return SymmetricTerms(
        maps.dim_in,
        maps.dim_out,
        len(maps.paths),
        _index([place[m[:-1]] for m in known]),
        _index([m[-1] if m else 0 for m in known]),
        (*(degrees.index(d) for d in range(degrees[-1] + 1)), len(known)),
        _index([o for o, _ in pairs]),
        _index([place[m] for _, m in pairs]),
        np.cumsum([0, *map(len, rows)], dtype=np.int64),
        _index([p for row in rows for p, _ in row]),
        np.array([u for row in rows for _, u in row]),
    )


def _closed(found: set[Monomial]) -> list[Monomial]:
    """Return monomials with all that stand before them on the way from the constant, degree by degree."""
    every = {monomial[:n] for monomial in found for n in range(len(monomial) + 1)} | {()}
    return sorted(every, key=lambda monomial: (len(monomial), monomial))


def _index(entries: list[int]) -> Index:
    return np.array(entries, dtype=np.int32)
