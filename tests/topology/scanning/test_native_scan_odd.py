"""The compiled odd scan against its twin in Python and against all of KnotInfo's odd columns."""

import ast
import random
from collections import Counter
from functools import partial

import pytest

from erlangen.errors import BackendError
from erlangen.exact import F, Q, Z
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.khovanov.readings import homology
from erlangen.topology.scanning import scan, scan_odd
from erlangen.topology.scanning.native_scan import native_scan_available
from erlangen.topology.scanning.scan_checkpoint import ScanCheckpoint

pytestmark = pytest.mark.skipif(not native_scan_available(Z), reason="the engine is not compiled")


def random_braid(seed, strands, letters):
    rng = random.Random(seed)
    return Link.from_braid([rng.choice([1, -1]) * rng.randrange(1, strands) for _ in range(letters)], strands)


@pytest.mark.parametrize("ring", [Z, Q, F(2), F(3), F(2**31 - 1)], ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_the_engine_agrees_with_its_twin(ring, seed):
    link = random_braid(seed, 3 + seed % 3, 9)
    edge = seed % (2 * link.n_crossings)
    fast = scan_odd(link, ring=ring, basepoint=edge, backend="native", check=True)
    slow = scan_odd(link, ring=ring, basepoint=edge, backend="python")
    fast.check()
    assert homology(fast, ring, reduced=True) == homology(slow, ring, reduced=True)
    assert not fast.dotted.any()
    if ring.is_field:
        assert fast.statistics.generators[-1] == slow.statistics.generators[-1]


@pytest.mark.parametrize("pd", ["X[0,0,1,1]", "X[0,1,1,0]", "X[1,1,0,0]", "X[0,0,1,1] X[2,3,3,2]"])
def test_kinks_and_split_kinks(pd):
    link = Link.from_pd(pd)
    both = (homology(scan_odd(link, backend=b), Z, reduced=True) for b in ("native", "python"))
    assert next(both) == next(both)


def test_torus_knots_have_as_much_homology_modulo_two_as_the_even_theory():
    link = Link.from_braid([1, 2, 3, 4] * 6)
    odd = homology(scan_odd(link, check=True), F(2), reduced=True)
    assert odd == homology(scan(link, ring="F2", reduced=True), F(2), reduced=True)
    rational, prime = (homology(scan_odd(link, ring=ring), ring, reduced=True) for ring in (Q, F(101)))
    assert rational.poincare() == prime.poincare()


def test_a_run_is_resumed_from_its_checkpoint(tmp_path, monkeypatch):
    class Stop(Exception):
        pass

    def stop(done, crossings, generators):
        if done == 7:
            raise Stop

    link = random_braid(3, 4, 12)
    path = tmp_path / "state.safetensors"
    whole = scan_odd(link)
    monkeypatch.setattr("erlangen.topology.scanning.scan_checkpoint.ScanCheckpoint", partial(ScanCheckpoint, every=0.0))
    with pytest.raises(Stop):
        scan_odd(link, checkpoint=path, progress=stop)
    assert path.exists()
    assert scan_odd(link, checkpoint=path) == whole
    with pytest.raises(BackendError, match="checkpoint"):
        scan_odd(link, checkpoint=path, backend="python")


def column(row, name):
    return ast.literal_eval(row[name].replace(";", ",").replace("{", "[").replace("}", "]"))


@pytest.mark.slow
def test_all_odd_columns_of_knotinfo():
    """Integral, rational and modulo 2, of all 12,965 knots with 3 to 13 crossings.

    In KnotInfo 2026.11 the integral column of the 1,435 non-alternating 13-crossing knots with torsion lists each torsion summand
    twice, at h and at h - 1; its own columns over Q and modulo 2 say that the second is not there.
    """
    table = pytest.importorskip("database_knotinfo").link_list()
    twice = 0
    for row in table[2:]:
        if int(row["crossing_number"]) < 3:
            continue
        link = Link.from_pd(column(row, "pd_notation"))
        group = homology(scan_odd(link), Z, reduced=True)
        found = Counter({(order, h, q): times for order, times, h, q in group.to_knotinfo()})
        listed = Counter({(order, h, q): times for order, times, h, q in column(row, "khovanov_odd_integral_vector")})
        if listed != found:
            again = Counter({(order, h - 1, q): times for (order, h, q), times in found.items() if order})
            assert listed == found + again, row["name"]
            assert row["name"].startswith("13n")
            twice += 1
        free, parity = Counter(), Counter()
        for (order, h, q), times in found.items():
            free[h, q] += times * (order == 0)
            for degree in [(h, q)] * (order % 2 == 0) + [(h - 1, q)] * (order > 0 and order % 2 == 0):
                parity[degree] += times
        for name, expected in (("rational", +free), ("mod2", parity)):
            vector = column(row, f"khovanov_odd_{name}_vector")
            assert Counter({(h, q): times for _, times, h, q in vector}) == expected, row["name"]
    assert twice == 1435


def test_groups_are_values():
    group = homology(scan_odd(Link.from_braid([1, 1, 1, 2] * 2)), Z, reduced=True)
    assert group == BigradedGroup.parse("q^6 + t^2*q^10 + t^4*q^12*T^2 + t^5*q^14*T^3 + t^5*q^16")
