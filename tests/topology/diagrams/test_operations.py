"""Mirror, reversal, sums, sublinks, cables: laws and the Jones polynomial."""

from collections import defaultdict

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.topology import Braid, Link, torus_link

TREFOIL = Link.from_pd([[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 2]])
FIGURE_EIGHT = Link.from_pd([[4, 2, 5, 1], [8, 6, 1, 5], [6, 3, 7, 4], [2, 7, 3, 8]])
WHITEHEAD = Link.from_pd([[6, 1, 7, 2], [10, 7, 5, 8], [4, 5, 1, 6], [2, 10, 3, 9], [8, 4, 9, 3]])
BORROMEAN = Braid([1, -2] * 3).closure()
SPLIT = Link.from_pd([[1, 1, 2, 2], [3, 4, 4, 3]], n_unknots=1)
OVER = Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1])
ALL = [TREFOIL, FIGURE_EIGHT, WHITEHEAD, BORROMEAN, SPLIT, OVER, torus_link(3, 6), torus_link(2, 4), Link(n_unknots=1)]


def product(a, b):
    result = defaultdict(int)
    for p, c in a.items():
        for q, d in b.items():
            result[p + q] += c * d
    return {p: c for p, c in result.items() if c}


@pytest.mark.parametrize("link", ALL)
class TestLaws:
    def test_mirror(self, link, jones):
        mirror = link.mirror()
        assert mirror.mirror() == link
        assert (mirror.writhe, mirror.n_components) == (-link.writhe, link.n_components)
        assert jones(mirror) == {-power: c for power, c in jones(link).items()}
        assert Link.from_pd(mirror.crossings, signs=mirror.signs, n_unknots=mirror.n_unknots) == mirror

    def test_reverse(self, link, jones, state_sum):
        back = link.reverse()
        assert back.signs == link.signs
        assert back.reverse() == link
        assert jones(back) == jones(link)
        for index in range(link.n_components):
            turned = link.reverse(index)
            assert turned.reverse(index) == link
            assert Link.from_pd(turned.crossings, signs=turned.signs, n_unknots=turned.n_unknots) == turned
            expected = np.array(state_sum.linking_matrix(link))
            expected[index] *= -1
            expected[:, index] *= -1
            assert np.array_equal(state_sum.linking_matrix(turned), expected)
            assert state_sum.bracket(turned) == state_sum.bracket(link)

    def test_unions_and_sums(self, link, jones):
        assert jones(link.disjoint_union(TREFOIL)) == product(jones(link), jones(TREFOIL))
        expected = product(jones(link), jones(TREFOIL))
        for edge in range(max(2 * link.n_crossings, 1)):
            total = link.connected_sum(TREFOIL, edge, edge % 6)
            assert product(jones(total), {2: -1, -2: -1}) == expected
            assert total.n_components == link.n_components
            assert total.genus == 0

    def test_sublinks(self, link, state_sum):
        assert link.sublink(range(link.n_components)) == link
        matrix = np.array(state_sum.linking_matrix(link))
        for index in range(link.n_components):
            others = [k for k in range(link.n_components) if k != index]
            rest = link.sublink(others)
            assert rest.n_components == len(others)
            assert rest.genus == 0
            if len(rest.components) == len(others):
                assert state_sum.linking_matrix(rest) == matrix[np.ix_(others, others)].tolist()

    def test_cables(self, link, state_sum):
        n = link.n_components
        cable = link.cable(2, framing=3)
        assert (cable.n_components, cable.genus) == (2 * n, 0)
        if len(link.components) == n:
            matrix = np.kron(state_sum.linking_matrix(link), np.ones((2, 2), dtype=int))
            matrix += np.kron(np.eye(n, dtype=int), [[0, 3], [3, 0]])
            assert np.array_equal(state_sum.linking_matrix(cable), matrix)
        for strand in range(2):
            if len(link.components) == n:
                one = cable.sublink([2 * index + strand for index in range(n)])
                assert state_sum.jones(one) == state_sum.jones(link)
        assert link.cable(3, framing=None).n_crossings == 9 * link.n_crossings

    def test_seifert_circles(self, link):
        circles = link.seifert_circles()
        assert sorted(sum(circles, ())) == list(range(2 * link.n_crossings))
        # the surface of these discs and n bands has Euler characteristic circles - n, with one border for each component
        assert (len(circles) - link.n_crossings - len(link.components)) % 2 == 0


def test_the_closure_of_a_braid_has_one_seifert_circle_for_each_strand():
    assert len(Braid([1, -2, 3, -2, 1], 4).closure().seifert_circles()) == 4


def test_signs_of_the_borromean_rings(state_sum):
    assert not np.any(state_sum.linking_matrix(BORROMEAN))
    assert BORROMEAN.sublink([0, 1]).n_components == 2
    assert state_sum.jones(BORROMEAN.sublink([0, 2])) == {4: 1, 0: 2, -4: 1}


def test_cables_of_the_unknot_are_torus_links(jones):
    assert jones(Link(n_unknots=1).cable(2, pattern=[1, 1, 1])) == jones(torus_link(2, 3))
    assert jones(Link(n_unknots=1).cable(3, framing=1, pattern=[1, 2])) == jones(torus_link(3, 4))
    assert jones(Link.from_pd([[1, 1, 2, 2]]).cable(3, pattern=[1, 2] * 2)) == jones(torus_link(3, 2))


def test_is_alternating():
    assert TREFOIL.is_alternating
    assert BORROMEAN.is_alternating
    assert not torus_link(3, 4).is_alternating
    assert not OVER.is_alternating


def test_refusals():
    with pytest.raises(DomainError, match=r"components\[0\] = 1"):
        TREFOIL.reverse(1)
    with pytest.raises(DomainError, match="edge = 6"):
        TREFOIL.connected_sum(TREFOIL, 6)
    with pytest.raises(DomainError, match="there are 0 components"):
        TREFOIL.connected_sum(Link())
    with pytest.raises(ShapeError, match="2 entries for 1 components"):
        TREFOIL.cable(2, [1, 2])
    with pytest.raises(DomainError, match="p must"):
        TREFOIL.cable(0)
    with pytest.raises(DomainError, match="needs 4 strands"):
        TREFOIL.cable(2, pattern=[3])


@pytest.mark.parametrize("framing", range(-2, 3))
@pytest.mark.parametrize("clasp", [1, -1])
def test_doubles_of_the_unknot_are_twist_knots(framing, clasp, jones):
    # positive clasp: twist knots of 2 f half twists, f = -1 right trefoil, 1 figure-eight, -2 5_2, 2 stevedore, up to reflection
    names = {0: "unknot", -1: "3_1", 1: "4_1", -2: "5_2", 2: "6_1"}
    double = Link(n_unknots=1).whitehead_double(framing, clasp)
    expected = jones(Link.from_name(names[framing * clasp]))
    assert jones(double) in (expected, {-power: c for power, c in expected.items()})
    if framing * clasp == -1:
        assert jones(double) == jones(torus_link(2, 3 * clasp))


def test_doubles_of_the_trefoil():
    double = TREFOIL.whitehead_double()
    assert (double.n_components, double.genus, double.n_crossings) == (1, 0, 20)
    with pytest.raises(DomainError, match="has 2 components"):
        WHITEHEAD.whitehead_double()
    with pytest.raises(DomainError, match="clasp must be"):
        TREFOIL.whitehead_double(0, 2)


@pytest.mark.parametrize("link", ALL)
def test_pieces(link, jones):
    pieces = link.split()
    assert [piece.n_crossings for piece in pieces] == [*map(len, link.pieces()), *[0] * link.n_unknots]
    assert all(Link(piece.crossings, piece.n_unknots, piece.signs) == piece for piece in pieces)
    union = Link().disjoint_union(*pieces)
    assert jones(union) == jones(link)
    assert union.n_components == link.n_components


def test_summands(jones):
    parts = [TREFOIL, FIGURE_EIGHT, TREFOIL.mirror(), WHITEHEAD, FIGURE_EIGHT]
    for edges in ((0, 0, 0, 0), (3, 7, 2, 11), (5, 10, 17, 1)):
        total = parts[0]
        for part, edge in zip(parts[1:], edges, strict=True):
            total = total.connected_sum(part, edge, edge % (2 * part.n_crossings))
        found = total.disjoint_union(Link(n_unknots=1)).summands()
        assert found[-1] == Link(n_unknots=1)
        assert all(part.genus == 0 and Link(part.crossings, 0, part.signs) == part for part in found[:-1])

        def names(links):
            return sorted(sorted(jones(link).items()) for link in links)

        assert names(found[:-1]) == names(parts)


def test_prime_diagrams_have_one_summand():
    for link in (TREFOIL, FIGURE_EIGHT, WHITEHEAD, BORROMEAN, torus_link(3, 4)):
        assert link.summands() == (link,)
    assert [part.n_crossings for part in Link.from_pd([[1, 1, 2, 2]]).connected_sum(TREFOIL).summands()] in (
        [1, 3],
        [3, 1],
    )
