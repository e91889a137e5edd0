"""Determining systems modulo superposition, for equations linear in their fields.

Definition: ``f(x)`` added to a field leaves the derivatives of its component in the other variables: those slopes are kept as unknowns of
    their own, and the component itself is eliminated.
Convention: the slopes are declared in the ring of the unknowns.
"""

from __future__ import annotations

from collections.abc import Sequence

from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.symmetries.linear_system import LinearSystem, complete_linear_system

__all__ = ["modulo_superposition"]


def modulo_superposition(
    equations: Sequence[DifferentialElement],
    unknowns: tuple[str, ...],
    *,
    shifted: tuple[str, ...],
    along: tuple[str, ...],
    limit: int = 20_000,
) -> LinearSystem:
    """Return the system of the unknowns modulo functions of the other variables added to those that are shifted.

    Examples
    --------
    >>> ring = DifferentialRing("x u", functions="f")
    >>> found = modulo_superposition([ring["f_uu"]], ("f",), shifted=("f",), along=("u",))
    >>> found.functions, found.elements()
    (('slope_f_u',), (slope_f_u_u,))
    """
    ring: DifferentialRing = equations[0].ring
    slopes = {f"slope_{name}_{other}": ring[name].derivative(other) for name in shifted for other in along}
    variables = tuple(dict.fromkeys(name for unknown in unknowns for name in ring.functions[unknown]))
    ring.declare(functions=dict.fromkeys(slopes, variables))
    whole = [*equations, *(ring[name] - slope for name, slope in slopes.items())]
    kept = tuple(name for name in unknowns if name not in shifted)
    found = complete_linear_system(whole, (*kept, *slopes, *shifted), eliminate=shifted, limit=limit)
    return found.without()
