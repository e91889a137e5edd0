"""The coloured Jones polynomials of a knot, from brackets of its parallels.

Definition: J_N is the bracket of S_(N-1)(K), S_n the Chebyshev polynomials with parallels as powers, over its value on the unknot.
Convention: J_2 is the Jones polynomial in t = A^-4; framing 0, so that J_N does not depend on the diagram; J_N = 1 on the unknot.
"""

from __future__ import annotations

from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.state_sum import state_sum
from erlangen.validation import check_integer

__all__ = ["coloured_jones_polynomial"]


def _chebyshev(n: int) -> list[int]:
    """Return the coefficients, lowest first, of S_n: S_0 = 1, S_1 = z, S_n = z S_(n-1) - S_(n-2)."""
    last, this = [0], [1]
    for _ in range(n):
        following = [0, *this]
        for power, c in enumerate(last):
            following[power] -= c
        last, this = this, following
    return this


def coloured_jones_polynomial(knot: Link, N: int) -> LaurentPolynomial:
    r"""Return the coloured Jones polynomial :math:`J_N(t)` of the N-dimensional representation of :math:`U_q(\mathfrak{sl}_2)`.

    With n = N - 1 and w the writhe,

    .. math:: J_N = \frac{\bigl((-1)^n A^{n^2 + 2n}\bigr)^{-w} \langle S_n(K) \rangle}{\langle S_n(O) \rangle}, \qquad t = A^{-4}.

    Parallels of n strands have n² times the crossings and n times the width: N = 3 and 4 suit small knots, larger N narrow ones.

    Parameters
    ----------
    knot : Link
        A diagram of a knot.
    N : int
        Dimension, at least 1.

    Raises
    ------
    DomainError
        If the link has not one component, or N is less than 1.

    References
    ----------
    Morton & Strickland, Math. Proc. Camb. Phil. Soc. 109 (1991); Lickorish (1997), ch. 13 and 14.

    Examples
    --------
    >>> str(coloured_jones_polynomial(Link.from_braid([1, 1, 1]), 3))
    't^2 + t^5 - t^7 + t^8 - t^9 - t^10 + t^11'
    """
    colour = check_integer(N, "N", low=1) - 1
    if knot.n_components != 1:
        message = f"a knot is needed, this link has {knot.n_components} components"
        raise DomainError(message, hint="colour one component, link.sublink(0)")
    A = LaurentPolynomial.variable("A")
    loop = -(A**2) - A**-2
    total = LaurentPolynomial.constant(0)
    for strands, c in enumerate(_chebyshev(colour)):
        if c and strands:
            bracket = state_sum(knot.cable(strands, framing=None))
            total += c * loop * LaurentPolynomial({(power,): value for power, value in bracket.items()}, ("A",))
        elif c:
            total += c
    unknot = LaurentPolynomial({(2 * (colour - 2 * k),): (-1) ** colour for k in range(colour + 1)}, ("A",))
    twist = sum(knot.signs)
    sign = -1 if colour % 2 and twist % 2 else 1
    shift = (colour**2 + 2 * colour) * twist
    terms: dict[tuple[int | Fraction, ...], int] = {}
    for powers, c in total.exact_quotient(unknot).terms.items():
        terms[((shift - sum(powers)) * Fraction(1, 4),)] = sign * c
    return LaurentPolynomial(terms, ("t",))
