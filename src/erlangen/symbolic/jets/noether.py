"""Noether's first and second theorem: conserved currents of symmetries, identities of gauge symmetries.

Definition: ``pr X_Q L = D_i K^i`` gives ``J^i = θ^i(Q) - K^i`` with ``D_i J^i = -Q^α E_α``; ``Q = R(f)`` with f arbitrary gives ``R*(E) = 0``
    (Noether 1918; Olver 5.3).
Convention: the sign is that of ``J = θ(Q) - K``; every current is verified exactly before it is returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.homotopy import invert_divergence
from erlangen.symbolic.jets.prolongation import prolong

if TYPE_CHECKING:
    from erlangen.symbolic.jets.jet_space import JetSpace

__all__ = ["Current", "noether", "noether_identity"]


@final
@dataclass(frozen=True)
class Current:
    """A conserved current: its components and its characteristic, ``D_i J^i = -Q^α E_α``.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> J = JetSpace("t", "q")
    >>> noether(J, "q_t^2/2", {"q": "q_t"}).components
    {'t': q_t^2/2}
    """

    components: dict[str, DifferentialElement]
    characteristic: dict[str, DifferentialElement]

    def divergence(self) -> DifferentialElement:
        """Return ``D_i J^i``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> noether(JetSpace("t", "q"), "q_t^2/2", {"q": "1"}).divergence()
        q_tt
        """
        first, *others = (value.derivative(coordinate) for coordinate, value in self.components.items())
        return sum(others, first)


def noether(
    space: JetSpace, lagrangian: DifferentialElement | str, characteristic: Mapping[str, DifferentialElement | str]
) -> Current:
    """Return the current of a variational symmetry with characteristic Q.

    Raises
    ------
    DomainError
        If ``E_β(pr X_Q L)`` does not vanish: Q is no variational symmetry; the defect is shown.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> J = JetSpace("t x", "u", constants="m")
    >>> energy = noether(J, "u_t^2/2 - u_x^2/2 - m^2*u^2/2", {"u": "u_t"})
    >>> energy.components["t"]
    (m^2*u^2 + u_t^2 + u_x^2)/2
    """
    density = space.parse(lagrangian) if isinstance(lagrangian, str) else lagrangian
    change = {field: space.parse(value) if isinstance(value, str) else value for field, value in characteristic.items()}
    for field in change:
        if field not in space.fields:
            message = f"the characteristic names {field!r}, which is not among the fields {' '.join(space.fields)}"
            raise DomainError(message, hint="give one component for each field that changes")
    moved = prolong(change, density)
    for field in space.fields:
        defect = euler_operator(moved, field)
        if defect:
            message = f"the characteristic is no variational symmetry: E_{field}(pr X_Q L) = {defect}"
            raise DomainError(message, hint="check the symmetry, or add what the Lagrangian lacks")
    gain = invert_divergence(moved, space.fields)
    potential = space.presymplectic_potential(density)
    components = {}
    for coordinate in space.base:
        value = potential[coordinate]
        names = {f"delta_{field}": change.get(field, space.ring.constant(0)) for field in space.fields}
        components[coordinate] = prolong(names, value) - gain[coordinate]
    current = Current(components, change)
    equations = space.euler(density)
    defect = current.divergence() + sum((change[field] * equations[field] for field in change), space.ring.constant(0))
    if defect:
        message = f"D_i J^i + Q E = {defect}: the current is wrong"
        raise DomainError(message, hint="this is an error of the library; please report the Lagrangian")
    return current


def noether_identity(
    space: JetSpace,
    lagrangian: DifferentialElement | str,
    characteristic: Mapping[str, DifferentialElement],
    parameter: str,
) -> DifferentialElement:
    """Return ``E_f(Q^α[f] E_α(L))``, the combination of the equations that vanishes identically when f generates a gauge symmetry.

    Raises
    ------
    DomainError
        If the parameter is no function of the ring.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> J = JetSpace("t x", "a b", functions={"f": "t x"})
    >>> noether_identity(J, "(b_t - a_x)^2/2", {"a": J["f_t"], "b": J["f_x"]}, "f")
    0
    """
    if parameter not in space.ring.functions:
        message = f"{parameter!r} is no function of {space!r}"
        raise DomainError(message, hint="declare it: JetSpace(..., functions={...})")
    equations = space.euler(lagrangian)
    paired = sum((change * equations[field] for field, change in characteristic.items()), space.ring.constant(0))
    return euler_operator(paired, parameter)
