"""Planar embedding of a Gauss word: the signs of the crossings from the order in which they are met, over and under.

Definition: smooth every crossing so that one closed curve remains; crossings are chords on either side of it, and chords that interlace
lie on different sides (Dehn's criterion; Rosenstiehl, C. R. Acad. Sci. 283 (1976) 551).
Convention: signs are free up to one flip for each set of chords linked by interlacing: its first crossing is made positive.
"""

from __future__ import annotations

from collections.abc import Sequence

from erlangen.errors import DomainError

__all__ = ["Passage", "embed", "rows_of"]

Passage = tuple[int, bool]
Turn = tuple[
    int, int, int
]  # crossing, end of arrival, end of departure; passage t arrives at 2 t and departs at 2 t + 1


def embed(components: Sequence[Sequence[Passage]]) -> list[int]:
    """Return signs of the crossings 0, …, n - 1 that make the word planar; each passage is a crossing and whether it is over.

    Raises
    ------
    DomainError
        If no signs make it planar, naming the crossing at which two chords meet.

    Examples
    --------
    >>> embed([[(0, True), (1, False), (2, True), (0, False), (1, True), (2, False)]])
    [1, 1, 1]
    """
    passages = [passage for component in components for passage in component]
    n = len(passages) // 2
    under, over = [0] * n, [0] * n
    for t, (crossing, above) in enumerate(passages):
        (over if above else under)[crossing] = t
    order = list(dict.fromkeys(crossing for crossing, _ in passages))
    signs = [0] * n
    for curve in _jordan_curves(components, order):
        ends: dict[int, list[int]] = {}
        for crossing, arrive, leave in curve:
            ends.setdefault(crossing, []).extend((arrive, leave))
        for group in _sides(curve, order):
            for crossing, left in group.items():
                place = ends[crossing].index(2 * under[crossing])
                follower = ends[crossing][(place + 1) % 4 if left else place - 1]
                signs[crossing] = 1 if follower == 2 * over[crossing] + 1 else -1
            flip = signs[next(iter(group))]
            for crossing in group:
                signs[crossing] *= flip
    return signs


def _jordan_curves(components: Sequence[Sequence[Passage]], order: Sequence[int]) -> list[list[Turn]]:
    """Smooth the crossings one after the other so that the curves become one for each connected piece."""
    curves: dict[int, list[Turn]] = {}
    t = 0
    for index, component in enumerate(components):
        if component:
            curves[index] = [(c, 2 * (t + k), 2 * (t + k) + 1) for k, (c, _) in enumerate(component)]
        t += len(component)
    for crossing in order:
        hits = [(name, k) for name, curve in curves.items() for k, turn in enumerate(curve) if turn[0] == crossing]
        (name, p), (other, q) = hits
        curve = curves[name]
        if name == other:
            (_, a, b), (_, c, d) = curve[p], curve[q]
            inner = [(x, leave, arrive) for x, arrive, leave in reversed(curve[p + 1 : q])]
            curves[name] = [*curve[:p], (crossing, a, c), *inner, (crossing, b, d), *curve[q + 1 :]]
        else:
            second = curves.pop(other)
            (_, a, b), (_, c, d) = curve[p], second[q]
            inner = [(crossing, a, d), *second[q + 1 :], *second[:q], (crossing, c, b)]
            curves[name] = [*curve[:p], *inner, *curve[p + 1 :]]
    return list(curves.values())


def _interlaced(curve: Sequence[Turn]) -> dict[int, list[int]]:
    """Return for each chord of a closed curve those that separate its ends."""
    places: dict[int, list[int]] = {}
    for place, (crossing, _, _) in enumerate(curve):
        places.setdefault(crossing, []).append(place)
    found: dict[int, list[int]] = {}
    for crossing, (p, q) in places.items():
        seen: set[int] = set()
        for place in range(p + 1, q):
            seen ^= {curve[place][0]}
        found[crossing] = sorted(seen)
    return found


def _sides(curve: Sequence[Turn], order: Sequence[int]) -> list[dict[int, bool]]:
    """Put chords on the left (true) or right of a closed curve so that interlaced ones lie apart, one group for each free choice."""
    neighbours = _interlaced(curve)
    seen: set[int] = set()
    groups = []
    for first in order:
        if first in seen or first not in neighbours:
            continue
        side = {first: True}
        waiting = [first]
        while waiting:
            crossing = waiting.pop()
            for other in neighbours[crossing]:
                if other not in side:
                    side[other] = not side[crossing]
                    waiting.append(other)
                elif side[other] == side[crossing]:
                    message = (
                        f"the word is not that of a plane curve: the chords of crossings {crossing} and {other} meet"
                    )
                    raise DomainError(
                        message, hint="check the code; words of virtual links need signs and are not planar"
                    )
        seen.update(side)
        groups.append(side)
    return groups


def rows_of(components: Sequence[Sequence[Passage]], signs: Sequence[int]) -> list[int]:
    """Return the labels of all ends: crossings X[i, j, k, l] in order, the edge that arrives at passage ``t`` labelled ``t``.

    Examples
    --------
    >>> rows_of([[(0, True), (0, False)]], [1])
    [1, 1, 0, 0]
    """
    flat = [0] * (4 * len(signs))
    t = 0
    for component in components:
        for k, (crossing, over) in enumerate(component):
            arrive, leave = t + k, t + (k + 1) % len(component)
            if over:
                first, second = (arrive, leave) if signs[crossing] < 0 else (leave, arrive)
                flat[4 * crossing + 1], flat[4 * crossing + 3] = first, second
            else:
                flat[4 * crossing], flat[4 * crossing + 2] = arrive, leave
        t += len(component)
    return flat
