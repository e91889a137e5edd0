"""The Lagrangian of general relativity for a metric of undetermined functions, of first order.

Definition: ``√|g| (g^{bd} (Γ^a_{eb} Γ^e_{ad} - Γ^a_{ae} Γ^e_{bd}) - 2Λ)``, which differs from ``√|g| (R - 2Λ)`` by a total derivative
    (Landau–Lifshitz, 93); its Euler–Lagrange expressions are ``-√|g| (G^{ab} + Λ g^{ab})``, twice that off the diagonal.
Convention: the volume density is a generator with ``vol² = ± det g``, never expanded; fields ``g_ab`` are named ``g00, g01, …``.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.exact.differential.dot import dot
from erlangen.symbolic.jets.jet_space import JetSpace

__all__ = ["GenericMetric", "einstein_hilbert"]


@final
class GenericMetric:
    """A metric whose components are fields of a jet space, with its adjugate, determinant and volume density.

    Parameters
    ----------
    coordinates : str or iterable of str
        The base.
    name : str
        The components are named by it and two numbers.
    constants : str or iterable of str
        Further constants of the ring.
    sign : {-1, 1}
        The sign of the determinant; ``-1`` for Lorentzian metrics.

    Raises
    ------
    DomainError
        If a name is taken, or the sign is neither.

    Examples
    --------
    >>> g = GenericMetric("x y", sign=1)
    >>> g.determinant, g.volume.derivative("x")
    (g00*g11 - g01^2, (vol*g00*g11_x + vol*g00_x*g11 - 2*vol*g01*g01_x)/(2*g00*g11 - 2*g01^2))
    """

    def __init__(
        self, coordinates: str | Iterable[str], name: str = "g", *, constants: str | Iterable[str] = (), sign: int = -1
    ) -> None:
        if sign not in (-1, 1):
            message = f"the determinant has sign 1 or -1, got {sign}"
            raise DomainError(message, hint="-1 for Lorentzian metrics")
        base = tuple(coordinates.split()) if isinstance(coordinates, str) else tuple(coordinates)
        n = range(len(base))
        self.names = {(i, j): f"{name}{min(i, j)}{max(i, j)}" for i in n for j in n}
        self.space = JetSpace(base, list(dict.fromkeys(self.names.values())), constants=constants)
        self._minors: dict[tuple[tuple[int, ...], tuple[int, ...]], DifferentialElement] = {}
        whole = tuple(n)
        self.determinant = self._minor(whole, whole)
        self.adjugate = {
            (i, j): self._minor(_without(whole, j), _without(whole, i)) * (-1) ** (i + j) for i in n for j in n
        }
        self.volume = self.space.ring.adjoin_root("vol", sign * self.determinant)

    def __repr__(self) -> str:
        return f"GenericMetric({' '.join(self.space.base)!r})"

    def __getitem__(self, place: tuple[int, int]) -> DifferentialElement:
        return self.space[self.names[place]]

    def _minor(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> DifferentialElement:
        if not rows:
            return self.space.ring.constant(1)
        if (rows, columns) not in self._minors:
            self._minors[rows, columns] = dot(
                self.space.ring,
                [
                    ((-1) ** k, self[rows[0], column], self._minor(rows[1:], _without(columns, column)))
                    for k, column in enumerate(columns)
                ],
            )
        return self._minors[rows, columns]


def einstein_hilbert(metric: GenericMetric, cosmological: DifferentialElement | int = 0) -> DifferentialElement:
    """Return the Lagrangian of first order, in lowest terms.

    Examples
    --------
    >>> g = GenericMetric("x y", sign=1)
    >>> g.space.euler(einstein_hilbert(g))  # Gauss and Bonnet
    {'g00': 0, 'g01': 0, 'g11': 0}
    """
    ring, base = metric.space.ring, metric.space.base
    n = range(len(base))
    slope = {(a, b, c): metric[a, b].derivative(base[c]) for a, b, c in product(n, n, n)}
    low = {(a, b, c): slope[a, b, c] + slope[a, c, b] - slope[b, c, a] for a, b, c in product(n, n, n)}
    up = metric.adjugate
    high = {(a, b, c): dot(ring, [(1, up[a, d], low[d, b, c]) for d in n]) for a, b, c in product(n, n, n)}  # 2 det Γ
    trace = {e: sum((high[a, e, a] for a in n), ring.constant(0)) for e in n}
    inner = []
    for b, d in product(n, n):
        terms = [(1, high[a, e, b], high[e, a, d]) for a in n for e in n]
        terms += [(-1, trace[e], high[e, b, d]) for e in n]
        inner.append((1, up[b, d], dot(ring, terms)))
    # g^{bd} and the two Γ each stand over det; the Γ have a factor 1/2
    density = dot(ring, inner) / (4 * metric.determinant**3) - 2 * cosmological
    return metric.volume * density


def _without(places: tuple[int, ...], place: int) -> tuple[int, ...]:
    return tuple(other for other in places if other != place)
