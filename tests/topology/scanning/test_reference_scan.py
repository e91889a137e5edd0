"""The scan in Python against tables, and the laws of its complex."""

import random

import pytest

from erlangen.errors import DomainError, LawError, ResourceLimitError
from erlangen.exact import F, Q, Z
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning import ScannedComplex, ScanPlan, scan, scan_plan
from erlangen.topology.scanning.crossing_order import crossing_order, girth_profile
from erlangen.topology.scanning.cut import cut_labels

# Reduced rational homology, KnotInfo 2026.11: {(h, q): rank}.
REDUCED = {
    "3_1": ([1, 1, 1], {(0, 2): 1, (2, 6): 1, (3, 8): 1}),
    "4_1": ([1, -2, 1, -2], {(-2, -4): 1, (-1, -2): 1, (0, 0): 1, (1, 2): 1, (2, 4): 1}),
    "8_19": ([1, 1, 1, 2, 1, 1, 1, 2], {(0, 6): 1, (2, 10): 1, (3, 12): 1, (4, 12): 1, (5, 16): 1}),
}


def smith_over_z(scanned):
    """Return ranks and torsion of reduced homology, the few entries left being diagonal: {(h, q): (rank, [torsion])}."""
    alive = dict(enumerate(zip(scanned.h.tolist(), scanned.q.tolist(), strict=True)))
    torsion = {}
    plain = [(s, t, c) for s, t, dot, c in scanned.entries() if not dot]
    ends = [end for s, t, _ in plain for end in (s, t)]
    assert len(set(ends)) == len(ends)  # diagonal
    for s, t, c in plain:
        torsion.setdefault(alive[t], []).append(abs(c))
        del alive[s], alive[t]
    ranks = {}
    for degree in alive.values():
        ranks[degree] = ranks.get(degree, 0) + 1
    return ranks, torsion


@pytest.mark.parametrize("name", REDUCED)
@pytest.mark.parametrize("ring", [Z, Q, F(2), F(3)])
@pytest.mark.parametrize("deformed", [False, True])
def test_small_knots_have_the_table_s_homology(name, ring, deformed):
    word, expected = REDUCED[name]
    found = scan(Link.from_braid(word), ring=ring, deformed=deformed, check=True, backend="python")
    found.check()
    assert found.poincare() == expected


def test_the_torus_knot_4_5_has_its_torsion():
    """Z2 in pairs of unreduced degrees (7; 21, 23) and (10; 27, 29), as KnotJob and JavaKh have it; Z4 comes from a dotted entry."""
    link = Link.from_braid([1, 2, 3] * 5)
    over_z = scan(link, backend="python")
    ranks, torsion = smith_over_z(over_z)
    assert torsion == {(7, 22): [2], (10, 28): [2]}
    over_two, over_three = (scan(link, ring=ring, backend="python") for ring in ("F2", "F3"))
    assert sum(ranks.values()) == len(over_three)
    assert len(over_two) == len(over_z)
    assert 4 in {abs(c) for _, _, dot, c in over_z.entries() if dot}


def test_sizes_do_not_depend_on_the_field_before_torsion_appears():
    sizes = {
        scan(Link.from_braid([1, 2, 3] * 3), ring=r, backend="python").statistics.generators for r in ("Q", "F2", "F5")
    }
    assert len(sizes) == 1


def test_the_result_does_not_depend_on_order_or_basepoint_of_a_knot():
    link = Link.from_braid([1, 1, -2, 1, -2, -2, 1])
    expected = scan(link, ring="F2", backend="python").poincare()
    rng = random.Random(5)
    for basepoint in range(0, 14, 3):
        order = rng.sample(range(7), 7)
        assert (
            scan(link, ring="F2", basepoint=basepoint, order=order, backend="python", check=True).poincare() == expected
        )


@pytest.mark.parametrize("pd", ["X[0,0,1,1]", "X[0,1,1,0]", "X[1,1,0,0]"])
def test_a_kink_is_an_unknot(pd):
    found = scan(Link.from_pd(pd), deformed=True, backend="python", check=True)
    assert found.poincare() == {(0, 0): 1}
    assert found.entries() == []


def test_split_diagrams():
    """Two kinks side by side, and a Hopf link beside a trefoil: circles and factors of a product."""
    unlink = scan(Link.from_braid([1, 3]), backend="python", check=True)
    assert unlink.poincare() == {(0, -1): 1, (0, 1): 1}
    assert scan(Link.from_pd([], n_unknots=3)).n_unknots == 2
    both = scan(Link.from_braid([1, 1, 3, 3, 3]), ring="Q", backend="python", check=True)
    hopf = scan(Link.from_braid([1, 1]), ring="Q", backend="python")
    assert len(both) == len(hopf) * 4  # the unreduced trefoil has rank 4 over Q


def test_deformed_and_plain_scan_have_the_same_generators():
    for word in ([1, 2, -1, 2, 2, -1], [1, 1, 2, -1, 2]):
        link = Link.from_braid(word)
        plain, deformed = (scan(link, deformed=flag, backend="python") for flag in (False, True))
        assert plain.poincare() == deformed.poincare()
        assert len(deformed.entries()) >= len(plain.entries())


def test_lee_s_theory_has_one_tower_for_a_knot():
    """At H = 1 and X = 0 the complex of a knot has homology of rank one."""
    scanned = scan(Link.from_braid([1, 2] * 4), ring="Q", deformed=True, backend="python")
    undotted = [(s, t) for s, t, dot, c in scanned.entries() if not dot and c]
    assert len(scanned) - 2 * len(undotted) == 1


def test_values_print_and_parse_back():
    scanned = scan(Link.from_braid([1, 1, 1]), backend="python")
    twin = eval(repr(scanned), {"ScannedComplex": ScannedComplex, "Z": Z})
    assert twin == scanned
    assert hash(twin) == hash(scanned)
    assert eval(repr(ScanPlan((0, 1), (4, 2)))) == ScanPlan((0, 1), (4, 2))


def test_a_broken_complex_is_refused():
    square = ScannedComplex.of([(0, 0), (1, 0), (2, 0)], [(0, 1, False, 2), (1, 2, False, 3)], Z)
    with pytest.raises(LawError, match="coefficient 6"):
        square.check()
    with pytest.raises(LawError, match="goes from"):
        ScannedComplex.of([(0, 0), (1, 2)], [(0, 1, False, 1)], Z).check()


def test_bad_arguments_are_refused():
    link = Link.from_braid([1, 1, 1])
    with pytest.raises(DomainError, match="basepoint = 6"):
        scan(link, basepoint=6)
    with pytest.raises(DomainError, match="order must list"):
        scan(link, order=[0, 0, 1])
    with pytest.raises(DomainError, match="not a prime"):
        scan(link, ring="F4")
    with pytest.raises(DomainError, match="no component"):
        scan(Link.from_pd([]))
    with pytest.raises(ResourceLimitError, match="girths 4 4 2"):
        scan(link, max_memory=10)


@pytest.mark.parametrize("strands", [2, 3, 4])
def test_the_search_finds_the_best_order_of_a_small_diagram(strands):
    """Against all orders, by dynamic programming over all sets of crossings (a beam as wide as there are sets)."""
    rng = random.Random(strands)
    link = Link.from_braid([rng.choice([1, -1]) * rng.randrange(1, strands) for _ in range(9)], strands)
    labels = cut_labels(link, 0)
    best = sum(1 << g for g in girth_profile(labels, crossing_order(labels, width=10**6)))
    assert sum(1 << g for g in girth_profile(labels, crossing_order(labels))) <= 1.1 * best


def test_a_plan_is_never_worse_than_the_order_of_the_diagram():
    link = Link.from_braid([1, 2, 3, 4] * 6)
    assert scan_plan(link).cost <= scan_plan(link, order=range(24)).cost
    assert scan_plan(link).girths[-1] == 2
    assert scan_plan(link).girth <= 10
