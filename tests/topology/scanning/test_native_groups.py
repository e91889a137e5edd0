"""Tables of small links in one call: KnotInfo's knots, links of several components, and what is left to the general path."""

import json

import numpy as np
import pytest

from erlangen.exact import Z
from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.random_link import random_link
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.khovanov.khovanov_homology import khovanov_homology
from erlangen.topology.khovanov.readings import homology
from erlangen.topology.khovanov.s_invariant import s_invariant
from erlangen.topology.scanning import scan
from erlangen.topology.scanning.native_groups import native_groups, native_odd_groups
from erlangen.topology.scanning.native_scan import native_scan_available

pytestmark = pytest.mark.skipif(not native_scan_available(Z), reason="the engine is not compiled")


def knots(most):
    """Names, links and the three columns of KnotInfo's knots with 3 to ``most`` crossings."""
    info = pytest.importorskip("database_knotinfo")
    rows = [row for row in info.link_list()[2:] if 3 <= int(row["crossing_number"]) <= most]
    links = [Link.from_pd(row["pd_notation"].replace(";", ",")) for row in rows]
    columns = ("khovanov_reduced_integral_vector", "khovanov_unreduced_integral_vector", "rasmussen_invariant")
    return [row["name"] for row in rows], links, [[json.loads(row[c]) for c in columns] for row in rows]


def assert_knotinfo_agrees(most):
    for name, found, expected in zip(*_with_groups(most), strict=True):
        assert found is not None, name
        assert BigradedGroup(found.reduced) == BigradedGroup(expected[0]), name
        assert BigradedGroup(found.unreduced) == BigradedGroup(expected[1]), name
        assert found.s == expected[2], name


def _with_groups(most):
    names, links, expected = knots(most)
    return names, native_groups(links), expected


def test_knots_to_ten_crossings_agree_with_knotinfo():
    assert_knotinfo_agrees(10)


@pytest.mark.slow
def test_all_of_knotinfo_agrees():
    assert_knotinfo_agrees(13)


@pytest.mark.parametrize("word", [[1, 1], [1, 1, 1, 1], [1, 2] * 3, [1, 1, -2, -2], [1, -2, 1, -2, 1, -2], [1, 3]])
def test_links_agree_with_single_scans(word):
    link = Link.from_braid(word)
    found = native_groups([link])[0]
    single = scan(link, backend="native")
    assert found is not None
    assert found.s is None or found.s == s_invariant(link, backend="python")
    assert BigradedGroup(found.reduced) == homology(single, Z, reduced=True)
    assert BigradedGroup(found.unreduced) == homology(single, Z, reduced=False)


odd_engine = pytest.mark.skipif(not hasattr(kernels(), "khovanov_odd_groups"), reason="the engine has no odd tables")


@odd_engine
def test_s_of_links_comes_along_where_no_other_orientation_interferes():
    """Hopf links, T(2, 4), T(3, 3): positive, so that s = n - O + 1; classes at different degrees leave s open."""
    words = ([1, 1], [1, 1, 1, 1], [1, 2] * 3, [1, -1])
    assert [found.s for found in native_groups([Link.from_braid(word) for word in words])] == [1, 3, 4, None]


@odd_engine
@pytest.mark.parametrize("most", [8, pytest.param(12, marks=pytest.mark.slow)])
def test_odd_groups_of_many_knots_agree_with_knotinfo(most):
    info = pytest.importorskip("database_knotinfo")
    rows = [row for row in info.link_list()[2:] if 3 <= int(row["crossing_number"]) <= most]
    found = native_odd_groups([Link.from_pd(row["pd_notation"].replace(";", ",")) for row in rows], threads=2)
    for row, groups in zip(rows, found, strict=True):
        assert groups is not None, row["name"]
        kept = BigradedGroup.from_knotinfo(row["khovanov_odd_integral_vector"])
        assert BigradedGroup(groups.reduced) == kept, row["name"]
        assert BigradedGroup(groups.unreduced) == kept.shift(0, 1) + kept.shift(0, -1), row["name"]


@odd_engine
def test_odd_groups_of_random_links_are_those_of_single_scans():
    links = [random_link(1 + seed % 10, rng=seed) for seed in range(60)]
    found = native_odd_groups(links)
    assert sum(groups is None for groups in found) < 12  # no greedy order through discs: left to the general path
    for link, groups in zip(links, found, strict=True):
        if groups is not None:
            assert BigradedGroup(groups.reduced) == khovanov_homology(link, theory="odd", reduced=True)
    assert native_odd_groups([Link.from_braid([1, 1, 1, 3, 3, 3])]) == [None]  # two pieces


def test_torsion_and_large_diagrams():
    """T(4, 5) and T(5, 6), where torsion has orders 3, 4 and 5, and any number of threads."""
    links = [Link.from_braid([1, 2, 3] * 5), Link.from_braid([1, 2, 3, 4] * 6)] * 20
    one, two = (native_groups(links, threads=threads) for threads in (1, 2))
    assert one == two
    assert {order for order, *_ in one[0].unreduced} == {0, 2, 4}
    assert {3, 5} <= {order for order, *_ in one[1].unreduced}
    assert one[0].s == 12


def test_what_is_left_to_the_general_path():
    links = [Link.from_pd([], n_unknots=1), Link.from_pd("X[0,0,1,1]", n_unknots=1), Link.from_pd("X[0,0,1,1]")]
    found = native_groups(links)
    assert found[:2] == [None, None]
    assert found[2].reduced == ((0, 1, 0, 0),)
    assert native_groups([]) == []


def test_codes_are_checked():
    module = kernels("native")
    signs = np.array([[1, 0]], dtype=np.int32)
    for labels in ([[0, 0, 1, 2]], [[0, 0, 0, 1]], [[-1, 0, 0, 1]]):
        with pytest.raises(ValueError, match="each twice"):
            module.khovanov_groups(np.array(labels, dtype=np.int32), np.array([0, 1]), signs, 1)
    good = np.array([[0, 0, 1, 1]], dtype=np.int32)
    for start in ([0, 2], [1, 1], [0, 0, 1], [0, 3, 1]):
        with pytest.raises(ValueError, match=r"crossing|signs"):
            module.khovanov_groups(good, np.array(start), signs, 1)
