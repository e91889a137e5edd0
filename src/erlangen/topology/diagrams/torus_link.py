"""Torus links.

Definition: T(p, q) is the closure of (1 2 … p - 1)^q on p strands; it has gcd(p, q) components (Rolfsen, Knots and Links, §3C).
Convention: T(p, q) with p q > 0 is positive, so T(2, 3) is the right-handed trefoil; the least number of strands is used.
"""

from __future__ import annotations

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.validation import check_integer

__all__ = ["torus_link"]


def torus_link(p: int, q: int) -> Link:
    """Return the torus link T(p, q) as a closed braid on min(abs(p), abs(q)) strands, its mirror image for ``p q < 0``.

    Examples
    --------
    >>> torus_link(3, 4).n_crossings, torus_link(2, -2).signs
    (8, (-1, -1))
    >>> torus_link(0, 3).n_unknots
    3
    """
    a, b = check_integer(p, "p"), check_integer(q, "q")
    n, m = sorted((abs(a), abs(b)))
    name = f"T({a},{b})"
    if n == 0:
        return Link(n_unknots=m, name=name)
    sign = 1 if a * b > 0 else -1
    braid = Braid([sign * letter for letter in range(1, n)] * m, n)
    return Link.from_braid(braid.word, n, name=name)
