"""The horizontal homotopy operator and what it gives: potentials of divergences and of closed horizontal forms.

Definition: ``ρ^p ω = (1/s) Σ_ν Σ_K (K_ν+1)/(n-p+|K|+1) D_K[v E_v^{(K+e_ν)}(ι_ν ω)]`` on p-forms of degree s in the functions v
    (Anderson, The Variational Bicomplex; Barnich–Brandt hep-th/0111246); ``d_H ρ + ρ d_H = 1`` for 0 < p < n, and for p = n up to E.
Convention: a horizontal form maps increasing tuples of base coordinates to elements; degrees in v are split before the factor 1/s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.jets.euler import euler_operator, higher_euler
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.jets.parts import integrate_by_parts
from erlangen.symbolic.jets.prolongation import total

__all__ = ["Form", "horizontal_derivative", "horizontal_homotopy", "invert_divergence"]

Form: TypeAlias = dict[tuple[str, ...], DifferentialElement]


def horizontal_derivative(form: Mapping[tuple[str, ...], DifferentialElement], ring: DifferentialRing) -> Form:
    """Return ``d_H ω = dx^i ∧ D_i ω``.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y", functions="u")
    >>> horizontal_derivative({("x",): ring["u"]}, ring)
    {('x', 'y'): -u_y}
    """
    result: Form = {}
    for place, component in form.items():
        for coordinate in ring.coordinates:
            if coordinate not in place:
                target, sign = _insert(coordinate, place, ring.coordinates)
                _add(result, target, sign * component.derivative(coordinate))
    return {place: value for place, value in result.items() if value}


def horizontal_homotopy(
    form: Mapping[tuple[str, ...], DifferentialElement], functions: tuple[str, ...], ring: DifferentialRing
) -> Form:
    """Return ``ρ ω``, a form of one degree less, for a form polynomial in the jets of the functions and without a part free of them.

    Raises
    ------
    DomainError
        If the components have different degrees as forms, are not polynomial in the functions, or have a part free of them.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> horizontal_homotopy({("x",): ring.parse("u*u_x")}, ("u",), ring)
    {(): u^2/2}
    """
    degrees = {len(place) for place in form}
    if len(degrees) > 1:
        message = f"the components are forms of degrees {sorted(degrees)}"
        raise DomainError(message, hint="give one degree at a time")
    result: Form = {}
    for place, component in form.items():
        for weight, part in _by_degree(component, functions).items():
            if weight == 0:
                message = f"the component {' '.join(place) or 'of degree 0'} has the part {part}, free of {', '.join(functions)}"
                raise DomainError(message, hint="integrate that part in the base coordinates")
            for target, value in _contract(place, part, functions, ring).items():
                _add(result, target, value / weight)
    return {place: value for place, value in result.items() if value}


def _contract(
    place: tuple[str, ...], component: DifferentialElement, functions: tuple[str, ...], ring: DifferentialRing
) -> Form:
    """Return ``s ρ`` of one component of degree s."""
    base = ring.coordinates
    n, p = len(base), len(place)
    result: Form = {}
    for function in functions:
        of = ring.functions[function]
        for index, value in higher_euler(component, function).items():
            for position, coordinate in enumerate(of):
                if index[position] and coordinate in place:
                    lower = (*index[:position], index[position] - 1, *index[position + 1 :])
                    term = total(ring[function] * value, lower, of) * index[position] / (n - p + sum(lower) + 1)
                    sign = (-1) ** place.index(coordinate)
                    _add(result, tuple(other for other in place if other != coordinate), sign * term)
    return result


def invert_divergence(element: DifferentialElement, fields: tuple[str, ...]) -> dict[str, DifferentialElement]:
    """Return ``K^i`` with ``D_i K^i = f``, by base coordinate.

    The highest derivatives are integrated by parts as long as that lowers them, which gives the shortest potentials; what is left
    goes by the homotopy operator.

    Raises
    ------
    DomainError
        If ``f`` is no total divergence (its Euler–Lagrange expression is shown), or if none of the ways leads to the end.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u")
    >>> invert_divergence(ring.parse("u_t*u_xx + u_x*u_tx"), ("u",))
    {'t': 0, 'x': u_t*u_x}
    """
    for field in fields:
        defect = euler_operator(element, field)
        if defect:
            message = (
                f"{_short(element)} is no total divergence: its variational derivative in {field} is {_short(defect)}"
            )
            raise DomainError(message, hint="only elements with vanishing Euler-Lagrange expressions have potentials")
    result, rest = integrate_by_parts(element, fields)
    if rest:
        result = {
            coordinate: value + extra
            for (coordinate, value), extra in zip(result.items(), _by_homotopy(rest, fields), strict=True)
        }
    return result


def _by_homotopy(element: DifferentialElement, fields: tuple[str, ...]) -> list[DifferentialElement]:
    """Return the potential by the homotopy operator, and by integration in the first coordinate for what is free of fields."""
    ring = element.ring
    parts = _by_degree(element, fields)
    base = ring.coordinates
    rest = parts.pop(0, ring.constant(0))
    result = {coordinate: ring.constant(0) for coordinate in base}
    if parts:
        whole: Form = {base: sum(parts.values(), ring.constant(0))}
        for place, value in horizontal_homotopy(whole, fields, ring).items():
            missing = next(coordinate for coordinate in base if coordinate not in place)
            result[missing] = value if base.index(missing) % 2 == 0 else -value
    if rest:
        result[base[0]] = result[base[0]] + _primitive(rest, base[0])
    check = sum((value.derivative(coordinate) for coordinate, value in result.items()), ring.constant(0))
    if check != element:
        message = f"the potential of {_short(element)} was not found: D_i K^i differs by {_short(element - check)}"
        raise DomainError(message, hint="give the potential, or bring the element into polynomial form")
    return list(result.values())


def _primitive(element: DifferentialElement, coordinate: str) -> DifferentialElement:
    """Return an antiderivative of a polynomial, in one coordinate."""
    ring = element.ring
    x = ring[coordinate]
    total_ = ring.constant(0)
    for name in element.generators:
        if name != coordinate and ring[name].derivative(coordinate):
            message = f"the part {_short(element)} is free of fields and not polynomial in {coordinate}"
            raise DomainError(message, hint="integrate it by hand")
    for (power,), value in element.coefficients(coordinate).items():
        total_ = total_ + value * x ** (power + 1) / (power + 1)
    return total_


def _by_degree(element: DifferentialElement, functions: tuple[str, ...]) -> dict[int, DifferentialElement]:
    """Return the parts of an element by degree in the jets of the functions."""
    ring = element.ring
    names = [
        ring.jet(function, index).generators[0] for function in functions for index in jets_within(element, function)
    ]
    hidden = [name for name in names if name not in element.generators]
    if hidden:
        message = f"{_short(element)} is not polynomial in {hidden[0]}, which stands under a root or inside a function"
        raise DomainError(message, hint="the homotopy operator needs elements polynomial in the functions")
    parts: dict[int, DifferentialElement] = {}
    for powers, value in element.coefficients(*names).items():
        term = value
        for name, power in zip(names, powers, strict=True):
            term = term * ring[name] ** power if power else term
        weight = sum(powers)
        parts[weight] = parts[weight] + term if weight in parts else term
    return parts


def _insert(coordinate: str, place: tuple[str, ...], base: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Return the sorted tuple of ``dx^coordinate ∧ dx^place`` and its sign."""
    before = sum(base.index(other) < base.index(coordinate) for other in place)
    return (*place[:before], coordinate, *place[before:]), (-1) ** before


def _add(form: Form, place: tuple[str, ...], value: DifferentialElement) -> None:
    form[place] = form[place] + value if place in form else value


def _short(element: DifferentialElement) -> str:
    text = str(element)
    return text if len(text) <= 160 else f"an expression of {len(element)} terms"
