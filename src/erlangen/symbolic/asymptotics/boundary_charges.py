"""Charges on a cut of the boundary: modulo total derivatives along it, integrated in field space, split from their flux.

Definition: ``16πG δQ = ∮ Σ_p p A_p[δ]`` on a cut of constant time; a density vanishes if the Euler operators along the cut of all
    variations do, jets in time being functions of their own there.
Convention: a flux is what stays of ``A_p`` when the variations of news are integrated first; it vanishes with the news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, final

from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_by_function
from erlangen.symbolic.jets.prolongation import total

__all__ = ["ChargeSplit", "by_degree", "cut_euler", "integrate_in_field_space", "without"]

Index: TypeAlias = tuple[int, ...]


@final
@dataclass(frozen=True)
class ChargeSplit:
    """Charges and flux with ``16πG δ̸Q = ∮ Σ_p p (δ charges_p + flux_p)``.

    Examples
    --------
    >>> ChargeSplit({}, {}).integrable
    True
    """

    charges: dict[str, DifferentialElement]
    flux: dict[str, DifferentialElement]

    @property
    def integrable(self) -> bool:
        """Whether there is no flux.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ChargeSplit({}, {"f": DifferentialRing("u").constant(1)}).integrable
        False
        """
        return not any(self.flux.values())


def cut_euler(element: DifferentialElement, function: str, time: str) -> dict[int, DifferentialElement]:
    """Return ``Σ_I (-D)_I ∂f/∂a_{j,I}`` along the cut, by the number j of derivatives in time.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("u x", functions="a b")
    >>> cut_euler(ring.parse("a_u*b_x + a_x*b"), "a", "u")
    {0: -b_x, 1: b_x}
    """
    ring = element.ring
    of = ring.functions[function]
    result: dict[int, DifferentialElement] = {}
    for index in jets_by_function(element).get(function, ()):
        slope = element.partial(ring.jet(function, index).generators[0])
        steps = index[of.index(time)] if time in of else 0
        along = tuple(0 if name == time else count for name, count in zip(of, index, strict=True))
        value = total(slope, along, of)
        value = -value if sum(along) % 2 else value
        result[steps] = result[steps] + value if steps in result else value
    return {steps: value for steps, value in sorted(result.items()) if value}


def by_degree(element: DifferentialElement, names: Iterable[str]) -> dict[int, DifferentialElement]:
    """Return the parts of an element by their degree in some generators.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> by_degree(DifferentialRing("x y").parse("x*y + x + 1"), ["x", "y"])
    {2: x*y, 1: x, 0: 1}
    """
    present = [name for name in names if name in element.generators]
    parts: dict[int, DifferentialElement] = {}
    for powers, value in element.coefficients(*present).items():
        term = value
        for name, power in zip(present, powers, strict=True):
            if power:
                term = term * element.ring[name] ** power
        degree = sum(powers)
        parts[degree] = parts[degree] + term if degree in parts else term
    return parts


def without(element: DifferentialElement, names: Iterable[str]) -> DifferentialElement:
    """Return an element with some generators set to zero.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> without(DifferentialRing("x y").parse("x*y + y"), ["x"])
    y
    """
    present = {name: 0 for name in names if name in element.generators}
    return element.substitute(present) if present else element


def integrate_in_field_space(
    variation: DifferentialElement, jets: Mapping[str, DifferentialElement]
) -> DifferentialElement:
    """Return ``∫_0^1 A[t a; a] dt/…``: every variation replaced by its field and each degree d divided by d + 1.

    ``jets`` gives the jets of fields by the names of their variations; the result is the potential if there is one.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="a da")
    >>> integrate_in_field_space(ring.parse("2*a*da + da_x"), {"da": ring["a"], "da_x": ring["a_x"]})
    a^2 + a_x
    """
    names = {value.generators[0] for value in jets.values()}
    total_value = variation.ring.constant(0)
    kept = {name: value for name, value in jets.items() if name in variation.generators}
    for degree, part in by_degree(variation, sorted(names)).items():
        total_value = total_value + part.substitute(kept) / (degree + 1)
    return total_value
