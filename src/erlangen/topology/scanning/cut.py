"""The labels of a link cut open at one edge.

Definition: a 1-1 tangle whose closure is the link; its Khovanov complex knows reduced and unreduced homology.
Convention: the second appearance of the edge ``basepoint`` in the code gets the new label 2 n.
"""

from __future__ import annotations

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link

__all__ = ["cut_labels"]


def cut_labels(link: Link, basepoint: int) -> list[tuple[int, ...]]:
    """Return the labels of the crossings after cutting an edge.

    Raises
    ------
    DomainError
        If the link is empty or has no such edge.

    Examples
    --------
    >>> cut_labels(Link.from_braid([1, 1]), 0)
    [(2, 1, 3, 0), (1, 2, 4, 3)]
    """
    n = link.n_crossings
    if not n:
        if link.n_unknots and basepoint == 0:
            return []
        message = f"basepoint = {basepoint} lies on no component of a link with {link.n_unknots} components"
        raise DomainError(
            message, hint="the empty link has no complex to cut; a link without crossings has basepoint 0"
        )
    if not 0 <= basepoint < 2 * n:
        message = f"basepoint = {basepoint} is no edge of a diagram with edges 0 to {2 * n - 1}"
        raise DomainError(message, hint="choose an edge of the component to be reduced, see Link.components")
    labels = [list(crossing) for crossing in link.crossings]
    places = [(c, s) for c, row in enumerate(labels) for s, label in enumerate(row) if label == basepoint]
    crossing, slot = places[1]
    labels[crossing][slot] = 2 * n
    return [tuple(row) for row in labels]
