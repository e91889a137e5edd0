"""First homology of cyclic branched covers, and Fox colourings.

Definition: the r-fold cover of the three-sphere along the link; colourings by Z/n with 2 over = under + under at each crossing.
Convention: the cover is cut open along an oriented Seifert surface, so that r > 2 sees the orientation of links.
"""

from __future__ import annotations

import math

import flint
import numpy as np

from erlangen.errors import DomainError
from erlangen.exact import AbelianGroup
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.seifert import seifert_matrix

__all__ = ["branched_cover_homology", "count_colourings"]


def _divisors(link: Link, sheets: int) -> list[int]:
    """Return the elementary divisors, zeros among them, of a presentation of the homology of the cover."""
    V = seifert_matrix(link)
    shift = np.eye(sheets - 1, dtype=np.int64) - np.eye(sheets - 1, k=1, dtype=np.int64)
    form = np.kron(shift, V) + np.kron(shift.T, V.T)
    if not len(form):
        return []
    smith = flint.fmpz_mat(form.tolist()).snf()
    return [abs(int(smith[i, i])) for i in range(len(form))]


def branched_cover_homology(link: Link, sheets: int = 2) -> AbelianGroup:
    r"""Return :math:`H_1(\Sigma_r; \mathbb Z)` of the cyclic cover with ``sheets`` = r sheets branched along the link.

    The intersection form of the r-fold cover of the four-ball along a pushed-in Seifert surface presents it: r - 1 copies of the surface,
    each with itself by :math:`V + V^T` and with the next one by :math:`-V`.

    Raises
    ------
    DomainError
        If ``sheets`` is less than 2.

    References
    ----------
    Kauffman, On Knots (1987), ch. 12; Rolfsen, Knots and Links (1976), ch. 8.

    Examples
    --------
    >>> figure_eight = Link.from_braid([1, -2, 1, -2])
    >>> str(branched_cover_homology(figure_eight)), str(branched_cover_homology(figure_eight, 4))
    ('Z/5', '(Z/3)^2 + Z/5')
    """
    if sheets < 2:
        message = f"sheets must be at least 2, got {sheets}"
        raise DomainError(message, hint="the double branched cover is sheets=2")
    divisors = _divisors(link, sheets)
    return AbelianGroup(divisors.count(0), tuple(d for d in divisors if d > 1))


def count_colourings(link: Link, n: int) -> int:
    r"""Return the number of Fox n-colourings, trivial ones among them: :math:`n \cdot |\operatorname{Hom}(H_1(\Sigma_2), \mathbb Z/n)|`.

    Raises
    ------
    DomainError
        If n is not positive.

    References
    ----------
    Fox, A quick trip through knot theory (1962); Przytycki, 3-coloring and other elementary invariants of knots (1998).

    Examples
    --------
    >>> count_colourings(Link.from_braid([1, 1, 1]), 3), count_colourings(Link.from_braid([1, -2, 1, -2]), 3)
    (9, 3)
    """
    if n < 1:
        message = f"n must be positive, got {n}"
        raise DomainError(message, hint="colour by Z/n with n >= 2")
    return n * math.prod(math.gcd(d, n) for d in _divisors(link, 2))
