"""The public functions: tables, laws, closed forms; all of KnotInfo where it is installed."""

import json
from pathlib import Path

import pytest

from erlangen.errors import BackendError, DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology import (
    BigradedGroup,
    Link,
    bar_natan_homology,
    jones_polynomial,
    khovanov_complex,
    khovanov_groups,
    khovanov_homology,
    khovanov_table,
    lee_pages,
    s_invariant,
    spectral_sequence,
    torus_link,
    x_torsion_order,
)

# (braid word, unreduced over Z, s): KnotInfo's columns braid_notation, khovanov_unreduced_integral_polynomial, rasmussen_invariant,
# database_knotinfo 2026.11.2.
KNOTS = {
    "3_1": ([1, 1, 1], "q+ q^(3)+ t^(2)*q^(5)+ t^(3)*q^(9)+ t^(3)*q^(7)*T^(2)", 2),
    "4_1": (
        [1, -2, 1, -2],
        "t^(-2)*q^(-5)+ t^(-1)*q^(-1)+ q^(-1)+ q+ t*q+ t^(2)*q^(5)+ t^(-1)*q^(-3)*T^(2)+ t^(2)*q^(3)*T^(2)",
        0,
    ),
    "8_19": (
        [1, 1, 1, 2, 1, 1, 1, 2],
        "q^(5)+ q^(7)+ t^(2)*q^(9)+ t^(3)*q^(13)+ t^(4)*q^(11)+ t^(4)*q^(13)+ t^(5)*q^(15)+ t^(5)*q^(17)"
        "+ t^(3)*q^(11)*T^(2)",
        6,
    ),
    "10_124": (
        [1, 1, 1, 1, 1, 2, 1, 1, 1, 2],
        "q^(7)+ q^(9)+ t^(2)*q^(11)+ t^(3)*q^(15)+ t^(4)*q^(13)+ t^(4)*q^(15)+ t^(5)*q^(17)+ t^(5)*q^(19)"
        "+ t^(6)*q^(17)+ t^(7)*q^(21)+ t^(3)*q^(13)*T^(2)+ t^(7)*q^(19)*T^(2)",
        8,
    ),
}
SAMPLE = Path(__file__).with_name("knotinfo_sample.json")


@pytest.mark.parametrize("name", KNOTS)
def test_braids_of_knotinfo(name):
    word, polynomial, s = KNOTS[name]
    link = Link.from_braid(word)
    assert khovanov_homology(link).knotinfo_polynomial() == polynomial
    assert s_invariant(link) == s_invariant(link, "F2") == s_invariant(link, "F3") == s
    assert s_invariant(link.mirror()) == -s


SAMPLES = json.loads(SAMPLE.read_text(encoding="utf-8"))["knots"]


@pytest.mark.parametrize("row", SAMPLES, ids=[row["name"] for row in SAMPLES])
def test_a_stored_sample_of_knotinfo(row):
    check_row(row)


def check_row(row):
    link = Link.from_pd(row["pd_notation"])
    unreduced, reduced = khovanov_homology(link), khovanov_homology(link, reduced=True)
    for group, column in (
        (unreduced, "khovanov_unreduced_integral_vector"),
        (reduced, "khovanov_reduced_integral_vector"),
        (khovanov_homology(link, "Q", reduced=True), "khovanov_reduced_rational_vector"),
        (khovanov_homology(link, "F2", reduced=True), "khovanov_reduced_mod2_vector"),
    ):
        assert group.to_knotinfo() == json.loads(row[column]), column
    assert s_invariant(link) == int(row["rasmussen_invariant"])
    for p in ("F2", "F3"):
        assert khovanov_homology(link, p) == unreduced.over(p)


def knotinfo(limit):
    knots = pytest.importorskip("database_knotinfo").link_list()[2:]
    return [row for row in knots if row["crossing_number"].isdigit() and 3 <= int(row["crossing_number"]) <= limit]


@pytest.mark.slow
def test_all_knots_to_ten_crossings():
    rows = knotinfo(10)
    assert len(rows) == 249
    for row in rows:
        check_row(row)


@pytest.mark.slow
def test_links_to_seven_crossings_over_q():
    """LinkInfo's column is over Q and unreduced, in q and t."""
    links = pytest.importorskip("database_knotinfo").link_list(proper_links=True)[2:]
    rows = [row for row in links if row["crossing_number"].isdigit() and int(row["crossing_number"]) <= 7]
    assert len(rows) > 30
    for row in rows:
        link = Link.from_pd(row["pd_notation_vector"].replace("{", "[").replace("}", "]"))
        assert khovanov_homology(link, "Q") == BigradedGroup.parse(row["khovanov_polynomial"], "Q"), row["name"]


def test_the_torus_knot_of_order_four():
    """T(4,5), with Z/4: ranks and torsion as KnotJob and JavaKh print them (the former's commit of 2025, the latter v2)."""
    free = "0;11,13 2;15 3;19 4;17,19 5;21,23 6;19,21 7;23,25 8;23 9;27"
    summands = [(0, 1, int(h), int(q)) for h, _, qs in (x.partition(";") for x in free.split()) for q in qs.split(",")]
    summands += [(2, 1, 3, 17), (2, 1, 7, 21), (2, 1, 7, 23), (2, 1, 10, 27), (2, 1, 10, 29), (4, 1, 9, 25)]
    knot = torus_link(4, 5)
    assert khovanov_homology(knot) == BigradedGroup(summands)
    assert s_invariant(knot) == 12  # (p - 1)(q - 1): Rasmussen, theorem 4


@pytest.mark.parametrize("n", range(2, 9))
def test_two_strand_torus_links(n):
    """The closed form of Khovanov (math/9908171, section 6.2) in our signs: q^(n-2) (1 + q^2 + sum of pairs)."""
    wanted = [(0, 1, 0, n - 2), (0, 1, 0, n)]
    for h in range(2, n + 1, 2):
        wanted.append((0, 1, h, n + 2 * h - 2))
        if h < n:
            wanted += [(2, 1, h + 1, n + 2 * h), (0, 1, h + 1, n + 2 * h + 2)]
        else:
            wanted.append((0, 1, h, n + 2 * h))
    assert khovanov_homology(Link.from_braid([1] * n)) == BigradedGroup(wanted)


WORDS = [
    [1, 1, 1],
    [1, -2, 1, -2],
    [1, 1],
    [1, 1, 1, 2, -1, 2],
    [1, -2, 1, -2, -2],
    [1, 2, 1, 2, 1, 2],
    [1, 1, 1, 1, -2, 1, -2],
]


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_laws(word):
    link = Link.from_braid(word)
    group, reduced = khovanov_homology(link), khovanov_homology(link, reduced=True)
    assert khovanov_homology(link.mirror()) == group.mirror()
    assert khovanov_homology(link.mirror(), reduced=True) == reduced.mirror()
    # Shumakovitch, math/0405474, corollary 3.2.C: over F_2 unreduced is reduced at q + 1 and at q - 1
    two, small = khovanov_homology(link, "F2"), khovanov_homology(link, "F2", reduced=True)
    assert two == small.shift(q=1) + small.shift(q=-1)
    assert group.over("F2") == two
    assert reduced.over("F2") == small
    q = LaurentPolynomial.variable("q")
    assert group.euler() == (q + q**-1) * reduced.euler()
    jones = jones_polynomial(link)
    name = next(iter(jones.variables), "t")
    sign = (-1) ** (link.n_components - 1)
    assert reduced.euler() == sign * jones.substitute(**{name: q**2})
    pages = spectral_sequence(link)
    assert pages.page(1) == {place: g.rank for place, g in reduced.over("Q").groups.items()}
    assert len(bar_natan_homology(link).towers) == 2 ** (link.n_components - 1)
    lee = lee_pages(link)
    assert lee.page(1) == {place: g.rank for place, g in group.over("Q").groups.items()}
    assert sum(lee.limit.values()) == 2**link.n_components
    whole = khovanov_complex(link, "Q")
    assert sum(whole.betti(k) for k in whole.labels) == group.total_rank


@pytest.mark.parametrize(("a", "b"), [([1, 1, 1], [1, -2, 1, -2]), ([1, 1, 1], [-1, -1, -1]), ([1, 1, 1], [1, 1])])
def test_sums_and_split_unions(a, b):
    left, right = Link.from_braid(a), Link.from_braid(b)
    union = khovanov_homology(left).tensor(khovanov_homology(right))
    shifted = [letter + (max(a) + 1 if letter > 0 else -max(map(abs, a)) - 1) for letter in b]
    assert khovanov_homology(Link.from_braid(a + shifted)) == union
    both = left.connected_sum(right)
    wanted = khovanov_homology(left, reduced=True).tensor(khovanov_homology(right, reduced=True))
    assert khovanov_homology(both, reduced=True) == wanted


def test_unlinks():
    circle = BigradedGroup.parse("q + q^-1")
    group = BigradedGroup.parse("1")
    for n in range(4):
        assert khovanov_homology(Link.from_pd([], n_unknots=n)) == group
        group = group.tensor(circle)
    assert str(khovanov_homology(Link.from_pd([], n_unknots=2), reduced=True)) == "q^-1 + q"
    with pytest.raises(DomainError, match="empty link"):
        khovanov_homology(Link(), reduced=True)
    with pytest.raises(DomainError, match="empty link"):
        khovanov_complex(Link())


def test_torsion_orders():
    """8_19 = T(3,4): by KnotInfo's reduced polynomial t^4 q^12 can cancel t^5 q^16 only, which is H^2, and t^2 q^10 only t^3 q^12."""
    assert x_torsion_order(Link.from_braid([1, 1, 1])) == 1
    assert x_torsion_order(torus_link(3, 4)) == 2
    assert x_torsion_order(Link.from_braid([1])) == 0
    assert spectral_sequence(torus_link(3, 4)).last_page == 3


def test_tables_of_links():
    links = [Link.from_braid([1] * n) for n in (2, 3)]
    assert list(khovanov_table(links, reduced=True)) == [khovanov_homology(link, reduced=True) for link in links]


def test_refusals():
    link = Link.from_braid([1, 1, 1])
    with pytest.raises(DomainError, match="theory must be one of"):
        khovanov_homology(link, theory="strange")
    with pytest.raises(DomainError, match="not a prime"):
        khovanov_homology(link, "F4")
    with pytest.raises(DomainError, match="basepoint"):
        khovanov_homology(link, reduced=True, basepoint=77)
    with pytest.raises(DomainError, match="needs a field"):
        s_invariant(link, "Z")
    with pytest.raises(DomainError, match="Lee's homology over F2"):
        lee_pages(link, "F2")
    with pytest.raises(DomainError, match="belong to the scan"):
        khovanov_complex(link, simplified=False, backend="python")
    with pytest.raises(BackendError, match="checkpoint"):
        khovanov_homology(link, theory="odd", checkpoint="state", backend="python")


def test_odd_homology_of_the_knot_8_19():
    """KnotInfo: reduced q^6 + t^2 q^10 + t^5 q^16 with Z2 at t^4 q^12 and Z3 at t^5 q^14; unreduced is twice that, at q + 1 and q - 1."""
    link = Link.from_braid([1, 1, 1, 2] * 2)
    reduced = khovanov_homology(link, theory="odd", reduced=True)
    assert reduced == BigradedGroup.parse("q^6 + t^2*q^10 + t^4*q^12*T^2 + t^5*q^14*T^3 + t^5*q^16")
    whole = khovanov_homology(link, theory="odd")
    assert whole.total_rank == 2 * reduced.total_rank
    assert khovanov_homology(link, "F2", theory="odd") == khovanov_homology(link, "F2")
    assert khovanov_homology(link, "F3", theory="odd", reduced=True).total_rank == 5
    assert khovanov_homology(link, "Q", theory="odd", reduced=True).total_rank == 3


def test_odd_groups_of_many_links():
    links = [Link.from_braid(word) for word in WORDS] + [Link.from_braid([1, 1, 3]), Link.from_pd([], n_unknots=2)]
    for link, groups in zip(links, khovanov_groups(links, theory="odd"), strict=True):
        assert groups.s is None
        assert groups.reduced == khovanov_homology(link, theory="odd", reduced=True)
        assert groups.unreduced == khovanov_homology(link, theory="odd")
    assert list(khovanov_table(links, "F3", theory="odd")) == [
        khovanov_homology(link, "F3", theory="odd") for link in links
    ]
    with pytest.raises(DomainError, match="theory must be one of"):
        next(khovanov_groups(links, theory="strange"))


def test_one_scan_says_all():
    links = [Link.from_braid(word) for word in WORDS] + [
        Link.from_pd([], n_unknots=2),
        Link.from_braid([1, 1], strands=3),
        Link(),
    ]
    for link, groups in zip(links, khovanov_groups(iter(links)), strict=True):
        assert groups.unreduced == khovanov_homology(link)
        if not link.n_components:
            assert groups.reduced is None
            assert groups.s is None
            continue
        assert groups.reduced == khovanov_homology(link, reduced=True)
        assert groups.s == s_invariant(link)
