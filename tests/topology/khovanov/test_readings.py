"""The readings of a scan against the cube of resolutions, over every ring; typed complexes."""

import pytest

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.exact import F, GradedModule, Q, Z
from erlangen.testing import check_complex
from erlangen.topology import (
    BigradedGroup,
    Link,
    bar_natan_homology,
    basepoint_action,
    khovanov_complex,
    khovanov_homology,
)
from erlangen.topology.khovanov import readings
from erlangen.topology.khovanov.cube import cube_complex
from erlangen.topology.scanning.scan import scan
from erlangen.topology.scanning.scanned_complex import ScannedComplex

WORDS = {
    "trefoil": [1, 1, 1],
    "left trefoil": [-1, -1, -1],
    "figure eight": [1, -2, 1, -2],
    "Hopf": [1, 1],
    "negative Hopf": [-1, -1],
    "T(3,3)": [1, 2, 1, 2, 1, 2],
    "5_2": [1, 1, 1, 2, -1, 2],
    "kinks": [1, -2, 3],
    "Whitehead": [1, -2, 1, -2, -2],
    "unlink of two": [],
}


def link_of(word):
    return Link.from_braid(word, strands=max([2, *(abs(letter) + 1 for letter in word)]))


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("ring", [Z, Q, F(2), F(3)])
def test_homology_is_that_of_the_cube(name, ring):
    link = link_of(WORDS[name])
    for reduced in (False, True):
        cube = cube_complex(link, ring, reduced=reduced)
        wanted = BigradedGroup.from_groups(cube.bigraded_homology(), ring)
        for base in {Z, ring}:
            for deformed in (False, True):
                complex_ = scan(link, ring=base, deformed=deformed)
                assert readings.homology(complex_, ring, reduced=reduced) == wanted
        small = readings.complex_of(scan(link, ring=ring), ring, reduced=reduced)
        assert BigradedGroup.from_groups(small.bigraded_homology(), ring) == wanted
        assert small.graded_euler() == cube.graded_euler()


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("ring", [Q, F(2), F(3)])
def test_bar_natan_homology_is_that_of_the_filtered_cube(name, ring):
    link = link_of(WORDS[name])
    for reduced in (False, True):
        cube = cube_complex(link, ring, reduced=reduced, deformed=True)
        wanted = cube.spectral_sequence(2).module()
        for base in {Z, ring}:
            found = readings.bar_natan(scan(link, ring=base, deformed=True), ring, reduced=reduced)
            assert found == wanted
            assert len(found.towers) == 2 ** (link.n_components - reduced)


@pytest.mark.parametrize("edge", range(4))
def test_each_component_can_be_reduced(edge):
    link = Link.from_braid([1, 1, 1, 1, 2, 2])
    edges = [component[0] for component in link.components] + [link.components[0][-1]]
    basepoint = edges[edge % len(edges)]
    cube = cube_complex(link, Z, reduced=True, basepoint=basepoint)
    found = readings.homology(scan(link, basepoint=basepoint), Z, reduced=True)
    assert found == BigradedGroup.from_groups(cube.bigraded_homology())


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 1]])
def test_complexes_pass_the_battery(word):
    link = link_of(word)
    whole, small = khovanov_complex(link, simplified=False), khovanov_complex(link)
    report = check_complex(whole, moves=[small, whole.reduce()])
    assert report.passed, report
    assert whole.is_graded
    for k, n in whole.modules.items():
        assert n - whole.laplacian(k).rank() == whole.betti(k)


def typed(entries, degrees, ring=Z, **options):
    return ScannedComplex.of(degrees, entries, ring, **options)


def test_a_typed_complex():
    """The right-handed trefoil after the scan: three arcs and one entry 2 X; with H it is 2 X - H (math/0606318, section 6)."""
    flat = typed([(1, 2, True, 2)], [(0, 2), (2, 6), (3, 8)])
    assert str(readings.homology(flat, Z, reduced=False)) == "q + q^3 + t^2*q^5 + t^3*q^7*T^2 + t^3*q^9"
    assert str(readings.homology(flat, Z, reduced=True)) == "q^2 + t^2*q^6 + t^3*q^8"
    bent = typed([(1, 2, True, 2), (1, 2, False, -1)], [(0, 2), (2, 6), (3, 8)], deformed=True)
    assert readings.homology(bent, Z, reduced=False) == readings.homology(flat, Z, reduced=False)
    assert readings.bar_natan(bent, Q, reduced=True) == GradedModule(Q, [(0, 2)], [(3, 8, 1)])
    assert readings.bar_natan(bent, Q, reduced=False) == GradedModule(Q, [(0, 1), (0, 3)], [(3, 9, 2)])
    two = readings.bar_natan(bent, F(2), reduced=False)
    assert two == GradedModule("F2", [(0, 1), (0, 3)], [(3, 7, 1), (3, 9, 1)])
    split = typed([(1, 2, True, 2)], [(0, 2), (2, 6), (3, 8)], n_unknots=1)
    unknot = BigradedGroup.parse("q + q^-1")
    assert readings.homology(split, Z, reduced=True) == readings.homology(flat, Z, reduced=True).tensor(unknot)


def test_torsion_is_read_from_diagonal_forms():
    """Two entries 4 X and 6 X that share a target: gcd 2; over F_2 both vanish, over F_3 one does not."""
    c = typed([(0, 2, True, 4), (1, 2, True, 6)], [(0, 0), (0, 0), (1, 2)])
    assert str(readings.homology(c, Z, reduced=False)) == "2*q^-1 + q + t*q*T^2 + t*q^3"
    assert str(readings.homology(c, F(2), reduced=False)) == "2*q^-1 + 2*q + t*q + t*q^3"
    assert str(readings.homology(c, F(3), reduced=False)) == "2*q^-1 + q + t*q^3"
    constant = typed([(0, 1, False, 12)], [(0, 0), (1, 0)])
    assert str(readings.homology(constant, Z, reduced=True)) == "t*T^3 + t*T^4"
    assert readings.homology(constant, Q, reduced=True) == BigradedGroup((), Q)
    dense = [[2, 4, 4], [-6, 6, 12], [10, 4, 16]]  # Smith form diag(2, 2, 156)
    entries = [(j, 3 + i, True, dense[i][j]) for i in range(3) for j in range(3)]
    c = typed(entries, [(0, 0)] * 3 + [(1, 2)] * 3)
    assert readings.homology(c, Z, reduced=False)[1, 1].invariant_factors == (2, 2, 156)


def test_refusals():
    c = typed([], [(0, 0)], F(2))
    with pytest.raises(DomainError, match="says nothing over Q"):
        readings.homology(c, Q, reduced=True)
    with pytest.raises(DomainError, match="dropped H"):
        readings.bar_natan(c, F(2), reduced=True)
    with pytest.raises(ResourceLimitError, match="cube of 3 crossings"):
        cube_complex(link_of([1, 1, 1]), Z, max_memory=1000)
    with pytest.raises(DomainError, match="basepoint=9"):
        cube_complex(link_of([1, 1, 1]), Z, reduced=True, basepoint=9)


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 1], [1, 2, 1, 2, 1, 2]])
def test_the_action_of_a_point(word):
    """Over F_2 homology is free over F_2[X]/X^2, of rank that of reduced homology (Shumakovitch)."""
    link = link_of(word)
    X = basepoint_action(link)
    assert X.degree == -2
    assert not X @ X
    reduced = khovanov_homology(link, "F2", reduced=True)
    assert {(h, q - 1): n for (h, q), n in X.ranks("F2").items()} == {p: g.rank for p, g in reduced.groups.items()}
    # the cone of X over F_2 is reduced homology twice, in degrees h - 1 and h
    assert sum(g.rank for g in X.over("F2").cone().homology().values()) == 2 * reduced.total_rank


@pytest.mark.parametrize("word", [[1, 1, 1], [1, -2, 1, -2], [1, 1]])
@pytest.mark.parametrize("ring", ["Q", "F2"])
def test_deformed_complexes_are_filtered(word, ring):
    link = link_of(word)
    for reduced in (False, True):
        module = bar_natan_homology(link, ring, reduced=reduced)
        for simplified in (False, True):
            whole = khovanov_complex(link, ring, deformed=True, reduced=reduced, simplified=simplified)
            assert whole.spectral_sequence(2).module() == module


def test_points_beside_split_unknots_are_refused():
    with pytest.raises(DomainError, match="1 split unknots"):
        basepoint_action(Link.from_pd([[0, 1, 1, 0]], n_unknots=1))
