r"""Rasmussen's s of knots and oriented links, over any field.

Definition: J. Rasmussen, math/0402131, for knots; A. Beliakova and S. Wehrli, math/0510382, section 7, for oriented links.
Convention: s(3_1) = 2 for the right-handed trefoil; s of the unlink of n components is 1 - n.

The canonical generators of an orientation o and of its reverse are exchanged, up to signs, by the automorphism X -> H - X of the whole
complex, which is plus or minus 1 on each degree q up to higher filtration. So both have one filtration degree d, one combination of the two
has d + 2, none has more (X and H - X lower degrees by 2), and s = d + 1 over every field. In the reduced theory X = 0 one of the two
survives: multiplication by H - X takes reduced to whole homology and its class to the generator, so that its degree is at most d + 1;
the combination of degree d + 2 maps to it under X = 0, so that it is at least d + 1. Hence s is the filtration degree of the class of o in
reduced homology: one of the towers of F[H], for a knot the only one.
"""

from __future__ import annotations

from typing import Any

from erlangen.exact.ring import RingLike
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.linking import linking_matrix
from erlangen.topology.khovanov.bar_natan_homology import bar_natan_homology, field
from erlangen.topology.khovanov.canonical_class import class_degree, eigenvalues, separating_components
from erlangen.topology.scanning.opened_scan import opened_scan
from erlangen.topology.scanning.scan_plan import scan_plan

__all__ = ["s_from_levels", "s_invariant"]


def s_invariant(link: Link, ring: RingLike = "Q", **options: Any) -> int:
    r"""Return Rasmussen's s over a field, an even integer for knots, with the sign that makes s(3_1) = 2.

    .. math:: |s(K)| \le 2 g_4(K), \qquad s(K) = 2 g_4(K) \text{ for positive knots}

    For an oriented link of c components this is the invariant of Beliakova and Wehrli, of the parity of c - 1: the mean of the filtration
    degrees of the canonical generators of the orientation and its reverse. Where other orientations with different degrees have
    their classes in h = 0 too, the link is scanned once more, cut open at some components.

    Parameters
    ----------
    link : Link
        At least one component.
    ring : Ring or str
        A field: Q for Rasmussen's s, F_p for its relatives, which may differ.
    **options
        ``max_memory``, ``backend``, ``progress``, ``checkpoint`` as in :func:`khovanov_homology`.

    Raises
    ------
    DomainError
        If the ring is no field or the link is empty.

    References
    ----------
    J. Rasmussen, math/0402131; A. Beliakova and S. Wehrli, math/0510382, section 7; M. Mackaay, P. Turner and P. Vaz, math/0509692.

    Examples
    --------
    >>> s_invariant(Link.from_braid([1, 1, 1])), s_invariant(Link.from_braid([1, -2, 1, -2]), "F2")
    (2, 0)
    >>> s_invariant(Link.from_braid([1, 1])), s_invariant(Link.from_braid([1, 1]).reverse(0))
    (1, -1)
    >>> s_invariant(Link.from_braid([1, -2, 1, -2, 1, -2])), s_invariant(Link.from_pd([], n_unknots=3))
    (0, -2)
    """
    towers = bar_natan_homology(link, ring, **options).towers
    return s_from_levels(link, ring, {q for h, q in towers if h == 0}, **options)


def s_from_levels(link: Link, ring: RingLike, levels: set[int], **options: Any) -> int:
    """Return s of a link whose towers in h = 0 have the degrees ``levels``, scanning once more only if these differ."""
    if len(levels) == 1:
        return next(iter(levels))
    if link.n_unknots:  # s of a split union is the sum less 1
        bare = Link._of(link.crossings, link.signs)
        return s_invariant(bare, ring, **options) - link.n_unknots if link.crossings else 1 - link.n_unknots
    chosen = separating_components(linking_matrix(link))
    edges = _edges(link, chosen)
    taken = {name: options[name] for name in ("backend", "max_memory", "progress") if name in options}
    opened = opened_scan(link, field(ring), edges, **taken)
    return class_degree(opened, eigenvalues(link, edges), field(ring))


def _edges(link: Link, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Return an edge of each component: after the first those that the scan meets last, so that cuts stay open briefly."""
    first = link.components[chosen[0]][0]
    met: dict[int, int] = {}
    for step, crossing in enumerate(scan_plan(link, basepoint=first).order):
        met.update(dict.fromkeys(link.crossings[crossing], step))
    return (first, *(max(link.components[index], key=lambda edge: met[edge]) for index in chosen[1:]))
