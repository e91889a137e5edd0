"""What a scanned complex says: reduced, unreduced and Bar-Natan homology.

Definition: entries c H^k and c X H^k between copies of an arc; reduced is X = 0, unreduced is the tensor product with A = <1, X> over R[H].
Convention: q of 1 is one above the arc's, q of X one below; over Q and F_p a complex over Z is read by universal coefficients, which is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from erlangen.errors import DomainError
from erlangen.exact import ChainComplex, GradedModule, Ring, SparseMatrix
from erlangen.exact.abelian_group import prime_powers
from erlangen.exact.elimination import located_divisors, located_pivots
from erlangen.exact.graded_smith import graded_pivots
from erlangen.topology.khovanov.bigraded_group import BigradedGroup, Summand

if TYPE_CHECKING:
    from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["bar_natan", "complex_of", "homology"]

Node = tuple[int, int]  # degrees (h, q)
Rows = dict[int, dict[int, int]]  # from source to target to coefficient


def _check_ring(scan: ScannedComplex, ring: Ring) -> None:
    """Refuse a ring that the scan's does not map to."""
    if scan.ring != ring and (scan.ring.is_field or scan.ring.characteristic):
        message = f"a scan over {scan.ring} says nothing over {ring}"
        raise DomainError(message, hint="scan over Z, which serves every ring")


def _entries(scan: ScannedComplex) -> Iterable[tuple[int, int, bool, int]]:
    coefficients = scan.coefficient if isinstance(scan.coefficient, tuple) else scan.coefficient.tolist()
    return zip(scan.source.tolist(), scan.target.tolist(), scan.dotted.tolist(), coefficients, strict=True)


def _graded_rows(scan: ScannedComplex, q: list[int], reduced: bool) -> Rows:
    """Return the differential at H = 0; in the unreduced theory generator g becomes 2 g (1) and 2 g + 1 (X)."""
    rows: Rows = {}
    for s, t, dotted, c in _entries(scan):
        if q[t] - q[s] != 2 * dotted:
            continue
        if reduced:
            if not dotted:
                rows.setdefault(s, {})[t] = c
        elif dotted:
            rows.setdefault(2 * s, {})[2 * t + 1] = c
        else:
            rows.setdefault(2 * s, {})[2 * t] = c
            rows.setdefault(2 * s + 1, {})[2 * t + 1] = c
    return rows


def _with_unknots(places: Counter[tuple[int, int, int]], n: int) -> Counter[tuple[int, int, int]]:
    """Tensor with A once for each split unknot."""
    for _ in range(n):
        wider: Counter[tuple[int, int, int]] = Counter()
        for (order, h, q), times in places.items():
            wider[order, h, q + 1] += times
            wider[order, h, q - 1] += times
        places = wider
    return places


def homology(scan: ScannedComplex, ring: Ring, *, reduced: bool) -> BigradedGroup:
    """Return reduced or unreduced homology over a ring.

    Over Z the matrices are brought to diagonal form over Z; over Q and F_p a scan over Z is read the same way and its diagonal
    reduced, so that ranks over Q are exact; a scan over F_p is read by ranks over F_p.
    """
    _check_ring(scan, ring)
    h, q = scan.h.tolist(), scan.q.tolist()
    rows = _graded_rows(scan, q, reduced)
    p = scan.ring.characteristic
    located = located_pivots(rows.items(), p) if p else located_divisors(rows.items())
    places: Counter[tuple[int, int, int]] = Counter()
    if reduced:
        for a, b in zip(h, q, strict=True):
            places[0, a, b] += 1
    else:
        for a, b in zip(h, q, strict=True):
            places[0, a, b + 1] += 1
            places[0, a, b - 1] += 1
    q_characteristic, field = ring.characteristic, ring.is_field
    for node, d in located:
        g = node if reduced else node >> 1
        level = q[g] if reduced else q[g] + 1 - 2 * (node & 1)
        if q_characteristic and not p and d % q_characteristic == 0:
            continue
        places[0, h[g], level] -= 1
        places[0, h[g] + 1, level] -= 1
        if d > 1 and not field:
            for power in prime_powers(d):
                places[power, h[g] + 1, level] += 1
    if scan.n_unknots:
        places = _with_unknots(places, scan.n_unknots)
    summands: list[Summand] = [(order, n, a, b) for (order, a, b), n in sorted(places.items()) if n]
    return BigradedGroup._made(tuple(summands), ring)


def _deformed_columns(scan: ScannedComplex, ring: Ring, reduced: bool) -> dict[int, dict[int, int]]:
    """Return the differential at H = 1 as columns."""
    columns: dict[int, dict[int, int]] = {}
    for s, t, dotted, c in _entries(scan):
        if reduced:
            targets = [] if dotted else [(s, t)]
        elif dotted:
            targets = [(2 * s, 2 * t + 1), (2 * s + 1, 2 * t + 1)]
        else:
            targets = [(2 * s, 2 * t), (2 * s + 1, 2 * t + 1)]
        for a, b in targets:
            column = columns.setdefault(a, {})
            column[b] = column.get(b, 0) + c
    element = ring.element
    images = {a: {b: element(c) for b, c in column.items()} for a, column in columns.items()}
    return {a: {b: int(c) for b, c in column.items() if c} for a, column in images.items()}


def _nodes(scan: ScannedComplex, reduced: bool) -> tuple[list[int], list[int]]:
    """Return degrees h and q of the generators of the theory."""
    h, q = scan.h.tolist(), scan.q.tolist()
    if reduced:
        return h, q
    return [a for a in h for _ in (0, 1)], [b + s for b in q for s in (1, -1)]


def bar_natan(scan: ScannedComplex, ring: Ring, *, reduced: bool) -> GradedModule:
    """Return the homology over F[H], F a field, from a scan that kept H.

    Raises
    ------
    DomainError
        If H was not kept, or the ring is no field.
    """
    _check_ring(scan, ring)
    if not scan.deformed:
        message = "the scan dropped H, so it says nothing over F[H]"
        raise DomainError(message, hint="scan with deformed=True")
    h, q = _nodes(scan, reduced)
    free: Counter[Node] = Counter(zip(h, q, strict=True))
    torsion: list[tuple[int, int, int]] = []
    for source, target, exponent in graded_pivots(_deformed_columns(scan, ring, reduced), q, q, ring):
        free[h[source], q[source]] -= 1
        free[h[target], q[target]] -= 1
        if exponent:
            torsion.append((h[target], q[target], exponent // 2))
    module = GradedModule(ring, [place for place, n in free.items() for _ in range(n)], torsion)
    for _ in range(scan.n_unknots):
        module = module.shift(0, 1) + module.shift(0, -1)
    return module


def complex_of(scan: ScannedComplex, ring: Ring, *, reduced: bool) -> ChainComplex:
    """Return the simplified complex at H = 0 with q as labels, split unknots included."""
    _check_ring(scan, ring)
    h, q = _nodes(scan, reduced)
    place: list[int] = []
    labels: dict[int, list[int]] = {}
    for a, b in zip(h, q, strict=True):
        names = labels.setdefault(a, [])
        place.append(len(names))
        names.append(b)
    entries: dict[int, dict[tuple[int, int], int]] = {}
    for s, row in _graded_rows(scan, scan.q.tolist(), reduced).items():
        for t, c in row.items():
            entries.setdefault(h[s], {})[place[t], place[s]] = c
    matrices = {k: SparseMatrix(part, (len(labels[k + 1]), len(labels[k])), ring) for k, part in entries.items()}
    result = ChainComplex(matrices, {k: labels[k] for k in sorted(labels)}, ring=ring)
    circle = ChainComplex({}, {0: [1, -1]}, ring=ring)
    for _ in range(scan.n_unknots):
        result = result.tensor(circle)
    return result
