"""s of oriented links: Lee's generators in the whole cube, formulas for positive, alternating and torus links, KnotJob's answers, laws."""

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.topology import Link, parse_link, s_invariant, seifert_circles, signature, simplify, torus_link
from erlangen.topology.diagrams.random_link import random_link

TABLE = json.loads((Path(__file__).parents[1] / "tables" / "link_s.json").read_text(encoding="utf-8"))
BORROMEAN = Link.from_braid([1, -2] * 3)
WHITEHEAD = Link.from_braid([-1, 2, -1, 2, -1])


def oriented(link):
    """Yield a link with every orientation, the first component kept, and the components reversed."""
    others = range(1, link.n_components)
    for size in range(link.n_components):
        for chosen in combinations(others, size):
            yield (link.reverse(*chosen) if chosen else link), chosen


# --- an oracle: the generator of Lee and Rasmussen in the whole cube over F_p, X^2 = X


def circles_of(link, vertex):
    """Return for each edge the least edge of its circle in a smoothing."""
    name = list(range(2 * link.n_crossings))
    for (i, j, k, m), bit in zip(link.crossings, vertex, strict=True):
        for a, b in ((i, m), (j, k)) if bit else ((i, j), (k, m)):
            old, new = max(name[a], name[b]), min(name[a], name[b])
            name = [new if x == old else x for x in name]
    return name


def image(link, vertex, state):
    """Yield the terms of the differential of a state, a set of circles labelled X."""
    before = circles_of(link, vertex)
    for c, crossing in enumerate(link.crossings):
        if vertex[c]:
            continue
        there = (*vertex[:c], 1, *vertex[c + 1 :])
        after = circles_of(link, there)
        sign = (-1) ** sum(vertex[:c])
        old, new = sorted({before[e] for e in crossing}), sorted({after[e] for e in crossing})
        rest = frozenset(state) - set(old)
        marked = [circle in state for circle in old]
        if len(old) == 2:  # 1 1 = 1, 1 X = X, X X = X
            yield there, rest | set(new if any(marked) else ()), sign
        elif marked[0]:  # X = X X
            yield there, rest | set(new), sign
        else:  # 1 = 1 X + X 1 - 1 1
            for chosen, factor in ((new[:1], 1), (new[1:], 1), ([], -1)):
                yield there, rest | set(chosen), sign * factor


def degree(link, vertex, state):
    free = len(set(circles_of(link, vertex)))
    return free - 2 * len(state) + sum(vertex) + link.n_plus - 2 * link.n_minus


def canonical(link):
    """Return the generator of the orientation: X or 1 - X on a circle, by the parity of circles around it and its sense."""
    vertex = tuple(int(sign < 0) for sign in link.signs)
    names = circles_of(link, vertex)
    colour, sides = colours(link), faces_of(link)
    kinds = {}
    for edge, name in enumerate(names):
        assert (
            kinds.setdefault(name, colour[sides[edge][0]]) == colour[sides[edge][0]]
        )  # one colour is on the left of a Seifert circle
    terms = {(vertex, frozenset()): 1}
    for name, kind in kinds.items():
        new = {}
        for (v, state), c in terms.items():
            new[v, state | {name}] = new.get((v, state | {name}), 0) + (c if kind else -c)
            if not kind:
                new[v, state] = new.get((v, state), 0) + c
        terms = new
    return terms


def faces_of(link):
    """Return for each edge the faces on its left and right."""
    face = {end: number for number, ends in enumerate(link.faces()) for end in ends}
    heads = {}
    for c, (crossing, sign) in enumerate(zip(link.crossings, link.signs, strict=True)):
        heads.update({crossing[slot]: (c, slot) for slot in (0, 3 if sign > 0 else 1)})
    ends = [(c, slot) for c in range(link.n_crossings) for slot in range(4)]
    tails = {link.crossings[c][slot]: (c, slot) for c, slot in ends if heads[link.crossings[c][slot]] != (c, slot)}
    return {edge: (face[heads[edge]], face[tails[edge]]) for edge in heads}


def colours(link):
    """Return 0 or 1 for each face, different on both sides of every edge; pieces of a diagram are coloured apart."""
    found = {}
    sides = faces_of(link)
    for start, _ in sides.values():
        found.setdefault(start, 0)
        for _ in sides:
            for a, b in sides.values():
                for x, y in ((a, b), (b, a)):
                    if x in found:
                        found.setdefault(y, 1 - found[x])
    return found


def cube_s(link, p):
    """Return one more than the filtration degree of the canonical generator modulo boundaries."""
    height = link.n_minus - 1
    rows = []
    for vertex in product((0, 1), repeat=link.n_crossings):
        if sum(vertex) == height:
            names = sorted(set(circles_of(link, vertex)))
            for size in range(len(names) + 1):
                for state in combinations(names, size):
                    row = {}
                    for there, labels, c in image(link, vertex, state):
                        key = (degree(link, there, labels), there, tuple(sorted(labels)))
                        row[key] = (row.get(key, 0) + c) % p
                    rows.append(row)
    pivots = {}

    def reduced(row):
        row = {key: c for key, c in row.items() if c}
        while row and (least := min(row)) in pivots:
            factor = row[least]
            for key, c in pivots[least].items():
                value = (row.get(key, 0) - factor * c) % p
                if value:
                    row[key] = value
                else:
                    row.pop(key, None)
        return row

    for row in sorted(rows, key=len):
        rest = reduced(row)
        if rest:
            least = min(rest)
            unit = pow(rest[least], -1, p)
            pivots[least] = {key: c * unit % p for key, c in rest.items()}
    terms = canonical(link).items()
    return 1 + min(reduced({(degree(link, v, s), v, tuple(sorted(s))): c % p for (v, s), c in terms}))[0]


SMALL = {
    "figure eight": Link.from_braid([1, -2, 1, -2]),
    "unlink as 1 -1": Link.from_braid([1, -1]),
    "Hopf": Link.from_braid([1, 1]),
    "Whitehead": WHITEHEAD,
    "T(2,4)": Link.from_braid([1] * 4),
    "Hopf with a split curl": Link.from_braid([1, 1, 3]),
    "two strands linked and unlinked": Link.from_braid([1, 1, 2, -1, -1, 2]),
}


@pytest.mark.parametrize("name", SMALL)
def test_s_is_that_of_the_canonical_generator_in_the_whole_cube(name):
    for link, _ in oriented(SMALL[name]):
        for p in (2, 3):
            assert s_invariant(link, f"F{p}") == cube_s(link, p)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_s_of_random_links_is_that_of_the_canonical_generator(seed):
    rng = np.random.default_rng(seed)
    strands = int(rng.integers(3, 5))
    word = rng.integers(1, strands, size=7) * rng.choice([-1, 1], size=7)
    link = Link.from_braid(word.tolist(), strands)
    for turned, _ in oriented(link):
        if not turned.n_unknots:
            assert s_invariant(turned, "F2") == cube_s(turned, 2)


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: row["name"])
def test_s_is_what_knotjob_finds(row):
    link = Link.from_pd(row["pd"])
    assert s_invariant(link) == row["s"]
    assert s_invariant(link, "F2") == row["s_mod_2"]


def test_positive_links():
    """s = n - O + 1 for n crossings and O Seifert circles (Beliakova and Wehrli, section 7)."""
    for link in (torus_link(2, 4), torus_link(3, 3), torus_link(4, 4), Link.from_braid([1, 1, 2, 2, 3, 3])):
        assert s_invariant(link) == link.n_crossings - len(seifert_circles(link)) + 1


@pytest.mark.parametrize("n", [2, 3, 4, pytest.param(5, marks=pytest.mark.slow)])
def test_torus_links_with_every_orientation(n):
    """s(T(n, n)) with p strands up and r <= p down is (p - r)^2 - 2 p + 1 (Ren, 2305.16089); 1 - 2 p for p = r (1910.08195, theorem 1.7)."""
    link = torus_link(n, n)
    for turned, chosen in oriented(link):
        r, p = sorted((len(chosen), n - len(chosen)))
        assert s_invariant(turned) == s_invariant(turned, "F2") == (p - r) ** 2 - 2 * p + 1


def test_links_without_crossings_and_split_unions():
    """s = 1 - n for the unlink; s of a split union is the sum less 1."""
    for n in range(1, 5):
        assert s_invariant(Link.from_pd([], n_unknots=n), "F2") == 1 - n
    assert s_invariant(Link.from_braid([1, -1, 3, -3])) == -3
    assert s_invariant(Link.from_braid([1, 1], strands=4)) == -1
    trefoils = Link.from_braid([1, 1, 1, 3, 3, 3])
    assert s_invariant(trefoils) == s_invariant(trefoils.reverse(1)) == 3
    union = WHITEHEAD.disjoint_union(torus_link(3, 3).reverse(0))
    assert s_invariant(union) == s_invariant(WHITEHEAD) + s_invariant(torus_link(3, 3).reverse(0)) - 1
    with pytest.raises(DomainError):
        s_invariant(Link())


def test_alternating_links_have_minus_the_signature():
    """Rasmussen's theorem for links that alternate and do not split: s = - signature, over every field."""
    for link in (WHITEHEAD, BORROMEAN, parse_link("L6a5"), parse_link("L8a20"), parse_link("L8a21")):
        for turned, _ in oriented(link):
            for ring in ("Q", "F2", "F3"):
                assert s_invariant(turned, ring) == -signature(turned)


def test_laws_on_random_links():
    """s has the parity of c - 1, is that of the reverse, and 2 - 2 c <= s(L) + s(mirror) <= 2 (Beliakova and Wehrli, section 7);
    a simpler diagram has the same s."""
    for seed in range(12):
        link = random_link(9, rng=np.random.default_rng(seed))
        s, c = s_invariant(link), link.n_components
        assert (s - c + 1) % 2 == 0
        assert s_invariant(link.reverse(*range(c))) == s
        assert 2 - 2 * c <= s + s_invariant(link.mirror()) <= 2
        assert s_invariant(simplify(link)) == s


def test_both_backends_agree():
    for link in (WHITEHEAD, BORROMEAN, torus_link(3, 3).reverse(0), Link.from_braid([1, -1, 3, 2, -2])):
        for ring in ("Q", "F2", "F5"):
            assert s_invariant(link, ring, backend="python") == s_invariant(link, ring)


def test_memory_is_limited():
    with pytest.raises(ResourceLimitError):
        s_invariant(WHITEHEAD, max_memory=100)


@pytest.mark.slow
def test_all_alternating_links_of_linkinfo():
    """Every oriented link of LinkInfo that alternates, over Q."""
    tables = pytest.importorskip("database_knotinfo")
    rows = [row for row in tables.link_list(proper_links=True) if row["alternating"] == "Y"]
    for row in rows:
        link = Link.from_pd(row["pd_notation_vector"].replace("{", "[").replace("}", "]"))
        assert s_invariant(link) == -signature(link), row["name"]
    assert len(rows) > 2000
