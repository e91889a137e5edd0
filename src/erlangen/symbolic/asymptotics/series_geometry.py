"""Curvature and Lie derivatives of metrics whose components are truncated series in a radial coordinate.

Definition: ``R_bd = ∂_a Γ^a_bd - ∂_d Γ^a_ab + Γ^a_ae Γ^e_bd - Γ^a_de Γ^e_ab``; the inverse by cofactors.
Convention: each result is known to the order that its series say, and no further.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing, TruncatedSeries

__all__ = ["SeriesMetric"]

Pair: TypeAlias = tuple[int, int]


@final
class SeriesMetric:
    """A metric of truncated series, by components ``(i, j)`` with ``i <= j``; those left out vanish exactly.

    Examples
    --------
    >>> ring = DifferentialRing("r phi")
    >>> one = TruncatedSeries.of(ring.constant(1), "r", order=4)
    >>> flat = SeriesMetric(ring, {(0, 0): one, (1, 1): TruncatedSeries.of(ring["r"] ** 2, "r", order=4)})
    >>> flat.ricci()[0, 0]
    O(r^-6)
    """

    def __init__(self, ring: DifferentialRing, components: Mapping[Pair, TruncatedSeries]) -> None:
        self.ring = ring
        self.n = len(ring.coordinates)
        self.lower = {(max(k), min(k)): v for k, v in components.items()} | {
            (min(k), max(k)): v for k, v in components.items()
        }

    def _sum(self, terms: list[TruncatedSeries]) -> TruncatedSeries | None:
        total: TruncatedSeries | None = None
        for term in terms:
            total = term if total is None else total + term
        return total

    def _minor(self, rows: list[int], columns: list[int]) -> TruncatedSeries | None:
        """Return a determinant, ``None`` for the exact zero."""
        if len(rows) == 1:
            return self.lower.get((rows[0], columns[0]))
        parts = []
        for k, column in enumerate(columns):
            entry = self.lower.get((rows[0], column))
            if entry is not None:
                inner = self._minor(rows[1:], columns[:k] + columns[k + 1 :])
                if inner is not None:
                    parts.append(entry * inner if k % 2 == 0 else -(entry * inner))
        return self._sum(parts)

    def determinant(self, block: list[int]) -> TruncatedSeries:
        """Return the determinant of a block of coordinates.

        Raises
        ------
        DomainError
            If it vanishes exactly.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = SeriesMetric(ring, {(0, 0): TruncatedSeries.of(ring.constant(1), "r", order=3), (1, 1): TruncatedSeries.of(ring["r"] ** 2, "r", order=3)})
        >>> g.determinant([0, 1])
        r^2 + O(r^-1)
        """
        found = self._minor(block, block)
        if found is None:
            message = "the determinant of the metric vanishes"
            raise DomainError(message, hint="a metric is non-degenerate; check its components")
        return found

    def determinant_variation(self, block: list[int], change: Mapping[Pair, TruncatedSeries]) -> TruncatedSeries:
        """Return the change ``Σ C^ij h_ij`` of a block's determinant with the metric, by its cofactors C.

        Raises
        ------
        DomainError
            If nothing changes, exactly.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> one = TruncatedSeries.of(ring.constant(1), "r", order=3)
        >>> g = SeriesMetric(ring, {(0, 0): one, (1, 1): TruncatedSeries.of(ring["r"] ** 2, "r", order=3)})
        >>> g.determinant_variation([0, 1], {(0, 0): one, (0, 1): one})
        r^2 + O(r^-1)
        """
        parts = []
        for i in block:
            for j in block:
                entry = change.get((min(i, j), max(i, j)))
                if entry is not None:
                    rows, columns = [k for k in block if k != i], [k for k in block if k != j]
                    minor = self._minor(rows, columns) if rows else None
                    if minor is not None or not rows:
                        term = entry if minor is None else minor * entry
                        parts.append(-term if (block.index(i) + block.index(j)) % 2 else term)
        total = self._sum(parts)
        if total is None:
            message = "the determinant does not change, exactly"
            raise DomainError(message, hint="name the block by coordinates whose components may change")
        return total

    @cached_property
    def upper(self) -> dict[Pair, TruncatedSeries]:
        """The inverse metric.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> SeriesMetric(ring, {(0, 0): TruncatedSeries.of(ring.constant(4), "r", order=3), (1, 1): TruncatedSeries.of(ring["r"], "r", order=3)}).upper[0, 0]
        1/4 + O(r^-3)
        """
        everything = list(range(self.n))
        determinant = self.determinant(everything)
        scale = determinant.inverse()
        found: dict[Pair, TruncatedSeries] = {}
        for i in everything:
            for j in everything[i:]:
                minor = self._minor([k for k in everything if k != j], [k for k in everything if k != i])
                if minor is not None:
                    found[i, j] = found[j, i] = minor * scale * (-1) ** (i + j)
        return found

    @cached_property
    def christoffel(self) -> dict[tuple[int, int, int], TruncatedSeries]:
        """``Γ^a_bc``.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = SeriesMetric(ring, {(0, 0): TruncatedSeries.of(ring.constant(1), "r", order=3), (1, 1): TruncatedSeries.of(ring["r"] ** 2, "r", order=3)})
        >>> g.christoffel[1, 0, 1]
        r^-1 + O(r^-4)
        """
        names = self.ring.coordinates
        down: dict[tuple[int, int, int], TruncatedSeries] = {}
        for (a, b), value in self.lower.items():
            for c, name in enumerate(names):
                slope = value.derivative(name) / 2
                if slope:
                    for index, sign in (((a, b, c), 1), ((a, c, b), 1), ((c, a, b), -1)):
                        down[index] = down[index] + slope * sign if index in down else slope * sign
        up: dict[tuple[int, int, int], TruncatedSeries] = {}
        for (d, b, c), value in down.items():
            for a in range(self.n):
                if (a, d) in self.upper:
                    term = self.upper[a, d] * value
                    up[a, b, c] = up[a, b, c] + term if (a, b, c) in up else term
        return {index: value for index, value in up.items() if value}

    def ricci(self) -> dict[Pair, TruncatedSeries]:
        """Return ``R_bd`` for ``b <= d``.

        Examples
        --------
        >>> ring = DifferentialRing("r phi", constants="k")
        >>> cone = {(0, 0): TruncatedSeries.of(ring.constant(1), "r", order=3), (1, 1): TruncatedSeries.of(ring["k"] * ring["r"] ** 2, "r", order=3)}
        >>> [value.terms for value in SeriesMetric(ring, cone).ricci().values()]
        [{}, {}, {}]
        """
        names = self.ring.coordinates
        gamma = self.christoffel
        found: dict[Pair, list[TruncatedSeries]] = {}
        for (a, b, d), value in gamma.items():
            if b <= d:
                found.setdefault((b, d), []).append(value.derivative(names[a]))
            if a == b:  # Γ^a_ad, summed over a, differentiated along each other index
                for other in range(d, self.n):
                    found.setdefault((d, other), []).append(-value.derivative(names[other]))
        for (a, e, b), left in gamma.items():
            for (f, c, d), right in gamma.items():
                if a == e and f == b and c <= d:  # Γ^a_ab Γ^b_cd
                    found.setdefault((c, d), []).append(left * right)
                if b == f and c == a and e <= d:  # -Γ^a_eb Γ^b_ad
                    found.setdefault((e, d), []).append(-(left * right))
        return {index: total for index, parts in sorted(found.items()) if (total := self._sum(parts)) is not None}

    def lie_derivative(self, xi: Mapping[int, TruncatedSeries]) -> dict[Pair, TruncatedSeries]:
        """Return ``(L_ξ g)_ij`` for ``i <= j``.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = SeriesMetric(ring, {(0, 0): TruncatedSeries.of(ring.constant(1), "r", order=3), (1, 1): TruncatedSeries.of(ring["r"] ** 2, "r", order=3)})
        >>> [value.terms for value in g.lie_derivative({1: TruncatedSeries.of(ring.constant(1), "r", order=3)}).values()]
        [{}, {}, {}]
        """
        names = self.ring.coordinates
        found: dict[Pair, list[TruncatedSeries]] = {}
        for (i, j), value in self.lower.items():
            if i <= j:
                for k, component in xi.items():
                    found.setdefault((i, j), []).append(component * value.derivative(names[k]))
            if i in xi:
                for m, name in enumerate(names):
                    term = value * xi[i].derivative(name)  # g_kj ∂_m ξ^k goes to (m, j) and, by symmetry, to (j, m)
                    pair = (min(m, j), max(m, j))
                    found.setdefault(pair, []).append(term * 2 if m == j else term)
        return {index: total for index, parts in sorted(found.items()) if (total := self._sum(parts)) is not None}
