"""Conserved densities of one rank of evolution equations.

Definition: ``ρ[u]`` homogeneous under a scaling, with ``pr X_K ρ`` a total derivative for ``u_t = K[u]`` (Miura, Gardner and Kruskal 1968;
    Hereman): candidates and conditions are classes of monomials modulo total derivatives, each by its normal form.
Convention: densities are free of coordinates and taken modulo total derivatives; where K is no polynomial, the conditions are ``E(pr X_K ρ) = 0``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, nullspace
from erlangen.exact.differential.names import jet_name
from erlangen.exact.differential.terms import from_terms
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.prolongation import prolong
from erlangen.symbolic.symmetries.conservation_laws import Weights, scaling_weights
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.linear_conditions import condition_rows
from erlangen.symbolic.symmetries.total_derivatives import (
    EvolutionFlow,
    Monomial,
    is_normal,
    modulo_derivatives,
    power_factor,
)

__all__ = ["conserved_densities"]


def conserved_densities(
    system: DifferentialSystem, rank: int | Fraction, *, weights: Weights | None = None
) -> tuple[DifferentialElement, ...]:
    """Return the conserved densities of one rank of evolution equations ``u_t = K[u]``, free of coordinates, modulo total derivatives.

    Raises
    ------
    DomainError
        If the equations are not of evolution in the first coordinate with one other, or a field's weight is not positive.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> kdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    >>> conserved_densities(kdv, 6), conserved_densities(kdv, 5)
    (((2*u^3 - u_x^2)/2,), ())
    """
    space = system.space
    names = {f"{field}_{space.base[0]}": field for field in space.fields}
    if len(space.base) != 2 or set(system.solved) != set(names):
        message = "densities of a rank are for evolution equations u_t = K[u] in two coordinates"
        raise DomainError(message, hint="use conservation_laws(system, order=, degree=)")
    known = scaling_weights(system) if weights is None else weights
    flow = {names[name]: right for name, right in system.solved.items()}
    candidates = list(_of_rank(system, Fraction(rank), known))
    if not candidates:
        return ()
    terms = _terms(system, flow)
    rows = _by_euler(system, flow, candidates) if terms is None else _by_normal_forms(terms, candidates)
    return tuple(
        _density(system, {candidates[k]: value for k, value in vector.items()})
        for vector in nullspace(rows, len(candidates))
    )


def _by_normal_forms(flow: list[dict[Monomial, Any]], candidates: list[Monomial]) -> Iterable[dict[int, Any]]:
    """Return the conditions as coefficients of normal monomials."""
    fields = len(flow)
    derivation = EvolutionFlow(flow)
    rows: dict[Monomial, dict[int, Any]] = {}
    for column, candidate in enumerate(candidates):
        factor = power_factor(candidate)
        for monomial, value in derivation.apply(candidate):
            row = rows.setdefault(monomial, {})
            row[column] = row.get(column, 0) + factor * value
    return modulo_derivatives(rows, fields).values()


def _by_euler(
    system: DifferentialSystem, flow: dict[str, DifferentialElement], candidates: list[Monomial]
) -> Iterable[dict[int, Any]]:
    """Return the conditions as coefficients of Euler–Lagrange expressions, for flows of any kind."""
    columns = []
    for candidate in candidates:
        change = prolong(flow, _density(system, {candidate: 1}))
        columns.append([euler_operator(change, field) for field in system.space.fields])
    return condition_rows(columns)


def _terms(system: DifferentialSystem, flow: dict[str, DifferentialElement]) -> list[dict[Monomial, Any]] | None:
    """Return the right sides in divided powers with numbers or constants before them, or ``None`` where they are no such polynomials."""
    space = system.space
    ring, fields = space.ring, len(space.fields)
    whole: list[dict[Monomial, Any]] = []
    common = 1
    for field in space.fields:
        right = flow[field]
        if not right.denominator.rational():
            return None
        jets = [name for name in right.generators if name not in ring.constants]
        codes = []
        for name in jets:
            symbol = ring.symbol(ring.position(name))
            if getattr(symbol, "function", None) not in space.fields:
                return None
            codes.append(symbol.index[1] * fields + space.fields.index(symbol.function))  # type: ignore[union-attr, operator]
        terms = {}
        for powers, number in right.coefficients(*jets).items():
            pairs = zip(codes, powers, strict=True)
            monomial = tuple(sorted((code for code, power in pairs for _ in range(power)), reverse=True))
            rational = number.rational()
            value = number if rational is None else rational
            common = common if rational is None else lcm(common, rational.denominator)
            terms[monomial] = value * power_factor(monomial)
        whole.append(terms)
    return [
        {key: int(scaled) if isinstance(scaled := value * common, Fraction) else scaled for key, value in terms.items()}
        for terms in whole
    ]


def _density(system: DifferentialSystem, terms: dict[Monomial, Any]) -> DifferentialElement:
    """Return the element with such coefficients before its monomials."""
    space = system.space
    ring, size = space.ring, len(space.fields)
    names = {
        jet: jet_name(space.fields[jet % size], (0, jet // size), space.base)
        for jet in {jet for monomial in terms for jet in monomial}
    }
    return from_terms(
        ring, {tuple((names[jet], len(tuple(run))) for jet, run in groupby(m)): value for m, value in terms.items()}
    )


def _of_rank(system: DifferentialSystem, rank: Fraction, weights: Weights) -> Iterator[Monomial]:
    """Yield the normal monomials of one rank, which represent the densities modulo total derivatives, high orders first."""
    names = system.space.fields
    scale = lcm(rank.denominator, *(weights[field].denominator for field in names))
    total = int(rank * scale)
    jets: list[tuple[int, int]] = []
    for place, field in enumerate(names):
        weight = int(weights[field] * scale)
        if weight <= 0:
            message = f"the field {field} has weight {weights[field]}: there are infinitely many monomials of a rank"
            raise DomainError(message, hint="densities of a rank need positive weights")
        jets += [(k * len(names) + place, left) for k, left in enumerate(range(weight, total + 1, scale))]
    jets.sort(reverse=True)

    def extend(start: int, left: int, chosen: Monomial) -> Iterator[Monomial]:
        if left == 0 and is_normal(chosen, len(names)):
            yield chosen
        for place in range(start, len(jets)):
            jet, weight = jets[place]
            if weight <= left:
                yield from extend(place, left - weight, (*chosen, jet))

    yield from extend(0, total, ())
