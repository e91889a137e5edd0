"""Conservation laws of differential equations by multipliers, and the weights of a scaling.

Definition: ``E_α(Q^ν Δ_ν) = 0`` identically gives ``Q^ν Δ_ν = D_i J^i`` (Anco–Bluman).
Convention: an answer is complete for its ansatz only, and says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, nullspace, solve_linear
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.homotopy import invert_divergence
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.linear_conditions import condition_rows
from erlangen.validation import check_integer

__all__ = ["ConservationLaw", "Weights", "conservation_laws", "scaling_weights"]

Weights: TypeAlias = dict[str, Fraction]


@final
@dataclass(frozen=True)
class ConservationLaw:
    """A conservation law: ``D_i J^i = Q^ν Δ_ν`` with multipliers Q, zero on solutions.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> heat = DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"])
    >>> conservation_laws(heat, order=0, degree=0)[0].current
    {'t': u, 'x': -u_x}
    """

    current: dict[str, DifferentialElement]
    multipliers: tuple[DifferentialElement, ...]


def conservation_laws(system: DifferentialSystem, *, order: int = 0, degree: int = 2) -> tuple[ConservationLaw, ...]:
    """Return the conservation laws whose multipliers are polynomials of a degree in base coordinates and parametric jets of an order.

    Raises
    ------
    DomainError
        If a potential cannot be found.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> kdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    >>> [law.current["t"] for law in conservation_laws(kdv, order=0, degree=2)]
    [u, u^2/2, (3*t*u^2 - x*u)/6]
    """
    order, degree = check_integer(order, "order", low=0), check_integer(degree, "degree", low=0)
    space = system.space
    monomials = list(_monomials(system, order, degree))
    columns: list[list[DifferentialElement]] = []
    for equation in system.equations:
        for monomial in monomials:
            columns.append([euler_operator(monomial * equation, field) for field in space.fields])
    laws = []
    for vector in nullspace(condition_rows(columns), len(columns)):
        multipliers = []
        for place in range(len(system.equations)):
            offset = place * len(monomials)
            multipliers.append(
                sum(
                    (value * monomials[k - offset] for k, value in vector.items() if 0 <= k - offset < len(monomials)),
                    space.ring.constant(0),
                )
            )
        paired = sum(
            (q * equation for q, equation in zip(multipliers, system.equations, strict=True)), space.ring.constant(0)
        )
        laws.append(ConservationLaw(invert_divergence(paired, space.fields), tuple(multipliers)))
    return tuple(laws)


def _monomials(system: DifferentialSystem, order: int, degree: int) -> Iterator[DifferentialElement]:
    """Yield the monomials of base coordinates and parametric jets, low degrees first."""
    space = system.space
    generators = [space[name] for name in space.base]
    size = len(space.base)
    for field in space.fields:
        for index in sorted(product(range(order + 1), repeat=size), key=lambda index: (sum(index), index)):
            if sum(index) <= order and not system.principal(field, index):
                generators.append(space.ring.jet(field, index))
    layer: list[tuple[int, DifferentialElement]] = [(0, space.ring.constant(1))]
    for _ in range(degree + 1):
        following: list[tuple[int, DifferentialElement]] = []
        for first, monomial in layer:
            yield monomial
            following += [(k, monomial * generators[k]) for k in range(first, len(generators))]
        layer = following


def scaling_weights(system: DifferentialSystem) -> Weights:
    """Return weights of fields and coordinates under which every equation is homogeneous, ``D_x`` of the last coordinate weighing one.

    Raises
    ------
    DomainError
        If there are none, or if they are not determined.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> scaling_weights(DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"]))
    {'t': Fraction(3, 1), 'x': Fraction(1, 1), 'u': Fraction(2, 1)}
    """
    space = system.space
    unknowns = [*space.base, *space.fields]
    rows: list[dict[int, Fraction | int]] = [{len(space.base) - 1: 1, len(unknowns): 1}]
    for equation in system.equations:
        names = equation.generators
        weighed = []
        for powers in equation.numerator.coefficients(*names):
            weight = [Fraction(0)] * len(unknowns)
            for name, power in zip(names, powers, strict=True):
                symbol = space.ring.symbol(space.ring.position(name))
                kind = getattr(symbol, "kind", "root")
                if kind == "coordinate":
                    weight[unknowns.index(name)] -= power
                elif kind == "jet":
                    weight[unknowns.index(symbol.function)] += power  # type: ignore[union-attr]
                    for place, count in enumerate(symbol.index):  # type: ignore[union-attr]
                        weight[place] += power * count
                elif power and kind != "constant":
                    message = f"{name} has no weight: the equation is not a polynomial"
                    raise DomainError(message, hint="give weights by hand")
            weighed.append(weight)
        rows += [{k: a - b for k, (a, b) in enumerate(zip(weight, weighed[0], strict=True))} for weight in weighed[1:]]
    found = solve_linear(rows, len(unknowns))
    if found is None:
        message = "no weights make every equation homogeneous"
        raise DomainError(message, hint="let the constants carry weights, or use conservation_laws(order=, degree=)")
    if found[1]:
        message = f"the weights are not determined: {len(found[1])} can be chosen"
        raise DomainError(message, hint="give weights by hand")
    return {name: Fraction(found[0].get(k, 0)) for k, name in enumerate(unknowns)}
