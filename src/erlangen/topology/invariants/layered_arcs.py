"""Tangles in a disc as combinations of layered arcs.

Definition: arcs in layers, each wholly above the next; how they join the ends determines the tangle. Neighbouring layers exchange by the skein relation.
Convention: an arc is (end where it enters, end where it leaves), ends as in disc_order; layers are sorted by the ends where arcs enter.
"""

from __future__ import annotations

from typing import NamedTuple

from erlangen.topology.invariants.disc_order import DiscStep
from erlangen.topology.invariants.packed_pairs import PackedPair, PairPacking

__all__ = ["Arcs", "add_crossing"]

Arcs = tuple[tuple[int, int], ...]


class _State(NamedTuple):
    """Layered arcs with a coefficient v^v z^z sign and loops, and the number of folds done."""

    arcs: Arcs
    folds: int = 0
    v: int = 0
    z: int = 0
    sign: int = 1
    loops: int = 0


def _exchanged(state: _State, k: int, place: dict[int, int]) -> list[_State]:
    """Return the state with layers k and k + 1 exchanged, and if their arcs cross the smoothed one."""
    (p, q), (r, s) = state.arcs[k : k + 2]
    size = len(place)
    to_q, to_r, to_s = ((place[end] - place[p]) % size for end in (q, r, s))
    head, tail = state.arcs[:k], state.arcs[k + 2 :]
    swapped = (*head, (r, s), (p, q), *tail)
    if (to_r < to_q) == (to_s < to_q):
        return [state._replace(arcs=swapped)]
    crossing = 1 if to_r < to_q else -1
    smoothed = (*head, (r, q), (p, s), *tail)
    return [
        state._replace(arcs=swapped, v=state.v + 2 * crossing),
        state._replace(arcs=smoothed, v=state.v + crossing, z=state.z + 1, sign=crossing * state.sign),
    ]


def _fold(state: _State, edge: int, place: dict[int, int]) -> list[_State]:
    """Join the arc that leaves by an edge to the one that enters by it, after a step that brings their layers together if need be."""
    arcs = state.arcs
    a = next(k for k, arc in enumerate(arcs) if arc[1] == 2 * edge)
    b = next(k for k, arc in enumerate(arcs) if arc[0] == 2 * edge + 1)
    if a == b:
        return [state._replace(arcs=arcs[:a] + arcs[a + 1 :], folds=state.folds + 1, loops=state.loops + 1)]
    if abs(a - b) > 1:
        return _exchanged(state, b if b < a else b - 1, place)
    low = min(a, b)
    joined = (*arcs[:low], (arcs[a][0], arcs[b][1]), *arcs[low + 2 :])
    return [state._replace(arcs=joined, folds=state.folds + 1)]


def _settle(arcs: Arcs, step: DiscStep, place: dict[int, int]) -> list[_State]:
    """Fold all edges of a step and sort the layers; return the states of which the tangle is the sum."""
    waiting, settled = [_State(arcs)], []
    while waiting:
        state = waiting.pop()
        if state.folds < len(step.folds):
            waiting += _fold(state, step.folds[state.folds], place)
            continue
        k = next((k for k in range(len(state.arcs) - 1) if state.arcs[k][0] > state.arcs[k + 1][0]), None)
        if k is None:
            settled.append(state)
        else:
            waiting += _exchanged(state, k, place)
    return settled


def add_crossing(
    states: dict[Arcs, PackedPair],
    step: DiscStep,
    over: tuple[int, int],
    under: tuple[int, int],
    packing: PairPacking,
    *,
    spare: int,
) -> dict[Arcs, PackedPair]:
    """Return the combination with one more crossing, whose strands run from edge to edge; ``spare`` loops are not counted."""
    place = {end: position for position, end in enumerate(step.border)}
    top, bottom = ((2 * start + 1, 2 * end) for start, end in (over, under))
    new: dict[Arcs, PackedPair] = {}
    for arcs, value in states.items():
        for state in _settle((top, *arcs, bottom), step, place):
            term = value.times(state.v, state.z, state.sign)
            for _ in range(state.loops - spare):
                term = packing.times_loop(term)
            known = new.get(state.arcs)
            new[state.arcs] = term if known is None else packing.plus(known, term)
    return new
