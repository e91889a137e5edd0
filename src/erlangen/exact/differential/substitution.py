"""Generators replaced by elements, and elements sorted by the powers of some generators.

Definition: substitution is the homomorphism that sends the named generators to their values and fixes all others.
Convention: all replacements happen at once; jets do not follow, and a root or function left behind is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.fractions import cancel

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["coefficients", "substitute"]


def substitute(element: DifferentialElement, wanted: Mapping[str, DifferentialElement]) -> DifferentialElement:
    """Return an element with generators replaced; see :meth:`DifferentialElement.substitute`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> substitute(ring["x"] + 1, {"x": ring["y"]})
    y + 1
    """
    ring = element.ring
    places = {ring.position(name): value for name, value in wanted.items()}
    whole = {place: value.pair[0] for place, value in places.items() if value.is_polynomial}
    images = (
        [whole.get(place, generator) for place, generator in enumerate(ring.gens)]
        if len(whole) == len(places)
        else None
    )

    def image(polynomial: Any) -> DifferentialElement:
        if images is None:
            return _replace(ring, polynomial, places)
        return DifferentialElement(ring, (ring.reduce(polynomial.compose(*images)), None))

    _check_independent(element, wanted)
    top, bottom = element.pair
    return image(top) if bottom is None else image(top) / image(bottom)


def _check_independent(element: DifferentialElement, wanted: Mapping[str, DifferentialElement]) -> None:
    """Refuse to replace what a root or a function of the element depends on: its value would stay behind."""
    ring = element.ring
    for other in element.generators:
        symbol = ring.symbol(ring.position(other))
        if other in wanted or getattr(symbol, "kind", "root") not in ("root", "adjoined"):
            continue
        for name in wanted:
            plain = getattr(ring.symbol(ring.position(name)), "kind", "root") not in ("root", "adjoined")
            if plain and ring[other].partial(name):
                message = f"{other} depends on {name}, which is to be replaced, and would keep its old value"
                raise DomainError(message, hint=f"give a value for {other} as well")


def _replace(ring: DifferentialRing, polynomial: Any, wanted: Mapping[int, DifferentialElement]) -> DifferentialElement:
    total = ring.constant(0)
    for powers, part in _split(ring, polynomial, tuple(wanted)).items():
        term = DifferentialElement(ring, (part, None))
        for value, power in zip(wanted.values(), powers, strict=True):
            term = term * value**power
        total = total + term
    return total


def _split(ring: DifferentialRing, polynomial: Any, places: tuple[int, ...]) -> dict[tuple[int, ...], Any]:
    """Return the parts of a polynomial by its exponents at some places, with those set to zero."""
    parts: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for exponents, number in polynomial.terms():
        key = tuple(int(exponents[place]) for place in places)
        rest = list(exponents)
        for place in places:
            rest[place] = 0
        parts.setdefault(key, {})[tuple(rest)] = number
    return {key: ring.context.from_dict(part) for key, part in parts.items()}


def coefficients(element: DifferentialElement, generators: Iterable[str]) -> dict[tuple[int, ...], DifferentialElement]:
    """Return coefficients by powers of generators; see :meth:`DifferentialElement.coefficients`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> coefficients(ring["x"] * ring["y"], "x")
    {(1,): y}
    """
    ring = element.ring
    names = tuple(generators)
    places = tuple(ring.position(name) for name in names)
    top, bottom = element.pair
    if bottom is not None:
        degrees = bottom.degrees()
        for name, place in zip(names, places, strict=True):
            if degrees[place]:
                message = (
                    f"{name} occurs in the denominator {element.denominator}: the element is not a polynomial in it"
                )
                raise DomainError(message, hint="multiply by the denominator first")
    return {key: DifferentialElement(ring, cancel(part, bottom)) for key, part in _split(ring, top, places).items()}
