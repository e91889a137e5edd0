"""A gauge and fall-offs, and what follows from them: the solutions of Einstein's equations near infinity, order by order.

Definition: components of the gauge are given, the others are ``Σ_{k >= 0} a_k r^{p-k}`` with ``p`` their fall-off; ``R_ab = 2Λ/(n-2) g_ab``
    is solved power by power of r.
Convention: the boundary is at ``r → ∞``; the first coordinate that is not r evolves, data are given where it vanishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries
from erlangen.symbolic.asymptotics.asymptotic_symmetries import AsymptoticSymmetries, asymptotic_symmetries
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.validation import check_integer

__all__ = ["AsymptoticProblem", "SolutionSpace"]


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
            If the equations have no solution: the first one violated is shown.

        Examples
        --------
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 1, "u phi": 0})
        >>> problem.solve_einstein(order=2).metric[0, 0].valuation
        0
        """
        count = check_integer(order, "order", low=1, high=12)
        fields: dict[str, int] = {}
        for pair in self.falloff:
            for k in range(count + 1):
                fields[self._field(pair, k)] = k
        space = _space(self.coordinates, dict.fromkeys(fields, self.boundary), self.constants)
        ring = space.ring
        metric: dict[Pair, TruncatedSeries] = {}
        for pair, text in self.gauge.items():
            element = ring.parse(text)
            if element:
                metric[pair] = TruncatedSeries.of(element, self.radial, order=_EXACT)
        for pair, power in self.falloff.items():
            terms = {(k - power, 0): ring[self._field(pair, k)] for k in range(count + 1)}
            metric[pair] = TruncatedSeries(ring, self.radial, terms, order=count + 1 - power)
            if pair in self.background:
                metric[pair] = metric[pair] + TruncatedSeries.of(
                    ring.parse(self.background[pair]), self.radial, order=_EXACT
                )
        solver = Triangular(space, fields)
        left: tuple[DifferentialElement, ...] = ()
        for _ in range(2 * count + 4):  # each pass puts the solved coefficients in and finds what they imply
            current = {pair: series.map(solver.reduce) for pair, series in metric.items()}
            equations = self._equations(ring, current)
            if not [equation for equation in equations if solver.reduce(equation)]:
                left = ()
                break
            left = solver.solve(equations)
        final = {pair: series.map(solver.reduce) for pair, series in metric.items()}
        return SolutionSpace(
            self, space, solver, {pair: series for pair, series in final.items() if series}, left, count
        )

    def _field(self, pair: Pair, k: int) -> str:
        named = self.names.get(pair)
        if named is not None and k == 0:
            return named
        return f"{self.label(pair)}_{k}".replace("_", "") if named is None else f"{named}{k}"

    def _equations(self, ring: DifferentialRing, metric: Mapping[Pair, TruncatedSeries]) -> list[DifferentialElement]:
        """Return the coefficients of ``R_ab - 2Λ/(n-2) g_ab``, leading powers first."""
        geometry = SeriesMetric(ring, {pair: series for pair, series in metric.items() if series})
        scale = ring.parse(self.cosmological_constant) * 2 / max(len(self.coordinates) - 2, 1)
        found: list[tuple[int, DifferentialElement]] = []
        for pair, series in geometry.ricci().items():
            source = series - geometry.lower[pair] * scale if scale and pair in geometry.lower else series
            found += [(power, value) for (power, _), value in source.terms.items()]
        return [value for _, value in sorted(found, key=lambda item: (item[0], len(item[1])))]


_EXACT = 60  # beyond every order that is asked for, so that components of the gauge count as exact


def _space(
    coordinates: tuple[str, ...], fields: Mapping[str, tuple[str, ...]], constants: str | Iterable[str]
) -> JetSpace:
    return JetSpace(coordinates, fields, constants=constants)


@final
@dataclass(frozen=True, eq=False)
class SolutionSpace:
    """The solutions of an asymptotic problem: the metric's series, the rules its coefficients obey, what was left unsolved.

    Examples
    --------
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> problem.solve_einstein(order=2).free
    ('guu0', 'guphi0')
    """

    problem: AsymptoticProblem
    space: JetSpace
    solver: Triangular
    metric: dict[Pair, TruncatedSeries]
    unsolved: tuple[DifferentialElement, ...]
    order: int

    @property
    def free(self) -> tuple[str, ...]:
        """The coefficients that are not determined by others.

        Examples
        --------
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": -1, "u phi": -1})
        >>> problem.solve_einstein(order=2).free
        ()
        """
        return tuple(name for name in self.space.fields if self.solver.reduce(self.space[name]) == self.space[name])

    @property
    def rules(self) -> dict[str, DifferentialElement]:
        """The equations that the free coefficients obey, solved for derivatives.

        Examples
        --------
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> sorted(problem.solve_einstein(order=2).rules)
        ['guphi0_u', 'guu0_u']
        """
        kept = set(self.free)
        ring = self.space.ring
        found = {}
        for name, value in self.solver.rules.items():
            if getattr(ring.symbol(ring.position(name)), "function", "") in kept:
                found[name] = value
        return found

    def symmetries(self) -> AsymptoticSymmetries:
        """Return the fields that keep the gauge and the fall-offs; see :class:`AsymptoticSymmetries`.

        Examples
        --------
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=2).symmetries().parameters
        ('xiphi0', 'xiu0')
        """
        return asymptotic_symmetries(
            self.problem.coordinates,
            self.problem.radial,
            self.problem.falloff,
            self.metric,
            self.space,
            self.solver,
            self.free,
        )
