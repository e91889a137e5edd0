"""Names of knots and links, Perko's pair, the census."""

import warnings
from itertools import islice

import pytest

from erlangen.errors import DomainError, DomainWarning, MissingDependencyError
from erlangen.topology import Link, census, census_rows, torus_link
from erlangen.topology.diagrams import tables
from erlangen.topology.diagrams.names import _SMALL, _WORDS


@pytest.mark.parametrize(
    ("name", "crossings", "components"),
    [("unknot", 0, 1), ("0_1", 0, 1), ("Trefoil", 3, 1), ("K3_1", 3, 1), ("T(3,-4)", 8, 1), ("T(0,2)", 0, 2), ("hopf", 2, 2), ("borromean rings", 6, 3),
     ("3_1 # m(4_1)", 7, 1), ("m(hopf)#hopf", 4, 3)],
)  # fmt: skip
def test_names_without_tables(name, crossings, components, monkeypatch):
    def missing(kind):
        message = "no tables"
        raise MissingDependencyError(message)

    monkeypatch.setattr(tables, "_path", missing)
    link = Link.from_name(name)
    assert (link.n_crossings, link.n_components) == (crossings, components)
    assert link.name == name


def test_torus_names(jones):
    assert Link.from_name("T(3,4)") == torus_link(3, 4)
    assert Link.from_name("m(3_1)").writhe == -3


def test_small_codes_are_those_of_the_table(knots):
    table = {row["name"]: row["pd_notation"] for row in knots}
    for name, code in _SMALL.items():
        assert Link.from_pd(code) == Link.from_pd(table[name])


@pytest.mark.parametrize("word", sorted(_WORDS))
def test_words(word, knots):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Link.from_name(word).n_components >= 1


def test_words_mean_what_they_say(links, state_sum):
    def all_linking(link):
        return sorted(entry for row in state_sum.linking_matrix(link) for entry in row)

    assert all_linking(Link.from_name("hopf")) == [0, 0, 1, 1]
    assert all_linking(Link.from_name("solomon")) == [0, 0, 2, 2]
    for word, name in (("whitehead", "L5a1"), ("borromean", "L6a4")):
        table = state_sum.jones(Link.from_name(name))
        assert state_sum.jones(Link.from_name(word)) in (table, {-power: c for power, c in table.items()})


@pytest.mark.parametrize(
    ("name", "key"),
    [("8_19", "8_19"), ("K11n34", "11n_34"), ("11n34", "11n_34"), ("12n_242", "12n_242"), ("K13a_7", "13a_7"), ("7a_3", "7_5"),
     ("8n3", "8_19"), (" 10_124 ", "10_124"), ("perko", "10_161"), ("conway", "11n_34")],
)  # fmt: skip
def test_knots_of_the_table(name, key, knots):
    row = next(row for row in knots if row["name"] == key)
    assert Link.from_name(name) == Link.from_pd(row["pd_notation"])


def test_links_of_the_table(links):
    table = {row["name"]: row["pd_notation_vector"] for row in links}
    assert Link.from_name("L6a4") == Link.from_name("L6a4{0,0}") == Link.from_pd(table["L6a4{0,0}"])
    assert Link.from_name("L6a4{1, 0}") == Link.from_pd(table["L6a4{1,0}"])


def test_unknown_names(knots):
    with pytest.raises(DomainError, match=r"'8_22' is unknown \(the nearest names are .*8_21"):
        Link.from_name("8_22")
    with pytest.raises(DomainError, match=r"nearest names are .*L6a[45]"):
        Link.from_name("L6a9")
    with pytest.raises(DomainError, match="names look like"):
        Link.from_name("?")
    with pytest.raises(DomainError, match="must be a text"):
        Link.from_name(3)


# Planar diagram codes of SnapPy's (spherogram 2.4.1) table of Rolfsen's knots, edges from 1.
SNAPPY = {
    "10_83": "[(5,1,6,20),(1,14,2,15),(7,2,8,3),(3,8,4,9),(13,4,14,5),(15,7,16,6),(9,17,10,16),(19,11,20,10),(11,19,12,18),(17,13,18,12)]",
    "10_162": "[(15,1,16,20),(1,9,2,8),(2,14,3,13),(12,4,13,3),(7,5,8,4),(5,17,6,16),(17,7,18,6),(9,15,10,14),(10,20,11,19),(18,12,19,11)]",
    "10_163": "[(7,20,8,1),(1,14,2,15),(2,9,3,10),(10,3,11,4),(4,18,5,17),(16,6,17,5),(6,16,7,15),(13,9,14,8),(18,11,19,12),(12,19,13,20)]",
    "10_166": "[(20,7,1,8),(6,1,7,2),(15,3,16,2),(3,19,4,18),(9,5,10,4),(5,13,6,12),(13,9,14,8),(17,11,18,10),(11,17,12,16),(19,15,20,14)]",
}


@pytest.mark.parametrize("name", sorted(SNAPPY))
def test_rolfsens_numbers_are_snappys(name, knots, jones):
    knot = jones(Link.from_pd(SNAPPY[name]))
    assert jones(Link.from_name(name, numbering="rolfsen")) in (knot, {-power: c for power, c in knot.items()})
    if name != "10_166":
        other = jones(Link.from_name(name, numbering="knotinfo"))
        assert other not in (knot, {-power: c for power, c in knot.items()})
        with pytest.warns(DomainWarning, match="Perko"):
            Link.from_name(name)
    else:
        with pytest.raises(DomainError, match=r"Perko.*numbering='rolfsen'"):
            Link.from_name(name)


def test_census(knots, links):
    assert [link.name for link in islice(census(), 5)] == ["0_1", "3_1", "4_1", "5_1", "5_2"]
    assert sum(1 for _ in census(high=10)) == 250  # the unknot and Rolfsen's 249
    assert sum(1 for _ in census("links", high=6)) == len([row for row in links if int(row["crossing_number"]) <= 6])
    for link, row in census_rows("links", ["components", "linking_matrix"], low=8, high=8):
        assert set(row) == {"components", "linking_matrix"}
        assert link.n_components == int(row["components"])
    link, row = next(census_rows(low=13))
    assert row["name"] == link.name == "13a_1"
    with pytest.raises(DomainError, match=r"no column 'braid'.*braid_"):
        next(census_rows("knots", ["braid"]))
    with pytest.raises(DomainError, match="kind must be one of"):
        next(census("tangles"))
