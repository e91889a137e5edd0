"""Asymptotic Killing fields: what keeps a gauge and fall-offs, how it moves the solutions, its charges, brackets and central charge.

Definition: ``(L_ξ g)`` vanishes in the gauge's components and beyond the fall-offs in the others; ``δ_ξ a_k`` is its coefficient in
    those; the bracket is ``[ξ_1, ξ_2]_M = [ξ_1, ξ_2] - δ_1 ξ_2 + δ_2 ξ_1`` (Barnich–Troessaert 1001.1541).
Convention: charges are ``(1/16πG) ∮ Σ_p p A_p`` with parameters p on the boundary; the generators are found, none is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import factorial
from typing import Any, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries, solve_linear
from erlangen.symbolic.asymptotics.series_charge import series_charge
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.jets.prolongation import prolong, total

__all__ = ["AsymptoticSymmetries", "CentralExtension", "asymptotic_symmetries"]

_STEPS = 8


@final
@dataclass(frozen=True)
class CentralExtension:
    """The field-independent part of the charge algebra: ``K = (1/16πG) ∮ Σ_p p_1 K_p[p_2]``.

    Examples
    --------
    >>> CentralExtension({}, antisymmetric=True, trivial=True).trivial
    True
    """

    terms: dict[str, DifferentialElement]
    antisymmetric: bool
    trivial: bool


def asymptotic_symmetries(
    coordinates: tuple[str, ...],
    radial: str,
    falloff: Mapping[Pair, int],
    metric: Mapping[Pair, TruncatedSeries],
    space: JetSpace,
    solver: Triangular,
    fields: tuple[str, ...],
) -> AsymptoticSymmetries:
    """Return the asymptotic symmetries of a solved problem; called by :meth:`SolutionSpace.symmetries`.

    Raises
    ------
    DomainError
        If the conditions cannot be solved one after the other; the first that is left is shown.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> problem.solve_einstein(order=2).symmetries().parameters
    ('xiphi0', 'xiu0')
    """
    ring = space.ring
    boundary = tuple(name for name in coordinates if name != radial)
    finite = [series.order for series in metric.values() if series.order is not None]
    depth = max(min(finite), 2)
    unknowns: dict[str, int] = {}
    components: dict[int, TruncatedSeries] = {}
    for place, name in enumerate(coordinates):
        top = 2 if name == radial else 1
        terms = {}
        for k in range(-top, depth):
            unknown = f"xi{name}{k}".replace("-", "m")
            unknowns[unknown] = k
            ring.declare(functions={unknown: boundary})
            terms[k, 0] = ring[unknown]
        components[place] = TruncatedSeries(ring, radial, terms, order=depth)
    whole = JetSpace.over(ring, (*space.fields, *unknowns))
    growing = solver.extended(whole, {**dict.fromkeys(space.fields, -99), **unknowns})
    geometry = SeriesMetric(ring, metric)
    left: tuple[DifferentialElement, ...] = ()
    for _ in range(2 * depth + 4):
        current = {place: series.map(growing.reduce) for place, series in components.items()}
        equations = _conditions(geometry, current, falloff)
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
    final_components = {}
    for place, series in components.items():
        reduced_series = series.map(growing.reduce)
        # The last coefficients are bound by orders that are not known: a component ends where such a coefficient stands.
        open_ends = [
            k for (k, _), value in reduced_series.terms.items() if k >= depth - 2 and value == series.coefficient(k)
        ]
        final_components[place] = reduced_series.truncated(min(open_ends, default=None))
    free = [name for name in unknowns if growing.reduce(ring[name]) == ring[name] and _occurs(final_components, name)]
    parameters = tuple(sorted(free))
    kept = {place: series for place, series in final_components.items() if series}
    return AsymptoticSymmetries(ring, radial, fields, parameters, kept, dict(metric), growing)


def _occurs(components: Mapping[int, TruncatedSeries], name: str) -> bool:
    return any(jets_within(value, name) for series in components.values() for value in series.terms.values())


def _conditions(
    geometry: SeriesMetric, xi: Mapping[int, TruncatedSeries], falloff: Mapping[Pair, int]
) -> list[DifferentialElement]:
    """Return what must vanish, leading powers first: all of a component of the gauge, of others what exceeds their fall-off."""
    found: list[tuple[int, DifferentialElement]] = []
    for pair, series in geometry.lie_derivative({place: value for place, value in xi.items() if value}).items():
        for (power, _), value in series.terms.items():
            if pair not in falloff or power < -falloff[pair]:
                found.append((power, value))
    return [value for _, value in sorted(found, key=lambda item: (item[0], len(item[1])))]


@final
@dataclass(frozen=True, eq=False)
class AsymptoticSymmetries:
    """The asymptotic Killing fields of a solution space, with their parameters on the boundary.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
    ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
    >>> bms3 = problem.solve_einstein(order=3).symmetries()
    >>> bms3.rules
    {'xiphi0_u': 0, 'xiu0_u': xiphi0_phi}
    >>> bms3.action["Theta"]
    2*Theta*xiphi0_phi + Theta_phi*xiphi0 - 2*xiphi0_phi_phi_phi
    """

    ring: DifferentialRing
    radial: str
    fields: tuple[str, ...]
    parameters: tuple[str, ...]
    components: dict[int, TruncatedSeries]
    metric: dict[Pair, TruncatedSeries]
    solver: Triangular

    @property
    def rules(self) -> dict[str, DifferentialElement]:
        """What the parameters obey.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> sorted(problem.solve_einstein(order=2).symmetries().rules)
        ['xiphi0_u', 'xiu0_u']
        """
        found = {}
        for name, value in self.solver.rules.items():
            if getattr(self.ring.symbol(self.ring.position(name)), "function", "") in self.parameters:
                found[name] = value
        return dict(sorted(found.items()))

    @cached_property
    def action(self) -> dict[str, DifferentialElement]:
        """How the free coefficients of the metric move.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> sorted(problem.solve_einstein(order=2).symmetries().action)
        ['guphi0', 'guu0']
        """
        moved = SeriesMetric(self.ring, self.metric).lie_derivative(self.components)
        result = {}
        for field in self.fields:
            for pair, series in self.metric.items():
                for (power, logs), value in series.terms.items():
                    if value == self.ring[field]:
                        result[field] = self.solver.reduce(moved[pair].coefficient(power, logs))
        missing = [field for field in self.fields if field not in result]
        if missing:
            message = f"{missing[0]} is no coefficient of the metric by itself"
            raise DomainError(message, hint="choose components whose coefficients are the free data")
        return result

    def initial(self, parameter: str, name: str) -> DifferentialElement:
        """Return a parameter as a polynomial in time with data on a cut: ``f = T + u Y'`` with T called ``name``.

        Raises
        ------
        DomainError
            If the series in time does not end.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=2).symmetries().initial("xiu0", "T")
        u*xiphi0_phi + T
        """
        of = self.ring.functions[parameter]
        time, *rest = of
        if name not in self.ring.functions:
            self.ring.declare(functions={name: rest})
        result = self.ring.constant(0)
        value = self.ring[parameter]
        for step in range(_STEPS):
            if not value:
                return result
            start = {}
            for index in jets_within(value, parameter):
                start[self.ring.jet(parameter, index).generators[0]] = self.ring.jet(name, index[1:])
            result = result + value.substitute(start) * self.ring[time] ** step / factorial(step)
            value = self.solver.reduce(value.derivative(time))
        message = f"{parameter} does not end as a polynomial in {time} after {_STEPS} steps"
        raise DomainError(message, hint="use its rule as it stands")

    # -- charges -------------------------------------------------------------------------------------------------------------------
    @cached_property
    def charge_variations(self) -> dict[str, DifferentialElement]:
        """``A_p[δ]`` with ``16πG δQ = ∮ Σ_p p A_p``, the finite part at infinity modulo total derivatives; ``delta_`` names variations.

        Raises
        ------
        DomainError
            If the charge diverges: the leading power of r is reported.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
        >>> problem.solve_einstein(order=3).symmetries().charge_variations
        {'xiphi0': 2*delta_Xi, 'xiu0': delta_Theta}
        """
        ring = self.ring
        for field in self.fields:
            if f"delta_{field}" not in ring.functions:
                ring.declare(functions={f"delta_{field}": ring.functions[field]})
        change = {field: ring[f"delta_{field}"] for field in self.fields}
        variation = {pair: series.map(lambda value: prolong(change, value)) for pair, series in self.metric.items()}
        variation = {pair: series for pair, series in variation.items() if series.terms}
        names = ring.coordinates
        time = next(i for i, name in enumerate(names) if name != self.radial)
        surface = time, names.index(self.radial)
        density = series_charge(SeriesMetric(ring, self.metric), variation, self.components, surface)
        for (power, _), value in density.terms.items():
            if power < 0 and any(self._by_parts(value).values()):
                message = f"the charge diverges like {self.radial}^{-power}"
                raise DomainError(message, hint="strengthen the fall-offs, or renormalise")
        return self._by_parts(density.coefficient(0))

    def _by_parts(self, density: DifferentialElement) -> dict[str, DifferentialElement]:
        """Return the coefficients of the parameters, derivatives along the cut thrown off them."""
        reduced = self._varied(density)
        return {name: self._varied(euler_operator(reduced, name)) for name in self.parameters}

    def _varied(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element on solutions, with variations that obey the linearised rules."""
        value = self.solver.reduce(element)
        change = {field: self.ring[f"delta_{field}"] for field in self.fields}
        for _ in range(_STEPS):
            names = {}
            for field in self.fields:
                for index in jets_within(value, f"delta_{field}"):
                    on_shell = self.solver.reduce(self.ring.jet(field, index))
                    if on_shell != self.ring.jet(field, index):
                        names[self.ring.jet(f"delta_{field}", index).generators[0]] = prolong(change, on_shell)
            if not names:
                return value
            value = self.solver.reduce(value.substitute(names))
        return value

    @cached_property
    def charges(self) -> dict[str, DifferentialElement]:
        """``A_p`` with ``16πG Q = ∮ Σ_p p A_p``, the charge itself, zero where all coefficients vanish.

        Raises
        ------
        DomainError
            If the variation is not integrable; its curvature is reported.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
        >>> problem.solve_einstein(order=3).symmetries().charges
        {'xiphi0': 2*Xi, 'xiu0': Theta}
        """
        found = {}
        variations = self.charge_variations
        change = {field: self.ring[f"delta_{field}"] for field in self.fields}
        for name, variation in variations.items():
            value = self.ring.constant(0)
            for weight, part in self._degrees(variation).items():
                names = {}
                for field in self.fields:
                    for index in jets_within(part, f"delta_{field}"):
                        names[self.ring.jet(f"delta_{field}", index).generators[0]] = self.ring.jet(field, index)
                value = value + part.substitute(names) / (weight + 1)
            curvature = self._varied(prolong(change, value)) - variation
            if curvature:
                message = f"the charge of {name} is not integrable: what is left is {curvature}"
                raise DomainError(message, hint="split off a flux, as Wald and Zoupas do")
            found[name] = value
        return found

    def _degrees(self, element: DifferentialElement) -> dict[int, DifferentialElement]:
        """Return the parts of an element by degree in the fields themselves."""
        names = [
            self.ring.jet(field, index).generators[0] for field in self.fields for index in jets_within(element, field)
        ]
        parts: dict[int, DifferentialElement] = {}
        for powers, value in element.coefficients(*names).items():
            term = value
            for name, power in zip(names, powers, strict=True):
                term = term * self.ring[name] ** power
            parts[sum(powers)] = parts[sum(powers)] + term if sum(powers) in parts else term
        return parts

    # -- algebra -------------------------------------------------------------------------------------------------------------------
    def _copy(self, label: str) -> dict[str, str]:
        """Return the names of a copy of the parameters, declared where they are new."""
        names = {name: f"{name}{label}" for name in self.parameters}
        for name, copied in names.items():
            if copied not in self.ring.functions:
                self.ring.declare(functions={copied: self.ring.functions[name]})
        return names

    def _renamed(self, element: DifferentialElement, names: Mapping[str, str]) -> DifferentialElement:
        found = {}
        for name, copied in names.items():
            for index in jets_within(element, name):
                found[self.ring.jet(name, index).generators[0]] = self.ring.jet(copied, index)
        return element.substitute(found) if found else element

    def _renamed_series(self, series: TruncatedSeries, names: Mapping[str, str]) -> TruncatedSeries:
        return series.map(lambda value: self._renamed(value, names))

    def _on_shell(self, element: DifferentialElement, copies: tuple[Mapping[str, str], ...]) -> DifferentialElement:
        """Return an element with the rules of the parameters put in for each copy."""
        value = self.solver.reduce(element)
        for _ in range(_STEPS):
            found = {}
            for names in copies:
                for name, copied in names.items():
                    for index in jets_within(value, copied):
                        jet = self.ring.jet(name, index)
                        reduced = self.solver.reduce(jet)
                        if reduced != jet:
                            found[self.ring.jet(copied, index).generators[0]] = self._renamed(reduced, names)
            if not found:
                return value
            value = self.solver.reduce(value.substitute(found))
        return value

    @cached_property
    def bracket(self) -> dict[str, DifferentialElement]:
        """The parameters of ``[ξ_1, ξ_2]_M`` in those of both, whose names end in 1 and 2 after an underscore-free ``v``.

        Raises
        ------
        DomainError
            If the bracket is no asymptotic symmetry to the order that is known.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=3).symmetries().bracket["xiphi0"]
        xiphi0v1*xiphi0v2_phi - xiphi0v1_phi*xiphi0v2
        """
        one, two = self._copy("v1"), self._copy("v2")
        left, right = (
            {place: self._renamed_series(series, names) for place, series in self.components.items()}
            for names in (one, two)
        )
        moves = [{field: self._renamed(value, c) for field, value in self.action.items()} for c in (one, two)]
        names = self.ring.coordinates
        result: dict[int, TruncatedSeries] = {}
        for place in self.components:
            value = right[place].map(lambda v: -prolong(moves[0], v)) + left[place].map(lambda v: prolong(moves[1], v))
            for k in self.components:
                value = (
                    value + left[k] * right[place].derivative(names[k]) - right[k] * left[place].derivative(names[k])
                )
            result[place] = value.map(lambda v: self._on_shell(v, (one, two)))
        found = {name: result[place].coefficient(power) for name, (place, power) in self._places().items()}
        for place, series in result.items():
            again = self.components[place].map(lambda v: self._on_shell(self._put(v, found), (one, two)))
            rest = again - series
            if rest.terms:
                message = f"the bracket differs from a symmetry in {names[place]} by {rest}"
                raise DomainError(message, hint="raise the order, or check the modified bracket")
        return found

    def _places(self) -> dict[str, tuple[int, int]]:
        """Return where each parameter stands alone in the components."""
        found: dict[str, tuple[int, int]] = {}
        for name in self.parameters:
            for place, series in self.components.items():
                for (power, _), value in series.terms.items():
                    if value == self.ring[name]:
                        found[name] = place, power
        return found

    def _put(self, element: DifferentialElement, values: Mapping[str, DifferentialElement]) -> DifferentialElement:
        """Return an element with parameters, and all their derivatives, replaced by expressions."""
        found = {}
        for name, value in values.items():
            of = self.ring.functions[name]
            for index in jets_within(element, name):
                found[self.ring.jet(name, index).generators[0]] = total(value, index, of)
        return element.substitute(found) if found else element

    @cached_property
    def central_extension(self) -> CentralExtension:
        """``K = δ_{ξ_2} Q_{ξ_1} - Q_{[ξ_1, ξ_2]}``, with its antisymmetry and whether it is a coboundary.

        Raises
        ------
        DomainError
            If K depends on the fields: the charges do not represent the algebra.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=3).symmetries().central_extension.terms
        {'xiphi0': -2*xiu0v2_phi_phi_phi, 'xiu0': -2*xiphi0v2_phi_phi_phi}
        """
        one, two = self._copy("v1"), self._copy("v2")
        copies = one, two
        zero = self.ring.constant(0)
        moves = {field: self._renamed(value, two) for field, value in self.action.items()}
        density = zero
        for name, charge in self.charges.items():
            density = density + self.ring[one[name]] * prolong(moves, charge) - self.bracket[name] * charge
        density = self._on_shell(density, copies)
        terms = {name: self._on_shell(euler_operator(density, one[name]), copies) for name in self.parameters}
        for name, value in terms.items():
            if any(jets_within(value, field) for field in self.fields):
                message = f"the extension depends on the fields: {value} beside {name}"
                raise DomainError(
                    message, hint="the charges do not represent the algebra; use the modified bracket of charges"
                )
        swapped = {
            **dict(zip(one.values(), two.values(), strict=True)),
            **dict(zip(two.values(), one.values(), strict=True)),
        }
        both = density + self._renamed(density, swapped)
        symmetric = [self._on_shell(euler_operator(both, name), copies) for name in one.values()]
        return CentralExtension(terms, not any(symmetric), self._is_coboundary(terms, one, copies))

    def _is_coboundary(
        self, terms: Mapping[str, DifferentialElement], one: Mapping[str, str], copies: tuple[Mapping[str, str], ...]
    ) -> bool:
        """Return whether constants c_p exist with ``K = ∮ Σ_p c_p [ξ_1, ξ_2]_p``."""
        columns: list[dict[str, DifferentialElement]] = []
        for name in self.parameters:
            columns.append(
                {
                    other: self._on_shell(euler_operator(self.bracket[name], one[other]), copies)
                    for other in self.parameters
                }
            )
        rows: dict[Any, dict[int, Any]] = {}
        for k, column in enumerate([*columns, terms]):
            for other, value in column.items():
                names = [n for n in value.generators if n not in self.ring.constants]
                for powers, number in value.coefficients(*names).items():
                    key = other, tuple((n, p) for n, p in zip(names, powers, strict=True) if p)
                    rows.setdefault(key, {})[k] = number
        return solve_linear(list(rows.values()), len(columns)) is not None
