"""Isometries: the dimension of the algebra of Killing fields from curvature at a generic point.

Definition: a Killing field is fixed by ``(ξ^a, F_ab = ∇_a ξ_b)`` at a point, which must annihilate ``R, ∇R, ∇²R, …``; where one more
    derivative gives no new condition there are no further ones (Cartan; Kerr's criterion, Stephani et al. 8.4).
Convention: coordinates, parameters and jets of functions are random modulo ``2^61 - 1``; a second point excludes an unlucky first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import TypeAlias, final

import numpy as np

from erlangen.errors import ConvergenceError, DomainError
from erlangen.exact import PRIME, DifferentialElement, Taylor
from erlangen.random import as_generator
from erlangen.symbolic.geometry.metric import Metric

__all__ = ["KillingDimension", "killing_dimension"]

Index: TypeAlias = tuple[int, ...]
Components: TypeAlias = dict[Index, Taylor]
Row: TypeAlias = dict[int, int]
_JETS = 4  # the highest derivative of an undetermined function that a metric may hold


@final
@dataclass(frozen=True)
class KillingDimension:
    """The dimension of the isometry algebra, and the evidence: the rank of the conditions after each derivative of the curvature.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> killing_dimension(spacetime("minkowski", dimension=3))
    KillingDimension(dimension=6, ranks=(0,))
    """

    dimension: int
    ranks: tuple[int, ...]


def killing_dimension(metric: Metric, *, derivatives: int = 4, rng: int | np.random.Generator = 0) -> KillingDimension:
    """Return the dimension of the algebra of Killing fields near a generic point.

    Parameters
    ----------
    metric : Metric
        Parameters and undetermined functions are generic.
    derivatives : int
        How many derivatives of the curvature may be taken.
    rng : int or Generator
        For the two random points.

    Raises
    ------
    ConvergenceError
        If the ranks have not settled after that many derivatives.
    DomainError
        If the metric holds a root or a function that has no expansion at a random point of a prime field.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> killing_dimension(spacetime("schwarzschild")).dimension
    4
    """
    generator = as_generator(rng)
    n = metric.dimension
    unknowns = n * (n + 1) // 2
    for allowed in range(1, derivatives + 1):
        ranks = max(_ranks(metric, allowed, generator) for _ in range(2))
        if len(ranks) <= allowed or ranks[-1] in (unknowns, ranks[-2]):
            return KillingDimension(unknowns - ranks[-1], tuple(ranks))
    message = f"the ranks {ranks} have not settled after {derivatives} derivatives of the curvature"
    raise ConvergenceError(
        message, residual=float(ranks[-1] - ranks[-2]), iterations=derivatives, hint="raise derivatives"
    )


def _ranks(metric: Metric, derivatives: int, generator: np.random.Generator) -> list[int]:
    """Return the ranks after 0, 1, … derivatives, stopping early where the curvature has no further one."""
    point = _Point(metric, derivatives + 3, generator)
    rows: list[Row] = []
    ranks = []
    tensor = point.riemann()
    for _ in range(derivatives + 1):
        slope = point.covariant_derivative(tensor)
        rows += point.conditions(tensor, slope)
        ranks.append(_rank(rows))
        if not slope:
            break
        tensor = slope
    return ranks


@final
class _Point:
    """A metric expanded at a random point: connection, curvature and its derivatives as truncated series."""

    def __init__(self, metric: Metric, order: int, generator: np.random.Generator) -> None:
        self.n = metric.dimension
        self._ring = metric.ring
        self._order = order
        self._generator = generator
        self._known: dict[str, Taylor | int] = {}
        self._functions: dict[str, Taylor] = {}
        self.lower = {index: self._value(element) for index, element in metric.lower}
        self.upper = {index: self._value(element) for index, element in metric.upper}
        self.gamma = self._christoffel()

    def _random(self) -> int:
        return int(self._generator.integers(2, PRIME))

    def _value(self, element: DifferentialElement) -> Taylor:
        for name in element.generators:
            if name not in self._known:
                self._known[name] = self._expand(name)
        value = element.evaluate(self._known)
        return value if isinstance(value, Taylor) else Taylor({(0,) * self.n: value}, self._order)

    def _expand(self, name: str) -> Taylor | int:
        """Return the series of a generator: a coordinate, a constant, a jet with random derivatives, or a known function."""
        ring = self._ring
        symbol = ring.symbol(ring.position(name))
        kind = getattr(symbol, "kind", "root")
        if kind == "constant":
            return Taylor({(0,) * self.n: self._random()}, self._order)
        if kind == "coordinate":
            place = ring.coordinates.index(name)
            return Taylor(
                {(0,) * self.n: self._random(), tuple(int(i == place) for i in range(self.n)): 1}, self._order
            )
        if kind == "jet":
            series = self._function(symbol.function)  # type: ignore[union-attr]
            of = ring.functions[symbol.function]  # type: ignore[union-attr]
            for coordinate, count in zip(of, symbol.index, strict=True):  # type: ignore[union-attr]
                for _ in range(count):
                    series = series.derivative(ring.coordinates.index(coordinate))
            return Taylor(series.terms, self._order)
        function, _, argument = name.partition("(")
        if function in ("sin", "cos", "exp") and argument:
            return self._elementary(function, "(" + argument)
        message = f"the metric depends on {name}, which has no expansion at a random point of a prime field"
        raise DomainError(
            message, hint="choose coordinates in which the metric is rational, or has only sin, cos and exp"
        )

    def _function(self, function: str) -> Taylor:
        """Return the series of a function, with random derivatives, long enough for its jets in the metric."""
        if function in self._functions:
            return self._functions[function]
        of = self._ring.functions[function]
        order = self._order + _JETS
        active = [i for i, name in enumerate(self._ring.coordinates) if name in of]
        terms: dict[Index, int] = {}
        for index in _up_to(order, len(active)):
            full = [0] * self.n
            for place, count in zip(active, index, strict=True):
                full[place] = count
            terms[tuple(full)] = self._random()
        self._functions[function] = Taylor(terms, order)
        return self._functions[function]

    def _elementary(self, function: str, argument: str) -> Taylor:
        """Return ``f(a_0 + δ)`` by the addition theorem from a random point of the circle, or a random exponential."""
        symbol = self._ring.symbol(self._ring.position(f"{'exp' if function == 'exp' else 'cos'}{argument}"))
        inner = self._value(symbol.argument)  # type: ignore[union-attr, arg-type]
        delta = inner - inner.value
        powers = [delta**k * pow(factorial(k), -1, PRIME) for k in range(self._order + 1)]
        if function == "exp":
            return _total(powers) * self._random()
        t = self._random()
        scale = pow(1 + t * t, -1, PRIME)
        sine, cosine = 2 * t * scale % PRIME, (1 - t * t) * scale % PRIME
        odd = _total([power if k % 4 == 1 else -power for k, power in enumerate(powers) if k % 2])
        even = _total([power if k % 4 == 0 else -power for k, power in enumerate(powers) if k % 2 == 0])
        self._known[f"sin{argument}"] = odd * cosine + even * sine
        self._known[f"cos{argument}"] = even * cosine - odd * sine
        value = self._known[function + argument]
        return value if isinstance(value, Taylor) else Taylor({}, self._order)

    def _christoffel(self) -> Components:
        down: Components = {}
        half = pow(2, -1, PRIME)
        for (a, b), value in self.lower.items():
            for c in range(self.n):
                slope = value.derivative(c)
                if slope:
                    for index, sign in (((a, b, c), 1), ((a, c, b), 1), ((c, a, b), -1)):
                        _gather(down, index, slope * (sign * half))
        up: Components = {}
        for (d, b, c), value in down.items():
            for a in range(self.n):
                if (a, d) in self.upper:
                    _gather(up, (a, b, c), self.upper[a, d] * value)
        return {index: value for index, value in up.items() if value}

    def riemann(self) -> Components:
        """Return ``R_abcd``."""
        mixed: Components = {}  # R^a_bcd
        for (a, b, d), value in self.gamma.items():
            for c in range(self.n):
                slope = value.derivative(c)
                if slope:
                    _gather(mixed, (a, b, c, d), slope)
                    _gather(mixed, (a, b, d, c), -slope)
        for (a, c, e), left in self.gamma.items():
            for (f, b, d), right in self.gamma.items():
                if f == e:
                    both = left * right
                    _gather(mixed, (a, b, c, d), both)
                    _gather(mixed, (a, b, d, c), -both)
        down: Components = {}
        for (e, b, c, d), value in mixed.items():
            for a in range(self.n):
                if (a, e) in self.lower:
                    _gather(down, (a, b, c, d), self.lower[a, e] * value)
        return {index: value for index, value in down.items() if value}

    def covariant_derivative(self, tensor: Components) -> Components:
        """Return ``∇_e T_{a…}``, the new index last."""
        found: Components = {}
        by_upper: dict[int, list[tuple[int, int, Taylor]]] = {}
        for (a, b, c), value in self.gamma.items():
            by_upper.setdefault(a, []).append((b, c, value))
        for index, value in tensor.items():
            for k in range(self.n):
                slope = value.derivative(k)
                if slope:
                    _gather(found, (*index, k), slope)
            lowered = Taylor(value.terms, value.order - 1)
            if lowered.terms:
                for place, a in enumerate(index):
                    for b, c, symbol in by_upper.get(a, ()):
                        _gather(found, (*index[:place], b, *index[place + 1 :], c), -(symbol * lowered))
        return {index: value for index, value in found.items() if value}

    def conditions(self, tensor: Components, slope: Components) -> list[Row]:
        """Return the rows of ``ξ^e ∇_e T_{a…} + Σ T_{…e…} F_a^e = 0`` in ``ξ^e`` and ``F_ab``, a < b."""
        n = self.n
        column = {pair: n + k for k, pair in enumerate((a, b) for a in range(n) for b in range(a + 1, n))}
        into: dict[int, list[tuple[int, int, int]]] = {}  # F_a^e by e, as (a, column, factor)
        for (a, b), place in column.items():
            for e in range(n):
                for start, other, sign in ((a, b, 1), (b, a, -1)):
                    if (other, e) in self.upper and self.upper[other, e].value:
                        into.setdefault(e, []).append((start, place, sign * self.upper[other, e].value))
        rows: dict[Index, Row] = {}
        for index, value in slope.items():
            row = rows.setdefault(index[:-1], {})
            row[index[-1]] = (row.get(index[-1], 0) + value.value) % PRIME
        for index, value in tensor.items():
            if value.value:
                for place, e in enumerate(index):
                    for a, target, factor in into.get(e, ()):
                        row = rows.setdefault((*index[:place], a, *index[place + 1 :]), {})
                        row[target] = (row.get(target, 0) + factor * value.value) % PRIME
        return [row for row in rows.values() if any(row.values())]


def _gather(components: Components, index: Index, value: Taylor) -> None:
    components[index] = components[index] + value if index in components else value


def _total(parts: list[Taylor]) -> Taylor:
    first, *others = parts
    for part in others:
        first = first + part
    return first


def _up_to(order: int, size: int) -> list[Index]:
    found: list[Index] = [()]
    for _ in range(size):
        found = [(*head, k) for head in found for k in range(order - sum(head) + 1)]
    return found


def _rank(rows: list[Row]) -> int:
    """Return the rank modulo the prime."""
    done: dict[int, Row] = {}
    for start in rows:
        row = {column: value for column, value in start.items() if value}
        while row:
            pivot = min(row)
            if pivot not in done:
                inverse = pow(row[pivot], -1, PRIME)
                done[pivot] = {column: value * inverse % PRIME for column, value in row.items()}
                break
            factor = row[pivot]
            for column, value in done[pivot].items():
                total = (row.get(column, 0) - factor * value) % PRIME
                if total:
                    row[column] = total
                else:
                    row.pop(column, None)
    return len(done)
