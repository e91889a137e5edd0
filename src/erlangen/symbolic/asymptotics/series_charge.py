"""The Barnich–Brandt surface charge of truncated series: its radial expansion, known as far as its series are.

Definition: as in :mod:`erlangen.symbolic.charges.surface_charge`; ``density = -√-g B^{tr}``, in units of ``1/16πG``.
Convention: ``D`` is the connection of the series' metric; indices move with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import TruncatedSeries
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.geometry.volume import root_up_to_sign

__all__ = ["series_charge"]

Vector = Mapping[int, TruncatedSeries]


def series_charge(
    metric: SeriesMetric, variation: Mapping[Pair, TruncatedSeries], xi: Vector, surface: tuple[int, int]
) -> TruncatedSeries:
    """Return the density ``-√-g B^{νμ}`` on surfaces of two constant coordinates ν, μ.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("u r phi", constants="m")
    >>> def s(text):
    ...     return TruncatedSeries.of(ring.parse(text), "r", order=9)
    >>> cone = SeriesMetric(ring, {(0, 0): s("8*m"), (0, 1): s("-1"), (2, 2): s("r^2")})
    >>> series_charge(cone, {(0, 0): s("8")}, {0: s("1")}, (0, 1)).coefficient(0)
    8
    """
    worker = _SeriesBracket(metric, variation, xi)
    nu, mu = surface
    bracket = worker.half(nu, mu) - worker.half(mu, nu)
    everything = list(range(metric.n))
    determinant = metric.determinant(everything)
    return -(_volume(determinant) * bracket)


def _volume(determinant: TruncatedSeries) -> TruncatedSeries:
    """Return ``√-g``, or ``√g`` in a chart that holds a pair of complex conjugate coordinates, whose measure is ``i dz dz̄``."""
    leading = determinant.coefficient(determinant.valuation)
    try:
        return (-determinant).sqrt(root_up_to_sign(-leading))
    except DomainError:
        return determinant.sqrt(root_up_to_sign(leading))


@final
class _SeriesBracket:
    def __init__(self, metric: SeriesMetric, variation: Mapping[Pair, TruncatedSeries], xi: Vector) -> None:
        self.g = metric
        self.n = metric.n
        self.names = metric.ring.coordinates
        self.zero = TruncatedSeries(metric.ring, next(iter(metric.lower.values())).variable, {})
        full = {**variation, **{(j, i): value for (i, j), value in variation.items()}}
        self.h = {pair: value for pair, value in self._raise_both(full).items() if value}
        self.trace = self._add(self.up(a, b) * value for (a, b), value in full.items())
        self.xi = dict(xi)
        self.low = {
            a: self._add(metric.lower[a, b] * value for b, value in xi.items() if (a, b) in metric.lower)
            for a in range(self.n)
        }

    def up(self, a: int, b: int) -> TruncatedSeries:
        return self.g.upper.get((a, b), self.zero)

    def _add(self, terms: object) -> TruncatedSeries:
        total = self.zero
        for term in terms:  # type: ignore[attr-defined]
            total = total + term
        return total

    def _raise_both(self, lower: Mapping[Pair, TruncatedSeries]) -> dict[Pair, TruncatedSeries]:
        result = {}
        for a in range(self.n):
            for b in range(a, self.n):
                value = self._add(self.up(a, c) * self.up(b, d) * entry for (c, d), entry in lower.items())
                result[a, b] = result[b, a] = value
        return result

    def _gamma(self, a: int, b: int, c: int) -> TruncatedSeries:
        return self.g.christoffel.get((a, b, c), self.zero)

    def slope(self, a: int, b: int, c: int) -> TruncatedSeries:
        """Return ``D_c h^{ab}``."""
        h = self.h
        value = h.get((a, b), self.zero).derivative(self.names[c])
        parts = [self._gamma(a, c, e) * h[e, b] for e in range(self.n) if (e, b) in h]
        parts += [self._gamma(b, c, e) * h[a, e] for e in range(self.n) if (a, e) in h]
        return value + self._add(parts)

    def turn(self, a: int, b: int) -> TruncatedSeries:
        """Return ``D_b ξ^a``."""
        value = self.xi.get(a, self.zero).derivative(self.names[b])
        return value + self._add(self._gamma(a, b, e) * component for e, component in self.xi.items())

    def turn_up(self, a: int, b: int) -> TruncatedSeries:
        """Return ``D^b ξ^a``."""
        return self._add(self.up(b, c) * self.turn(a, c) for c in range(self.n) if (b, c) in self.g.upper)

    def half(self, nu: int, mu: int) -> TruncatedSeries:
        """Return the bracket before it is made antisymmetric."""
        n, h = self.n, self.h
        xi = self.xi.get(nu, self.zero)
        gradient = self._add(
            self.up(mu, c) * self.trace.derivative(self.names[c]) for c in range(n) if (mu, c) in self.g.upper
        )
        value = xi * (gradient - self._add(self.slope(mu, s, s) for s in range(n)))
        raised = [
            self.low[s] * self._add(self.up(nu, c) * self.slope(mu, s, c) for c in range(n) if (nu, c) in self.g.upper)
            for s in range(n)
        ]
        value = value + self._add(raised) + self.trace * self.turn_up(mu, nu) / 2
        last = []
        for s in range(n):
            if (nu, s) in h:
                # D^μ ξ_σ = g_σe D^μ ξ^e
                lowered = self._add(
                    self.g.lower[s, e] * self.turn_up(e, mu) for e in range(n) if (s, e) in self.g.lower
                )
                last.append(h[nu, s] * (lowered - self.turn(mu, s)))
        return value + self._add(last) / 2
