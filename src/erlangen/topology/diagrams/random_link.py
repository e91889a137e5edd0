"""Random link diagrams.

Definition: a uniform rooted planar map of degree four, with independent fair crossings or an alternating choice (Dunfield et al., 2014).
Convention: the same seed gives the same diagram; diagrams are connected and are not simplified.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.quartic_map import random_quartic_map
from erlangen.validation import check_integer

__all__ = ["random_link"]

_TRIES = 20_000


def random_link(
    n_crossings: int, *, n_components: int | None = None, alternating: bool = False, rng: RngLike = None
) -> Link:
    """Return a random connected diagram, oriented in a reproducible way.

    Parameters
    ----------
    n_crossings : int
        Number of crossings, at least 1.
    n_components : int, optional
        Draw until there are that many components; long diagrams are hardly ever knots.
    alternating : bool
        Make crossings alternate along the strands instead of drawing them.
    rng : seed or generator
        Of the draws.

    Raises
    ------
    DomainError
        If 20 000 draws had never so many components.

    Examples
    --------
    >>> link = random_link(20, rng=1)
    >>> link.n_crossings, link.genus
    (20, 0)
    >>> random_link(8, n_components=1, alternating=True, rng=2).is_alternating
    True
    """
    n = check_integer(n_crossings, "n_crossings", low=1)
    wanted = None if n_components is None else check_integer(n_components, "n_components", low=1)
    generator = as_generator(rng)
    for _ in range(_TRIES):
        partner = random_quartic_map(n, generator)
        if wanted is None or _count_strands(partner) == wanted:
            turn = _alternate(partner) if alternating else generator.integers(2, size=n).tolist()
            if alternating and generator.integers(2):
                turn = [1 - quarter for quarter in turn]
            return _link(partner, turn)
    message = f"none of {_TRIES} random diagrams of {n} crossings had {wanted} components"
    raise DomainError(message, hint="ask for fewer crossings, or take a component with sublink")


def _count_strands(partner: list[int]) -> int:
    """Return the number of closed strands that pass all vertices straight."""
    seen = [False] * len(partner)
    count = 0
    for first in range(len(partner)):
        if seen[first]:
            continue
        count += 1
        end = first
        while not seen[end]:
            seen[end] = seen[partner[end]] = True
            end = partner[end] ^ 2
    return count


def _alternate(partner: list[int]) -> list[int]:
    """Return quarter turns of the vertices after which each edge joins an over and an under end."""
    turn = [-1] * (len(partner) // 4)
    turn[0] = 0
    waiting = [0]
    while waiting:
        vertex = waiting.pop()
        for end in range(4 * vertex, 4 * vertex + 4):
            other = partner[end]
            if turn[other >> 2] < 0:
                turn[other >> 2] = (1 + turn[vertex] + end + other) & 1
                waiting.append(other >> 2)
    return turn


def _link(partner: list[int], turn: list[int] | np.ndarray) -> Link:
    """Return the diagram whose under strands begin at slot 0 or 1 of the vertices."""
    label = [min(end, other) for end, other in enumerate(partner)]
    rows = [[label[4 * v + (slot + quarter) % 4] for slot in range(4)] for v, quarter in enumerate(turn)]
    return Link.from_pd(rows, oriented=False)
