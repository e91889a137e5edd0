"""Arf's invariant of a knot or a proper link (Robertello).

Definition: the Arf invariant of x -> V(x, x) modulo 2 on the first homology of a Seifert surface, modulo the radical of V + V^T.
Convention: defined if the form vanishes on the radical, that is, if each component links the others evenly; 0 or 1.
"""

from __future__ import annotations

from typing import NamedTuple

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.linking import linking_matrix
from erlangen.topology.invariants.seifert import seifert_matrix

__all__ = ["arf_invariant"]


class _Vector(NamedTuple):
    """A class of homology modulo 2: its values of the quadratic form and, as bits, of the bilinear one with all others."""

    bits: int
    value: int


def arf_invariant(link: Link) -> int:
    r"""Return the Arf invariant; for knots it is 0 if :math:`\Delta(-1) \equiv \pm 1` modulo 8 and 1 if :math:`\pm 3`.

    Raises
    ------
    DomainError
        If the link is not proper: the component named links the others an odd number of times.

    References
    ----------
    Robertello, Comm. Pure Appl. Math. 18 (1965); Lickorish (1997), ch. 10.

    Examples
    --------
    >>> arf_invariant(Link.from_braid([1, 1, 1])), arf_invariant(Link.from_braid([1] * 7)), arf_invariant(Link.from_braid([1] * 4))
    (1, 0, 1)
    """
    for component, total in enumerate(linking_matrix(link).sum(axis=1).tolist()):
        if total % 2:
            message = f"the Arf invariant is defined for proper links; component {component} has linking number {total} with the others"
            raise DomainError(
                message, hint="reverse no component, this cannot mend it; use knots or links with even linking numbers"
            )
    V = (seifert_matrix(link) % 2).tolist()
    forms = [sum((V[i][j] ^ V[j][i]) << j for j in range(len(V))) for i in range(len(V))]
    values = [V[i][i] for i in range(len(V))]
    basis = [_Vector(1 << i, values[i]) for i in range(len(V))]
    return _reduce(basis, forms)


def _pairing(x: _Vector, y: _Vector, forms: list[int]) -> int:
    total = 0
    for i, form in enumerate(forms):
        if x.bits >> i & 1:
            total ^= (form & y.bits).bit_count() & 1
    return total


def _plus(x: _Vector, y: _Vector, forms: list[int]) -> _Vector:
    return _Vector(x.bits ^ y.bits, x.value ^ y.value ^ _pairing(x, y, forms))


def _reduce(basis: list[_Vector], forms: list[int]) -> int:
    """Split off hyperbolic planes and add the products of the values on their two generators."""
    arf = 0
    while basis:
        x = basis.pop()
        partner = next((k for k, y in enumerate(basis) if _pairing(x, y, forms)), None)
        if partner is None:
            continue  # in the radical, where the form of a proper link vanishes
        y = basis.pop(partner)
        arf ^= x.value & y.value
        for k, z in enumerate(basis):
            with_y, with_x = _pairing(z, y, forms), _pairing(z, x, forms)
            z = _plus(z, x, forms) if with_y else z  # noqa: PLW2901 - made orthogonal to the plane
            basis[k] = _plus(z, y, forms) if with_x else z
    return arf
