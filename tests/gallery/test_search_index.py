from __future__ import annotations

import json

import pytest

from erlangen.gallery import Catalogue
from erlangen.gallery.search_index import build_index, index_script, words
from erlangen.papers import papers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Schrödinger's O(L³)", ["schrodinger", "l3"]),
        ("b^k-algebroids", ["algebroids"]),
        ("SPD & the SO(3)", ["spd"]),
        ("", []),
    ],
)
def test_words(text, found):
    assert words(text) == found


def test_the_index_finds_papers_by_title_author_and_abstract(ran, toys):
    index = build_index(Catalogue(ran[0], root=toys).entries())
    assert set(index["varadhan"]) == {0}
    assert set(index["galois"]) == {0}
    assert set(index["groups"]) == {1, 2}
    assert set(index["schrodinger"]) == {2}
    assert index["zeta"][2] > index["currents"][2], "a title weighs more than an abstract"
    assert all(1 <= weight <= 99 for places in index.values() for weight in places.values())


def test_the_house_is_indexed_in_sixty_kilobytes(store):
    script = index_script(Catalogue(store).entries())
    assert len(script.encode()) <= 60_000
    document = json.loads(script.removeprefix("window.erlangenIndex=").removesuffix(";\n"))
    assert document["slugs"] == [paper.slug for paper in papers()]
    known = {part.split(" ")[0] for part in document["words"].split("|")}
    assert {"khovanov", "wasserstein", "geodesic", "krishnaswamy", "fisher", "wing", "foliations"} <= known
    for wanted in ("haydys-witten-khovanov", "gbwbn-spd"):
        title = words(next(paper.title for paper in papers() if paper.slug == wanted))
        assert set(title) <= known
