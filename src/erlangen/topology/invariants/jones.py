"""The Jones polynomial and the Kauffman bracket.

Definition: V(t) = (-A^3)^(-writhe) <D> at t = A^-4, <D> the bracket with value 1 on one loop (Kauffman).
Convention: KnotInfo's: the right-handed trefoil has t + t^3 - t^4; even links have half-integer exponents, x = t^(1/2) in LinkInfo.
"""

from __future__ import annotations

from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.state_sum import state_sum

__all__ = ["jones_polynomial", "kauffman_bracket"]


def _coefficients(link: Link) -> dict[int, int]:
    if not link.n_components:
        message = "the empty link has no bracket with value 1 on one loop"
        raise DomainError(message, hint="pass a link with at least one component")
    return state_sum(link)


def kauffman_bracket(link: Link) -> LaurentPolynomial:
    r"""Return the bracket :math:`\langle D \rangle` of a diagram in the variable ``A``, with value 1 on one loop without crossings.

    Raises
    ------
    DomainError
        If the link is empty.

    References
    ----------
    Kauffman, Topology 26 (1987).

    Examples
    --------
    >>> str(kauffman_bracket(Link.from_braid([1]))), str(kauffman_bracket(Link.from_braid([1, 1])))
    ('-A^3', '-A^-4 - A^4')
    """
    return LaurentPolynomial({(power,): c for power, c in _coefficients(link).items()}, ("A",))


def jones_polynomial(link: Link) -> LaurentPolynomial:
    r"""Return the Jones polynomial :math:`V(t)`, with :math:`t^{-1} V_+ - t V_- = (t^{1/2} - t^{-1/2}) V_0` and value 1 on the unknot.

    The crossings are scanned in an order that keeps few edges open; the states are the crossingless matchings of the open edges, so
    that the work grows with the width of the diagram and not with the number of its crossings.

    Parameters
    ----------
    link : Link
        Any diagram with at least one component.

    Returns
    -------
    LaurentPolynomial
        In ``t``, with half-integer exponents for links of evenly many components.

    Raises
    ------
    DomainError
        If the link is empty.

    References
    ----------
    Jones, Bull. Amer. Math. Soc. 12 (1985); Kauffman, Topology 26 (1987).

    Examples
    --------
    >>> str(jones_polynomial(Link.from_braid([1, 1, 1]))), str(jones_polynomial(Link.from_braid([1, 1])))
    ('t + t^3 - t^4', '-t^(1/2) - t^(5/2)')
    """
    twist = sum(link.signs)
    sign = -1 if twist % 2 else 1
    terms: dict[tuple[int | Fraction, ...], int] = {}
    for power, c in _coefficients(link).items():
        terms[(Fraction(3 * twist - power, 4),)] = sign * c
    return LaurentPolynomial(terms, ("t",))
