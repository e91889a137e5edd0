"""The determining equations of contact and generalised symmetries: linear, for characteristics ``Q(x, u_J)`` of bounded order.

Definition: ``Σ ∂Δ/∂u_I D_I Q = 0`` on ``Δ = 0``, split by the parametric derivatives beyond those that Q depends on (Olver, 5.1).
Convention: the unknowns live on solutions, where principal derivatives are replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.on_solutions import OnSolutions

__all__ = ["CharacteristicEquations", "characteristic_equations"]


@final
@dataclass(frozen=True)
class CharacteristicEquations:
    """Determining equations of characteristics, in the ring of a frame of functions on solutions.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> found = characteristic_equations(DifferentialSystem(JetSpace("x", "y"), ["y_xxx"]), 1)
    >>> found.frame.ring.coordinates, found.frame.unknowns
    (('x', 'y', 'yx'), ('Q_y',))
    """

    frame: OnSolutions
    equations: tuple[DifferentialElement, ...]


def characteristic_equations(system: DifferentialSystem, order: int) -> CharacteristicEquations:
    """Return the determining equations of the symmetries whose characteristics depend on parametric derivatives up to an order.

    Raises
    ------
    DomainError
        If an equation determines a field itself, or holds what has no meaning outside its ring.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> len(characteristic_equations(DifferentialSystem(JetSpace("x", "y"), ["y_xxx"]), 1).equations)
    4
    """
    frame = OnSolutions(system, order)
    found: list[DifferentialElement] = []
    for equation in system.equations:
        value = frame.ring.constant(0)
        for field in system.space.fields:
            for index in jets_within(equation, field):
                slope = equation.partial(system.space.ring.jet(field, index).generators[0])
                value = value + frame.carry(slope) * frame.changes(field, index)
        top = value.numerator
        for part in top.coefficients(*(name for name in top.generators if name in frame.free)).values():
            if part not in found and -part not in found:
                found.append(part)
    return CharacteristicEquations(frame, tuple(found))
