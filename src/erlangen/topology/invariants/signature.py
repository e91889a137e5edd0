"""Signature and nullity of links, ordinary ones and those of Tristram and Levine.

Definition: of the form (1 - w) V + (1 - conj w) V^T at w = exp(2 pi i angle); the ordinary ones at w = -1, which is V + V^T.
Convention: KnotInfo's sign: positive knots have negative signature, the right-handed trefoil -2.
"""

from __future__ import annotations

from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.inertia import cyclotomic_inertia, integer_inertia
from erlangen.topology.invariants.seifert import seifert_matrix

__all__ = ["nullity", "signature"]

_HALF = Fraction(1, 2)


def _inertia(link: Link, angle: Fraction | str | int) -> tuple[int, int]:
    turn = Fraction(angle) % 1
    if not turn:
        message = f"angle must not be an integer, got {angle}: at w = 1 the form is zero"
        raise DomainError(message, hint="give w = exp(2 pi i angle) with 0 < angle < 1, such as Fraction(1, 2)")
    V = seifert_matrix(link)
    return integer_inertia(V + V.T) if turn == _HALF else cyclotomic_inertia(V, turn)


def signature(link: Link, angle: Fraction | str | int = _HALF) -> int:
    r"""Return the signature of a link at the root of unity :math:`\omega = e^{2 \pi i \, angle}`, exactly.

    Parameters
    ----------
    link : Link
        Any diagram.
    angle : Fraction or text
        A rational number that is no integer; 1/2 gives the ordinary signature, other values those of Tristram and Levine.

    Raises
    ------
    DomainError
        If the angle is an integer.

    References
    ----------
    Levine, Comment. Math. Helv. 44 (1969); Tristram, Proc. Camb. Phil. Soc. 66 (1969).

    Examples
    --------
    >>> cinquefoil = Link.from_braid([1, 1, 1, 1, 1])
    >>> signature(cinquefoil), signature(cinquefoil, "1/5"), signature(cinquefoil, "1/10"), signature(cinquefoil, "1/12")
    (-4, -2, -1, 0)
    """
    return _inertia(link, angle)[0]


def nullity(link: Link, angle: Fraction | str | int = _HALF) -> int:
    r"""Return the dimension of the radical of the form of :func:`signature`; not zero only at roots of the Alexander polynomial.

    Examples
    --------
    >>> nullity(Link.from_braid([1, 1, 1])), nullity(Link.from_braid([1, 1, 1]), "1/6"), nullity(Link.from_braid([], strands=3))
    (0, 1, 2)
    """
    return _inertia(link, angle)[1]
