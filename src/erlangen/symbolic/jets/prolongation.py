"""Evolutionary vector fields and linearisation.

Definition: ``pr X_Q = Σ_{α,I} D_I Q^α ∂/∂u^α_I`` (Olver, 5.6); with ``Q = δu`` it is the linearisation ``δ``.
Convention: a characteristic is a mapping from field to element; fields left out do not change.
"""

from __future__ import annotations

from collections.abc import Mapping

from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_within

__all__ = ["commutator", "linearise", "prolong", "total"]

Index = tuple[int, ...]


def total(element: DifferentialElement, index: Index, of: tuple[str, ...]) -> DifferentialElement:
    """Return ``D_I f`` for a multi-index over the coordinates ``of``.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u")
    >>> total(ring["u"], (1, 2), ("t", "x"))
    u_txx
    """
    for coordinate, count in zip(of, index, strict=True):
        for _ in range(count):
            if not element:
                return element
            element = element.derivative(coordinate)
    return element


def prolong(characteristic: Mapping[str, DifferentialElement], element: DifferentialElement) -> DifferentialElement:
    """Return ``pr X_Q f``, the change of ``f`` when each field changes by its characteristic.

    Raises
    ------
    DomainError
        If a field is unknown to the ring.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u v")
    >>> prolong({"u": ring["v"]}, ring.parse("u_x^2"))
    2*u_x*v_x
    """
    ring = element.ring
    result = ring.constant(0)
    for field, change in characteristic.items():
        of = ring.functions.get(field, ())
        known: dict[Index, DifferentialElement] = {(0,) * len(of): change}
        for index in jets_within(element, field):
            slope = element.partial(ring.jet(field, index).generators[0])
            result = result + slope * _known(known, index, of)
    return result


def _known(known: dict[Index, DifferentialElement], index: Index, of: tuple[str, ...]) -> DifferentialElement:
    """Return ``D_I Q`` by way of the derivatives taken before."""
    if index not in known:
        place = max(i for i, count in enumerate(index) if count)
        lower = (*index[:place], index[place] - 1, *index[place + 1 :])
        known[index] = _known(known, lower, of).derivative(of[place])
    return known[index]


def linearise(element: DifferentialElement, fields: tuple[str, ...], variation: str = "delta") -> DifferentialElement:
    """Return ``δf = Σ_{α,I} ∂f/∂u^α_I D_I δu^α`` with functions ``delta_u`` declared in the ring where they are new.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> linearise(ring.parse("u_x^2"), ("u",))
    2*u_x*delta_u_x
    """
    ring = element.ring
    change = {}
    for field in fields:
        name = f"{variation}_{field}"
        if name not in ring.functions:
            ring.declare(functions={name: ring.functions[field]})
        change[field] = ring[name]
    return prolong(change, element)


def commutator(
    left: Mapping[str, DifferentialElement], right: Mapping[str, DifferentialElement]
) -> dict[str, DifferentialElement]:
    """Return the characteristic ``[P, Q]^α = pr X_P Q^α - pr X_Q P^α`` of ``[X_P, X_Q]``.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u")
    >>> commutator({"u": ring["u_x"]}, {"u": ring.parse("t*u_x + 1")})
    {}
    """
    fields = sorted({*left, *right})
    result = {}
    for field in fields:
        there = prolong(left, right[field]) if field in right else None
        back = prolong(right, left[field]) if field in left else None
        value = there if back is None else -back if there is None else there - back
        if value:
            result[field] = value
    return result
