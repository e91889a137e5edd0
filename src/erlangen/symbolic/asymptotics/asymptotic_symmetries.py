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
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries
from erlangen.symbolic.asymptotics.boundary_charges import ChargeSplit
from erlangen.symbolic.asymptotics.charge_algebra import CentralExtension, central_extension, modified_bracket
from erlangen.symbolic.asymptotics.cut_charges import CutCharges
from erlangen.symbolic.asymptotics.series_geometry import Pair, SeriesMetric
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jets_within import jets_within

__all__ = ["AsymptoticSymmetries"]

_STEPS = 8


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
    def cut(self) -> CutCharges:
        """What the charges are computed with: densities on a cut, on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=2).symmetries().cut.time
        'u'
        """
        return CutCharges(self.ring, self.radial, self.fields, self.parameters, self.solver)

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
        return self.cut.variations(self.metric, self.components)

    @cached_property
    def charges(self) -> dict[str, DifferentialElement]:
        """``A_p`` with ``16πG Q = ∮ Σ_p p A_p``, the charge itself, zero where all coefficients vanish.

        Raises
        ------
        DomainError
            If the variation is not integrable; what is left is reported. See :meth:`split`.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
        >>> problem.solve_einstein(order=3).symmetries().charges
        {'xiphi0': 2*Xi, 'xiu0': Theta}
        """
        return self.cut.integrated(self.charge_variations)

    def split(self, flux: Mapping[str, DifferentialElement] | None = None) -> ChargeSplit:
        """Return charges and flux, ``16πG δ̸Q = ∮ Σ_p p (δ A_p + Θ_p)``, the flux by default the one that vanishes with the news.

        Parameters
        ----------
        flux : mapping of str to element, optional
            A preferred ``Θ_p`` in variations ``delta_``, as Wald and Zoupas (gr-qc/9911095) ask for; what is left must be integrable.

        Raises
        ------
        DomainError
            If what the flux leaves is not integrable.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
        >>> problem.solve_einstein(order=3).symmetries().split().integrable
        True
        """
        return self.cut.split(self.charge_variations, flux)

    # -- algebra -------------------------------------------------------------------------------------------------------------------
    @cached_property
    def bracket(self) -> dict[str, DifferentialElement]:
        """The parameters of ``[ξ_1, ξ_2]_M`` in those of both, whose names end in ``v1`` and ``v2``.

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
        return modified_bracket(self.cut, self.components, self.action)

    @cached_property
    def central_extension(self) -> CentralExtension:
        """``K = δ_{ξ_2} Q_{ξ_1} + Θ_{ξ_2}[δ_{ξ_1}] - Q_{[ξ_1, ξ_2]}``, with its antisymmetry and whether it is a coboundary.

        Raises
        ------
        DomainError
            If the charges are integrable and K depends on the fields: they do not represent the algebra.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=3).symmetries().central_extension.terms
        {'xiphi0': -2*xiu0v2_phi_phi_phi, 'xiu0': -2*xiphi0v2_phi_phi_phi}
        """
        return central_extension(self.cut, self.split(), self.action, self.bracket)
