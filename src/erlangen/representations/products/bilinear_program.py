r"""A bilinear map as a straight-line program: products, butterflies, sums.

Definition: :math:`q = x_i y_j` for each place used; :math:`(q_a, q_b) \mapsto (q_a + q_b, q_a - q_b)` where that makes the sums :math:`z_k = \sum c\,q`
shorter (real couplings meet products in pairs of equal size: :math:`\cos a\cos b \mp \sin a\sin b`).
Convention: the program is cut into segments of few products, no butterfly across a cut; the gradient is the same program transposed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from erlangen.representations.products.bilinear_terms import BilinearTerms

__all__ = ["BilinearProgram", "bilinear_program"]

_ROUNDS = 3
_CROWD = 12  # products of equal coefficient in one sum, beyond which pairs are not sought
_SEGMENT = 96  # products kept in the nearest cache at a time
_ZERO = 1e-14  # relative size of a coefficient that is rounding

Columns = list[dict[int, float]]
Pairs = list[tuple[int, int]]
Quad = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class BilinearProgram:
    """The lists of a program, framed by segment: products (i, j), butterflies (a, b), terms (slot, k, value).

    The first slots of a segment are its ``quads`` by fours, x y, x' y', x y', x' y, of which the first two and the last two are turned at once.
    """

    d1: int
    d2: int
    d3: int
    product_start: NDArray[np.int32]
    quads: NDArray[np.int32]
    i: NDArray[np.int32]
    j: NDArray[np.int32]
    butterfly_start: NDArray[np.int32]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    term_start: NDArray[np.int32]
    slot: NDArray[np.int32]
    k: NDArray[np.int32]
    value: NDArray[np.float64]

    def multiplications(self) -> int:
        """Return the multiplications of one evaluation."""
        return len(self.i) + len(self.slot)

    def arguments(self) -> tuple[Any, ...]:
        """Return the lists in the order of the kernel's constructor."""
        lists = (self.product_start, self.quads, self.i, self.j, self.butterfly_start, self.a, self.b)
        return (
            self.d1,
            self.d2,
            self.d3,
            *(x.tolist() for x in (*lists, self.term_start, self.slot, self.k, self.value)),
        )


def bilinear_program(terms: BilinearTerms) -> BilinearProgram:
    """Return the program of a bilinear map.

    Examples
    --------
    >>> complex_product = BilinearTerms([0, 1, 0, 1], [0, 1, 1, 0], [0, 0, 1, 1], [1.0, -1.0, 1.0, 1.0], 2, 2, 2)
    >>> bilinear_program(complex_product).multiplications()
    8
    """
    places, product = np.unique(terms.i * max(terms.d2, 1) + terms.j, return_inverse=True)
    columns: Columns = [{} for _ in places]
    for q, k, c in zip(product.tolist(), terms.k.tolist(), terms.c.tolist(), strict=True):
        columns[q][k] = c
    first = _round(columns)
    quads = _quads(first, places, max(terms.d2, 1))
    inside = {pair for quad in quads for pair in quad}
    butterflies = [pair for pair in first if pair not in inside]
    for _ in range(_ROUNDS - 1):
        found = _round(columns)
        if not found:
            break
        butterflies += found
    segments = _segments(columns, butterflies, quads)
    return _framed(terms, places, columns, butterflies, quads, segments)


def _quads(butterflies: Pairs, places: NDArray[np.int64], divisor: int) -> list[Quad]:
    """Return the pairs of butterflies whose four products are those of two factors with two: (x y, x' y') and (x y', x' y)."""
    number = {int(place): q for q, place in enumerate(places)}
    known = set(butterflies)
    found = []
    for a, b in butterflies:
        (i0, j0), (i1, j1) = divmod(int(places[a]), divisor), divmod(int(places[b]), divisor)
        if i0 < i1 and j0 < j1:
            other = (number.get(i0 * divisor + j1, -1), number.get(i1 * divisor + j0, -1))
            if other in known:
                found.append(((a, b), other))
    return found


def _turned(left: dict[int, float], right: dict[int, float]) -> tuple[dict[int, float], dict[int, float]]:
    """Return the coefficients of the sum and of the difference of two products."""
    total: dict[int, float] = {}
    difference: dict[int, float] = {}
    for k in sorted(left.keys() | right.keys()):
        a, b = left.get(k, 0.0), right.get(k, 0.0)
        least = _ZERO * max(abs(a), abs(b))
        if abs(a + b) > least:
            total[k] = (a + b) / 2
        if abs(a - b) > least:
            difference[k] = (a - b) / 2
    return total, difference


def _round(columns: Columns) -> Pairs:
    """Turn disjoint pairs of columns where it saves two terms or more, the most saving first."""
    groups: dict[tuple[int, float], list[int]] = defaultdict(list)
    for q, column in enumerate(columns):
        for k, c in column.items():
            groups[k, float(np.float32(abs(c)))].append(q)
    candidates = {pair for group in groups.values() if 1 < len(group) <= _CROWD for pair in combinations(group, 2)}
    savings = []
    for a, b in sorted(candidates):
        total, difference = _turned(columns[a], columns[b])
        saved = len(columns[a]) + len(columns[b]) - len(total) - len(difference)
        if saved >= 2:
            savings.append((-saved, a, b))
    taken: set[int] = set()
    chosen: Pairs = []
    for _, a, b in sorted(savings):
        if a in taken or b in taken:
            continue
        taken |= {a, b}
        columns[a], columns[b] = _turned(columns[a], columns[b])
        chosen.append((a, b))
    return chosen


def _segments(columns: Columns, butterflies: Pairs, quads: list[Quad]) -> list[list[int]]:
    """Return the products of each segment: what butterflies join stays together, and so does, where it fits, what meets in a sum."""
    count = len(columns)
    joined = butterflies + [pair for one, other in quads for pair in (one, other, (one[0], other[0]))]
    together = _labels(count, joined)
    sums: dict[int, int] = {}
    meetings = []
    for q, column in enumerate(columns):
        meetings += [(q, sums.setdefault(k, q)) for k in column]
    component = _labels(count, meetings + joined)
    clusters: dict[int, list[int]] = defaultdict(list)
    for q in range(count):
        clusters[int(together[q])].append(q)
    components: dict[int, list[list[int]]] = defaultdict(list)
    for cluster in clusters.values():
        components[int(component[cluster[0]])].append(cluster)
    segments: list[list[int]] = [[]]
    for group in components.values():
        if len(segments[-1]) + sum(map(len, group)) > _SEGMENT and segments[-1]:
            segments.append([])
        for cluster in group:
            if segments[-1] and len(segments[-1]) + len(cluster) > _SEGMENT:
                segments.append([])
            segments[-1] += cluster
    return segments


def _labels(count: int, edges: Pairs) -> NDArray[np.int64]:
    """Return the component of each of ``count`` nodes."""
    if not count:
        return np.zeros(0, dtype=np.int64)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _framed(
    terms: BilinearTerms,
    places: NDArray[np.int64],
    columns: Columns,
    butterflies: Pairs,
    quads: list[Quad],
    segments: list[list[int]],
) -> BilinearProgram:
    """Number the slots through the segments and frame every list by segment."""
    home = {q: s for s, segment in enumerate(segments) for q in segment}
    fours: list[list[int]] = [[] for _ in segments]
    for one, other in quads:
        fours[home[one[0]]] += [*one, *other]
    segments = [
        four + _singles(set(segment) - set(four), columns, butterflies)
        for four, segment in zip(fours, segments, strict=True)
    ]
    slot_of = {q: slot for slot, q in enumerate(q for segment in segments for q in segment)}
    turned: list[Pairs] = [[] for _ in segments]
    for a, b in butterflies:
        turned[home[a]].append((slot_of[a], slot_of[b]))
    sums = [[(slot_of[q], k, c) for q in segment for k, c in columns[q].items()] for segment in segments]
    order = np.array(list(slot_of), dtype=np.int64)
    flat_pairs = np.array([pair for pairs in turned for pair in pairs], dtype=np.int32).reshape(-1, 2)
    flat_sums = [term for part in sums for term in part]
    divisor = max(terms.d2, 1)
    return BilinearProgram(
        *(terms.d1, terms.d2, terms.d3),
        product_start=_frame(segments),
        quads=np.array([len(four) // 4 for four in fours], dtype=np.int32),
        i=(places[order] // divisor).astype(np.int32),
        j=(places[order] % divisor).astype(np.int32),
        butterfly_start=_frame(turned),
        a=flat_pairs[:, 0].copy(),
        b=flat_pairs[:, 1].copy(),
        term_start=_frame(sums),
        slot=np.array([slot for slot, _, _ in flat_sums], dtype=np.int32),
        k=np.array([k for _, k, _ in flat_sums], dtype=np.int32),
        value=np.array([c for _, _, c in flat_sums], dtype=np.float64),
    )


def _singles(products: set[int], columns: Columns, butterflies: Pairs) -> list[int]:
    """Return products in order, last those that are an output by themselves."""
    turned = {q for pair in butterflies for q in pair}
    met: dict[int, int] = defaultdict(int)
    for column in columns:
        for k in column:
            met[k] += 1
    alone = {q for q in products - turned if len(columns[q]) == 1 and met[next(iter(columns[q]))] == 1}
    return sorted(products - alone) + sorted(alone)


def _frame(parts: list[Any]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int32)
