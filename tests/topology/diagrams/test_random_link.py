"""Random planar maps are uniform, random links are links."""

from collections import Counter

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.topology import Link, random_link
from erlangen.topology.diagrams.ends import genus
from erlangen.topology.diagrams.quartic_map import random_quartic_map


def rooted_code(partner, root):
    """Name a rooted map: vertices numbered as they are reached, each seen from the end at which it was reached."""
    first = {root >> 2: root}
    order = [root >> 2]
    code = []
    for vertex in order:
        for turn in range(4):
            end = 4 * vertex + (first[vertex] + turn) % 4
            other = partner[end]
            if other >> 2 not in first:
                first[other >> 2] = other
                order.append(other >> 2)
            code.append((order.index(other >> 2), (other - first[other >> 2]) % 4))
    return tuple(code)


# Tutte (1963): 2 3^n (2n)! / (n! (n+2)!) rooted planar maps with n vertices of degree four: 2, 9, 54.
@pytest.mark.parametrize(("n", "count"), [(1, 2), (2, 9), (3, 54)])
def test_every_rooted_map_is_as_likely(n, count):
    generator = np.random.default_rng(5)
    draws = 80 * count
    seen = Counter()
    for _ in range(draws):
        partner = random_quartic_map(n, generator)
        assert genus(partner) == 0
        seen[rooted_code(partner, int(generator.integers(4 * n)))] += 1
    assert len(seen) == count
    expected = draws / count
    chi2 = sum((k - expected) ** 2 / expected for k in seen.values())
    assert chi2 < count - 1 + 5 * np.sqrt(2 * count)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 150])
def test_random_links(n):
    link = random_link(n, rng=n)
    assert link == random_link(n, rng=n)
    assert (link.n_crossings, link.genus, len(link.pieces())) == (n, 0, 1)
    assert len(link.faces()) == n + 2
    assert Link.from_pd(link.crossings, signs=link.signs) == link
    assert Link.from_gauss(link.to_gauss(), link.signs) == link
    alternating = random_link(n, alternating=True, rng=n)
    assert alternating.is_alternating
    assert len(alternating.to_dt()) == alternating.n_components


def test_both_alternating_choices_are_drawn():
    first = [random_link(3, alternating=True, rng=seed).signs for seed in range(30)]
    assert {sum(signs) > 0 for signs in first if sum(signs)} == {True, False}


def test_number_of_components(monkeypatch):
    assert random_link(12, n_components=1, rng=0).n_components == 1
    assert random_link(12, n_components=3, rng=0).n_components == 3
    monkeypatch.setattr("erlangen.topology.diagrams.random_link._TRIES", 50)
    with pytest.raises(DomainError, match="none of 50 random diagrams of 1 crossings had 3 components"):
        random_link(1, n_components=3, rng=0)
    with pytest.raises(DomainError, match="n_crossings"):
        random_link(0)
