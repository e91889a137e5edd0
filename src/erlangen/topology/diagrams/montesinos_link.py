"""Two-bridge, pretzel and Montesinos links.

Definition: the numerator closure of a sum of rational tangles (Conway 1970; Burde, Zieschang, Heusener, Knots, ch. 12).
Convention: fractions as in :meth:`Tangle.rational`; two-bridge and pretzel links have KnotInfo's chirality, for which the pretzel
link P(a, b, c) is the Montesinos link of -1/a, -1/b, -1/c: P(-2, 3, 7) is positive.
"""

from __future__ import annotations

from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.tangle import Tangle

__all__ = ["montesinos_link", "pretzel_link", "two_bridge_link"]


def montesinos_link(*fractions: Fraction | int | str) -> Link:
    """Return the Montesinos link of some fractions, oriented in a reproducible way.

    Raises
    ------
    DomainError
        If there is none, or one is no fraction.

    Examples
    --------
    >>> montesinos_link("1/3", "1/3", "-1/2").n_crossings
    8
    """
    try:
        values = [Fraction(fraction) for fraction in fractions]
    except (TypeError, ValueError, ZeroDivisionError) as error:
        message = f"fractions must be rational numbers, got {fractions!r}"
        raise DomainError(message, hint="write '1/3' or Fraction(1, 3)") from error
    total = Tangle.integer(0)
    for value in values:
        total = total + Tangle.rational(value.numerator, value.denominator)
    return total.numerator()


def pretzel_link(*columns: int) -> Link:
    """Return the pretzel link of columns of half twists, with KnotInfo's chirality, oriented in a reproducible way.

    Raises
    ------
    DomainError
        If a column has no twist.

    Examples
    --------
    >>> pretzel_link(-2, 3, 7).writhe
    12
    """
    if 0 in columns:
        message = f"columns[{columns.index(0)}] = 0 has no twist"
        raise DomainError(message, hint="a column of no twist splits the link into a connected sum")
    return montesinos_link(*(Fraction(-1, column) for column in columns))


def two_bridge_link(p: int, q: int) -> Link:
    """Return the two-bridge link of determinant ``p``, KnotInfo's [p, q]: the numerator closure of the rational tangle ``p/q``.

    Examples
    --------
    >>> two_bridge_link(5, 2).n_crossings, two_bridge_link(8, 3).n_components
    (4, 2)
    """
    return Tangle.rational(p, q).numerator()
