"""Spaces of vector fields in which Killing fields are sought, tried at random points of a prime field before they are solved.

Definition: components ``√(Π p_i^{ε_i}) / Π p_i^m · Π (C or S)_k · t^j · monomial``, with the irreducible factors ``p_i`` of the singular locus and
    ``C'' = c C``, ``S = C'/c`` in coordinates that the metric does not contain.
Convention: the root is divided out of the equations: only its logarithmic derivative is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from erlangen.exact import WORD, DifferentialElement, residue_kernel, residue_program, residue_root
from erlangen.symbolic.geometry.killing_frequencies import ignorable_coordinates
from erlangen.symbolic.geometry.metric import Metric

__all__ = ["Ansatz", "KillingSampler", "Shape"]

Powers: TypeAlias = tuple[int, ...]
Integers: TypeAlias = NDArray[np.int64]
_DRAWS = 400


@final
@dataclass(frozen=True)
class Ansatz:
    """A space of candidates: ``c`` by ignorable coordinate (``None`` for none), parities and power of the factors, degrees."""

    modes: tuple[DifferentialElement | None, ...]
    parity: Powers
    power: int
    degree: int
    ignorable_degree: int
    hidden: bool = False


@final
@dataclass(frozen=True)
class Shape:
    """One candidate: component, powers of the variables, powers of the ignorable coordinates, and C (0) or S (1) for each."""

    component: int
    powers: Powers
    times: Powers
    waves: Powers


@final
class KillingSampler:
    """A metric at random points modulo a prime, and the Killing equation of an ansatz there."""

    def __init__(self, metric: Metric, generator: np.random.Generator) -> None:
        self.metric = metric
        self._generator = generator
        self.ignorable = ignorable_coordinates(metric)
        self.factors = _singular_factors(metric, self.ignorable)
        self.variables = _variables(metric, self.ignorable)
        ring = metric.ring
        self.hidden = tuple(
            name for name in ring.coordinates if name not in self.ignorable and name not in self.variables
        )
        names = ring.coordinates
        self._pairs = [(a, b) for a in range(metric.dimension) for b in range(a, metric.dimension)]
        moving = [ring[name] for name in (*self.variables, *self.hidden)] + list(self.factors)
        elements = [metric[pair] for pair in self._pairs]
        elements += [metric[pair].derivative(name) for pair in self._pairs for name in names]
        elements += [value for element in moving for value in (element, *(element.derivative(n) for n in names))]
        self._program = residue_program(elements)
        self._constants: dict[str, int] = {}
        self._points: list[tuple[dict[str, int], list[int]]] = []

    # -- points --------------------------------------------------------------------------------------------------------------------
    def _draw(self) -> int:
        return int(self._generator.integers(2, WORD))

    def _values(self) -> dict[str, int] | None:
        """Return residues of all generators, ``None`` where a root has none."""
        ring = self.metric.ring
        if not self._constants:
            self._constants = {name: self._draw() for name in ring.constants}
        values = dict(self._constants)
        values |= {"wave " + name: self._draw() for name in self.ignorable}
        for name in ring.names:
            if not name or name in values:
                continue
            kind = getattr(ring.symbol(ring.position(name)), "kind", "root")
            if kind == "adjoined" and name.startswith("cos("):
                t = self._draw()
                scale = pow(1 + t * t, -1, WORD)
                values[name], values["sin" + name[3:]] = (1 - t * t) * scale % WORD, 2 * t * scale % WORD
            elif kind != "root":
                values[name] = self._draw()
        for root in ring.roots:
            if root.name not in values and root.square is not None:
                square = residue_program([root.square])(values)
                found = None if square is None else residue_root(square[0])
                if found is None:
                    if set(root.square.generators) <= set(self._constants):
                        self._constants = {}
                        self._points = []
                    return None
                values[root.name] = found
        return values

    def _point(self, index: int) -> tuple[dict[str, int], list[int]]:
        for _ in range(_DRAWS):
            if index < len(self._points):
                break
            values = self._values()
            found = None if values is None else self._program(values)
            if values is not None and found is not None:
                self._points.append((values, found))
        return self._points[index]

    # -- candidates ----------------------------------------------------------------------------------------------------------------
    def shapes(self, ansatz: Ansatz) -> list[Shape]:
        """Return the candidates of an ansatz."""
        ring = self.metric.ring
        variables = (*self.variables, *(self.hidden if ansatz.hidden else ()))
        roots = {root.name for root in ring.roots}
        bottom = ring.constant(1)
        for factor in self.factors:
            bottom = bottom * factor**ansatz.power
        total = ansatz.degree + sum(max(bottom.degree(name), 0) for name in variables)
        ranges = [
            range((1 if name in roots else ansatz.degree + max(bottom.degree(name), 0)) + 1) for name in variables
        ]
        powers = [p for p in product(*ranges) if sum(p) <= total]
        times = [
            p for p in product(range(ansatz.ignorable_degree + 1), repeat=len(self.ignorable))
            if sum(p) <= ansatz.ignorable_degree
        ]  # fmt: skip
        waves = list(product(*((0,) if mode is None else (0, 1) for mode in ansatz.modes)))
        components = range(self.metric.dimension)
        return [Shape(*parts) for parts in product(components, powers, times, waves)]

    def solutions(self, ansatz: Ansatz) -> tuple[list[Shape], list[dict[int, int]]]:
        """Return the candidates and the kernel of the Killing equation modulo the prime."""
        shapes = self.shapes(ansatz)
        table = _Table(shapes)
        rows: list[list[int]] = []
        points, wanted = 0, len(shapes) // len(self._pairs) + 3
        while True:
            while points < wanted:
                rows += self._rows(ansatz, table, points)
                points += 1
            kernel = residue_kernel(rows, len(shapes))
            # two further points: a kernel that is too large, because points gave few conditions, does not pass them
            fresh = [row for index in (points, points + 1) for row in self._rows(ansatz, table, index)]
            if not any(sum(value * row[k] for k, value in vector.items()) % WORD for vector in kernel for row in fresh):
                return shapes, kernel
            wanted = 2 * points

    def _rows(self, ansatz: Ansatz, shapes: _Table, index: int) -> list[list[int]]:
        values, found = self._point(index)
        here = _Here(self, ansatz, values, found)
        value, gradient = here.candidates(shapes)
        rows = []
        for c, d in self._pairs:
            total = value * here.slopes[c, d][shapes.component] % WORD
            total += here.metric[d][shapes.component] * gradient[c] % WORD
            total += here.metric[c][shapes.component] * gradient[d] % WORD
            rows.append((total % WORD).tolist())
        return rows


@final
class _Table:
    """The candidates as arrays."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        def array(parts: list[Powers]) -> Integers:
            return np.array(parts, dtype=np.int64).reshape(len(shapes), -1)

        self.component = np.array([shape.component for shape in shapes], dtype=np.int64)
        self.powers = array([shape.powers for shape in shapes])
        self.times = array([shape.times for shape in shapes])
        self.waves = array([shape.waves for shape in shapes])


@final
class _Here:
    """What the candidates of an ansatz are at one point."""

    def __init__(self, sampler: KillingSampler, ansatz: Ansatz, values: dict[str, int], found: list[int]) -> None:
        metric, n = sampler.metric, sampler.metric.dimension
        pairs = [(a, b) for a in range(n) for b in range(a, n)]
        self.metric = np.zeros((n, n), dtype=np.int64)
        self.slopes: dict[tuple[int, int], Integers] = {}
        for k, (a, b) in enumerate(pairs):
            self.metric[a, b] = self.metric[b, a] = found[k]
            start = len(pairs) + k * n
            self.slopes[a, b] = np.array(found[start : start + n], dtype=np.int64)
        start = len(pairs) * (n + 1)
        moving = len(sampler.variables) + len(sampler.hidden) + len(sampler.factors)
        parts = [found[start + k * (n + 1) : start + (k + 1) * (n + 1)] for k in range(moving)]
        used = len(sampler.variables) + (len(sampler.hidden) if ansatz.hidden else 0)
        self._variables = [(part[0], _logarithmic(part)) for part in parts[:used]]
        half = pow(2, -1, WORD)
        self._base, self._slope = 1, np.zeros(n, dtype=np.int64)
        for part, parity in zip(parts[moving - len(sampler.factors) :], ansatz.parity, strict=True):
            weight = (parity * half - ansatz.power) % WORD
            self._base = self._base * pow(part[0], -ansatz.power, WORD) % WORD
            self._slope = (self._slope + weight * _logarithmic(part)) % WORD
        self._waves: list[tuple[Integers, Integers]] = []  # values of C and S, and their logarithmic slopes
        self._places = [metric.ring.coordinates.index(name) for name in sampler.ignorable]
        for name, mode in zip(sampler.ignorable, ansatz.modes, strict=True):
            self._waves.append(_wave(mode, values, values["wave " + name]))
        self._times = [values[name] for name in sampler.ignorable]

    def candidates(self, table: _Table) -> tuple[Integers, Integers]:
        """Return the values of the candidates' components and their gradients, coordinates first."""
        count = len(table.component)
        value = np.full(count, self._base, dtype=np.int64)
        slope = np.repeat(self._slope[:, None], count, axis=1)
        for place, (variable, logarithmic) in enumerate(self._variables):
            powers = table.powers[:, place]
            value = value * _powers(variable, powers) % WORD
            slope += logarithmic[:, None] * powers % WORD
        for k, place in enumerate(self._places):
            values, slopes = self._waves[k]
            value = value * values[table.waves[:, k]] % WORD * _powers(self._times[k], table.times[:, k]) % WORD
            slope[place] += slopes[table.waves[:, k]] + pow(self._times[k], -1, WORD) * table.times[:, k] % WORD
        return value, value * (slope % WORD) % WORD


def _powers(base: int, powers: Integers) -> Integers:
    table = np.array([pow(base, k, WORD) for k in range(int(powers.max(initial=0)) + 1)], dtype=np.int64)
    return table[powers]


def _wave(mode: DifferentialElement | None, values: dict[str, int], t: int) -> tuple[Integers, Integers]:
    """Return C and S at a random point of ``C² - c S² = 1``, and ``cS/C, C/S``."""
    if mode is None:
        return np.array([1, 1], dtype=np.int64), np.zeros(2, dtype=np.int64)
    square = (residue_program([mode])(values) or [0])[0]
    scale = pow(1 - square * t * t, -1, WORD)
    c, s = (1 + square * t * t) * scale % WORD, 2 * t * scale % WORD
    slopes = square * s * pow(c, -1, WORD) % WORD, c * pow(s, -1, WORD) % WORD
    return np.array([c, s], dtype=np.int64), np.array(slopes, dtype=np.int64)


def _logarithmic(part: Sequence[int]) -> Integers:
    inverse = pow(part[0], -1, WORD)
    return np.array([x * inverse % WORD for x in part[1:]], dtype=np.int64)


def _kind(metric: Metric, name: str) -> str:
    return getattr(metric.ring.symbol(metric.ring.position(name)), "kind", "root")


def _moving(metric: Metric, element: DifferentialElement) -> list[str]:
    return [
        name for name in element.generators if any(metric.ring[name].derivative(x) for x in metric.ring.coordinates)
    ]


def _variables(metric: Metric, ignorable: tuple[str, ...]) -> tuple[str, ...]:
    """Return the generators in which candidates are polynomials: those of the metric that are no jets, and cosines of its sines."""
    found = {name for _, value in metric.lower for name in _moving(metric, value)}
    found |= {name for _, value in metric.upper for name in _moving(metric, value)}
    partners = {
        ("cos" if name.startswith("sin(") else "sin") + name[3:] for name in found if name[:4] in ("sin(", "cos(")
    }
    kept = [name for name in metric.ring.names if name and (name in found or name in partners)]
    return tuple(name for name in kept if _kind(metric, name) != "jet" and name not in ignorable)


def _singular_factors(metric: Metric, ignorable: tuple[str, ...]) -> tuple[DifferentialElement, ...]:
    """Return the irreducible factors of denominators and of the determinant that move with the point and hold no jet."""
    ring = metric.ring
    wanted = [metric.determinant.numerator, metric.determinant.denominator]
    wanted += [value.denominator for tensor in (metric.lower, metric.upper) for _, value in tensor]
    wanted += [root.square.numerator for root in ring.roots if root.square is not None]
    wanted += [ring[name] for name in ring.names if name.startswith("exp(")]
    factors: list[DifferentialElement] = []
    for element in wanted:
        for polynomial, _ in element.pair[0].factor()[1]:
            factor = DifferentialElement(ring, (polynomial, None))
            kinds = {_kind(metric, name) for name in factor.generators}
            if _moving(metric, factor) and not kinds & {"jet", "root"} and factor not in factors:
                factors.append(factor)
    return tuple(factors)
