"""Links as values: codes in, normal codes out, refusals."""

import ast
import warnings

import numpy as np
import pytest

from erlangen.errors import DomainError, DomainWarning, ParseError, ShapeError
from erlangen.topology import Link

TREFOIL = [[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 2]]
FIGURE_EIGHT = [[4, 2, 5, 1], [8, 6, 1, 5], [6, 3, 7, 4], [2, 7, 3, 8]]
WHITEHEAD = [[6, 1, 7, 2], [10, 7, 5, 8], [4, 5, 1, 6], [2, 10, 3, 9], [8, 4, 9, 3]]


@pytest.mark.parametrize(
    "text",
    [
        "[[1,5,2,4],[3,1,4,6],[5,3,6,2]]",
        "[[1;5;2;4];[3;1;4;6];[5;3;6;2]]",
        "{{1, 5, 2, 4}, {3, 1, 4, 6}, {5, 3, 6, 2}}",
        "PD[X[1,5,2,4], X[3,1,4,6], X[5,3,6,2]]",
        "X[1,5,2,4] X[3,1,4,6]\nX[5,3,6,2]",
        "X1524 X3146 X5362",
        "X1,5,2,4 X3,1,4,6 X5,3,6,2",
        "PD: [(1, 5, 2, 4), (3, 1, 4, 6), (5, 3, 6, 2)]",
        "Xp[1,5,2,4] Xp[3,1,4,6] X[5,3,6,2]",
        "[[-9, 50, 2, 4], [3, -9, 4, 66], [50, 3, 66, 2]]",
    ],
)
def test_every_way_to_write_the_trefoil(text):
    assert Link.from_pd(text) == Link.from_pd(TREFOIL)


def test_trefoil_is_the_closure_of_three_positive_letters():
    trefoil = Link.from_pd(TREFOIL)
    assert (trefoil.n_plus, trefoil.n_minus, trefoil.writhe) == (3, 0, 3)
    assert Link.from_braid([1, 1, 1]).writhe == 3
    assert Link.from_braid([-1, -1, -1]).signs == (-1, -1, -1)


def test_arrays_and_normal_labels():
    link = Link.from_pd(np.array(FIGURE_EIGHT))
    assert link.array().dtype == np.int32
    assert np.array_equal(np.sort(link.array().ravel()), np.repeat(np.arange(8), 2))
    assert Link.from_pd(link.array()) == link
    assert Link(link.crossings, 0, link.signs) == link


@pytest.mark.parametrize(
    "link",
    [
        Link(),
        Link.from_pd([], n_unknots=2),
        Link.from_pd(WHITEHEAD, name="L5a1{0}"),
        Link.from_pd([[1, 1, 2, 2]]),
        Link.from_pd([[1, 2, 2, 1]]),
        Link.from_braid([1, -1], 2),
        Link.from_braid([1, 1], 5),
        Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1]),
        Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[-1, 1]),
    ],
)
def test_what_is_printed_parses_back(link):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        twin = eval(repr(link), {"Link": Link})
    assert twin == link
    assert twin.name == link.name
    assert hash(twin) == hash(link)


def test_kinks_and_split_pieces():
    kink = Link.from_pd([[1, 1, 2, 2]])
    assert (kink.components, kink.signs, len(kink.faces())) == (((0, 1),), (1,), 3)
    assert Link.from_pd([[1, 2, 2, 1]]).signs == (-1,)
    split = Link.from_pd([[1, 1, 2, 2], [3, 4, 4, 3], [5, 5, 6, 6]], n_unknots=2)
    assert split.pieces() == ((0,), (1,), (2,))
    assert split.n_components == 5
    assert split.genus == 0


def test_loops_are_components_without_crossings():
    assert Link.from_pd("PD[X[1,1,2,2], Loop[3], Loop[4]]").n_unknots == 2


@pytest.mark.parametrize(
    ("word", "strands", "components"), [([1], 2, 1), ([1, 1], 2, 2), ([], 4, 4), ([1, 3], 4, 2), ([1, 2, 3], 5, 2)]
)
def test_components_of_a_closure(word, strands, components):
    assert Link.from_braid(word, strands).n_components == components


class TestRefusals:
    def test_edge_that_appears_once_or_thrice(self):
        with pytest.raises(DomainError, match=r"edge 4 appears 3 times \(crossing 0, 1, 2\)"):
            Link.from_pd([[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 4, 2]])
        with pytest.raises(DomainError, match="edge 2 appears once"):
            Link.from_pd([[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 7]])
        with pytest.raises(DomainError, match="edge 1 appears 4 times"):
            Link.from_pd([[1, 1, 1, 1]])

    def test_virtual_diagram(self):
        with pytest.raises(
            DomainError, match=r"genus 1.*begins with crossing 0.*with crossing 0 listed clockwise"
        ) as caught:
            Link.from_pd([[1, 4, 2, 5], [3, 1, 4, 6], [5, 3, 6, 2]])
        assert "anticlockwise" in str(caught.value)

    def test_second_piece_is_the_offender(self):
        kink = [[7, 7, 8, 8]]
        with pytest.raises(DomainError, match="begins with crossing 1 "):
            Link.from_pd([*kink, [1, 4, 2, 5], [3, 1, 4, 6], [5, 3, 6, 2]])

    def test_opposite_directions(self):
        with pytest.raises(DomainError, match="cannot be oriented") as caught:
            Link.from_pd([[1, 5, 2, 4], [3, 1, 4, 6], [6, 2, 5, 3]])
        assert "oriented=False" in str(caught.value)
        assert Link.from_pd([[1, 5, 2, 4], [3, 1, 4, 6], [6, 2, 5, 3]], oriented=False) == Link.from_pd(TREFOIL)

    def test_component_over_all_others_with_two_edges(self):
        code = [[1, 3, 2, 4], [2, 3, 1, 4]]
        with pytest.warns(DomainWarning, match=r"edges 3, 4 .* pass signs="):
            Link.from_pd(code)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert Link.from_pd(code, signs=[1, -1]).signs == (1, -1)
            assert Link.from_pd("Xm[1,3,2,4] X[2,3,1,4]").signs == (-1, 1)
        with pytest.raises(DomainError, match="cannot be oriented"):
            Link.from_pd(code, signs=[1, 1])

    def test_signs(self):
        with pytest.raises(DomainError, match=r"signs\[1\] = 2"):
            Link.from_pd(TREFOIL, signs=[1, 2, 1])
        with pytest.raises(ShapeError, match="2 entries for 3"):
            Link.from_pd(TREFOIL, signs=[1, 1])
        with pytest.raises(DomainError, match=r"orient"):
            Link.from_pd(TREFOIL, signs=[1, -1, 1])

    @pytest.mark.parametrize(
        ("text", "position"), [("X[1,5,2,4] Y[3,1,4,6]", 11), ("PD[X[1,5,2]]", 3), ("hello", 0), ("[[1,5,2,x]]", 2)]
    )
    def test_texts(self, text, position):
        with pytest.raises(ParseError) as caught:
            Link.from_pd(text)
        assert caught.value.position == position

    def test_shapes(self):
        with pytest.raises(ShapeError, match="crossing 1 has 3 labels"):
            Link.from_pd([[1, 2, 2, 1], [3, 4, 5]])
        with pytest.raises(DomainError, match="four integers"):
            Link.from_pd([1, 2, 3, 4])
        with pytest.raises(DomainError, match="n_unknots"):
            Link.from_pd([], n_unknots=-1)
        with pytest.raises(DomainError, match="normal form"):
            Link(((1, 5, 2, 4), (3, 1, 4, 6), (5, 3, 6, 2)), 0, (1, 1, 1))

    def test_braid_letters(self):
        with pytest.raises(DomainError, match=r"word\[1\] = 0"):
            Link.from_braid([1, 0])
        with pytest.raises(DomainError, match=r"word\[1\] = -3 needs 4 strands"):
            Link.from_braid([1, -3], 3)
        with pytest.raises(DomainError, match="strands"):
            Link.from_braid([], 0)
        with pytest.raises(ParseError, match="'a'"):
            Link.from_braid("[1, a]")


def test_every_53rd_knot_of_the_table(knots):
    for row in knots[1::53]:
        link = Link.from_pd(row["pd_notation"])
        assert link.n_components == 1
        assert len(link.faces()) == link.n_crossings + 2
        assert sorted(sum(link.components, ())) == list(range(2 * link.n_crossings))
        assert Link.from_pd(row["pd_notation"].replace(",", ";")) == link


def test_linking_numbers_of_the_table_of_links(links):
    for row in links[::7]:
        link = Link.from_pd(row["pd_notation_vector"])
        matrix = np.zeros((link.n_components,) * 2, dtype=int)
        home = {edge: index for index, component in enumerate(link.components) for edge in component}
        for (i, j, _, _), sign in zip(link.crossings, link.signs, strict=True):
            a, b = home[i], home[j]
            if a != b:
                matrix[a, b] += sign
                matrix[b, a] += sign
        expected = row["linking_matrix"].replace("{", "[").replace("}", "]")
        assert (matrix // 2).tolist() == ast.literal_eval(expected)
        assert len(link.components) == int(row["components"])
