"""Momenta, the presymplectic potential and the presymplectic current of a Lagrangian of any order.

Definition: ``p^I = ∂^S L/∂u_I - D_j p^{Ij}``, ``θ^i = Σ_J (|J|!/J!) p^{J+i} D_J δu``, ``∂^S/∂u_I = (I!/|I|!) ∂/∂u_I``;
    ``ω^i(δ_1, δ_2) = δ_1 θ^i(δ_2) - δ_2 θ^i(δ_1)`` (Lee–Wald; Anderson, The Variational Bicomplex).
Convention: components are densities, one a base coordinate; θ is fixed up to ``D_j Y^{ij}`` by taking symmetric momenta.
"""

from __future__ import annotations

from math import factorial, prod

from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.jets.prolongation import linearise, prolong, total

__all__ = ["momenta", "presymplectic_current", "presymplectic_potential"]

Index = tuple[int, ...]


def momenta(lagrangian: DifferentialElement, field: str) -> dict[Index, DifferentialElement]:
    """Return the symmetric momenta ``p^I`` by multi-index; ``p^0`` is the Euler–Lagrange expression.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> momenta(ring.parse("u_xx^2/2"), "u")
    {(2,): u_xx, (1,): -u_xxx, (0,): u_xxxx}
    """
    ring = lagrangian.ring
    of = ring.functions[field]
    found: dict[Index, DifferentialElement] = {}
    present = jets_within(lagrangian, field)
    top = max((sum(index) for index in present), default=0)
    for order in range(top, -1, -1):
        for index in _of_order(order, len(of)):
            value = ring.constant(0)
            if index in present:
                value = (
                    lagrangian.partial(ring.jet(field, index).generators[0])
                    * prod(map(factorial, index))
                    / factorial(order)
                )
            for place, coordinate in enumerate(of):
                higher = (*index[:place], index[place] + 1, *index[place + 1 :])
                if higher in found:
                    value = value - found[higher].derivative(coordinate)
            if value:
                found[index] = value
    return found


def presymplectic_potential(
    lagrangian: DifferentialElement, fields: tuple[str, ...], variation: str = "delta"
) -> dict[str, DifferentialElement]:
    """Return ``θ^i[δu]`` with ``δL = E_α δu^α + D_i θ^i``, by base coordinate.

    Raises
    ------
    DomainError
        If a field is unknown to the ring.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> presymplectic_potential(ring.parse("u_xx^2/2"), ("u",))
    {'x': u_xx*delta_u_x - u_xxx*delta_u}
    """
    ring = lagrangian.ring
    linearise(lagrangian, fields, variation)  # declares the variations
    result = {coordinate: ring.constant(0) for coordinate in ring.coordinates}
    for field in fields:
        of = ring.functions[field]
        change = ring[f"{variation}_{field}"]
        for index, momentum in momenta(lagrangian, field).items():
            for place, coordinate in enumerate(of):
                if index[place]:
                    lower = (*index[:place], index[place] - 1, *index[place + 1 :])
                    weight = factorial(sum(lower)) // prod(map(factorial, lower))
                    result[coordinate] = result[coordinate] + weight * momentum * total(change, lower, of)
    return result


def presymplectic_current(lagrangian: DifferentialElement, fields: tuple[str, ...]) -> dict[str, DifferentialElement]:
    """Return ``ω^i(δ_1 u, δ_2 u)``, by base coordinate; ``D_i ω^i = 0`` for solutions of the linearised equations.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u")
    >>> presymplectic_current(ring.parse("u_t^2/2 - u_x^2/2"), ("u",))["x"]
    delta1_u*delta2_u_x - delta1_u_x*delta2_u
    """
    ring = lagrangian.ring
    potentials = [presymplectic_potential(lagrangian, fields, name) for name in ("delta1", "delta2")]
    changes = [{field: ring[f"{name}_{field}"] for field in fields} for name in ("delta1", "delta2")]
    return {
        coordinate: prolong(changes[0], potentials[1][coordinate]) - prolong(changes[1], potentials[0][coordinate])
        for coordinate in ring.coordinates
    }


def _of_order(order: int, size: int) -> list[Index]:
    """Return the multi-indices of one order."""
    if size == 1:
        return [(order,)]
    return [(head, *rest) for head in range(order, -1, -1) for rest in _of_order(order - head, size - 1)]
