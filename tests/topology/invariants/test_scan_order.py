"""Orders of the crossings."""

import random

import pytest

from erlangen.topology import Link
from erlangen.topology.invariants.scan_order import scan_order


def most_open(link, order):
    open_edges, most = set(), 0
    for crossing in order:
        for edge in link.crossings[crossing]:
            open_edges ^= {edge}
        most = max(most, len(open_edges))
    return most


@pytest.mark.parametrize("strands", [2, 3, 5])
def test_braids_never_open_more_than_their_closure(strands):
    rng = random.Random(strands)
    word = [rng.choice([-1, 1]) * rng.randrange(1, strands) for _ in range(40)]
    shuffled = Link.from_pd(rng.sample(Link.from_braid(word, strands).crossings, 40))
    order = scan_order(shuffled)
    assert sorted(order) == list(range(40))
    assert most_open(shuffled, order) <= 2 * strands + 2


def test_split_diagrams_and_small_ones():
    assert scan_order(Link()) == ()
    assert scan_order(Link.from_braid([1])) == (0,)
    assert sorted(scan_order(Link.from_braid([1, 1, 3, 3, 5, 5]))) == list(range(6))
