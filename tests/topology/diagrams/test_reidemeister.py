"""Reidemeister moves: every place of some diagrams, and random walks, against the Jones polynomial and linking numbers."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.topology import Braid, Link, ReidemeisterMove, random_moves, reidemeister_moves, torus_link
from erlangen.topology.diagrams.ends import face_ends

STEPS = {"R1+": 1, "R1-": -1, "R2+": 2, "R2-": -2, "R3": 0}
LINKS = {
    "trefoil": Link.from_name("3_1"),
    "figure-eight": Link.from_name("4_1"),
    "hopf": Link.from_name("hopf"),
    "borromean": Link.from_name("borromean"),
    "T(3,4)": torus_link(3, 4),
    "kink": Link.from_pd([[1, 1, 2, 2]]),
    "circles": Link(n_unknots=2),
    "split": Link.from_pd([[1, 2, 2, 1], [3, 3, 4, 4]], n_unknots=1),
    "over": Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1]),
    "relation": Braid([1, 2, 1, -2, 1, 2, -1, -1, 3, -3]).closure(),
}


def linking_spectrum(link, state_sum):
    return sorted(entry for row in state_sum.linking_matrix(link) for entry in row if entry)


@pytest.mark.parametrize("name", LINKS)
def test_every_place(name, state_sum):
    link = LINKS[name]
    jones, linking = state_sum.jones(link), linking_spectrum(link, state_sum)
    for base in (link, random_moves(link, 8, rng=1)):
        for index, move in enumerate(reidemeister_moves(base)):
            if "+" in move.kind and base.n_crossings > 4 and index % 5:
                continue
            after = move.apply(base)
            assert after.n_crossings - base.n_crossings == STEPS[move.kind]
            assert (after.genus, after.n_components) == (0, link.n_components)
            assert Link(after.crossings, after.n_unknots, after.signs) == after
            assert state_sum.jones(after) == jones
            assert linking_spectrum(after, state_sum) == linking
            if move.kind == "R1+":
                assert after.writhe == base.writhe + move.sign
            elif move.kind == "R1-":
                assert abs(after.writhe - base.writhe) == 1
            else:
                assert after.writhe == base.writhe


def test_each_growth_can_be_taken_back():
    link = LINKS["figure-eight"]
    for move in reidemeister_moves(link, ["R1+", "R2+"]):
        after = move.apply(link)
        back = [undo.apply(after) for undo in reidemeister_moves(after, [move.kind[:2] + "-"])]
        assert link in back


def test_slides_are_involutions():
    link = random_moves(LINKS["T(3,4)"], 30, rng=4)
    slides = list(reidemeister_moves(link, ["R3"]))
    assert slides
    for move in slides:
        after = move.apply(link)
        assert link in [again.apply(after) for again in reidemeister_moves(after, ["R3"])]


def test_number_of_places():
    link = LINKS["T(3,4)"]
    faces = face_ends(link.partners)
    assert sum(1 for _ in reidemeister_moves(link, ["R1+"])) == 2 * 4 * link.n_crossings
    assert sum(1 for _ in reidemeister_moves(link, ["R2+"])) == 2 * sum(len(face) * (len(face) - 1) for face in faces)


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("seed", range(3))
def test_random_walks(name, seed, state_sum):
    link = LINKS[name]
    after = random_moves(link, 40, rng=seed, max_crossings=14)
    assert after == random_moves(link, 40, rng=np.random.default_rng(seed), max_crossings=14)
    assert state_sum.jones(after) == state_sum.jones(link)
    assert after.name == link.name


def test_the_empty_link_has_no_moves():
    assert not list(reidemeister_moves(Link()))
    assert random_moves(Link(), 5, rng=0) == Link()


def test_refusals():
    trefoil = LINKS["trefoil"]
    for move in (
        ReidemeisterMove("R1-", (0,)),
        ReidemeisterMove("R2-", (0, 5)),
        ReidemeisterMove("R3", (0, 4, 8)),
        ReidemeisterMove("R1+", (99,), 1),
        ReidemeisterMove("R1+", (-1,), 1),
        ReidemeisterMove("R1+", (0,), 0),
        ReidemeisterMove("R2+", (0, 0), 1),
    ):
        with pytest.raises(DomainError, match="cannot be made"):
            move.apply(trefoil)
    with pytest.raises(DomainError, match="kind must be one of"):
        ReidemeisterMove("R4", ()).apply(trefoil)
    with pytest.raises(DomainError, match="kinds must be one of"):
        list(reidemeister_moves(trefoil, ["R4"]))
