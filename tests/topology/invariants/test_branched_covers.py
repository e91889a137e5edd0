"""Branched covers and colourings against KnotInfo and colourings counted one by one."""

import ast
from itertools import product

import pytest

from erlangen.errors import DomainError
from erlangen.exact import AbelianGroup
from erlangen.topology import Link, branched_cover_homology, count_colourings


@pytest.mark.parametrize("limit", [7, pytest.param(10, marks=pytest.mark.slow)])
def test_torsion_numbers_of_knotinfo(knots, limit):
    for row, knot in knots(limit):
        for sheets, divisors in ast.literal_eval(row["torsion_numbers"]):
            if sheets <= 6 or limit > 7:
                expected = AbelianGroup(divisors.count(0), [d for d in divisors if d > 1])
                assert branched_cover_homology(knot, sheets) == expected, (row["name"], sheets)


def one_by_one(link, n):
    """Count maps from edges to Z/n that are constant over and reflect under."""
    found = 0
    for colour in product(range(n), repeat=2 * link.n_crossings):
        found += all(
            colour[j] == colour[m] and (colour[i] + colour[k] - 2 * colour[j]) % n == 0 for i, j, k, m in link.crossings
        )
    return found * n**link.n_unknots


@pytest.mark.parametrize("word", [[1, 1, 1], [1, 1], [1, -1, 1], [1, -2, 1, -2]])
def test_colourings_counted_one_by_one(word):
    link = Link.from_braid(word)
    for n in (2, 3, 4, 5) if len(word) < 4 else (2, 3):
        assert count_colourings(link, n) == one_by_one(link, n)


def test_lens_spaces():
    for n in range(2, 9):
        assert branched_cover_homology(Link.from_braid([1] * n)) == AbelianGroup(0, [n])
        assert count_colourings(Link.from_braid([1] * n), n) == n * n


def test_split_links_have_free_homology():
    link = Link.from_braid([1, 1, 1], strands=4)
    assert branched_cover_homology(link) == AbelianGroup(2, [3])
    assert count_colourings(link, 5) == 5**3
    assert branched_cover_homology(Link.from_braid([], strands=1)) == AbelianGroup(0, [])


def test_refusals():
    with pytest.raises(DomainError, match="sheets"):
        branched_cover_homology(Link.from_braid([1, 1]), 1)
    with pytest.raises(DomainError, match="positive"):
        count_colourings(Link.from_braid([1, 1]), 0)
