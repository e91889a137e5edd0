"""Metrics with exact components, their connection and their curvature.

Definition: ``Γ_abc = ½(∂_c g_ab + ∂_b g_ac - ∂_a g_bc)``, ``R_abcd = ½(∂_b∂_c g_ad + ∂_a∂_d g_bc - ∂_a∂_c g_bd - ∂_b∂_d g_ac)
    + g^{ef}(Γ_ebc Γ_fad - Γ_ebd Γ_fac)``; the lower form keeps denominators small.
Convention: ``R_bd = g^{ac} R_abcd``, positive on spheres; signature is free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TypeAlias, final

from erlangen.errors import ShapeError, SingularMetricError
from erlangen.exact import DifferentialElement, DifferentialRing, dot
from erlangen.symbolic.geometry.determinant import determinant_of
from erlangen.symbolic.geometry.tensor import Tensor

__all__ = ["Metric"]

Index: TypeAlias = tuple[int, ...]
Term: TypeAlias = "tuple[int, DifferentialElement, DifferentialElement | None]"


@final
class Metric:
    """A (pseudo-)Riemannian metric in a chart.

    Parameters
    ----------
    ring : DifferentialRing
        Its coordinates are the chart's.
    components : mapping or matrix
        ``{(i, j): element}`` with ``i <= j``, or a symmetric square of elements.

    Raises
    ------
    ShapeError
        If the matrix is not square or not symmetric.
    SingularMetricError
        If the determinant vanishes; the coordinates of the block are named.

    Examples
    --------
    >>> ring = DifferentialRing("theta phi")
    >>> sphere = Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")})
    >>> sphere.scalar_curvature
    2
    """

    def __init__(
        self,
        ring: DifferentialRing,
        components: Mapping[tuple[int, int], DifferentialElement | int] | Sequence[Sequence[DifferentialElement | int]],
    ) -> None:
        n = len(ring.coordinates)
        table: dict[Index, DifferentialElement] = {}
        if isinstance(components, Mapping):
            for (i, j), value in components.items():
                element = value if isinstance(value, DifferentialElement) else ring.constant(value)
                for index in ((i, j), (j, i)):
                    if index in table and table[index] != element:
                        message = f"the components {index} and {index[::-1]} differ: {table[index]} and {element}"
                        raise ShapeError(message, hint="a metric is symmetric")
                    table[index] = element
        else:
            if len(components) != n or any(len(row) != n for row in components):
                message = f"the metric of {n} coordinates is a {n} x {n} matrix"
                raise ShapeError(message)
            table = {
                (i, j): ring.constant(0) + value for i, row in enumerate(components) for j, value in enumerate(row)
            }
            for i in range(n):
                for j in range(i):
                    if table[i, j] != table[j, i]:
                        message = f"the components {(i, j)} and {(j, i)} differ: {table[i, j]} and {table[j, i]}"
                        raise ShapeError(message, hint="a metric is symmetric")
        self.ring = ring
        self.dimension = n
        self.lower = Tensor(ring, "dd", table)
        self.determinant, self.upper = self._invert()

    def __repr__(self) -> str:
        return f"Metric({' '.join(self.ring.coordinates)!r}, {self.lower.components!r})"

    def __getitem__(self, index: tuple[int, int]) -> DifferentialElement:
        return self.lower[index]

    def _invert(self) -> tuple[DifferentialElement, Tensor]:
        """Return determinant and inverse, block by block of the coordinates that the metric couples."""
        ring = self.ring
        determinant = ring.constant(1)
        inverse: dict[Index, DifferentialElement] = {}
        for block in self._blocks():
            rows = [[self.lower[i, j] for j in block] for i in block]
            value = determinant_of(ring, rows)
            if not value:
                names = tuple(ring.coordinates[i] for i in block)
                message = f"the determinant of the metric vanishes in the block of {' '.join(names)}"
                raise SingularMetricError(message, block=names, hint="a metric is non-degenerate; check its components")
            determinant = determinant * value
            scale = 1 / value
            for a, i in enumerate(block):
                for b, j in enumerate(block):
                    if a <= b:
                        minor = [[rows[c][d] for d in range(len(block)) if d != a] for c in range(len(block)) if c != b]
                        entry = scale * determinant_of(ring, minor) * (-1) ** (a + b)
                        inverse[i, j] = inverse[j, i] = entry
        return determinant, Tensor(ring, "uu", inverse)

    def _blocks(self) -> list[list[int]]:
        left, blocks = set(range(self.dimension)), []
        while left:
            block, waiting = set(), [min(left)]
            while waiting:
                i = waiting.pop()
                if i in left:
                    left.discard(i)
                    block.add(i)
                    waiting += [j for j in left if self.lower[i, j]]
            blocks.append(sorted(block))
        return blocks

    @cached_property
    def _slopes(self) -> dict[Index, DifferentialElement]:
        """``∂_k g_ij`` by (i, j, k)."""
        names = self.ring.coordinates
        found: dict[Index, DifferentialElement] = {}
        for (i, j), value in self.lower.components.items():
            if i <= j:
                for k, name in enumerate(names):
                    slope = value.derivative(name)
                    if slope:
                        found[i, j, k] = found[j, i, k] = slope
        return found

    @cached_property
    def _bends(self) -> dict[Index, DifferentialElement]:
        """``∂_k ∂_l g_ij`` by (i, j, k, l)."""
        names = self.ring.coordinates
        found: dict[Index, DifferentialElement] = {}
        for (i, j, k), value in self._slopes.items():
            if i <= j:
                for m in range(k, self.dimension):
                    bend = value.derivative(names[m])
                    if bend:
                        for index in ((i, j, k, m), (j, i, k, m), (i, j, m, k), (j, i, m, k)):
                            found[index] = bend
        return found

    @cached_property
    def christoffel_lower(self) -> Tensor:
        """``Γ_abc``, symmetric in the last two indices.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2}).christoffel_lower[0, 1, 1]
        -r
        """
        found: dict[Index, DifferentialElement] = {}
        one = self._slopes
        for a in range(self.dimension):
            for b in range(self.dimension):
                for c in range(b, self.dimension):
                    terms: list[Term] = [(1, one[index], None) for index in ((a, b, c), (a, c, b)) if index in one]
                    terms += [(-1, one[b, c, a], None)] if (b, c, a) in one else []
                    if terms:
                        found[a, b, c] = found[a, c, b] = dot(self.ring, terms) / 2
        return Tensor(self.ring, "ddd", found)

    @cached_property
    def christoffel(self) -> Tensor:
        """``Γ^a_bc = g^{ad} Γ_dbc``.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2}).christoffel[1, 0, 1]
        1/r
        """
        found: dict[Index, DifferentialElement] = {}
        upper, lower = self.upper.components, self.christoffel_lower.components
        for a in range(self.dimension):
            for b in range(self.dimension):
                for c in range(b, self.dimension):
                    terms: list[Term] = [
                        (1, upper[a, d], lower[d, b, c])
                        for d in range(self.dimension)
                        if (a, d) in upper and (d, b, c) in lower
                    ]
                    if terms:
                        found[a, b, c] = found[a, c, b] = dot(self.ring, terms)
        return Tensor(self.ring, "udd", found)

    @cached_property
    def riemann(self) -> Tensor:
        """``R_abcd``, all indices down.

        Examples
        --------
        >>> ring = DifferentialRing("theta phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")}).riemann[0, 1, 0, 1]
        -cos(theta)^2 + 1
        """
        found: dict[Index, DifferentialElement] = {}
        pairs = [(a, b) for a in range(self.dimension) for b in range(a + 1, self.dimension)]
        for (a, b), (c, d) in combinations_with_replacement(pairs, 2):
            value = self._riemann(a, b, c, d)
            if value:
                for i, j, k, m, sign in ((a, b, c, d, 1), (b, a, c, d, -1), (a, b, d, c, -1), (b, a, d, c, 1)):
                    found[i, j, k, m] = found[k, m, i, j] = value if sign == 1 else -value
        return Tensor(self.ring, "dddd", found)

    def _riemann(self, a: int, b: int, c: int, d: int) -> DifferentialElement:
        two, up, down = self._bends, self.christoffel.components, self.christoffel_lower.components
        terms: list[Term] = []
        for sign, index in ((1, (a, d, b, c)), (1, (b, c, a, d)), (-1, (b, d, a, c)), (-1, (a, c, b, d))):
            if index in two:
                terms.append((sign, two[index], None))
        for e in range(self.dimension):
            if (e, b, c) in up and (e, a, d) in down:
                terms.append((2, up[e, b, c], down[e, a, d]))
            if (e, b, d) in up and (e, a, c) in down:
                terms.append((-2, up[e, b, d], down[e, a, c]))
        return dot(self.ring, terms) / 2

    @cached_property
    def ricci(self) -> Tensor:
        """``R_bd = g^{ac} R_abcd``.

        Examples
        --------
        >>> ring = DifferentialRing("theta phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")}).ricci.components
        {(0, 0): 1, (1, 1): -cos(theta)^2 + 1}
        """
        found: dict[Index, DifferentialElement] = {}
        curvature = self.riemann.components
        for b in range(self.dimension):
            for d in range(b, self.dimension):
                terms: list[Term] = [
                    (1, value, curvature[a, b, c, d])
                    for (a, c), value in self.upper.components.items()
                    if (a, b, c, d) in curvature
                ]
                if terms:
                    found[b, d] = found[d, b] = dot(self.ring, terms)
        return Tensor(self.ring, "dd", found)

    @cached_property
    def scalar_curvature(self) -> DifferentialElement:
        """``R = g^{bd} R_bd``.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> Metric(ring, {(0, 0): 1 / ring["y"] ** 2, (1, 1): 1 / ring["y"] ** 2}).scalar_curvature
        -2
        """
        ricci = self.ricci.components
        return dot(
            self.ring, [(1, value, ricci[index]) for index, value in self.upper.components.items() if index in ricci]
        )

    @cached_property
    def einstein(self) -> Tensor:
        """``G_ab = R_ab - ½ R g_ab``.

        Examples
        --------
        >>> ring = DifferentialRing("theta phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")}).einstein.components
        {}
        """
        return self.ricci - self.lower * (self.scalar_curvature / 2)

    @cached_property
    def kretschmann(self) -> DifferentialElement:
        """``R_abcd R^abcd``.

        Examples
        --------
        >>> ring = DifferentialRing("theta phi")
        >>> Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")}).kretschmann
        4
        """
        pairs = [(a, b) for a in range(self.dimension) for b in range(a + 1, self.dimension)]
        up, curvature = self.upper, self.riemann.components
        planes = {}  # the metric of planes, g^ac g^bd - g^ad g^bc
        for (a, b), (c, d) in combinations_with_replacement(pairs, 2):
            value = dot(self.ring, [(1, up[a, c], up[b, d]), (-1, up[a, d], up[b, c])])
            if value:
                planes[a, b, c, d] = planes[c, d, a, b] = value
        mixed = {}  # R^ab_cd
        for first in pairs:
            for last in pairs:
                terms: list[Term] = [
                    (1, planes[first + middle], curvature[middle + last])
                    for middle in pairs
                    if first + middle in planes and middle + last in curvature
                ]
                if terms:
                    mixed[first + last] = dot(self.ring, terms)
        return dot(
            self.ring, [(4, value, mixed[c, d, a, b]) for (a, b, c, d), value in mixed.items() if (c, d, a, b) in mixed]
        )

    @cached_property
    def weyl(self) -> Tensor:
        """The traceless part ``C_abcd`` of the curvature, zero in two and three dimensions.

        Examples
        --------
        >>> ring = DifferentialRing("theta phi")
        >>> bool(Metric(ring, {(0, 0): 1, (1, 1): ring.parse("sin(theta)^2")}).weyl)
        False
        """
        n = self.dimension
        if n <= 3:
            return Tensor(self.ring, "dddd", {})
        g, r = self.lower, self.ricci
        schouten = (r - g * (self.scalar_curvature / (2 * (n - 1)))) * (self.ring.constant(1) / (n - 2))
        parts = []
        for first, second in ((g, schouten), (schouten, g)):
            both = first.outer(second)  # first_ac second_bd, as a c b d
            straight = both.transpose(0, 2, 1, 3)
            crossed = both.transpose(0, 2, 3, 1)
            parts.append(straight - crossed)
        return self.riemann - parts[0] - parts[1]

    def raise_index(self, tensor: Tensor, place: int) -> Tensor:
        """Return a tensor with a lower index raised.

        Raises
        ------
        ShapeError
            If the index is not lower.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2})
        >>> g.raise_index(Tensor(ring, "d", {(1,): 1}), 0).components
        {(1,): 1/r^2}
        """
        return self._move(tensor, place, self.upper, "d", "u")

    def lower_index(self, tensor: Tensor, place: int) -> Tensor:
        """Return a tensor with an upper index lowered.

        Raises
        ------
        ShapeError
            If the index is not upper.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2})
        >>> g.lower_index(Tensor(ring, "u", {(1,): 1}), 0).components
        {(1,): r^2}
        """
        return self._move(tensor, place, self.lower, "u", "d")

    def _move(self, tensor: Tensor, place: int, by: Tensor, old: str, new: str) -> Tensor:
        if tensor.variance[place] != old:
            message = f"index {place} of variance {tensor.variance!r} is not {'lower' if old == 'd' else 'upper'}"
            raise ShapeError(message)
        terms: dict[Index, list[Term]] = {}
        for index, value in tensor.components.items():
            for k in range(self.dimension):
                entry = by.components.get((k, index[place]))
                if entry is not None:
                    terms.setdefault((*index[:place], k, *index[place + 1 :]), []).append((1, entry, value))
        variance = tensor.variance[:place] + new + tensor.variance[place + 1 :]
        return Tensor(self.ring, variance, {index: dot(self.ring, parts) for index, parts in terms.items()})

    def covariant_derivative(self, tensor: Tensor) -> Tensor:
        """Return ``∇_c T``, the new lower index last.

        Examples
        --------
        >>> ring = DifferentialRing("r phi")
        >>> g = Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2})
        >>> bool(g.covariant_derivative(g.lower))
        False
        """
        terms: dict[Index, list[Term]] = {}
        gamma = self.christoffel.components
        for index, value in tensor.components.items():
            for k, name in enumerate(self.ring.coordinates):
                slope = value.derivative(name)
                if slope:
                    terms.setdefault((*index, k), []).append((1, slope, None))
            for place, kind in enumerate(tensor.variance):
                for (a, b, c), symbol in gamma.items():
                    # upper: Γ^a_bc T^b to place a; lower: -Γ^a_bc T_a to place b
                    old, new, sign = (b, a, 1) if kind == "u" else (a, b, -1)
                    if index[place] == old:
                        target = (*index[:place], new, *index[place + 1 :], c)
                        terms.setdefault(target, []).append((sign, symbol, value))
        return Tensor(
            self.ring, tensor.variance + "d", {index: dot(self.ring, parts) for index, parts in terms.items()}
        )
