r"""The order in which a symmetric contraction is evaluated: terms grouped by a common divisor of their monomials.

Definition: :math:`B_o = \sum_G x^{\lambda(G)} \sum_{q \in G} K_q x^{\rho(q)}`; left stands half the degree, rounded down, right the rest.
Convention: the first monomials are the constant 1 and the components; on all chains of couplings weights are first brought to a basis of the same maps.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_conversion import conversion
from erlangen.representations.products.symmetric_polynomials import Monomial
from erlangen.representations.products.symmetric_terms import SymmetricTerms, symmetric_terms

__all__ = ["sparse_polynomial"]

Group = tuple[Monomial, list[int]]  # left monomial, pairs


@functools.lru_cache(maxsize=256)
def sparse_polynomial(maps: SymmetricBasis) -> tuple[Any, Any]:
    """Return the module of kernels and the tables of a polynomial, made once."""
    terms = symmetric_terms(maps.twin(reduced=True))
    names = _names(terms)
    groups = [_groups(np.flatnonzero(terms.output == output).tolist(), terms, names) for output in range(terms.dim_out)]
    flat = [group for of_output in groups for group in of_output]
    pairs = [q for _, members in flat for q in members]
    rights = [_quotient(names[terms.monomial[q]], left) for left, members in flat for q in members]
    known = _closed({*rights, *(left for left, _ in flat), *((i,) for i in range(terms.dim_in))})
    place = {monomial: i for i, monomial in enumerate(known)}
    module: Any = native.kernels("native")
    return module, module.SymmetricProgram(
        terms.dim_in,
        terms.dim_out,
        len(maps.paths),
        _table(place[m[:-1]] for m in known),
        _table(m[-1] if m else 0 for m in known),
        _starts(map(len, groups)),
        _table(place[left] for left, _ in flat),
        _starts(len(members) for _, members in flat),
        _table(place[right] for right in rights),
        *_rows(_mixture(terms, pairs)),
        *((None, None, None) if maps.reduced else _rows(conversion(maps))),
    )


def _names(terms: SymmetricTerms) -> list[Monomial]:
    names: list[Monomial] = [()]
    for parent, factor in zip(terms.parent[1:].tolist(), terms.factor[1:].tolist(), strict=True):
        names.append(tuple(sorted((*names[parent], factor))))
    return names


def _lefts(monomial: Monomial) -> set[Monomial]:
    """Return the divisors of half the degree, rounded down, at least of degree 1."""
    return set(itertools.combinations(monomial, max(1, len(monomial) // 2)))


def _quotient(monomial: Monomial, left: Monomial) -> Monomial:
    return tuple(sorted((Counter(monomial) - Counter(left)).elements()))


def _groups(pairs: list[int], terms: SymmetricTerms, names: list[Monomial]) -> list[Group]:
    """Return the pairs of an output by their left monomial, the largest group first taken."""
    multiples: dict[Monomial, list[int]] = {}
    for q in pairs:
        for left in _lefts(names[terms.monomial[q]]):
            multiples.setdefault(left, []).append(q)
    count = {left: len(members) for left, members in multiples.items()}
    free, found = set(pairs), []
    while free:
        left = max(count, key=lambda m: (count[m], m))
        members = [q for q in multiples[left] if q in free]
        found.append((left, members))
        free.difference_update(members)
        for other in itertools.chain.from_iterable(_lefts(names[terms.monomial[q]]) for q in members):
            count[other] -= 1
    return sorted(found)


def _closed(found: set[Monomial]) -> list[Monomial]:
    """Return monomials with all that stand before them on the way from the constant, degree by degree."""
    every = {monomial[:n] for monomial in found for n in range(len(monomial) + 1)} | {()}
    return sorted(every, key=lambda monomial: (len(monomial), monomial))


def _mixture(terms: SymmetricTerms, pairs: list[int]) -> NDArray[np.float64]:
    """Return the coefficient of each path (rows) in each pair (columns), these in the order wanted."""
    matrix = np.zeros((terms.paths, terms.pairs))
    matrix[terms.path, np.repeat(np.arange(terms.pairs), np.diff(terms.start))] = terms.value
    return matrix[:, pairs]


def _rows(matrix: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return a matrix in compressed rows."""
    row, column = np.nonzero(matrix)
    return _starts(np.bincount(row, minlength=len(matrix))), column.astype(np.int32), matrix[row, column]


def _table(entries: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(entries), dtype=np.int32)


def _starts(lengths: Iterable[int]) -> NDArray[np.int32]:
    return np.cumsum([0, *lengths], dtype=np.int32)
