"""Integration by parts from the highest derivative down.

Definition: where ``f = c u_{I+i} + …`` is linear in its highest jet, ``K^i = ∫ c du_I`` takes that term off: ``f - D_i K^i`` stands lower.
Convention: of several coordinates i the one is taken that leaves the least; what cannot be taken off is returned.
"""

from __future__ import annotations

from collections.abc import Iterator

from erlangen.exact import DifferentialElement, DifferentialRing, solve_linear
from erlangen.symbolic.jets.jets_within import jets_within

__all__ = ["antiderivative", "integrate_by_parts"]


def integrate_by_parts(
    element: DifferentialElement, fields: tuple[str, ...]
) -> tuple[dict[str, DifferentialElement], DifferentialElement]:
    """Return ``(K, rest)`` with ``f = D_i K^i + rest``; whole coefficients first, and where that leaves a rest term by term.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> integrate_by_parts(ring.parse("2*u_x*u_xx + u^3"), ("u",))
    ({'x': u_x^2}, u^3)
    """
    result, rest = _integrate(element, fields, termwise=False)
    if rest:
        other, left = _integrate(element, fields, termwise=True)
        return (result, rest) if left else (other, left)
    return result, rest


def _integrate(
    element: DifferentialElement, fields: tuple[str, ...], *, termwise: bool
) -> tuple[dict[str, DifferentialElement], DifferentialElement]:
    result = {coordinate: element.ring.constant(0) for coordinate in element.ring.coordinates}
    rest = element
    while rest:
        step = _step(rest, fields, termwise)
        if step is None:
            break
        coordinate, gain, rest = step
        result[coordinate] = result[coordinate] + gain
    return result, rest


def _jets(element: DifferentialElement, fields: tuple[str, ...]) -> list[tuple[int, tuple[int, ...], str]]:
    """Return order, index and field of the jets, highest first."""
    return sorted(
        ((sum(index), index, field) for field in fields for index in jets_within(element, field)), reverse=True
    )


def _step(
    element: DifferentialElement, fields: tuple[str, ...], termwise: bool
) -> tuple[str, DifferentialElement, DifferentialElement] | None:
    """Return the coordinate, the potential and the rest of one integration, or ``None`` where none lowers the element."""
    jets = _jets(element, fields)
    best = None
    for order, index, field in jets:
        if order == 0 or order < jets[0][0]:
            break
        name = element.ring.jet(field, index).generators[0]
        slope = element.partial(name)
        if not slope or slope.partial(name):
            continue
        for part in _monomials(slope, fields) if termwise else [slope]:
            for coordinate, gain in _gains(part, field, index):
                change = gain.derivative(coordinate)
                left = element - change
                if termwise:  # take terms of the highest order off and bring in no others
                    if all(jet == (order, index, field) for jet in _jets(change, fields) if jet[0] >= order):
                        return coordinate, gain, left
                    continue
                cost = _jets(left, fields), len(left)
                if cost < (jets, len(element)) and (best is None or cost < best[0]):
                    best = cost, (coordinate, gain, left)
        if best is not None:
            break
    return None if best is None else best[1]


def _gains(part: DifferentialElement, field: str, index: tuple[int, ...]) -> Iterator[tuple[str, DifferentialElement]]:
    """Yield ``∫ c du_I`` for each way to write the jet as ``u_{I+i}``."""
    ring = part.ring
    for place, coordinate in enumerate(ring.functions[field]):
        if index[place]:
            lower = (*index[:place], index[place] - 1, *index[place + 1 :])
            gain = antiderivative(part, ring.jet(field, lower).generators[0])
            if gain is not None:
                yield coordinate, gain


def _monomials(element: DifferentialElement, fields: tuple[str, ...]) -> list[DifferentialElement]:
    """Return the terms of an element by their powers of jets, the element itself where jets stand in its denominator."""
    ring = element.ring
    names = [ring.jet(field, index).generators[0] for _, index, field in _jets(element, fields)]
    plain = [name for name in names if name in element.numerator.generators]
    if set(names) - set(plain) or set(names) & set(element.denominator.generators):
        return [element]
    parts = []
    for powers, value in element.coefficients(*plain).items():
        term = value
        for name, power in zip(plain, powers, strict=True):
            term = term * ring[name] ** power
        parts.append(term)
    return parts


def antiderivative(element: DifferentialElement, name: str) -> DifferentialElement | None:
    """Return ``∫ f dv`` in a generator v, or ``None`` where the ansatz holds none.

    Powers are integrated as they are; functions, roots and denominators by undetermined coefficients over the denominator lowered once
    (Hermite), which finds a primitive without new logarithms.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> antiderivative(ring.parse("x*exp(x) + 1/(x + 1)^2"), "x")
    (x^2*exp(x) - exp(x) - 1)/(x + 1)
    """
    ring = element.ring
    moving = [other for other in element.generators if other == name or _depends(ring, other, name)]
    if not moving:
        return element * ring[name]
    if moving == [name] and name not in element.denominator.generators:
        total = ring.constant(0)
        for (power,), value in element.coefficients(name).items():
            total = total + value * ring[name] ** (power + 1) / (power + 1)
        return total
    return _undetermined(element, name, sorted({*moving, name, *_siblings(ring, moving)}))


def _depends(ring: DifferentialRing, other: str, name: str) -> bool:
    return bool(ring[other].partial(name))


def _siblings(ring: DifferentialRing, moving: list[str]) -> list[str]:
    """Return the functions that the derivatives of the moving ones bring in: cosines for sines."""
    pairs = [("sin" + other[3:], "cos" + other[3:]) for other in moving if other[:4] in ("sin(", "cos(")]
    return [other for pair in pairs for other in pair if other in ring]


def _undetermined(element: DifferentialElement, name: str, moving: list[str]) -> DifferentialElement | None:
    """Solve ``∂/∂v Σ c_k m_k = f`` for c_k free of v; the m_k are monomials near those of f over the denominator of f, lowered once."""
    ring = element.ring
    one = ring.constant(1)
    bottom = element.denominator
    lowered = bottom / (bottom.partial(name) / bottom).denominator if bottom.partial(name) else bottom
    functions = [ring[other] for other in moving if other != name]
    shapes = {
        tuple(p for other, p in zip(moving, powers, strict=True) if other != name)
        for powers in element.numerator.coefficients(*moving)
    }
    highest = max(element.degree(name), 0)
    candidates: list[DifferentialElement] = []
    for shape in sorted(shapes):
        monomial = _monomial(ring, [other for other in moving if other != name], shape)
        for above in (one, *functions):
            for below in (one, *functions):
                for power in range(highest + 2):
                    candidate = monomial * above / below * ring[name] ** power / lowered
                    if candidate not in candidates and candidate.partial(name):
                        candidates.append(candidate)
    images = [candidate.partial(name) for candidate in candidates]
    common = element.denominator
    for image in images:
        common = common * (image * common).denominator
    columns = [(image * common).coefficients(*moving) for image in (*images, element)]
    keys = sorted({key for column in columns for key in column})
    rows = [{k: column[key] for k, column in enumerate(columns) if key in column} for key in keys]
    found = solve_linear(rows, len(candidates))
    if found is None:
        return None
    return sum((value * candidates[k] for k, value in found[0].items()), ring.constant(0))


def _monomial(ring: DifferentialRing, names: list[str], powers: tuple[int, ...]) -> DifferentialElement:
    result = ring.constant(1)
    for name, power in zip(names, powers, strict=True):
        result = result * ring[name] ** power
    return result
