"""Charge densities on a cut of the boundary, on solutions: from the bracket of Barnich and Brandt to charges and fluxes.

Definition: ``16πG δ̸Q = ∮ Σ_p p A_p[δ]`` with ``A_p`` the Euler operator along the cut of the parameter p.
Convention: variations of a coefficient ``a`` are called ``delta_a`` and obey the linearised rules of the coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries
from erlangen.symbolic.asymptotics.boundary_charges import (
    ChargeSplit,
    by_degree,
    cut_euler,
    integrate_in_field_space,
    without,
)
from erlangen.symbolic.asymptotics.on_shell import Copies, on_shell, variations
from erlangen.symbolic.asymptotics.series_charge import series_charge
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jets_within import jets_by_function
from erlangen.symbolic.jets.prolongation import prolong

__all__ = ["CutCharges"]


@final
class CutCharges:
    """The calculus of densities on a cut, for the data and the parameters of an asymptotic problem.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> space = JetSpace("u r x", {"a": "u x", "p": "u x"})
    >>> cut = CutCharges(space.ring, "r", ("a",), ("p",), Triangular(space, {}))
    >>> cut.vanishes(space.parse("a_x*delta_a + a*delta_a_x"))
    True
    """

    def __init__(
        self,
        ring: DifferentialRing,
        radial: str,
        fields: tuple[str, ...],
        parameters: tuple[str, ...],
        solver: Triangular,
    ) -> None:
        self.ring, self.radial, self.fields, self.parameters, self.solver = ring, radial, fields, parameters, solver
        self.time = next(name for name in ring.coordinates if name != radial)
        self.change: dict[str, DifferentialElement] = {}
        for field in fields:
            if f"delta_{field}" not in ring.functions:
                ring.declare(functions={f"delta_{field}": ring.functions[field]})
            self.change[field] = ring[f"delta_{field}"]
        self._varied = variations(self.change)

    def reduce(self, element: DifferentialElement, copies: Iterable[Copies] = ()) -> DifferentialElement:
        """Return an element on solutions, variations and copies of parameters with it.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x"})
        >>> solver = Triangular(space, {"a": 0})
        >>> solver.solve([space.parse("a_u - a^2")])
        ()
        >>> CutCharges(space.ring, "r", ("a",), (), solver).reduce(space["delta_a_u"])
        2*a*delta_a
        """
        return on_shell(self.solver, element, (self._varied, *copies))

    def by_parts(self, density: DifferentialElement) -> dict[str, DifferentialElement]:
        """Return the coefficients of the parameters, derivatives along the cut thrown off them.

        Raises
        ------
        DomainError
            If a derivative of a parameter in time is free on the cut.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x", "p": "u x"})
        >>> CutCharges(space.ring, "r", ("a",), ("p",), Triangular(space, {})).by_parts(space.parse("p_x*delta_a"))
        {'p': -delta_a_x}
        """
        reduced = self.reduce(density)
        found = {}
        for name in self.parameters:
            parts = cut_euler(reduced, name, self.time)
            if any(parts):
                message = f"the charge depends on derivatives of {name} in {self.time}, which no rule determines"
                raise DomainError(message, hint="strengthen the fall-offs, so that parameters live on a cut")
            found[name] = self.reduce(parts.get(0, self.ring.constant(0)))
        return found

    def vanishes(self, density: DifferentialElement) -> bool:
        """Return whether a density linear in the variations is a total derivative along the cut, on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x"})
        >>> CutCharges(space.ring, "r", ("a",), (), Triangular(space, {})).vanishes(space.parse("a*delta_a"))
        False
        """
        reduced = self.reduce(density)
        names = [f"delta_{field}" for field in self.fields]
        return not any(self.reduce(value) for name in names for value in cut_euler(reduced, name, self.time).values())

    def density(self, values: Mapping[str, DifferentialElement]) -> DifferentialElement:
        """Return ``Σ_p p A_p``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x", "p": "u x"})
        >>> CutCharges(space.ring, "r", ("a",), ("p",), Triangular(space, {})).density({"p": space["a"]})
        a*p
        """
        return sum((self.ring[name] * value for name, value in values.items()), self.ring.constant(0))

    def variations(
        self, metric: Mapping[Pair, TruncatedSeries], xi: Mapping[int, TruncatedSeries]
    ) -> dict[str, DifferentialElement]:
        """Return ``A_p[δ]``; see :attr:`AsymptoticSymmetries.charge_variations`.

        Raises
        ------
        DomainError
            If the charge diverges: the leading power of r is reported.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> found = problem.solve_einstein(order=2).symmetries()
        >>> found.cut.variations(found.metric, found.components)["xiu0"]
        delta_guu0
        """
        moved = {pair: series.map(lambda value: prolong(self.change, value)) for pair, series in metric.items()}
        moved = {pair: series for pair, series in moved.items() if series.terms}
        names = self.ring.coordinates
        surface = names.index(self.time), names.index(self.radial)
        density = series_charge(SeriesMetric(self.ring, metric), moved, xi, surface)
        for (power, _), value in density.terms.items():
            if power < 0 and not self.vanishes(value):
                message = f"the charge diverges like {self.radial}^{-power}"
                raise DomainError(message, hint="strengthen the fall-offs, or renormalise")
        return self.by_parts(density.coefficient(0))

    # -- integration in field space ------------------------------------------------------------------------------------------------
    def _jets(self, elements: Iterable[DifferentialElement]) -> dict[str, DifferentialElement]:
        """Return the jets of fields by the names of the variations that occur."""
        found = {}
        for element in elements:
            present = jets_by_function(element)
            for field in self.fields:
                for index in (*present.get(f"delta_{field}", ()), *present.get(field, ())):
                    found[self.ring.jet(f"delta_{field}", index).generators[0]] = self.ring.jet(field, index)
        return found

    def integrated(self, given: Mapping[str, DifferentialElement]) -> dict[str, DifferentialElement]:
        """Return the charges whose variations are given.

        Raises
        ------
        DomainError
            If there are none; what is left is shown.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x", "p": "u x"})
        >>> CutCharges(space.ring, "r", ("a",), ("p",), Triangular(space, {})).integrated({"p": space.parse("2*a*delta_a")})
        {'p': a^2}
        """
        jets = self._jets(given.values())
        found = {name: integrate_in_field_space(value, jets) for name, value in given.items()}
        for name, value in found.items():
            rest = self.reduce(prolong(self.change, value) - given[name])
            if rest and not self.vanishes(self.ring[name] * rest):
                message = f"the charge of {name} is not integrable: what is left is {rest}"
                raise DomainError(message, hint="split off a flux, as Wald and Zoupas do: symmetries.split()")
        return found

    def split(
        self, given: Mapping[str, DifferentialElement], flux: Mapping[str, DifferentialElement] | None = None
    ) -> ChargeSplit:
        """Return charges and flux; see :meth:`AsymptoticSymmetries.split`.

        Raises
        ------
        DomainError
            If what a given flux leaves is not integrable.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("u r x", {"a": "u x", "p": "u x"})
        >>> cut = CutCharges(space.ring, "r", ("a",), ("p",), Triangular(space, {}))
        >>> cut.split({"p": space.parse("a*delta_a_u + delta_a")})
        ChargeSplit(charges={'p': a*a_u + a}, flux={'p': -a_u*delta_a})
        """
        zero = self.ring.constant(0)
        if flux is not None:
            rest = {name: self.reduce(value - flux.get(name, zero)) for name, value in given.items()}
            return ChargeSplit(self.integrated(rest), {name: flux.get(name, zero) for name in given})
        charges: dict[str, DifferentialElement] = {}
        left: dict[str, DifferentialElement] = {}
        for name, value in given.items():
            charges[name] = self._potential(value)
            other = self.reduce(value - prolong(self.change, charges[name]))
            left[name] = zero if self.vanishes(self.ring[name] * other) else other
        return ChargeSplit(charges, left)

    def _potential(self, variation: DifferentialElement) -> DifferentialElement:
        """Return the potential of what survives without news, and that of the variations of news at fixed other fields."""
        jets = self._jets([variation])
        waving = {name: jet for name, jet in jets.items() if self._is_news(jet)}
        news = [jet.generators[0] for jet in waving.values()]
        calm = without(variation, [*waving, *news])
        total = integrate_in_field_space(calm, {name: jet for name, jet in jets.items() if name not in waving})
        moving = by_degree(variation, waving).get(1)
        return total if moving is None else total + integrate_in_field_space(moving, waving)

    def _is_news(self, jet: DifferentialElement) -> bool:
        symbol = self.ring.symbol(self.ring.position(jet.generators[0]))
        of = self.ring.functions[symbol.function]  # type: ignore[union-attr]
        return self.time in of and symbol.index[of.index(self.time)] > 0  # type: ignore[union-attr]
