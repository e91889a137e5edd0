"""Brackets of asymptotic Killing fields and of their charges.

Definition: ``[ξ_1, ξ_2]_M = [ξ_1, ξ_2] - δ_1 ξ_2 + δ_2 ξ_1``, ``{Q_1, Q_2} = δ_2 Q_1 + Θ_2[δ_1]`` (Barnich–Troessaert 1001.1541,
    1106.0213), ``K = {Q_1, Q_2} - Q_{[1, 2]}``.
Convention: the parameters of both fields are copies whose names end in ``v1`` and ``v2``; K is given modulo total derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, TruncatedSeries, solve_linear
from erlangen.symbolic.asymptotics.boundary_charges import ChargeSplit, cut_euler
from erlangen.symbolic.asymptotics.cut_charges import CutCharges
from erlangen.symbolic.asymptotics.on_shell import Copies, rename, rename_series, renamed_copies, replace_functions
from erlangen.symbolic.jets.prolongation import prolong

__all__ = ["CentralExtension", "central_extension", "modified_bracket"]


@final
@dataclass(frozen=True)
class CentralExtension:
    """The extension of the charge algebra, ``K = (1/16πG) ∮ Σ_p p_1 K_p[p_2] = (1/16πG) ∮ Σ_a a K_a[p_1, p_2]``.

    ``terms`` are the K_p of parameters that depend on the whole cut; ``beside`` has the K_a beside the data a where the extension
    depends on them.

    Examples
    --------
    >>> CentralExtension({}, antisymmetric=True, trivial=True).field_dependent
    False
    """

    terms: dict[str, DifferentialElement]
    antisymmetric: bool
    trivial: bool
    beside: dict[str, DifferentialElement] = field(default_factory=dict)

    @property
    def field_dependent(self) -> bool:
        """Whether the extension depends on the data, so that it is none by a centre.

        Examples
        --------
        >>> CentralExtension({}, antisymmetric=True, trivial=True, beside={}).field_dependent
        False
        """
        return bool(self.beside)


def _pair(cut: CutCharges) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of two copies of the parameters, declared where they are new."""
    both = []
    for label in ("v1", "v2"):
        names = {name: f"{name}{label}" for name in cut.parameters}
        for name, copied in names.items():
            if copied not in cut.ring.functions:
                cut.ring.declare(functions={copied: cut.ring.functions[name]})
        both.append(names)
    return both[0], both[1]


def modified_bracket(
    cut: CutCharges, components: Mapping[int, TruncatedSeries], action: Mapping[str, DifferentialElement]
) -> dict[str, DifferentialElement]:
    """Return the parameters of the modified bracket; see :attr:`AsymptoticSymmetries.bracket`.

    Raises
    ------
    DomainError
        If the bracket is no asymptotic symmetry to the order that is known.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> found = problem.solve_einstein(order=3).symmetries()
    >>> modified_bracket(found.cut, found.components, found.action)["xiphi0"]
    xiphi0v1*xiphi0v2_phi - xiphi0v1_phi*xiphi0v2
    """
    one, two = _pair(cut)
    copies = renamed_copies(one), renamed_copies(two)
    left, right = (
        {place: rename_series(series, names) for place, series in components.items()} for names in (one, two)
    )
    moves = [{field: rename(value, names) for field, value in action.items()} for names in (one, two)]
    names = cut.ring.coordinates
    result: dict[int, TruncatedSeries] = {}
    for place in components:
        value = right[place].map(lambda v: -prolong(moves[0], v)) + left[place].map(lambda v: prolong(moves[1], v))
        for k in components:
            value = value + left[k] * right[place].derivative(names[k]) - right[k] * left[place].derivative(names[k])
        result[place] = value.map(lambda v: cut.reduce(v, copies))
    found = {name: result[place].coefficient(power) for name, (place, power) in _places(cut, components).items()}
    for place, series in result.items():
        again = components[place].map(lambda v: cut.reduce(replace_functions(v, found), copies))
        rest = again - series
        if rest.terms:
            message = f"the bracket differs from a symmetry in {names[place]} by {rest}"
            raise DomainError(message, hint="raise the order, or check the modified bracket")
    return found


def _places(cut: CutCharges, components: Mapping[int, TruncatedSeries]) -> dict[str, tuple[int, int]]:
    """Return where each parameter stands alone in the components."""
    return {
        name: (place, power)
        for name in cut.parameters
        for place, series in components.items()
        for (power, _), value in series.terms.items()
        if value == cut.ring[name]
    }


def central_extension(
    cut: CutCharges,
    split: ChargeSplit,
    action: Mapping[str, DifferentialElement],
    bracket: Mapping[str, DifferentialElement],
) -> CentralExtension:
    """Return K; see :attr:`AsymptoticSymmetries.central_extension`.

    Raises
    ------
    DomainError
        If the charges are integrable and K depends on the fields: they do not represent the algebra.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> found = problem.solve_einstein(order=3).symmetries()
    >>> central_extension(found.cut, found.split(), found.action, found.bracket).antisymmetric
    True
    """
    one, two = _pair(cut)
    copies = renamed_copies(one), renamed_copies(two)
    density = cut.reduce(_extension_density(cut, split, action, bracket, (one, two)), copies)
    beside = {
        name if not steps else f"{name}_{cut.time * steps}": value
        for name in cut.fields
        for steps, value in _euler(cut, density, name, copies).items()
    }
    if beside and split.integrable:
        message = f"the extension depends on {next(iter(beside))}: the charges do not represent the algebra"
        raise DomainError(message, hint="use the modified bracket of charges")
    zero = cut.ring.constant(0)
    whole = [name for name in cut.parameters if _is_whole(cut, name)]
    terms = {name: _euler(cut, density, one[name], copies).get(0, zero) for name in whole}
    swapped = {**{one[name]: two[name] for name in one}, **{two[name]: one[name] for name in one}}
    both = cut.reduce(density + rename(density, swapped), copies)
    symmetric = [_euler(cut, both, name, copies) for name in (*(one[name] for name in whole), *cut.fields)]
    trivial = not beside and _is_coboundary(cut, terms, bracket, one, copies)
    return CentralExtension(terms, not any(symmetric), trivial, beside)


def _is_whole(cut: CutCharges, name: str) -> bool:
    """Return whether a parameter depends on all coordinates of the cut, by its rules."""
    along = [place for place, other in enumerate(cut.ring.functions[name]) if other != cut.time]
    unit = [tuple(int(k == place) for k in range(len(cut.ring.functions[name]))) for place in along]
    return all(cut.solver.reduce(cut.ring.jet(name, index)) for index in unit)


def _extension_density(
    cut: CutCharges,
    split: ChargeSplit,
    action: Mapping[str, DifferentialElement],
    bracket: Mapping[str, DifferentialElement],
    pair: tuple[Mapping[str, str], Mapping[str, str]],
) -> DifferentialElement:
    """Return ``δ_2 Q_1 + Θ_2[δ_1] - Q_[1,2]`` under the integral."""
    one, two = pair
    first, second = ({field: rename(value, names) for field, value in action.items()} for names in pair)
    by_delta = {f"delta_{field}": value for field, value in first.items()}
    density = cut.ring.constant(0)
    for name, charge in split.charges.items():
        density = density + cut.ring[one[name]] * prolong(second, charge) - bracket[name] * charge
    for name, flux in split.flux.items():
        if flux:
            density = density + cut.ring[two[name]] * replace_functions(flux, by_delta)
    return density


def _euler(
    cut: CutCharges, density: DifferentialElement, name: str, copies: tuple[Copies, ...]
) -> dict[int, DifferentialElement]:
    """Return the Euler operators along the cut that do not vanish on solutions, by derivatives in time."""
    found = {steps: cut.reduce(value, copies) for steps, value in cut_euler(density, name, cut.time).items()}
    return {steps: value for steps, value in found.items() if value}


def _is_coboundary(
    cut: CutCharges,
    terms: Mapping[str, DifferentialElement],
    bracket: Mapping[str, DifferentialElement],
    one: Mapping[str, str],
    copies: tuple[Copies, ...],
) -> bool:
    """Return whether constants c_p exist with ``K = ∮ Σ_p c_p [ξ_1, ξ_2]_p``."""
    zero = cut.ring.constant(0)
    columns = [
        {other: _euler(cut, bracket[name], one[other], copies).get(0, zero) for other in terms}
        for name in cut.parameters
    ]
    rows: dict[Any, dict[int, Any]] = {}
    for k, column in enumerate([*columns, terms]):
        for other, value in column.items():
            names = [n for n in value.generators if n not in cut.ring.constants]
            for powers, number in value.coefficients(*names).items():
                key = other, tuple((n, p) for n, p in zip(names, powers, strict=True) if p)
                rows.setdefault(key, {})[k] = number
    return solve_linear(list(rows.values()), len(columns)) is not None
