"""Finite asymptotic symmetries: the flow of data under a parameter, where it is polynomial.

Definition: ``da/dε = δ_ξ a`` from given data, solved by Picard's iteration ``a ← a_0 + ∫_0^ε δ_ξ a`` until it stands still, at ``ε = 1``.
Convention: supertranslations end after finitely many steps; what does not end is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.asymptotics.on_shell import replace_functions
from erlangen.symbolic.jets.jets_within import jets_by_function

if TYPE_CHECKING:
    from erlangen.symbolic.asymptotics.asymptotic_symmetries import AsymptoticSymmetries

__all__ = ["flow"]

_ROUNDS = 12
_TIME = "epsilon"


def flow(
    symmetries: AsymptoticSymmetries,
    parameters: Mapping[str, DifferentialElement],
    data: Mapping[str, DifferentialElement],
) -> dict[str, DifferentialElement]:
    """Return the data moved by a finite symmetry, the exponential of the field with these parameters.

    Parameters
    ----------
    symmetries : AsymptoticSymmetries
        Of a solved problem.
    parameters : mapping of str to element
        The parameters, those left out being zero.
    data : mapping of str to element
        The free coefficients to start from, those left out being zero.

    Raises
    ------
    DomainError
        If the flow does not end as a polynomial in its time.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
    ...     falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"})
    >>> bms3 = problem.solve_einstein(order=3).symmetries()
    >>> bms3.ring.declare(functions={"T": "phi"})
    >>> flow(bms3, {"xiu0": bms3.ring["T"]}, {"Theta": bms3.ring.constant(-1)})
    {'Theta': -1, 'Xi': -T_phi - T_phi_phi_phi}
    """
    ring = symmetries.ring
    if _TIME not in ring.constants:
        ring.declare(constants=_TIME)
    zero = ring.constant(0)
    given = {name: parameters.get(name, zero) for name in symmetries.parameters}
    rates = {field: replace_functions(value, given) for field, value in symmetries.action.items()}
    start = {field: data.get(field, zero) for field in symmetries.fields}
    needs = {field: set(jets_by_function(rate)) & set(symmetries.fields) for field, rate in rates.items()}
    current, stale = dict(start), set(rates)
    for _ in range(_ROUNDS):
        moved = {field: start[field] + _integral(replace_functions(rates[field], current)) for field in stale}
        changed = {field for field, value in moved.items() if value != current[field]}
        current |= moved
        if not changed:
            return {field: value.substitute({_TIME: 1}) for field, value in current.items()}
        stale = {field for field in rates if needs[field] & changed}
    message = f"the flow does not end as a polynomial after {_ROUNDS} steps"
    raise DomainError(message, hint="finite superrotations are compositions: see BMS3Element in three dimensions")


def _integral(rate: DifferentialElement) -> DifferentialElement:
    ring = rate.ring
    total = ring.constant(0)
    for (power,), value in rate.coefficients(_TIME).items():
        total = total + value * ring[_TIME] ** (power + 1) / (power + 1)
    return total
