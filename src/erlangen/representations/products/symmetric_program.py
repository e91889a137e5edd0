r"""The order in which a symmetric contraction is evaluated: terms grouped by a common parent monomial.

Definition: :math:`B_o = \sum_G x^{\pi(G)} \sum_{q \in G} K_q x_{i(q)}`; each monomial of an output is divided by the parent that most others of it share.
Convention: groups of an output stand by size, so that loops of one length follow one another; the first parents are the constant 1 and the components.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import Any

import numpy as np

from erlangen import native
from erlangen.representations.products.symmetric_polynomials import Monomial
from erlangen.representations.products.symmetric_terms import SymmetricTerms

__all__ = ["sparse_polynomial"]

Group = tuple[Monomial, list[int]]  # parent, pairs


@functools.lru_cache(maxsize=256)
def sparse_polynomial(terms: SymmetricTerms) -> tuple[Any, Any]:
    """Return the module of kernels and its tables of a polynomial, made once."""
    names = _names(terms)
    used: set[Monomial] = {(), *((i,) for i in range(terms.dim_in))}
    groups = [_groups(output, terms, names, used) for output in range(terms.dim_out)]
    parents, parent, factor = _parents(used)
    place = {monomial: i for i, monomial in enumerate(parents)}
    flat = [group for of_output in groups for group in of_output]
    pairs = [q for _, members in flat for q in members]
    factors = [_quotient(names[terms.monomial[q]], shared) for shared, members in flat for q in members]
    rows = [slice(terms.start[q], terms.start[q + 1]) for q in pairs]
    module: Any = native.kernels("native")
    return module, module.SparsePolynomial(
        terms.dim_in,
        terms.dim_out,
        terms.paths,
        _table(parent),
        _table(factor),
        _starts([len(of_output) for of_output in groups]),
        _table([place[shared] for shared, _ in flat]),
        _starts([len(members) for _, members in flat]),
        _table(factors),
        _starts([row.stop - row.start for row in rows]),
        np.concatenate([terms.path[row] for row in rows]),
        np.concatenate([terms.value[row] for row in rows]),
    )


def _names(terms: SymmetricTerms) -> list[Monomial]:
    names: list[Monomial] = [()]
    for parent, factor in zip(terms.parent[1:].tolist(), terms.factor[1:].tolist(), strict=True):
        names.append(tuple(sorted((*names[parent], factor))))
    return names


def _divisors(monomial: Monomial) -> set[Monomial]:
    """Return what is left of a monomial without one of its factors."""
    return {monomial[:n] + monomial[n + 1 :] for n in range(len(monomial))}


def _quotient(monomial: Monomial, parent: Monomial) -> int:
    """Return the factor that a monomial has beyond a divisor of it."""
    return next(i for i in set(monomial) if monomial.count(i) > parent.count(i))


def _groups(output: int, terms: SymmetricTerms, names: list[Monomial], used: set[Monomial]) -> list[Group]:
    """Return the pairs of an output by parent: the largest group first taken, among those as large one with a parent used before."""
    left = {names[terms.monomial[q]]: q for q in np.flatnonzero(terms.output == output).tolist()}
    multiples: dict[Monomial, list[Monomial]] = defaultdict(list)
    for monomial in left:
        for divisor in _divisors(monomial):
            multiples[divisor].append(monomial)
    found: list[Group] = []
    while left:
        rest = {parent: [m for m in members if m in left] for parent, members in multiples.items()}
        multiples = {parent: members for parent, members in rest.items() if members}
        shared = max(multiples, key=lambda parent: (len(multiples[parent]), parent in used))
        found.append((shared, [left.pop(m) for m in multiples[shared]]))
        used.add(shared)
    return sorted(found, key=lambda group: (len(group[1]), group[0]))


def _parents(used: set[Monomial]) -> tuple[list[Monomial], list[int], list[int]]:
    """Return all parents with what they are made of, degree by degree, and of each its own parent and factor."""
    closed = set(used)
    for degree in range(max(map(len, used)), 1, -1):
        for monomial in sorted(m for m in closed if len(m) == degree):
            if not _divisors(monomial) & closed:
                closed.add(monomial[:-1])
    order = sorted(closed, key=lambda m: (len(m), m))
    place = {monomial: i for i, monomial in enumerate(order)}
    own = [()] + [min(_divisors(m) & closed) for m in order[1:]]
    factors = [0] + [_quotient(m, parent) for m, parent in zip(order[1:], own[1:], strict=True)]
    return order, [place[parent] for parent in own], factors


def _table(entries: list[int]) -> np.ndarray:
    return np.array(entries, dtype=np.int32)


def _starts(lengths: list[int]) -> np.ndarray:
    return np.cumsum([0, *lengths], dtype=np.int32)
