"""A gauge and fall-offs, and what follows from them: the solutions of Einstein's equations near infinity, order by order.

Definition: components of the gauge are given, the others are ``Σ_{k >= 0} a_k r^{p-k}`` with ``p`` their fall-off, with powers of
    ``log r`` on request; determinants of blocks may be fixed; ``R_ab = 2Λ/(n-2) g_ab`` is solved power by power of r.
Convention: the boundary is at ``r → ∞``; the first coordinate that is not r evolves, data are given where it vanishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.solution_space import SolutionSpace
from erlangen.symbolic.asymptotics.triangular import Triangular, prime_factors
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.validation import check_integer

__all__ = ["AsymptoticProblem"]

_EXACT = 60  # beyond every order that is asked for, so that components of the gauge count as exact


@final
class AsymptoticProblem:
    """Boundary conditions of general relativity at infinity.

    Parameters
    ----------
    coordinates : str
        The chart; the first that is not radial counts as time.
    radial : str
        The coordinate that goes to infinity.
    gauge : mapping of str to str
        Components that are fixed, as ``{"r r": "0", "phi phi": "r^2"}``; two coordinates name a component.
    falloff : mapping of str to int
        The highest power of the radial coordinate in each of the other components.
    background : mapping of str to str
        Fixed parts of the other components, to which the falling ones are added, as ``{"u u": "-r^2/l^2"}``.
    cosmological_constant : str
        Λ, an expression in the constants.
    constants : str
        Names of constants.
    names : mapping of str to str
        Names for leading coefficients, as ``{"u u": "Theta"}``.
    determinants : mapping of str to str
        Fixed determinants of blocks, as ``{"z w": "-4*r^4/(1 + z*w)^4"}``; the components of the block have fall-offs.
    absent : mapping of str to sequence of int
        Powers of the radial coordinate that do not occur in a component, as ``{"z z": [0]}``.
    logs : int
        The highest power of ``log r`` that may stand beside the powers below the leading one.
    functions : mapping of str to str
        Given functions of coordinates of the boundary that vanish nowhere, as ``{"S": "z w"}``.

    Raises
    ------
    DomainError
        If a component is given twice or not at all, or a coordinate is unknown.

    Examples
    --------
    >>> problem = AsymptoticProblem(
    ...     "u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
    ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"},
    ... )
    >>> solution = problem.solve_einstein(order=3)
    >>> solution.rules
    {'Theta_u': 0, 'Xi_u': Theta_phi/2}
    """

    def __init__(
        self,
        coordinates: str | Iterable[str],
        radial: str,
        *,
        gauge: Mapping[str, str],
        falloff: Mapping[str, int],
        background: Mapping[str, str] | None = None,
        cosmological_constant: str = "0",
        constants: str | Iterable[str] = (),
        names: Mapping[str, str] | None = None,
        determinants: Mapping[str, str] | None = None,
        absent: Mapping[str, Iterable[int]] | None = None,
        logs: int = 0,
        functions: Mapping[str, str] | None = None,
    ) -> None:
        self.coordinates = DifferentialRing(coordinates).coordinates
        if radial not in self.coordinates:
            message = f"the radial coordinate {radial!r} is not among {' '.join(self.coordinates)}"
            raise DomainError(message)
        self.radial = radial
        self.boundary = tuple(name for name in self.coordinates if name != radial)
        self.gauge = {self._pair(key): value for key, value in gauge.items()}
        self.falloff = {self._pair(key): check_integer(value, f"falloff[{key!r}]") for key, value in falloff.items()}
        self.background = {self._pair(key): value for key, value in (background or {}).items()}
        self.names = {self._pair(key): value for key, value in (names or {}).items()}
        self.cosmological_constant = cosmological_constant
        self.constants = constants
        self.determinants = {self._block(key): value for key, value in (determinants or {}).items()}
        self.absent = {
            self._pair(key): frozenset(check_integer(power, f"absent[{key!r}]") for power in powers)
            for key, powers in (absent or {}).items()
        }
        self.logs = check_integer(logs, "logs", low=0, high=4)
        self.functions = dict(functions or {})
        n = len(self.coordinates)
        for i in range(n):
            for j in range(i, n):
                given = ((i, j) in self.gauge) + ((i, j) in self.falloff)
                if given != 1:
                    shown = f"{self.coordinates[i]} {self.coordinates[j]}"
                    message = f"the component {shown!r} is given {'twice' if given else 'neither in the gauge nor by a fall-off'}"
                    raise DomainError(message, hint="name each component once")

    def _pair(self, key: str) -> Pair:
        parts = key.split()
        if len(parts) != 2 or not all(part in self.coordinates for part in parts):
            message = f"{key!r} does not name a component by two of the coordinates {' '.join(self.coordinates)}"
            raise DomainError(message, hint="write 'u phi'")
        i, j = sorted(self.coordinates.index(part) for part in parts)
        return i, j

    def _block(self, key: str) -> tuple[int, ...]:
        parts = key.split()
        if len(set(parts)) != len(parts) or not parts or not set(parts) <= set(self.coordinates):
            message = f"{key!r} does not name a block by some of the coordinates {' '.join(self.coordinates)}"
            raise DomainError(message, hint="write 'theta phi'")
        return tuple(sorted(self.coordinates.index(part) for part in parts))

    def label(self, pair: Pair) -> str:
        """Return the name of the coefficients of a component.

        Examples
        --------
        >>> AsymptoticProblem("u r", "r", gauge={"r r": "0", "u r": "-1"}, falloff={"u u": 0}).label((0, 0))
        'g_u_u'
        """
        return f"g_{self.coordinates[pair[0]]}_{self.coordinates[pair[1]]}"

    def solve_einstein(self, order: int = 3) -> SolutionSpace:
        """Return the solutions of Einstein's equations with this gauge and these fall-offs.

        Parameters
        ----------
        order : int
            The number of powers of r below the leading one that are kept in each component.

        Raises
        ------
        DomainError
            If the equations have no solution: the first one violated is shown, or the logarithm that is missing.

        Examples
        --------
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 1, "u phi": 0})
        >>> problem.solve_einstein(order=2).metric[0, 0].valuation
        0
        """
        count = check_integer(order, "order", low=1, high=12)
        try:
            return self._solve(count)
        except DomainError as error:
            missing = None if self.logs else self._missing_logarithm(count)
            if missing is None:
                raise
            message = f"Einstein's equations need {missing}, which is not allowed for"
            raise DomainError(message, hint="say logs=1, or change what forces it") from error

    def _missing_logarithm(self, count: int) -> str | None:
        """Return the first logarithm of a solution that holds one, ``None`` where there is none with it either."""
        wider = copy(self)
        wider.logs = 1
        try:
            solution = wider._solve(count)
        except DomainError:
            return None
        found = [
            (power + self.falloff[pair], pair, power)
            for pair, series in solution.metric.items()
            for (power, logs), value in series.terms.items()
            if logs and solution.solver.reduce(value)
        ]
        if not found:
            return None
        _, (i, j), power = min(found)
        return f"a term {self.radial}^{-power}*log({self.radial}) in the component '{self.coordinates[i]} {self.coordinates[j]}'"

    def _solve(self, count: int) -> SolutionSpace:
        fields = self._unknowns(count)
        space = JetSpace(
            self.coordinates, dict.fromkeys(fields, self.boundary), constants=self.constants, functions=self.functions
        )
        ring = space.ring
        solver = Triangular(space, fields, self._units(ring))
        left: tuple[DifferentialElement, ...] = ()
        metric: dict[Pair, TruncatedSeries] = {}
        for stage in range(count + 1):  # the leading coefficients first, then one more power in each component
            solver.solve(self._fixed(ring, self._metric(ring, solver, stage)))
            for _ in range(2 * count + 4):  # each pass puts the solved coefficients in and finds what they imply
                metric = self._metric(ring, solver, stage)
                conditions = [*self._fixed(ring, metric), *self._equations(ring, metric)]
                equations = [rest for condition in conditions if (rest := solver.reduce(condition))]
                if not equations:
                    left = ()
                    break
                left = solver.solve(equations)
        final = self._metric(ring, solver, count)
        return SolutionSpace(
            self, space, solver, {pair: series for pair, series in final.items() if series}, left, count
        )

    def _unknowns(self, count: int) -> dict[str, int]:
        """Return the names of the coefficients with their steps below the leading power."""
        fields: dict[str, int] = {}
        for pair in self.falloff:
            for k, p in self._terms(pair, count):
                name = self._field(pair, k, p)
                if name in fields:
                    message = (
                        f"two coefficients are called {name}: a name is followed by the step below the leading power"
                    )
                    raise DomainError(message, hint="choose names that do not end in digits")
                fields[name] = k
        return fields

    def _terms(self, pair: Pair, count: int) -> Iterator[tuple[int, int]]:
        """Yield the steps k below the leading power, and powers of the logarithm, that a component may hold."""
        absent = self.absent.get(pair, frozenset())
        for k in range(count + 1):
            if self.falloff[pair] - k not in absent:
                yield from ((k, p) for p in range((self.logs if k else 0) + 1))

    def _metric(self, ring: DifferentialRing, solver: Triangular, stage: int) -> dict[Pair, TruncatedSeries]:
        """Return the metric with so many powers below the leading one, what is solved put in."""
        metric: dict[Pair, TruncatedSeries] = {}
        for pair, text in self.gauge.items():
            element = ring.parse(text)
            if element:
                metric[pair] = TruncatedSeries.of(element, self.radial, order=_EXACT)
        for pair, power in self.falloff.items():
            terms = {(k - power, p): solver.reduce(ring[self._field(pair, k, p)]) for k, p in self._terms(pair, stage)}
            metric[pair] = TruncatedSeries(ring, self.radial, terms, order=stage + 1 - power)
            if pair in self.background:
                fixed = ring.parse(self.background[pair])
                metric[pair] = metric[pair] + TruncatedSeries.of(fixed, self.radial, order=_EXACT)
        return metric

    def _units(self, ring: DifferentialRing) -> list[DifferentialElement]:
        """Return the factors of what is given, free of radius and time: they vanish nowhere in the chart and may be divided by."""
        texts = [*self.gauge.values(), *self.background.values(), *self.determinants.values(), *self.functions]
        moving = {self.radial, self.boundary[0]} if self.boundary else {self.radial}
        return [
            factor for factor in prime_factors(map(ring.parse, texts)) if not moving.intersection(factor.generators)
        ]

    def _fixed(self, ring: DifferentialRing, metric: Mapping[Pair, TruncatedSeries]) -> list[DifferentialElement]:
        """Return the coefficients of the determinants minus what they are fixed to be, leading powers first."""
        found: list[tuple[int, DifferentialElement]] = []
        if self.determinants:
            geometry = SeriesMetric(ring, {pair: series for pair, series in metric.items() if series})
            for block, text in self.determinants.items():
                wanted = TruncatedSeries.of(ring.parse(text), self.radial, order=_EXACT)
                rest = geometry.determinant(list(block)) - wanted
                found += [(power, value) for (power, _), value in rest.terms.items()]
        return [value for _, value in sorted(found, key=lambda item: (item[0], len(item[1])))]

    def _field(self, pair: Pair, k: int, logs: int = 0) -> str:
        named = self.names.get(pair)
        suffix = f"log{logs}" if logs else ""
        if named is not None:
            return f"{named}{k}{suffix}" if k else named
        return f"{self.label(pair)}_{k}".replace("_", "") + suffix

    def _equations(self, ring: DifferentialRing, metric: Mapping[Pair, TruncatedSeries]) -> list[DifferentialElement]:
        """Return the coefficients of ``R_ab - 2Λ/(n-2) g_ab``, leading powers first."""
        geometry = SeriesMetric(ring, {pair: series for pair, series in metric.items() if series})
        scale = ring.parse(self.cosmological_constant) * 2 / max(len(self.coordinates) - 2, 1)
        found: list[tuple[int, DifferentialElement]] = []
        for pair, series in geometry.ricci().items():
            source = series - geometry.lower[pair] * scale if scale and pair in geometry.lower else series
            found += [(power, value) for (power, _), value in source.terms.items()]
        return [value for _, value in sorted(found, key=lambda item: (item[0], len(item[1])))]
