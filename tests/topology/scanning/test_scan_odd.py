"""The odd scan against the whole cube, KnotInfo's columns, and the laws of its composition."""

import ast
import random
from functools import partial
from itertools import product

import pytest

from erlangen.errors import BackendError, DomainError, ResourceLimitError
from erlangen.exact import F, Q, Z
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning import scan
from erlangen.topology.scanning import scan_odd as any_scan_odd
from erlangen.topology.scanning.closed_state import ClosedState, Saddle, partners
from erlangen.topology.scanning.matching import matching
from erlangen.topology.scanning.odd_tangle_complex import OddTangleComplex
from erlangen.topology.scanning.planar_disc import CutDiagram, PlanarDisc, attach

scan_odd = partial(any_scan_odd, backend="python")


def homology(scanned):
    """{(h, q): (rank, sorted torsion)} of a complex over Z whose entries are diagonal."""
    scanned.check()
    degrees = list(zip(scanned.h.tolist(), scanned.q.tolist(), strict=True))
    entries = scanned.entries()
    ends = [end for s, t, _, _ in entries for end in (s, t)]
    assert len(set(ends)) == len(ends)
    found = {}
    for _, t, dotted, c in entries:
        assert not dotted
        found.setdefault(degrees[t], [0, []])[1].append(abs(c))
    for generator, degree in enumerate(degrees):
        if generator not in ends:
            found.setdefault(degree, [0, []])[0] += 1
    return {degree: (rank, sorted(torsion)) for degree, (rank, torsion) in found.items()}


def random_link(rng, crossings=8, strands=4):
    n = rng.randrange(2, strands + 1)
    letters = [rng.choice([1, -1]) * rng.randrange(1, n) for _ in range(rng.randrange(2, crossings + 1))]
    return Link.from_braid(letters, n)


# KnotInfo 2026.11, khovanov_odd_integral_vector: [torsion, multiplicity, h, q].
# fmt: off
KNOTINFO = {
    "8_19": ([1, 1, 1, 2] * 2, [[0, 1, 0, 6], [0, 1, 2, 10], [0, 1, 5, 16], [2, 1, 4, 12], [3, 1, 5, 14]]),
    "9_42": (
        [-1, -1, -1, 2, 1, 1, -3, 2, -3],
        [*([0, 1, h, 2 * h - 2] for h in range(-2, 5)), [2, 1, 1, 0]],
    ),
    "10_124": (
        [1, 1, 1, 1, 1, 2, 1, 1, 1, 2],
        [[0, 1, 0, 8], [0, 1, 2, 12], [0, 1, 7, 20], [2, 1, 4, 14], [2, 1, 6, 18], [3, 1, 5, 16]],
    ),
    "10_132": (
        [1, 1, 1, -2, -1, -1, -2, -3, 2, -3, -3],
        [
            [0, 1, -7, -14], [0, 1, -6, -12], [0, 1, -5, -10], [0, 1, -4, -8], [0, 1, -2, -4],
            [2, 1, -3, -8], [2, 1, -2, -6], [2, 1, 0, -2], [3, 1, -2, -6],
        ],
    ),
}
# fmt: on


@pytest.mark.parametrize("name", KNOTINFO)
def test_knots_with_torsion_of_knotinfo(name):
    word, vector = KNOTINFO[name]
    assert primary(homology(scan_odd(Link.from_braid(word), check=True))) == read(vector)


@pytest.mark.parametrize("seed", range(12))
def test_random_links_agree_with_the_whole_cube(seed, odd_cube):
    link = random_link(random.Random(seed), 7)
    cube = {place: (rank, list(torsion)) for place, (rank, torsion) in odd_cube(link).homology().items()}
    assert homology(scan_odd(link, check=True)) == cube


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_more_random_links_agree_with_the_whole_cube(seed, odd_cube):
    link = random_link(random.Random(seed), 9)
    cube = {place: (rank, list(torsion)) for place, (rank, torsion) in odd_cube(link).homology().items()}
    assert homology(scan_odd(link, check=True)) == cube


@pytest.mark.parametrize("seed", range(6))
def test_over_two_elements_it_is_the_even_theory(seed):
    link = random_link(random.Random(seed), 10)
    edge = seed % (2 * link.n_crossings)
    even = scan(link, ring="F2", basepoint=edge, backend="python").poincare()
    assert scan_odd(link, ring="F2", basepoint=edge).poincare() == even


@pytest.mark.parametrize("seed", range(4))
def test_ranks_over_fields_follow_from_the_integers(seed):
    link = random_link(random.Random(seed), 10)
    over_z = homology(scan_odd(link))
    for ring in (Q, F(2), F(3)):
        expected = {}
        for (h, q), (rank, torsion) in over_z.items():
            seen = sum(d % ring.characteristic == 0 for d in torsion) if ring.characteristic else 0
            for degree, number in (((h, q), rank + seen), ((h - 1, q), seen)):
                if number:
                    expected[degree] = expected.get(degree, 0) + number
        assert scan_odd(link, ring=ring).poincare() == expected


def test_it_does_not_depend_on_the_component_that_is_cut():
    """Odd reduced homology of a link has no basepoint (0710.4300, section 4)."""
    link = Link.from_braid([1, 1, 2, 2, -1, 2])
    results = [homology(scan_odd(link, basepoint=edge)) for edge in range(2 * link.n_crossings)]
    assert all(result == results[0] for result in results)


def test_every_order_through_discs_gives_the_same():
    link = Link.from_braid([1, -2, 1, 1, -2, 1, 2])
    expected = homology(scan_odd(link))
    labels = CutDiagram(link).labels
    rng = random.Random(3)
    for _ in range(10):
        boundary, order = (), []
        while len(order) < len(labels):
            ready = [c for c in range(len(labels)) if c not in order and attach(boundary, labels[c]) is not None]
            order.append(rng.choice(ready))
            boundary = attach(boundary, labels[order[-1]])
        assert homology(scan_odd(link, order=order, check=True)) == expected


def test_kinks_mirror_images_and_unknots():
    for pd in ("X[0,0,1,1]", "X[0,1,1,0]", "X[1,1,0,0]"):
        assert homology(scan_odd(Link.from_pd(pd))) == {(0, 0): (1, [])}
    left, right = (homology(scan_odd(Link.from_braid([s, s, s, 2 * s] * 2))) for s in (1, -1))
    free = {(-h, -q): rank for (h, q), (rank, _) in left.items() if rank}
    assert free == {place: rank for place, (rank, _) in right.items() if rank}
    torsion = {(1 - h, -q): t for (h, q), (_, t) in left.items() if t}
    assert torsion == {place: t for place, (_, t) in right.items() if t}
    assert len(scan_odd(Link.from_pd([], n_unknots=2))) == 1
    assert scan_odd(Link.from_pd([], n_unknots=2)).n_unknots == 1


def matchings(ends):
    if not ends:
        return [()]
    return [
        matching([(ends[0], ends[i]), *left, *right])
        for i in range(1, len(ends), 2)
        for left, right in product(matchings(ends[1:i]), matchings(ends[i + 1 :]))
    ]


@pytest.mark.parametrize("closure", matchings((0, 1, 2, 3, 4, 5)))
def test_composition_of_odd_cobordisms_is_associative(closure):
    """On three strands, for the signs that belong to each closure: (h g) f = h (g f) on dotted discs."""
    ends = tuple(range(6))
    disc = PlanarDisc(ends, {end: end % 2 == 0 for end in ends}, closure)
    algebra = OddTangleComplex(Z, CutDiagram(Link.from_braid([1])))
    algebra.disc = disc
    all_arcs = matchings(ends)
    rng = random.Random(str(closure))
    nonzero = 0
    for _ in range(150):
        a, b, c, d = (rng.choice(all_arcs) for _ in range(4))
        f, g, h = (tuple(x for x in circles if rng.random() < 0.3) for circles in map(names, (a, b, c), (b, c, d)))
        left, right = {}, {}
        for dots, value in algebra.product((a, b, c), f, g):
            for more, factor in algebra.product((a, c, d), dots, h):
                left[more] = left.get(more, 0) + value * factor
        for dots, value in algebra.product((b, c, d), g, h):
            for more, factor in algebra.product((a, b, d), f, dots):
                right[more] = right.get(more, 0) + value * factor
        left, right = ({dots: v for dots, v in side.items() if v} for side in (left, right))
        assert left == right
        nonzero += bool(left)
    assert nonzero > 20


def names(a, b):
    return sorted(set(ClosedState(partners(a), partners(b)).circles().values()))


def test_signs_of_the_faces_of_a_cube():
    """Two merges commute, two splits anticommute; split and merge of one circle is of type X, or Y with one arrow turned."""
    apart = ClosedState(partners([(0, 1), (2, 3), (4, 5), (6, 7)]), partners([(1, 0), (3, 2), (5, 4), (7, 6)]))
    one, two = Saddle(False, 0, 1, 2, 3, True), Saddle(False, 4, 5, 6, 7, True)
    assert apart.exchange_sign(one, two) == 1
    joined = apart.after(one).after(two)
    back = Saddle(False, 0, 3, 2, 1, True), Saddle(False, 4, 7, 6, 5, True)
    assert joined.exchange_sign(*back) == joined.exchange_sign(*back[::-1]) == -1
    single = ClosedState(partners([(0, 1), (2, 3)]), partners([(1, 2), (3, 0)]))
    inner = Saddle(False, 0, 1, 2, 3, True)
    outer, turned = Saddle(True, 1, 2, 3, 0, False), Saddle(True, 3, 0, 1, 2, False)
    assert single.exchange_sign(inner, outer) == -single.exchange_sign(inner, turned)
    assert single.exchange_sign(inner, outer) == single.exchange_sign(outer, inner)


def test_bad_arguments_are_refused():
    link = Link.from_braid([1, 2, 3, 1, 2, 3])
    with pytest.raises(DomainError, match="do not form a disc"):
        scan_odd(link, order=[0, 2, 1, 3, 4, 5])
    with pytest.raises(DomainError, match="order must list"):
        scan_odd(link, order=[0, 1])
    with pytest.raises(DomainError, match="basepoint"):
        scan_odd(link, basepoint=-1)
    with pytest.raises(BackendError, match="checkpoint"):
        scan_odd(link, checkpoint="state")
    with pytest.raises(ResourceLimitError, match="girths"):
        scan_odd(link, max_memory=1)


def knotinfo(most):
    """Yield name, link and odd homology {(h, q): (rank, torsion)} of KnotInfo's knots with at most so many crossings."""
    table = pytest.importorskip("database_knotinfo").link_list()
    for row in table[2:]:
        if 3 <= int(row["crossing_number"]) <= most:
            code, vector = (
                row[column].replace(";", ",").replace("{", "[").replace("}", "]")
                for column in ("pd_notation", "khovanov_odd_integral_vector")
            )
            yield row["name"], Link.from_pd(ast.literal_eval(code)), read(ast.literal_eval(vector))


def read(vector):
    """KnotInfo's rows as {(h, q): (rank, sorted torsion)}."""
    expected = {}
    for torsion, number, h, q in vector:
        rank, powers = expected.get((h, q), (0, []))
        expected[h, q] = (rank, sorted(powers + number * [torsion])) if torsion else (rank + number, powers)
    return expected


def primary(found):
    """Decompose torsion into prime powers."""
    split = {}
    for place, (rank, torsion) in found.items():
        powers = []
        for d in torsion:
            for p in (2, 3, 5, 7, 11, 13):
                power = 1
                while d % (power * p) == 0:
                    power *= p
                powers += [power] * (power > 1)
        split[place] = rank, sorted(powers)
    return split


@pytest.mark.slow
def test_knotinfo_up_to_ten_crossings():
    for name, link, expected in knotinfo(10):
        assert primary(homology(scan_odd(link))) == expected, name
