"""Torus knots against a table kept from KnotJob: all torsion, Z/3, Z/4, Z/5 and Z/7 with it; digests of the benchmark cases against the same table."""

import importlib.util
import json
from pathlib import Path

import pytest

from erlangen import native, topology
from erlangen.bench import cases

TABLE = json.loads((Path(__file__).parent / "tables" / "torus_knots.json").read_text(encoding="utf-8"))


def _data():
    path = next(item.data for item in cases() if item.name.startswith("knot-"))
    spec = importlib.util.spec_from_file_location("knot_data", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DATA = _data()


def _name(row):
    kind = "odd" if row["theory"] == "odd" else "reduced" if row["reduced"] else "unreduced"
    return f"T({row['p']},{row['q']})-{kind}-{row['ring']}"


def _rows():
    for row in TABLE["rows"]:
        heavy = not native.available() and (row["p"] * row["q"] > 30 or row["theory"] == "odd")
        yield pytest.param(row, id=_name(row), marks=pytest.mark.slow if heavy else ())


@pytest.mark.parametrize("row", list(_rows()))
def test_a_torus_knot_has_the_homology_that_knotjob_found(row):
    link = topology.torus_link(row["p"], row["q"])
    found = topology.khovanov_homology(link, row["ring"], theory=row["theory"], reduced=row["reduced"])
    assert sorted(map(list, found.summands)) == sorted(row["summands"])


def test_the_table_has_torsion_of_every_order_that_is_claimed():
    orders = {
        (row["p"], row["q"]): {order for order, *_ in row["summands"]}
        for row in TABLE["rows"]
        if row["ring"] == "Z" and not row["reduced"]
    }
    assert orders[4, 5] == {0, 2, 4}
    assert orders[5, 6] == {0, 2, 3, 5}
    assert orders[6, 7] == {0, 2, 3, 4, 5}
    assert orders[7, 8] == {0, 2, 3, 4, 5, 7}


def test_digests_of_the_cases_are_those_of_the_table():
    kept = {}
    for row in TABLE["rows"]:
        group = [[h, q, order, n] for order, n, h, q in row["summands"]]
        assert DATA.digest([group]) == row["digest"]
        if row["theory"] == "even":
            kept[row["p"], row["q"], row["ring"], row["reduced"]] = row["digest"]
    compared = 0
    for item in cases():
        asked = item.parameters
        if item.name.startswith("knot-") and asked["family"] == "torus" and not asked.get("modules"):
            key = asked["p"], asked["q"], asked.get("ring", "Z"), asked.get("reduced", True)
            if key in kept:
                assert asked["digest"] == kept[key], item.name
                compared += 1
    assert compared >= 6


def test_a_group_is_told_apart_by_its_digest():
    trefoil = [[0, 1, 0, 1], [0, 3, 0, 1], [2, 5, 0, 1], [3, 7, 2, 1], [3, 9, 0, 1]]
    shuffled = [[3, 7, 2, 2], *trefoil[::-1], [3, 7, 2, -1], [3, 7, 2, -1]]
    assert DATA.digest([trefoil]) == DATA.digest([shuffled])
    assert DATA.digest([trefoil]) != DATA.digest([[*trefoil[:3], [3, 7, 4, 1], trefoil[4]]])
    assert DATA.canonical([[0, 0, 12, 1]]) == [[0, 0, 3, 1], [0, 0, 4, 1]]


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 2] * 4, [-1, -1, 2, -1, 2]])
def test_the_diagrams_of_the_cases_are_closures_of_their_braids(word):
    strands = max(map(abs, word)) + 1
    assert topology.Link.from_pd(DATA.braid_diagram(word, strands)).writhe == sum((k > 0) - (k < 0) for k in word)
    jones = topology.jones_polynomial(topology.Link.from_pd(DATA.braid_diagram(word, strands)))
    assert jones == topology.jones_polynomial(topology.Link.from_braid(word))
