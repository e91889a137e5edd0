"""The Alexander polynomial of a link in one variable for each component.

Definition: the greatest common divisor of the minors of Fox's matrix of the Wirtinger presentation; a minor is (t_j - 1) Δ (Torres).
Convention: up to units; here the lowest exponents are 0 and the first coefficient printed is positive. Knots have ``t1`` alone.
"""

from __future__ import annotations

import flint

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.exact import LaurentPolynomial
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.packing import unpack

__all__ = ["multivariable_alexander_polynomial"]

_MAX_BITS = 1 << 25


def _arcs(link: Link) -> tuple[dict[int, int], int]:
    """Return the arc, from underpass to underpass, of each edge and the number of arcs."""
    under_ends = {crossing[2] for crossing in link.crossings}
    arcs: dict[int, int] = {}
    count = 0
    for component in link.components:
        start = next((place for place, edge in enumerate(component) if edge in under_ends), 0)
        for edge in component[start:] + component[:start]:
            count += edge in under_ends
            arcs[edge] = max(count - 1, 0)
    return arcs, count


def _packed_minor(link: Link, arcs: dict[int, int], variables: list[int], owner: dict[int, int]) -> int:
    """Return the minor of Fox's matrix without the last row and the arc of edge 0, at the values of the variables."""
    left_out = arcs[0]
    rows = []
    for (under, over, after, _), sign in list(zip(link.crossings, link.signs, strict=True))[:-1]:
        row = [0] * link.n_crossings
        start, end = (under, after) if sign > 0 else (after, under)
        row[arcs[over]] += 1 - variables[owner[under]]
        row[arcs[start]] += variables[owner[over]]
        row[arcs[end]] -= 1
        rows.append(row[:left_out] + row[left_out + 1 :])
    return int(flint.fmpz_mat(rows).det()) if rows else 1


def multivariable_alexander_polynomial(link: Link) -> LaurentPolynomial:
    r"""Return the Alexander polynomial :math:`\Delta(t_1, \dots, t_c)`, up to a unit :math:`\pm t_1^{a_1} \cdots t_c^{a_c}`.

    Parameters
    ----------
    link : Link
        Any diagram with at least one component.

    Returns
    -------
    LaurentPolynomial
        In ``t1``, ``t2``, …, one for each component in order; zero for split links.

    Raises
    ------
    DomainError
        If the link is empty.
    ResourceLimitError
        If the packed determinant would need numbers of more than 2^25 bits.

    References
    ----------
    Fox, Ann. of Math. 59 (1954); Torres, Ann. of Math. 57 (1953).

    Examples
    --------
    >>> str(multivariable_alexander_polynomial(Link.from_braid([1, 1, 1, 1])))
    '1 + t1*t2'
    """
    if not link.n_components:
        message = "the empty link has no Alexander polynomial"
        raise DomainError(message, hint="pass a link with at least one component")
    names = tuple(f"t{index + 1}" for index in range(link.n_components))
    arcs, count = _arcs(link)
    if len(link.pieces()) + link.n_unknots > 1 or (count < link.n_components and link.n_components > 1):
        return LaurentPolynomial({}, names)
    if not link.crossings:
        return LaurentPolynomial({(0,): 1}, names)
    owner = {edge: index for index, component in enumerate(link.components) for edge in component}
    sizes = [1 + sum(index in (owner[i], owner[j]) for i, j, _, _ in link.crossings) for index in range(len(names))]
    strides = [2 * link.n_crossings + 4]
    for size in sizes:
        strides.append(strides[-1] * size)
    if strides[-1] > _MAX_BITS:
        message = f"the polynomial of {link.n_crossings} crossings in {len(names)} variables needs numbers of {strides[-1]} bits"
        raise ResourceLimitError(
            message, estimate=strides[-1] / 8, limit=_MAX_BITS / 8, hint="use alexander_polynomial, in one variable"
        )
    variables = [1 << stride for stride in strides[:-1]]
    minor = _packed_minor(link, arcs, variables, owner)
    packed = minor // (variables[owner[0]] - 1) if len(names) > 1 else minor
    return _normal(_terms(unpack(packed, strides[0]), sizes), names)


def _terms(coefficients: list[int], sizes: list[int]) -> dict[tuple[int, ...], int]:
    """Return the terms, with exponents in mixed radix, the first variable fastest."""
    terms = {}
    for place, c in enumerate(coefficients):
        if c:
            powers = []
            for size in sizes:
                place, power = divmod(place, size)  # noqa: PLW2901 - the digits of the place
                powers.append(power)
            terms[tuple(powers)] = c
    return terms


def _normal(terms: dict[tuple[int, ...], int], names: tuple[str, ...]) -> LaurentPolynomial:
    """Return the polynomial with lowest exponents 0 and its first coefficient positive."""
    if not terms:
        return LaurentPolynomial({}, names)
    lows = [min(powers) for powers in zip(*terms, strict=True)]
    sign = 1 if terms[min(terms)] > 0 else -1
    shifted = {tuple(p - low for p, low in zip(powers, lows, strict=True)): sign * c for powers, c in terms.items()}
    return LaurentPolynomial(shifted, names)
