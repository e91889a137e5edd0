"""Tables of small links in one call: KnotInfo's knots, links of several components, and what is left to the general path."""

import json

import numpy as np
import pytest

from erlangen.exact import Z
from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.khovanov.readings import homology
from erlangen.topology.scanning import scan
from erlangen.topology.scanning.native_groups import native_groups
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
    assert found.s is None
    assert BigradedGroup(found.reduced) == homology(single, Z, reduced=True)
    assert BigradedGroup(found.unreduced) == homology(single, Z, reduced=False)


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
