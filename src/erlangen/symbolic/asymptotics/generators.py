"""The vector fields that keep a gauge and fall-offs, coefficient by coefficient.

Definition: ``L_ξ g`` vanishes in the components of the gauge, keeps the determinants that are fixed, and stays within the fall-offs of
    the others; ``ξ = Σ_k ξ_k r^{-k}`` starts at r² along the radius and at r along the boundary.
Convention: what no condition binds are the parameters; components end where a coefficient is bound by orders that are not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, TruncatedSeries
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.symbolic.jets.jets_within import jets_within

if TYPE_CHECKING:
    from erlangen.symbolic.asymptotics.asymptotic_problem import AsymptoticProblem

__all__ = ["solve_generators"]

_Vector = dict[int, TruncatedSeries]


def solve_generators(
    problem: AsymptoticProblem,
    metric: Mapping[Pair, TruncatedSeries],
    space: JetSpace,
    solver: Triangular,
    count: int,
) -> tuple[tuple[str, ...], _Vector, Triangular]:
    """Return the parameters, the components, and the solver that knows what both obey; called by :meth:`SolutionSpace.symmetries`.

    Raises
    ------
    DomainError
        If the conditions cannot be solved one after the other; the first that is left is shown.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> found = problem.solve_einstein(order=2)
    >>> solve_generators(problem, found.metric, found.space, found.solver, 2)[0]
    ('xiphi0', 'xiu0')
    """
    ring, depth = space.ring, count + 2
    unknowns, components = _ansatz(problem, space, depth)
    whole = JetSpace.over(ring, (*space.fields, *unknowns))
    growing = solver.extended(whole, {**dict.fromkeys(space.fields, -99), **unknowns})
    geometry = SeriesMetric(ring, metric)
    left: tuple[DifferentialElement, ...] = ()
    for _ in range(2 * depth + 4):
        current = {place: series.map(growing.reduce) for place, series in components.items()}
        equations = _conditions(problem, geometry, current)
        equations = [reduced for equation in equations if (reduced := growing.reduce(equation))]
        if not equations:
            left = ()
            break
        left = growing.solve(equations)
    if left:
        message = f"a condition on the asymptotic symmetries could not be solved: {left[0]} = 0"
        raise DomainError(
            message, hint="a different gauge, or fall-offs that do not bind derivatives along the boundary"
        )
    final: _Vector = {}
    for place, series in components.items():
        reduced_series = series.map(growing.reduce)
        # The last coefficients are bound by orders that are not known: a component ends where such a coefficient stands.
        ends = [
            k for (k, _), value in reduced_series.terms.items() if k >= depth - 2 and value == series.coefficient(k)
        ]
        final[place] = reduced_series.truncated(min(ends, default=None))
    free = [name for name in unknowns if growing.reduce(ring[name]) == ring[name] and _occurs(final, name)]
    return tuple(sorted(free)), {place: series for place, series in final.items() if series}, growing


def _ansatz(problem: AsymptoticProblem, space: JetSpace, depth: int) -> tuple[dict[str, int], _Vector]:
    """Declare the coefficients of a vector field; return them with their powers, and the field."""
    ring = space.ring
    unknowns: dict[str, int] = {}
    components: _Vector = {}
    for place, name in enumerate(problem.coordinates):
        terms = {}
        for k in range(-2 if name == problem.radial else -1, depth):
            unknown = f"xi{name}{k}".replace("-", "m")
            unknowns[unknown] = k
            if unknown in space.fields:
                message = f"the name {unknown} is that of a coefficient of the metric and of one of the vector field"
                raise DomainError(message, hint="choose another name for the former")
            if unknown not in ring.functions:
                ring.declare(functions={unknown: problem.boundary})
            terms[k, 0] = ring[unknown]
        components[place] = TruncatedSeries(ring, problem.radial, terms, order=depth)
    return unknowns, components


def _occurs(components: Mapping[int, TruncatedSeries], name: str) -> bool:
    return any(jets_within(value, name) for series in components.values() for value in series.terms.values())


def _conditions(
    problem: AsymptoticProblem, geometry: SeriesMetric, xi: Mapping[int, TruncatedSeries]
) -> list[DifferentialElement]:
    """Return what must vanish, leading powers first: all of a component of the gauge, of others what exceeds their fall-off."""
    moved = geometry.lie_derivative({place: value for place, value in xi.items() if value})
    found: list[tuple[int, DifferentialElement]] = []
    for pair, series in moved.items():
        for (power, _), value in series.terms.items():
            if pair not in problem.falloff or power < -problem.falloff[pair]:
                found.append((power, value))
    for block in problem.determinants:
        for (power, _), value in geometry.determinant_variation(list(block), moved).terms.items():
            found.append((power, value))
    return [value for _, value in sorted(found, key=lambda item: (item[0], len(item[1])))]
