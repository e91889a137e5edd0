"""Killing fields written down: the candidates that a prime field left over, solved with exact coefficients.

Definition: the kernel of ``L_ξ g = 0`` on the span of candidates over the field of the parameters.
Convention: ``c < 0`` gives cosines and sines, other c exponentials of ``√c``; each field is scaled to coprime coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from erlangen.exact import DifferentialElement, DifferentialRing, nullspace
from erlangen.symbolic.geometry.killing_ansatz import Ansatz, KillingSampler, Shape
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import root_up_to_sign

__all__ = ["exact_fields", "field_columns", "field_text", "independent_rows"]


def exact_fields(sampler: KillingSampler, ansatz: Ansatz, shapes: Sequence[Shape]) -> list[Tensor]:
    """Return the Killing fields in the span of candidates.

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.symbolic import spacetime
    >>> sampler = KillingSampler(spacetime("minkowski", dimension=2), np.random.default_rng(0))
    >>> boost = Ansatz((None, None), (), 0, 0, 1)
    >>> [field_text(field) for field in exact_fields(sampler, boost, sampler.shapes(boost))]
    ['∂_t', '∂_x', 'x ∂_t + t ∂_x']
    """
    metric, ring = sampler.metric, sampler.metric.ring
    front = ring.constant(1)
    for factor, parity in zip(sampler.factors, ansatz.parity, strict=True):
        front = front * factor if parity else front
    front = front if front == 1 else root_up_to_sign(_oriented(front))
    for factor in sampler.factors:
        front = front / factor**ansatz.power
    waves = [_waves(ring, mode, name) for mode, name in zip(ansatz.modes, sampler.ignorable, strict=True)]
    variables = (*sampler.variables, *(sampler.hidden if ansatz.hidden else ()))
    candidates = []
    for shape in shapes:
        value = front
        for name, power in zip(variables, shape.powers, strict=True):
            value = value * ring[name] ** power if power else value
        for name, power, wave, both in zip(sampler.ignorable, shape.times, shape.waves, waves, strict=True):
            value = value * ring[name] ** power * both[wave]
        candidates.append(Tensor(ring, "u", {(shape.component,): value}))
    moved = [metric.lower.lie_derivative(candidate) for candidate in candidates]
    rows: dict[Any, dict[int, Any]] = {}
    for k, column in enumerate(field_columns(moved)):
        for key, entry in column.items():
            rows.setdefault(key, {})[k] = entry
    fields = []
    for vector in nullspace(rows.values(), len(candidates)):
        total = Tensor(ring, "u", {})
        for k, weight in _coprime(vector).items():
            total = total + candidates[k] * weight
        if not metric.lower.lie_derivative(total):
            fields.append(total)
    return fields


def _oriented(product: DifferentialElement) -> DifferentialElement:
    """Return a product or its negative: positive near the origin where its value there is a number, else far away."""
    ring = product.ring
    origin = product.coefficients(*[name for name in product.generators if name not in ring.constants])
    value = next((v for powers, v in origin.items() if not any(powers)), ring.constant(0)).rational()
    return -product if value is not None and value < 0 else product


def _waves(
    ring: DifferentialRing, square: DifferentialElement | None, name: str
) -> tuple[DifferentialElement, DifferentialElement]:
    """Return ``C, S`` with ``C' = c S``, ``S' = C``, ``C² - c S² = 1`` of a coordinate."""
    if square is None:
        return ring.constant(1), ring.constant(0)
    numbers = [int(number) for _, number in (square.numerator * square.denominator).pair[0].terms()]
    if all(number < 0 for number in numbers):
        root = root_up_to_sign(-square)
        angle = root * ring[name]
        return ring.function("cos")(angle), ring.function("sin")(angle) / root
    root = root_up_to_sign(square)
    wave = ring.function("exp")(root * ring[name])
    return (wave + 1 / wave) / 2, (wave - 1 / wave) / (2 * root)


def _coprime(vector: dict[int, Any]) -> dict[int, Any]:
    """Return weights scaled to have no denominators and, where they are numbers, no common factor."""
    elements = [value for value in vector.values() if isinstance(value, DifferentialElement)]
    if elements:
        common = elements[0].ring.constant(1)
        for value in elements:
            common = common * (value * common).denominator
        return {k: common * value for k, value in vector.items()}
    numbers = [Fraction(value) for value in vector.values()]
    scale = Fraction(lcm(*(x.denominator for x in numbers)), gcd(*(x.numerator for x in numbers)))
    return {k: value * scale for k, value in vector.items()}


def field_columns(tensors: Sequence[Tensor]) -> list[dict[Any, Any]]:
    """Return the coefficients of tensors by component and monomial of what moves, over a common denominator.

    Examples
    --------
    >>> ring = DifferentialRing("x", constants="a")
    >>> field_columns([Tensor(ring, "u", {(0,): ring.parse("a*x + 1")})])
    [{((0,), (('x', 1),)): a, ((0,), ()): Fraction(1, 1)}]
    """
    if not tensors:
        return []
    ring = tensors[0].ring
    constant = _constants(ring)
    columns: list[dict[Any, Any]] = [{} for _ in tensors]
    for index in sorted({index for tensor in tensors for index in tensor.components}):
        common = ring.constant(1)
        for tensor in tensors:
            value = tensor[index]
            if not value.is_polynomial:
                common = common * (value * common).denominator
        for column, tensor in zip(columns, tensors, strict=True):
            value = tensor[index] * common
            names = [name for name in value.generators if name not in constant]
            for powers, number in value.coefficients(*names).items():
                key = index, tuple((name, power) for name, power in zip(names, powers, strict=True) if power)
                rational = number.rational()
                column[key] = number if rational is None else rational
    return columns


def _constants(ring: DifferentialRing) -> set[str]:
    """Return the constants and the roots of constants."""
    found = set(ring.constants)
    for root in ring.roots:
        if root.square is not None and set(root.square.generators) <= found:
            found.add(root.name)
    return found


def independent_rows(rows: dict[Any, dict[int, Any]], count: int) -> list[dict[int, Any]]:
    """Return as many rows as suffice to determine weights of the first ``count`` columns.

    Examples
    --------
    >>> independent_rows({"a": {0: 1, 1: 1}, "b": {0: 2, 1: 2}, "c": {1: 1}}, 2)
    [{0: 1, 1: 1}, {1: 1}]
    """
    chosen: list[dict[int, Any]] = []
    left = [{k: value for k, value in row.items() if k < count} for row in rows.values()]
    for row, start in zip(rows.values(), left, strict=True):
        if start and len(chosen) < count:
            tried = [{k: v for k, v in other.items() if k < count} for other in chosen] + [start]
            if count - len(nullspace(tried, count)) == len(tried):
                chosen.append(row)
    return chosen


def field_text(field: Tensor) -> str:
    """Return a vector field as ``f ∂_x + g ∂_y``.

    Examples
    --------
    >>> ring = DifferentialRing("x y")
    >>> field_text(Tensor(ring, "u", {(0,): -ring["y"], (1,): ring["x"] + 1}))
    '-y ∂_x + (x + 1) ∂_y'
    """
    parts: list[str] = []
    for (place,), value in sorted(field, key=lambda item: item[0]):
        name = field.ring.coordinates[place]
        simple = len(value.numerator) == 1 and value.is_polynomial
        text = f"∂_{name}" if value == 1 else f"-∂_{name}" if value == -1 else f"{value} ∂_{name}"
        parts.append(text if simple or abs(value.rational() or 0) == 1 else f"({value}) ∂_{name}")
    return " + ".join(parts).replace("+ -", "- ") or "0"
