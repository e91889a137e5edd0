"""The polynomial of Freyd, Yetter, Hoste, Lickorish, Millett, Ocneanu, Przytycki and Traczyk.

Definition: v^-1 P(positive) - v P(negative) = z P(smoothed), P(unknot) = 1.
Convention: KnotInfo's variables: the right-handed trefoil has 2 v^2 - v^4 + v^2 z^2; Jones at v = t, z = t^(1/2) - t^(-1/2); Conway at v = 1.
"""

from __future__ import annotations

from erlangen.errors import ConvergenceError, DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.simplification import simplify
from erlangen.topology.invariants.disc_order import DiscStep, disc_order
from erlangen.topology.invariants.layered_arcs import Arcs, add_crossing
from erlangen.topology.invariants.packed_pairs import PackedPair, PairPacking

__all__ = ["homfly_polynomial"]


def homfly_polynomial(link: Link) -> LaurentPolynomial:
    r"""Return the HOMFLY-PT polynomial :math:`P(v, z)` with :math:`v^{-1} P_+ - v P_- = z P_0`.

    Crossings are added to a disc one by one. A tangle in the disc is a combination of layered ones, in which each arc lies wholly above the
    next; those are determined by how they join the ends. Of n arcs there are n! of them, so that the work grows with the width of the diagram.

    Parameters
    ----------
    link : Link
        Any diagram with at least one component.

    Returns
    -------
    LaurentPolynomial
        In ``v`` and ``z``.

    Raises
    ------
    DomainError
        If the link is empty.
    ConvergenceError
        If nugatory crossings that simplification leaves keep every order of the crossings from being that of growing discs.

    References
    ----------
    Freyd et al., Bull. Amer. Math. Soc. 12 (1985); Morton & Short, J. Algorithms 11 (1990).

    Examples
    --------
    >>> str(homfly_polynomial(Link.from_braid([1, 1, 1])))
    '2*v^2 + v^2*z^2 - v^4'
    """
    if not link.n_components:
        message = "the empty link has no polynomial with value 1 on the unknot"
        raise DomainError(message, hint="pass a link with at least one component")
    v, z = LaurentPolynomial.variable("v"), LaurentPolynomial.variable("z")
    split = (v**-1 - v) * z**-1
    total = split ** (link.n_unknots + len(link.pieces()) - 1)
    for piece in link.pieces():
        steps = disc_order(link, piece)
        if steps is None:
            return _simplified(link)
        total = total * _piece(link, steps)
    return total


def _simplified(link: Link) -> LaurentPolynomial:
    smaller = simplify(link)
    if smaller.n_crossings < link.n_crossings:
        return homfly_polynomial(smaller)
    message = "no order of the crossings keeps the part taken a disc"
    raise ConvergenceError(message, hint="remove nugatory crossings from the diagram")


def _piece(link: Link, steps: list[DiscStep]) -> LaurentPolynomial:
    """Return the polynomial of a connected piece; the last loop counts 1. Too narrow a packing is widened."""
    bits, span = 2 * len(steps) + 16, len(steps) + 8
    while True:
        packing = PairPacking(bits, span)
        states: dict[Arcs, PackedPair] = {(): PackedPair(0, 0, 0, 1, 1)}
        for left, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
            i, j, k, l = link.crossings[step.crossing]  # noqa: E741 - X[i, j, k, l]
            over = (l, j) if link.signs[step.crossing] > 0 else (j, l)
            states = add_crossing(states, step, over, (i, k), packing, spare=int(not left))
        (value,) = states.values()
        if packing.fits(value):
            return LaurentPolynomial(packing.terms(value), ("v", "z"))
        bits, span = max(bits, value.norm.bit_length() + 1), max(span, (value.top - value.z) // 2 + 1)
