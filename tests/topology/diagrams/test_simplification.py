"""Simplification keeps the link and finds the crossing number of small knots again."""

import pytest

from erlangen.topology import Braid, Link, ReidemeisterMove, random_moves, simplify, torus_link


@pytest.mark.parametrize("seed", range(24))
def test_random_braids(seed, state_sum):
    link = Braid.random(2 + seed % 4, 4 + seed % 11, rng=seed).closure()
    simple = simplify(link)
    assert state_sum.jones(simple) == state_sum.jones(link)
    assert (simple.genus, simple.n_components) == (0, link.n_components)
    assert simple.n_crossings <= link.n_crossings
    assert Link(simple.crossings, simple.n_unknots, simple.signs) == simple
    if not simple.n_unknots and not link.n_unknots:
        assert state_sum.linking_matrix(simple) == state_sum.linking_matrix(link)


NUMBERS = {
    "unknot": 0,
    "3_1": 3,
    "4_1": 4,
    "6_2": 6,
    "7_7": 7,
    "hopf": 2,
    "borromean": 6,
    "whitehead": 5,
    "T(3,4)": 8,
    "T(3,5)": 10,
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("seed", range(2))
def test_tangled_diagrams_come_back_to_the_crossing_number(name, seed, jones):
    link = Link.from_name(name)
    tangled = random_moves(link, 150, rng=seed, max_crossings=link.n_crossings + 40)
    simple = simplify(tangled)
    assert jones(simple) == jones(link)
    assert simple.n_crossings == NUMBERS[name]
    assert simple.name == name


# Haken's "Gordian" unknot of 141 crossings, as Regina 7.4 has it (ExampleLink.gordian); Dowker-Thistlethwaite code.
GORDIAN = """
156 224 -214 -136 178 -146 206 184 -140 -228 6 -134 248 130 78 -80 124 -72 106 118 244 -100 -112 -96 108 -38
-104 192 42 -98 46 94 202 90 172 -86 84 276 -128 126 166 -122 36 170 268 66 262 176 -110 114 -56 246 120 240
198 60 -44 -58 196 -52 74 272 168 30 -162 278 -190 -150 -20 212 -256 14 -234 -260 -8 22 4 -186 252 -220 28 -76
274 -32 -270 238 266 -200 -62 -148 230 -142 -254 2 -216 24 -102 -40 -242 -48 264 -92 -144 -232 182 -18 -226
152 -250 -160 280 188 -154 138 -258 -208 12 -204 -88 -70 -50 -116 -194 -54 -132 222 -282 16 -210 -180 10 -64
174 -68 236 -34 -82 164 -26 218 -158
"""


def test_hard_unknots():
    gordian = Link.from_dt(GORDIAN)
    assert (gordian.n_crossings, gordian.n_components) == (141, 1)
    assert simplify(gordian) == Link(n_unknots=1)


def test_nothing_is_left_of_trivial_diagrams():
    over = Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1])
    assert simplify(over) == Link(n_unknots=2)
    assert simplify(Braid([1, -1, 2, -2, 3]).closure()).n_crossings == 0
    assert simplify(Braid([1, 2, 3, 4]).closure()) == Link(n_unknots=1)
    nugatory = Link.from_name("3_1").connected_sum(Link.from_pd([[1, 1, 2, 2]])).connected_sum(Link.from_name("4_1"))
    assert simplify(nugatory).n_crossings == 7


def test_tangled_pieces_come_apart(jones):
    union = Link.from_name("3_1").disjoint_union(Link.from_name("4_1"), Link(n_unknots=1))
    bridge = ReidemeisterMove("R2+", (0, 4 * 3 + 1), 1).apply(union)
    assert len(bridge.pieces()) == 1
    simple = simplify(random_moves(bridge, 60, rng=2, max_crossings=40))
    assert (simple.n_crossings, len(simple.pieces()), simple.n_unknots) == (7, 2, 1)
    assert jones(simple) == jones(union)


def test_minimal_diagrams_are_left_alone():
    for name in ("3_1", "borromean", "T(3,4)"):
        link = Link.from_name(name)
        assert simplify(link) == link


def test_it_is_reproducible_and_effort_helps():
    link = Braid.random(5, 60, rng=3).closure()
    assert simplify(link) == simplify(link)
    assert simplify(link, effort=20).n_crossings <= simplify(link, effort=0).n_crossings < 60


# Crossings left by spherogram 2.4.1, Link.simplify("global"), random.seed(0), of closures of Braid.random(strands, length, rng=seed).
SPHEROGRAM = {(4, 100): (58, 38, 54, 42), (6, 100): (46, 48, 62, 34), (8, 100): (62, 47, 52, 55)}


@pytest.mark.parametrize(("strands", "length"), SPHEROGRAM)
def test_counts_of_crossings_are_no_more_than_spherograms(strands, length):
    ours = [simplify(Braid.random(strands, length, rng=seed).closure(), effort=20).n_crossings for seed in range(4)]
    assert sum(ours) <= sum(SPHEROGRAM[strands, length])


def test_torus_knots_through_cables(jones):
    cable = Link(n_unknots=1).cable(3, framing=1, pattern=[1, 2])
    assert simplify(cable).n_crossings == 8
    assert jones(simplify(cable)) == jones(torus_link(3, 4))
