"""Euler operators and their higher kin, in Horner's form.

Definition: ``E^{(J)}(f) = Σ_{K ≥ J} C(K, J) (-D)_{K-J} ∂f/∂u_K``; ``J = 0`` is the variational derivative (Olver, 5.4).
Convention: the derivatives are nested coordinate by coordinate, so that their number is that of the different orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, prod

from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_within

__all__ = ["euler_operator", "higher_euler"]

Index = tuple[int, ...]

_LONG = 2000  # terms of an element from which on its jets are named ahead


def euler_operator(element: DifferentialElement, function: str) -> DifferentialElement:
    """Return ``E(f) = Σ_I (-D)_I ∂f/∂u_I``; it vanishes on total divergences.

    Raises
    ------
    DomainError
        If the ring has no such function.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> euler_operator(ring.parse("u_x^2/2 - u^3"), "u")
    -3*u^2 - u_xx
    """
    ring = element.ring
    of = ring.functions.get(function, ())
    indices = jets_within(element, function)
    _name_derivatives(element, of, indices)
    slopes = {index: element.partial(_name(element, function, index)) for index in indices}
    return _horner(slopes, of, element.ring.constant(0)) if of else sum(slopes.values(), ring.constant(0))


def higher_euler(element: DifferentialElement, function: str) -> dict[Index, DifferentialElement]:
    """Return all ``E^{(J)}(f)`` that do not vanish, by multi-index J.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> higher_euler(ring.parse("u_xx*u"), "u")
    {(0,): 2*u_xx, (1,): -2*u_x, (2,): u}
    """
    ring = element.ring
    of = ring.functions[function]
    slopes = {index: element.partial(_name(element, function, index)) for index in jets_within(element, function)}
    below = sorted({low for index in slopes for low in _below(index)}, key=lambda index: (sum(index), index))
    result = {}
    for low in below:
        parts = {
            tuple(k - j for k, j in zip(high, low, strict=True)): slope
            * prod(comb(k, j) for k, j in zip(high, low, strict=True))
            for high, slope in slopes.items()
            if all(k >= j for k, j in zip(high, low, strict=True))
        }
        value = _horner(parts, of, ring.constant(0))
        if value:
            result[low] = value
    return result


def _name_derivatives(element: DifferentialElement, of: tuple[str, ...], indices: list[Index]) -> None:
    """Name the jets that ``D_I`` will bring in, so that the ring grows once and not again and again under long polynomials."""
    ring = element.ring
    shifts = [dict(zip(of, index, strict=True)) for index in indices if any(index)]
    if len(element) < _LONG or not shifts:
        return
    for other, depends in ring.functions.items():
        for index in jets_within(element, other):
            for shift in shifts:
                if all(coordinate in depends for coordinate, count in shift.items() if count):
                    ring.jet(other, tuple(a + shift.get(name, 0) for a, name in zip(index, depends, strict=True)))


def _name(element: DifferentialElement, function: str, index: Index) -> str:
    return element.ring.jet(function, index).generators[0]


def _below(index: Index) -> list[Index]:
    """Return all multi-indices that do not exceed one."""
    found: list[Index] = [()]
    for count in index:
        found = [(*head, k) for head in found for k in range(count + 1)]
    return found


def _horner(
    parts: Mapping[Index, DifferentialElement], of: tuple[str, ...], zero: DifferentialElement
) -> DifferentialElement:
    """Return ``Σ_I (-D)_I parts[I]``, nesting the derivatives along the last coordinate."""
    if not of:
        return parts.get((), zero)
    layers: dict[int, dict[Index, DifferentialElement]] = {}
    for index, value in parts.items():
        layers.setdefault(index[-1], {})[index[:-1]] = value
    total = zero
    for count in range(max(layers, default=0), -1, -1):
        inner = _horner(layers[count], of[:-1], zero) if count in layers else zero
        total = inner - total.derivative(of[-1]) if total else inner
    return total
