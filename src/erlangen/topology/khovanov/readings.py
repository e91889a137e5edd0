"""What a scanned complex says: reduced, unreduced and Bar-Natan homology.

Definition: entries c H^k and c X H^k between copies of an arc; reduced is X = 0, unreduced is the tensor product with A = <1, X> over R[H].
Convention: q of 1 is one above the arc's, q of X one below; over Q and F_p a complex over Z is read by universal coefficients, which is exact.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.exact import ChainComplex, GradedModule, Ring, SparseMatrix
from erlangen.exact.abelian_group import prime_powers
from erlangen.exact.pivots import array_divisors, array_graded_pivots, array_pivots
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["bar_natan", "complex_of", "homology"]

Place = tuple[int, int, int]  # order, h, q


class _Entries(NamedTuple):
    """A differential as places and values."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    value: NDArray[Any]


def _check_ring(scan: ScannedComplex, ring: Ring) -> None:
    """Refuse a ring that the scan's does not map to."""
    if scan.ring != ring and (scan.ring.is_field or scan.ring.characteristic):
        message = f"a scan over {scan.ring} says nothing over {ring}"
        raise DomainError(message, hint="scan over Z, which serves every ring")


def _coefficients(scan: ScannedComplex) -> NDArray[Any]:
    """Return the coefficients as int64, or as Python integers where one is larger."""
    if isinstance(scan.coefficient, np.ndarray):
        return scan.coefficient
    try:
        return np.array(scan.coefficient, dtype=np.int64)
    except OverflowError:
        return np.array(scan.coefficient, dtype=object)


def _taken(scan: ScannedComplex, value: NDArray[Any], mask: NDArray[np.bool_]) -> _Entries:
    return _Entries(scan.source[mask], scan.target[mask], value[mask])


def _doubled(plain: _Entries, dotted: _Entries, deformed: bool) -> _Entries:
    """Return the entries after the tensor product with A: generator g becomes 2 g (for 1) and 2 g + 1 (for X).

    A plain entry acts on both; a dotted one takes 1 to X and, at H = 1, X to X.
    """
    parts = [
        (2 * plain.source, 2 * plain.target, plain.value),
        (2 * plain.source + 1, 2 * plain.target + 1, plain.value),
        (2 * dotted.source, 2 * dotted.target + 1, dotted.value),
    ]
    if deformed:
        parts.append((2 * dotted.source + 1, 2 * dotted.target + 1, dotted.value))
    source, target, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return _summed(source, target, value) if deformed else _Entries(source, target, value)


def _summed(source: NDArray[np.int32], target: NDArray[np.int32], value: NDArray[Any]) -> _Entries:
    """Add entries at the same place."""
    order = np.lexsort((target, source))
    source, target, value = source[order], target[order], value[order]
    if not len(source):
        return _Entries(source, target, value)
    starts = np.flatnonzero(np.concatenate(([True], (np.diff(source) != 0) | (np.diff(target) != 0))))
    if value.dtype == np.int64 and len(starts) < len(value) and (np.abs(value >> 1) >= 2**61).any():
        value = value.astype(object)  # a sum of two may leave 64 bits
    return _Entries(source[starts], target[starts], np.add.reduceat(value, starts))


def _graded_entries(scan: ScannedComplex, reduced: bool) -> _Entries:
    """Return the differential at H = 0."""
    value, rise = _coefficients(scan), scan.q[scan.target] - scan.q[scan.source]
    plain = _taken(scan, value, ~scan.dotted & (rise == 0))
    return plain if reduced else _doubled(plain, _taken(scan, value, scan.dotted & (rise == 2)), False)


def _filtered_entries(scan: ScannedComplex, reduced: bool) -> _Entries:
    """Return the differential at H = 1."""
    value = _coefficients(scan)
    plain = _taken(scan, value, ~scan.dotted)
    return plain if reduced else _doubled(plain, _taken(scan, value, scan.dotted), True)


def _nodes(scan: ScannedComplex, reduced: bool) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return degrees h and q of the generators of the theory."""
    if reduced:
        return scan.h, scan.q
    ends = np.tile(np.array([1, -1], dtype=np.int32), len(scan.q))
    return np.repeat(scan.h, 2), np.repeat(scan.q, 2) + ends


def _keys(h: NDArray[np.int32], q: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return one number for each pair of degrees."""
    return (h.astype(np.int64) << 32) + q


def _place(key: int) -> tuple[int, int]:
    """Return the degrees of a key."""
    h = (key + 2**31) >> 32
    return h, key - (h << 32)


def _count(keys: NDArray[np.int64]) -> dict[tuple[int, int], int]:
    """Return how often each pair of degrees occurs."""
    return {_place(key): n for key, n in Counter(keys.tolist()).items()}


def _count_pairs(
    keys: NDArray[np.int64], sources: list[int], targets: list[int]
) -> dict[tuple[tuple[int, int], tuple[int, int]], int]:
    """Return how often each pair of ends occurs."""
    count = Counter(zip(keys[sources].tolist(), keys[targets].tolist(), strict=True))
    return {(_place(s), _place(t)): n for (s, t), n in count.items()}


def homology(scan: ScannedComplex, ring: Ring, *, reduced: bool, backend: str = "auto") -> BigradedGroup:
    """Return reduced or unreduced homology over a ring.

    Over Z the matrices are brought to diagonal form over Z; over Q and F_p a scan over Z is read the same way and its diagonal
    reduced, so that ranks over Q are exact; a scan over F_p is read by ranks over F_p.
    """
    _check_ring(scan, ring)
    places: Counter[Place] = Counter()
    for (h, q), n in _count(_keys(scan.h, scan.q)).items():
        for level in (q,) if reduced else (q + 1, q - 1):
            places[0, h, level] += n
    source, target, value = _graded_entries(scan, reduced)
    if len(source):
        p, n_nodes = scan.ring.characteristic, len(scan) if reduced else 2 * len(scan)
        if p:
            rows = array_pivots(source, target, value, (n_nodes, n_nodes), p, backend=backend)
            divisors = [1] * len(rows)
        else:
            rows, divisors = array_divisors(source, target, value, (n_nodes, n_nodes), backend=backend)
        keys = _keys(*_nodes(scan, reduced))[rows].tolist()
        found = Counter(zip(keys, divisors, strict=True))
        _remove(places, {(*_place(key), d): n for (key, d), n in found.items()}, ring, torsion=not ring.is_field)
    for _ in range(scan.n_unknots):
        places = _with_circle(places)
    summands = [(order, n, a, b) for (order, a, b), n in sorted(places.items()) if n]
    return BigradedGroup._made(tuple(summands), ring)


def _remove(places: Counter[Place], found: dict[Place, int], ring: Ring, *, torsion: bool) -> None:
    """Take the ends of the arrows Z --d--> Z out, given as (h, q, d) with multiplicity, and leave Z/d where torsion counts."""
    p = ring.characteristic
    for (h, q, d), n in found.items():
        if p and d % p == 0:
            continue
        places[0, h, q] -= n
        places[0, h + 1, q] -= n
        if d > 1 and torsion:
            for power in prime_powers(d):
                places[power, h + 1, q] += n


def _with_circle(places: Counter[Place]) -> Counter[Place]:
    """Tensor with A, the homology of a split unknot."""
    wider: Counter[Place] = Counter()
    for (order, h, q), n in places.items():
        wider[order, h, q + 1] += n
        wider[order, h, q - 1] += n
    return wider


def bar_natan(scan: ScannedComplex, ring: Ring, *, reduced: bool, backend: str = "auto") -> GradedModule:
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
    source, target, value = _filtered_entries(scan, reduced)
    labels = q.astype(np.int64)
    sources, targets = array_graded_pivots(target, source, value, labels, labels, ring, backend=backend)
    keys = _keys(h, q)
    free, gone = _count(keys), _count(keys[sources + targets])
    pairs = _count_pairs(keys, sources, targets)
    rises = [(*t, (t[1] - s[1]) // 2) for (s, t), n in pairs.items() for _ in range(n) if t[1] > s[1]]
    module = GradedModule(ring, [place for place, n in free.items() for _ in range(n - gone.get(place, 0))], rises)
    for _ in range(scan.n_unknots):
        module = module.shift(0, 1) + module.shift(0, -1)
    return module


def complex_of(scan: ScannedComplex, ring: Ring, *, reduced: bool, deformed: bool = False) -> ChainComplex:
    """Return the simplified complex with q as labels, split unknots included: at H = 0 graded, at H = 1 (``deformed``) filtered."""
    _check_ring(scan, ring)
    h, q = (array.tolist() for array in _nodes(scan, reduced))
    place: list[int] = []
    labels: dict[int, list[int]] = {}
    for a, b in zip(h, q, strict=True):
        names = labels.setdefault(a, [])
        place.append(len(names))
        names.append(b)
    found = _filtered_entries(scan, reduced) if deformed else _graded_entries(scan, reduced)
    entries: dict[int, dict[tuple[int, int], int]] = {}
    for s, t, c in zip(*(array.tolist() for array in found), strict=True):
        entries.setdefault(h[s], {})[place[t], place[s]] = c
    matrices = {k: SparseMatrix(part, (len(labels[k + 1]), len(labels[k])), ring) for k, part in entries.items()}
    result = ChainComplex(matrices, {k: labels[k] for k in sorted(labels)}, ring=ring)
    circle = ChainComplex({}, {0: [1, -1]}, ring=ring)
    for _ in range(scan.n_unknots):
        result = result.tensor(circle)
    return result
