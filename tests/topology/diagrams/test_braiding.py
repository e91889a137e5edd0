"""Braids of links: closures show the same link, strands are Seifert circles, the exponent sum is the writhe."""

import pytest

from erlangen.errors import DomainError
from erlangen.topology import Braid, Link, braid_representative, pretzel_link, random_link, simplify, torus_link

LINKS = {
    **{
        name: Link.from_name(name)
        for name in ("3_1", "4_1", "5_2", "6_1", "7_4", "7_7", "hopf", "borromean", "whitehead")
    },
    "T(3,4)": torus_link(3, 4),
    "P(-2,3,5)": pretzel_link(-2, 3, 5),
    "kink": Link.from_pd([[1, 2, 2, 1]]),
    "reversed": Link.from_name("borromean").reverse(1),
    "antiparallel": torus_link(2, 4).reverse(0),
    **{f"random {seed}": random_link(9, rng=seed) for seed in range(8)},
}


@pytest.mark.parametrize("name", LINKS)
def test_the_closure_is_the_link(name, state_sum):
    link = LINKS[name]
    braid = braid_representative(link)
    closure = braid.closure()
    assert braid.strands == len(link.seifert_circles())
    assert braid.exponent_sum == link.writhe
    assert closure.n_components == link.n_components
    assert state_sum.jones(simplify(closure)) == state_sum.jones(link)


def test_pieces_stand_side_by_side(jones):
    link = Link.from_name("3_1").disjoint_union(Link.from_name("4_1"), Link(n_unknots=2))
    braid = braid_representative(link)
    assert braid == Braid([1, 1, 1, 3, -4, 3, -4], 7)
    assert braid.closure().n_components == 4
    assert jones(braid.closure()) == jones(link)


def test_closed_braids_come_back():
    for seed in range(6):
        braid = Braid.random(4, 12, rng=seed)
        if {abs(letter) for letter in braid.word} == {1, 2, 3}:
            again = braid_representative(braid.closure())
            assert (again.strands, len(again.word)) == (4, 12)
            assert again.exponent_sum == braid.exponent_sum


def test_large_diagrams():
    link = random_link(30, rng=3)
    braid = braid_representative(link)
    assert braid.strands == len(link.seifert_circles())
    assert (braid.exponent_sum, braid.closure().n_components) == (link.writhe, link.n_components)


def test_the_empty_link_is_no_closure():
    with pytest.raises(DomainError, match="strands"):
        braid_representative(Link())
    assert braid_representative(Link(n_unknots=2)) == Braid([], 2)
