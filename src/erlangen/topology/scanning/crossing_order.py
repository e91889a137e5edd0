r"""The order in which a scan adds the crossings of a diagram.

Definition: minimise the sum of 2^girth over the scan, girth = number of open ends, by a beam search from every first crossing.
Convention: the link is cut at one edge, whose two ends count; ties go to the order that comes first lexicographically.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["crossing_order", "girth_profile"]


def girth_profile(labels: Sequence[Sequence[int]], order: Sequence[int]) -> tuple[int, ...]:
    """Return the number of open ends after each crossing of an order.

    Examples
    --------
    >>> girth_profile([(3, 1, 2, 0), (1, 3, 4, 2)], [0, 1])
    (4, 2)
    """
    profile, state = [], 0
    masks = _masks(labels)
    for crossing in order:
        state ^= masks[crossing]
        profile.append(state.bit_count())
    return tuple(profile)


def crossing_order(labels: Sequence[Sequence[int]], *, width: int = 32) -> tuple[int, ...]:
    """Return an order of small cost, sum of 2^girth, keeping the ``width`` cheapest sets of crossings of each size.

    Every crossing is tried as the first one. Two partial orders of the same set are compared by cost, so that with a large
    ``width`` the order is optimal.

    Examples
    --------
    >>> crossing_order([(1, 3, 0, 2), (3, 5, 2, 4), (5, 7, 4, 6)])
    (0, 1, 2)
    """
    masks = _masks(labels)
    everything = (1 << len(masks)) - 1
    beam: list[tuple[int, tuple[int, ...], int, int]] = [(0, (), 0, 0)]  # cost, order, crossings, open ends
    for _ in masks:
        best: dict[int, tuple[int, tuple[int, ...], int, int]] = {}
        for cost, order, done, ends in beam:
            for crossing in _candidates(masks, everything & ~done, ends):
                now = ends ^ masks[crossing]
                added = done | 1 << crossing
                state = cost + (1 << now.bit_count()), (*order, crossing), added, now
                if added not in best or state < best[added]:
                    best[added] = state
        beam = sorted(best.values())[: max(width, len(masks) if len(best) == len(masks) else 0)]
    return beam[0][1]


def _candidates(masks: Sequence[int], rest: int, ends: int) -> list[int]:
    """Return the crossings still to come that meet an open end, or all of them if none does."""
    remaining = [crossing for crossing in range(len(masks)) if rest >> crossing & 1]
    return [crossing for crossing in remaining if masks[crossing] & ends] or remaining


def _masks(labels: Sequence[Sequence[int]]) -> list[int]:
    """Return for each crossing the set of its ends, without those that it joins to itself."""
    masks = []
    for row in labels:
        mask = 0
        for label in row:
            mask ^= 1 << label
        masks.append(mask)
    return masks
