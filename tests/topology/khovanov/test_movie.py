"""Movies: closed surfaces by the Frobenius algebra, neck cutting, degrees, ranks on homology, refusals."""

import pytest

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.topology import BigradedGroup, Link, Movie, basepoint_action, khovanov_homology

EMPTY = Link()
TREFOIL = Link.from_braid([1, 1, 1])
HOPF = Link.from_braid([1, 1])


def torus(movie, genus=1):
    """Return a movie of a closed surface of some genus."""
    movie = movie.birth()
    first = movie.loops[-1]
    for _ in range(genus):
        movie = movie.saddle(first, first)
        movie = movie.saddle(first, movie.loops[-1])
    return movie.death(first)


@pytest.mark.parametrize("link", [EMPTY, HOPF])
@pytest.mark.parametrize(("genus", "flat", "bent"), [(0, 0, 0), (1, 2, 2), (2, 0, 0), (3, 0, 2), (4, 0, 0), (5, 0, 2)])
def test_closed_surfaces(link, genus, flat, bent):
    """A surface of genus g is the counit of (2 X - H)^g: 2 at g = 1, and with H = 1 at every odd g."""
    for deformed, wanted in ((False, flat), (True, bent)):
        movie = torus(Movie(link, deformed=deformed), genus)
        assert movie.chain_map == wanted * Movie(link, deformed=deformed).chain_map
        assert movie.euler_characteristic == 2 - 2 * genus


@pytest.mark.parametrize("link", [HOPF, TREFOIL, Link.from_pd([], n_unknots=1)])
def test_neck_cutting(link):
    """A tube along an edge is 2 X there; at H = 1 it is 2 X - 1 (math/0410495, section 11.2)."""
    edge = 0
    for deformed in (False, True):
        start = Movie(link, deformed=deformed)
        split = start.saddle(edge, edge)
        tube = split.saddle(edge, split.loops[-1])
        assert tube.crossings == start.crossings
        wanted = 2 * start.dot(edge).chain_map
        assert tube.chain_map == (wanted - start.chain_map if deformed else wanted)


@pytest.mark.parametrize("deformed", [False, True])
def test_a_dot_twice(deformed):
    start = Movie(TREFOIL, deformed=deformed)
    once, twice = start.dot(2), start.dot(2).dot(2)
    assert twice.chain_map == (once.chain_map if deformed else 0 * once.chain_map)
    assert once.dot(4).chain_map == start.dot(4).dot(2).chain_map


def test_births_are_units():
    """A birth merged into an edge is the identity, and so is a split whose circle dies."""
    start = Movie(TREFOIL)
    born = start.birth()
    assert born.saddle(1, born.loops[-1]).chain_map == start.chain_map
    split = start.saddle(1, 1)
    assert split.death(split.loops[-1]).chain_map == start.chain_map
    assert born.chain_map.degree == split.death(split.loops[-1]).euler_characteristic + 1 == 1


def planar_saddles(movie):
    edges = sorted({edge for crossing in movie.crossings for edge in crossing})
    for i, a in enumerate(edges):
        for b in edges[i + 1 :]:
            try:
                yield a, b, movie.saddle(a, b)
            except DomainError as error:
                if "leaves the plane" not in str(error):
                    raise


@pytest.mark.parametrize("link", [HOPF, TREFOIL, Link.from_braid([1, -2, 1, -2])])
def test_saddles_between_edges(link):
    """Each changes the number of components by one, has degree -1, and back again it is a tube: X at one edge plus X at the other."""
    start, found = Movie(link), 0
    for a, b, movie in planar_saddles(start):
        found += 1
        assert abs(movie.link.n_components - link.n_components) == 1
        assert movie.link.writhe == link.writhe
        assert movie.chain_map.degree == movie.euler_characteristic == -1 or not movie.chain_map
        target = movie.chain_map.target
        assert BigradedGroup.from_groups(target.bigraded_homology()) == khovanov_homology(movie.link)
        back = movie.saddle(a, b)
        assert back.crossings == start.crossings
        assert back.chain_map == start.dot(a).chain_map + start.dot(b).chain_map
    assert found >= 2


def test_distant_moves_commute():
    start = Movie(Link.from_braid([1, 1, 1]))
    a, b, _ = next(planar_saddles(start))
    left, right = start.saddle(a, b).dot(a), start.dot(a).saddle(a, b)
    assert left.chain_map == right.chain_map
    born = start.birth().saddle(a, b)
    assert born.chain_map == start.saddle(a, b).birth().chain_map


def test_dots_act_as_points_do():
    """The ranks of a dot on homology are those of the simplified complex's point; two edges of a knot differ by a sign."""
    for edge in range(6):
        f = Movie(TREFOIL).dot(edge).chain_map
        for ring in ("Q", "F2", "F3"):
            assert f.ranks(ring) == basepoint_action(TREFOIL, basepoint=edge).ranks(ring)
    start = Movie(TREFOIL)
    i, _, k, _ = start.crossings[
        0
    ]  # both sides of a crossing, along the under strand: X and -X (Hedden and Ni, lemma 2.3)
    assert (start.dot(i).chain_map + start.dot(k).chain_map).ranks("Q") == {}
    assert (start.dot(i).chain_map - start.dot(k).chain_map).ranks("Q") != {}


def test_merging_an_unlink():
    """On homology of two circles the product has rank 2: 1, and X from either."""
    start = Movie(Link.from_pd([], n_unknots=2), "Q")
    assert start.saddle(0, 1).chain_map.ranks() == {(0, 2): 1, (0, 0): 1}
    assert start.loops == (0, 1)
    assert Movie(Link.from_pd([], n_unknots=1)).saddle(0, 0).chain_map.ranks() == {(0, 1): 1, (0, -1): 1}


def test_refusals():
    movie = Movie(TREFOIL)
    with pytest.raises(DomainError, match="9 is neither an edge nor a loop"):
        movie.saddle(0, 9)
    with pytest.raises(DomainError, match="edges 0 and 1 do not run along one face"):
        movie.saddle(0, 1)
    with pytest.raises(DomainError, match="0 is no circle without crossings"):
        movie.death(0)
    with pytest.raises(DomainError, match="77 is neither"):
        movie.dot(77)
    with pytest.raises(ResourceLimitError, match="cube of 3 crossings"):
        Movie(TREFOIL, max_memory=1000)
    with pytest.raises(ResourceLimitError, match=r"15 crossings has frames of 2\^15 resolutions") as caught:
        Movie(Link.from_braid([1] * 15))
    assert "most_crossings" in caught.value.hint
    with pytest.raises(ResourceLimitError, match="cube of 3 crossings"):
        Movie(TREFOIL, max_memory=15000).birth()
    assert repr(movie).endswith("chi = 0>")
