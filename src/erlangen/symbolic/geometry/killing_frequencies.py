"""How Killing fields may depend on a coordinate that the metric does not contain.

Definition: ``ad ∂_t`` acts on the Killing data ``(ξ^a, F_ab = ∇_a ξ_b)`` at a point by ``ξ ↦ ∇_t ξ - Γ_t ξ``, ``F ↦ Γ_t F - R(·,·,∂_t, ξ)``;
    a Killing field is a sum of ``t^k exp(λt)`` with λ among the eigenvalues that do not move with the point.
Convention: ``λ²`` is returned, an element of constants, for each ``λ ≠ 0``; eigenvalues that are not ``±√c`` are left out.
"""

from __future__ import annotations

import numpy as np

from erlangen.exact import DifferentialElement, DifferentialRing, dot
from erlangen.symbolic.geometry.metric import Metric

__all__ = ["ignorable_coordinates", "translation_frequencies"]

_TRIALS = 12


def ignorable_coordinates(metric: Metric) -> tuple[str, ...]:
    """Return the coordinates on which no component of the metric depends.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> ignorable_coordinates(spacetime("kerr"))
    ('t', 'phi')
    """
    values = list(metric.lower.components.values())
    return tuple(name for name in metric.ring.coordinates if not any(value.derivative(name) for value in values))


def translation_frequencies(
    metric: Metric, coordinate: str, generator: np.random.Generator
) -> tuple[DifferentialElement, ...]:
    """Return the possible ``λ²`` of Killing fields ``∝ exp(λt)``, for a coordinate t that the metric does not contain.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> translation_frequencies(spacetime("schwarzschild"), "phi", np.random.default_rng(0))
    (-1,)
    """
    metric.riemann  # its jets come into being before values are given  # noqa: B018
    scratch = DifferentialRing((), constants=(*metric.ring.constants, "lambda_"))
    first, second = (_characteristic(metric, coordinate, scratch, generator) for _ in range(2))
    if first is None or second is None:
        return (metric.ring.constant(-1),)
    squares: list[DifferentialElement] = []
    for factor, _ in first.pair[0].gcd(second.pair[0]).factor()[1]:
        square = _square(DifferentialElement(scratch, (factor, None)))
        if square is not None:
            value = metric.ring.parse(str(square))
            if value not in squares:
                squares.append(value)
    return tuple(squares)


def _square(factor: DifferentialElement) -> DifferentialElement | None:
    """Return ``λ²`` at the roots of a factor, where it is ``aλ + b`` or ``aλ² + b`` and not zero."""
    parts = factor.coefficients("lambda_")
    powers = {power for (power,) in parts}
    zero = factor.ring.constant(0)
    if max(powers) == 1:
        return (parts.get((0,), zero) / parts[1,]) ** 2 or None
    if powers == {0, 2}:
        return -parts[0,] / parts[2,]
    return None


def _characteristic(
    metric: Metric, coordinate: str, scratch: DifferentialRing, generator: np.random.Generator
) -> DifferentialElement | None:
    """Return the characteristic polynomial in ``lambda_`` at a random rational point, ``None`` where no such point was found."""
    for _ in range(_TRIALS):
        values = _rational_point(metric.ring, scratch, generator)
        if values is None:
            continue
        try:
            matrix = _matrix(metric, coordinate, values)
        except ZeroDivisionError:
            continue
        return _polynomial(matrix, values["lambda_"])
    return None


def _rational_point(
    ring: DifferentialRing, scratch: DifferentialRing, generator: np.random.Generator
) -> dict[str, DifferentialElement] | None:
    """Return values for all generators: constants stand for themselves, coordinates and functions are rational."""
    values = {name: scratch[name] for name in (*ring.constants, "lambda_")}

    def number() -> DifferentialElement:
        return scratch.constant(int(generator.integers(2, 40))) / int(generator.integers(2, 9))

    for name in ring.names:
        kind = getattr(ring.symbol(ring.position(name)), "kind", "root") if name else ""
        if kind in ("coordinate", "jet"):
            values[name] = number()
        if kind == "adjoined":
            t = number()
            values[name] = (1 - t**2) / (1 + t**2) if name.startswith("cos(") else t
            if name.startswith("cos("):
                values["sin" + name[3:]] = 2 * t / (1 + t**2)
    for root in ring.roots:
        if root.name in values or root.square is None:
            continue
        square = root.square.evaluate(values)
        rational = square.rational() if isinstance(square, DifferentialElement) else None
        if rational is None:
            return None
        try:
            values[root.name] = scratch.function("sqrt")(scratch.constant(rational))
        except ValueError:
            return None
    return values


def _matrix(metric: Metric, coordinate: str, values: dict[str, DifferentialElement]) -> list[list[DifferentialElement]]:
    """Return ``ad ∂_t`` on the Killing data at a point."""
    n, t = metric.dimension, metric.ring.coordinates.index(coordinate)
    zero = values["lambda_"].ring.constant(0)

    def at(element: DifferentialElement) -> DifferentialElement:
        rational = element.rational()
        return zero + (element.evaluate(values) if rational is None else rational)

    gamma = {(a, b): at(v) for (a, c, b), v in metric.christoffel if c == t}  # Γ^a_tb
    upper = {index: at(value) for index, value in metric.upper}
    curvature = {(b, c, d): at(v) for (b, c, e, d), v in metric.riemann if e == t}  # R_bctd
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    place = {}
    for k, (a, b) in enumerate(pairs):
        place[a, b], place[b, a] = (n + k, 1), (n + k, -1)
    size = n + len(pairs)
    matrix = [[zero] * size for _ in range(size)]

    def add(row: int, pair: tuple[int, int], value: DifferentialElement) -> None:
        if pair in place:
            column, sign = place[pair]
            matrix[row][column] = matrix[row][column] + sign * value

    for a in range(n):
        for b in range(n):
            matrix[a][b] = matrix[a][b] - gamma.get((a, b), zero)
            if (a, b) in upper:
                add(a, (t, b), upper[a, b])
    for k, (b, c) in enumerate(pairs):
        for d in range(n):
            add(n + k, (d, c), gamma.get((d, b), zero))
            add(n + k, (b, d), gamma.get((d, c), zero))
            matrix[n + k][d] = matrix[n + k][d] - curvature.get((b, c, d), zero)
    return matrix


def _polynomial(matrix: list[list[DifferentialElement]], unknown: DifferentialElement) -> DifferentialElement:
    """Return ``det(λ - A)`` by the recursion of Faddeev and Le Verrier, cleared of denominators."""
    size, ring = len(matrix), unknown.ring
    zero, one = ring.constant(0), ring.constant(1)
    work = [[zero] * size for _ in range(size)]
    coefficient, result = one, unknown**size
    for k in range(1, size + 1):
        for i in range(size):
            work[i][i] = work[i][i] + coefficient
        work = [
            [
                dot(ring, [(1, matrix[i][m], work[m][j]) for m in range(size) if matrix[i][m] and work[m][j]])
                for j in range(size)
            ]
            for i in range(size)
        ]
        coefficient = -dot(ring, [(1, work[i][i], None) for i in range(size)]) / k
        result = result + coefficient * unknown ** (size - k)
    return result.numerator
