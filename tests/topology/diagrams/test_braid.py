"""Braids: group laws up to isotopy, closures, plats, torus links."""

from math import gcd

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.topology import Braid, Link, torus_link


def cycles(permutation):
    seen, count = set(), 0
    for start in range(len(permutation)):
        count += start not in seen
        while start not in seen:
            seen.add(start)
            start = permutation[start]
    return count


@pytest.mark.parametrize("seed", range(12))
def test_closure_has_the_components_of_the_permutation(seed):
    braid = Braid.random(2 + seed % 5, 3 * seed, rng=seed)
    link = braid.closure()
    assert link.n_components == cycles(braid.permutation)
    assert link.writhe == braid.exponent_sum
    assert link.genus == 0
    assert Braid(braid.word, braid.strands) == eval(repr(braid), {"Braid": Braid})


def test_permutations_compose():
    a, b = Braid.random(6, 20, rng=1), Braid.random(6, 20, rng=2)
    composed = (a * b).permutation
    assert composed == tuple(b.permutation[a.permutation[k]] for k in range(6))
    assert (a * a.inverse()).reduced() == Braid([], 6)
    assert a**-2 == a.inverse() * a.inverse()


@pytest.mark.parametrize("seed", range(4))
def test_markov_moves(seed, jones):
    braid = Braid.random(4, 8, rng=seed)
    expected = jones(braid.closure())
    other = Braid.random(4, 3, rng=seed + 50)
    assert jones((other * braid * other.inverse()).closure()) == expected
    assert jones(Braid((*braid.word, 4)).closure()) == expected
    assert jones(Braid((*braid.word, -4)).closure()) == expected
    twist = Braid.full_twist(4)
    assert jones((twist * braid).closure()) == jones((braid * twist).closure())


def test_braid_relations(jones):
    for a, b in (([1, 2, 1], [2, 1, 2]), ([1, 3], [3, 1]), ([-1, 2, 1], [2, 1, -2])):
        tail = [2, -3, 2, 1, 1]
        assert jones(Braid([*a, *tail]).closure()) == jones(Braid([*b, *tail]).closure())


@pytest.mark.parametrize("word", [[2, 2, 2], [2, 2, -1, 2], [2, 2, -1, -1, 2]])
def test_plats_of_four_strands_are_two_bridge_knots(word, jones):
    # right trefoil, figure-eight, 5_2: the words of Bigelow's pairing in its plat convention
    braids = {3: [1, 1, 1], 4: [1, -2, 1, -2], 5: [1, 1, 1, 2, -1, 2]}
    plat = Braid(word, 4).plat_closure()
    assert plat.n_components == 1
    knot = Braid(braids[len(word)]).closure()
    assert jones(plat) in (jones(knot), jones(knot.mirror()))


def test_plats_of_the_trivial_braid():
    assert Braid([], 6).plat_closure() == Link(n_unknots=3)
    assert Braid([1, -3], 4).plat_closure().pieces() == ((0,), (1,))
    with pytest.raises(DomainError, match="even number of strands, got 3"):
        Braid([1], 3).plat_closure()


@pytest.mark.parametrize(("p", "q"), [(2, 3), (3, 2), (3, 3), (4, 6), (5, 4), (1, 7), (2, -5), (-3, -4)])
def test_torus_links(p, q):
    link = torus_link(p, q)
    n, m = sorted((abs(p), abs(q)))
    assert link.n_components == gcd(p, q)
    assert link.writhe == (1 if p * q > 0 else -1) * (n - 1) * m
    assert link.name == f"T({p},{q})"


def test_torus_links_are_symmetric(jones):
    assert jones(Braid([1, 2, 3] * 3).closure()) == jones(torus_link(3, 4)) == jones(torus_link(4, 3))
    assert jones(torus_link(3, -4)) == jones(torus_link(3, 4).mirror())


def test_texts_of_the_tables():
    assert Link.from_braid("{3, {-1, 2, -1}}") == Link.from_braid([-1, 2, -1])
    assert Link.from_braid("{5, {1}}").n_components == 4
    assert Braid("[1;-2;1;-2]") == Braid([1, -2, 1, -2])
    for text, position in (("{{1, 2}, {-1}}", 1), ("[1, 2", 0), ("[1, 2)", 0), ("1, 2]", 4), (" [1, 2-1]", 5)):
        with pytest.raises(ParseError) as caught:
            Braid(text)
        assert caught.value.position == position


def test_braids_of_the_table_of_links(links, jones):
    for row in links[::83]:
        link = Link.from_braid(row["braid_notation"])
        assert link.n_components == int(row["components"])
        assert jones(link) == jones(Link.from_pd(row["pd_notation_vector"]))


def test_refusals():
    with pytest.raises(DomainError, match="3 and 2 strands"):
        Braid([1, 2]) * Braid([1])
    with pytest.raises(DomainError, match=r"word\[0\] = 5 needs 6 strands, there are 3"):
        Braid([5], 3)
