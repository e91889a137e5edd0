"""Seifert matrices against their laws and KnotInfo's genera."""

import random

import numpy as np
import pytest

from erlangen.topology import Link, linking_matrix, seifert_circles, seifert_genus, seifert_matrix


def test_v_minus_its_transpose_is_unimodular_on_knots(knots):
    for row, knot in knots(8):
        V = seifert_matrix(knot)
        assert round(np.linalg.det((V - V.T).astype(float))) == 1, row["name"]


def test_alternating_diagrams_give_the_genus_and_others_a_bound(knots):
    for row, knot in knots(10):
        genus = seifert_genus(knot)
        if row["alternating"] == "Y":
            assert genus == int(row["three_genus"]), row["name"]
        else:
            assert genus >= int(row["three_genus"]), row["name"]


def test_linking_number_with_the_boundary_is_an_entry():
    # An annulus with n full twists: both boundary curves are parallel to the core, so lk = V in size.
    for n in (-3, -1, 1, 2):
        annulus = Link.from_braid([1 if n > 0 else -1] * (2 * abs(n)))
        V = seifert_matrix(annulus)
        assert V.shape == (2 * abs(n) - 1,) * 2
        assert linking_matrix(annulus)[0, 1] == n


def test_circles_of_a_closed_braid_are_its_strands():
    rng = random.Random(5)
    for strands in (2, 3, 5):
        word = [rng.choice([-1, 1]) * rng.randrange(1, strands) for _ in range(20)] + list(range(1, strands))
        circles = seifert_circles(Link.from_braid(word, strands))
        assert len(circles) == strands
        assert sorted(edge for circle in circles for edge in circle) == list(range(2 * len(word)))


def test_tubes_join_the_pieces():
    split = Link.from_braid([1, 1, 1, 3, 3, 3])
    V = seifert_matrix(split)
    assert V.shape == (5, 5)
    assert np.linalg.matrix_rank(V + V.T) == 4
    assert seifert_genus(split) == 2
    assert seifert_matrix(Link.from_braid([], strands=4)).tolist() == [[0] * 3] * 3
    assert seifert_genus(Link.from_braid([], strands=4)) == 0
    assert seifert_matrix(Link.from_braid([], strands=1)).shape == (0, 0)


def test_kinks_do_not_matter():
    for word in ([1], [-1], [1, -2], [1, 2, 3]):
        V = seifert_matrix(Link.from_braid(word))
        assert V.shape == (0, 0)


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 2, 1, 2, 1, 2, 1, 2]])
def test_a_stabilised_braid_has_the_same_form_up_to_congruence(word):
    strands = max(map(abs, word)) + 1
    first = seifert_matrix(Link.from_braid(word))
    more = seifert_matrix(Link.from_braid([*word, strands]))
    assert first.shape == more.shape
    det = [round(np.linalg.det((V + V.T).astype(float))) for V in (first, more)]
    assert det[0] == det[1]
