"""Gauss and Dowker–Thistlethwaite codes, alphabetic codes, KnotTheory's text: out and in, against the tables."""

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.topology import Braid, Link, jones_polynomial, torus_link

LINKS = [
    Braid([1, 1, 1]).closure(),
    Braid([1, -2, 1, -2]).closure(),
    Braid([1, -2] * 3).closure(),
    Braid([1, -2, 3, -2, -3, 1, 2], 4).closure(),
    Braid([1, 1]).closure(),
    torus_link(3, 6),
    torus_link(4, 4).mirror(),
    Link.from_pd([[1, 1, 2, 2]]),
    Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1]),
    *(Braid.random(4, 12, rng=seed).closure() for seed in range(6)),
]


@pytest.mark.parametrize("link", LINKS)
class TestRoundTrips:
    def test_signed_gauss(self, link):
        assert Link.from_gauss(link.to_gauss(), link.signs) == link
        if not link.n_unknots:
            assert Link.from_gauss(link.to_signed_gauss()) == link

    def test_gauss_knows_prime_diagrams_up_to_reflection(self, link, state_sum):
        twin = Link.from_gauss(link.to_gauss(over=-1), over=-1)
        assert twin.to_gauss() == link.to_gauss()
        assert twin.genus == 0

    def test_dt(self, link):
        if link.n_unknots or len(link.pieces()) > 1:
            with pytest.raises(DomainError, match="connected diagram"):
                link.to_dt()
            return
        twin = Link.from_dt(link.to_dt())
        assert twin.to_dt() == link.to_dt()
        assert Link.from_dt(link.to_dt_letters()) == twin
        assert twin.n_components == link.n_components

    def test_knot_theory(self, link):
        assert Link.from_pd(link.to_knot_theory()) == link
        assert Link.from_pd(link.to_pd(7), signs=link.signs, n_unknots=link.n_unknots) == link


@pytest.mark.parametrize(
    "code",
    [
        "[4, 6, 8, 2]",
        "DT:[(4,6,8,2)]",
        "DT: [(4, 6, 8, 2)]",
        "{4; 6; 8; 2}",
        "dadbcda",
        "DT[dadbcda]",
        "bcda",
        "BCDA",
        [[4, 6, 8, 2]],
        [4, 6, 8, 2],
    ],
)
def test_every_way_to_write_the_figure_eight(code, jones):
    assert jones(Link.from_dt(code)) == jones(Braid([1, -2, 1, -2]).closure())


def test_signs_agree_with_snappy():
    # Link('DT:[(4,8,-12,2,-14,-16,-6,-10)]') and Link('DT:[(4,6,8,2)]') of spherogram 2.4.1: signs in the order of passages
    assert set(Link.from_dt([4, 8, -12, 2, -14, -16, -6, -10]).signs) == {1}
    assert Link.from_dt([4, 6, 8, 2]).signs == (1, -1, 1, -1)
    assert Link.from_dt([4, 6, 2]).signs == (1, 1, 1)
    assert Link.from_dt([(6, 8), (4, 2)]).signs == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "code",
    [
        "[1, -2, 3, -1, 2, -3]",
        "{{1; -2; 3; -1; 2; -3}}",
        "O1+U2+O3+U1+O2+U3+",
        [1, -2, 3, -1, 2, -3],
        [[10, -20, 30, -10, 20, -30]],
    ],
)
def test_every_way_to_write_the_trefoil(code, jones):
    assert jones(Link.from_gauss(code)) == jones(torus_link(2, 3))


def test_empty_components_are_circles():
    assert Link.from_gauss([[1, -2], [], [-1, 2], []]).n_unknots == 2
    assert Link.from_gauss("[[1, -2], [], [-1, 2]]").n_unknots == 1
    assert Link.from_gauss([[]]) == Link(n_unknots=1)
    assert Link.from_gauss([]) == Link()


class TestRefusals:
    def test_not_planar(self):
        with pytest.raises(DomainError, match=r"code: the diagram has genus 1"):
            Link.from_gauss([1, -2, -1, 2])
        with pytest.raises(DomainError, match="genus 1"):
            Link.from_gauss("O1+U2+O3-U1+O2+U3-")
        with pytest.raises(DomainError, match=r"not that of a plane curve: the chords of crossings \d and \d meet"):
            Link.from_dt([4, 6, 8, 10, 2])

    def test_crossings_met_wrongly(self):
        with pytest.raises(DomainError, match="crossing 2 is met 2 times over and 0 times under"):
            Link.from_gauss([1, 2, -1, 2])
        with pytest.raises(DomainError, match="crossing 1 has both signs"):
            Link.from_gauss("O1+U1-")
        with pytest.raises(DomainError, match="over must be"):
            Link.from_gauss([1, -1], over=2)

    def test_entries_that_are_not_even(self):
        with pytest.raises(DomainError, match="entry 5 is odd"):
            Link.from_dt([4, 5, 2])
        with pytest.raises(DomainError, match="entry -4 is odd, repeated"):
            Link.from_dt([4, 6, -4])

    @pytest.mark.parametrize("code", ["DT[cacbc]", "[4, 6, x]", "[[4, 6, 2]", "4]", "caab"])
    def test_texts(self, code):
        with pytest.raises(ParseError):
            Link.from_dt(code)


def reflections(polynomial):
    return polynomial, {-power: c for power, c in polynomial.items()}


def test_codes_of_the_table_give_its_knots(knots, jones):
    # the whole table agrees; here the first hundred and a few of each number of crossings
    for row in [*knots[1:101], *knots[101::250]]:
        knot = jones(Link.from_pd(row["pd_notation"]))
        assert jones(Link.from_dt(row["dt_notation"])) in reflections(knot)
        assert jones(Link.from_gauss(row["gauss_notation"], over=-1)) in reflections(knot)


@pytest.mark.slow
def test_every_code_of_the_table_gives_its_knot(knots):
    assert len(knots) == 12965
    for row in knots:
        knot = Link.from_pd(row["pd_notation"])
        both = (jones_polynomial(knot), jones_polynomial(knot.mirror()))
        assert jones_polynomial(Link.from_dt(row["dt_notation"])) in both
        assert jones_polynomial(Link.from_gauss(row["gauss_notation"], over=-1)) in both


def test_dt_codes_have_the_chirality_of_the_table(knots, jones):
    for row in knots[1:2977:97]:
        assert jones(Link.from_dt(row["dt_notation"])) == jones(Link.from_pd(row["pd_notation"]))


def test_gauss_codes_of_the_table_of_links(links, state_sum):
    for row in links[::60]:
        link = Link.from_pd(row["pd_notation_vector"])
        twin = Link.from_gauss(row["gauss_notation"], over=-1)
        assert twin.n_components == link.n_components
        assert state_sum.jones(twin) in reflections(state_sum.jones(link))
