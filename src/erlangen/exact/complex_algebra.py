"""New complexes from old: shifts, duals, sums, tensor products, mapping cones.

Definition: as in Weibel, An introduction to homological algebra, sec. 1.2, 1.5 and 2.7, in cohomological degrees.
Convention: C[n] has degrees raised by n and d times (-1)^n; a (x) b has d(a b) = (d a) b + (-1)^degree(a) a (d b), pairs in lexicographic order.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

from erlangen.errors import DomainError
from erlangen.exact.ring import Element
from erlangen.exact.sparse_matrix import SparseMatrix

if TYPE_CHECKING:
    from erlangen.exact.chain_complex import ChainComplex

__all__ = ["cone", "direct_sum", "dual", "shift", "tensor"]

Entries = dict[tuple[int, int], Element]


def _same_ring(a: ChainComplex, b: ChainComplex) -> None:
    if a.ring != b.ring:
        message = f"complexes over {a.ring} and {b.ring} do not mix"
        raise DomainError(message, hint="bring both over one ring with .over(ring)")


def _between(c: ChainComplex) -> list[int]:
    return [k for k in c.labels if k + 1 in c.labels]


def shift(c: ChainComplex, degree: int, label: int) -> ChainComplex:
    """Return the complex with degrees and labels raised."""
    sign = -1 if degree % 2 else 1
    labels = {k + degree: [name + label for name in names] for k, names in c.labels.items()}
    return type(c)({k + degree: c.differential(k) * sign for k in _between(c)}, labels, ring=c.ring, check=False)


def dual(c: ChainComplex) -> ChainComplex:
    """Return the complex of homomorphisms to the ring."""
    labels = {-k: [-name for name in names] for k, names in c.labels.items()}
    return type(c)({-k - 1: c.differential(k).transpose() for k in _between(c)}, labels, ring=c.ring, check=False)


def direct_sum(a: ChainComplex, b: ChainComplex) -> ChainComplex:
    """Return the direct sum, the first complex's generators first."""
    return cone(shift(a, 1, 0), b, {})


def cone(a: ChainComplex, b: ChainComplex, f: Mapping[int, SparseMatrix]) -> ChainComplex:
    """Return the mapping cone of f: a -> b."""
    _same_ring(a, b)
    degrees = {k - 1 for k in a.labels} | set(b.labels)
    labels = {k: a.labels.get(k + 1, ()) + b.labels.get(k, ()) for k in sorted(degrees)}
    matrices = {}
    for k in degrees:
        if k + 1 in degrees:
            rows, columns = len(a.labels.get(k + 2, ())), len(a.labels.get(k + 1, ()))
            entries: Entries = {place: -value for place, value in a.differential(k + 1).items()}
            if k + 1 in f:
                entries |= {(rows + i, j): value for (i, j), value in f[k + 1].items()}
            entries |= {(rows + i, columns + j): value for (i, j), value in b.differential(k).items()}
            matrices[k] = SparseMatrix(entries, (len(labels[k + 1]), len(labels[k])), a.ring)
    return type(a)(matrices, labels, ring=a.ring)


def tensor(a: ChainComplex, b: ChainComplex) -> ChainComplex:
    """Return the tensor product over the ring."""
    _same_ring(a, b)
    offset: dict[tuple[int, int], int] = {}
    labels: dict[int, list[int]] = {}
    for m, n in product(a.labels, b.labels):
        names = labels.setdefault(m + n, [])
        offset[m, n] = len(names)
        names += [x + y for x, y in product(a.labels[m], b.labels[n])]
    entries: dict[int, Entries] = {k: {} for k in labels if k + 1 in labels}
    for m, n in product(a.labels, b.labels):
        wide, start = len(b.labels[n]), offset[m, n]
        if (m + 1, n) in offset:
            for (i, j), value in a.differential(m).items():
                for x in range(wide):
                    entries[m + n][offset[m + 1, n] + i * wide + x, start + j * wide + x] = value
        if (m, n + 1) in offset:
            sign, high = -1 if m % 2 else 1, len(b.labels[n + 1])
            for (i, j), value in b.differential(n).items():
                for x in range(len(a.labels[m])):
                    entries[m + n][offset[m, n + 1] + x * high + i, start + x * wide + j] = sign * value
    shapes = {k: (len(labels[k + 1]), len(labels[k])) for k in entries}
    matrices = {k: SparseMatrix(part, shapes[k], a.ring) for k, part in entries.items()}
    return type(a)(matrices, {k: labels[k] for k in sorted(labels)}, ring=a.ring, check=False)
