"""Signatures and nullities against KnotInfo, LinkInfo and closed forms."""

import ast
from fractions import Fraction

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.topology import Link, nullity, signature
from erlangen.topology.invariants.inertia import cyclotomic_inertia, integer_inertia

# KnotInfo 2026.11: signature of 3_1, 4_1, 5_1, 8_19, 10_124, 10_139 and braid words.
STORED = [
    ([1, 1, 1], -2), ([1, -2, 1, -2], 0), ([1] * 5, -4), ([1, 1, 1, 2, 1, 1, 1, 2], -6),
    ([1, 1, 1, 1, 1, 2, 1, 1, 1, 2], -8), ([1, 1, 1, 1, 2, 1, 1, 1, 2, 2], -6),
]  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), STORED)
def test_stored_numbers(word, expected):
    assert signature(Link.from_braid(word)) == expected
    assert signature(Link.from_braid([-letter for letter in word])) == -expected


@pytest.mark.parametrize("limit", [10, pytest.param(13, marks=pytest.mark.slow)])
def test_knotinfo(knots, limit):
    for row, knot in knots(limit):
        assert signature(knot) == int(row["signature"]), row["name"]


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_linkinfo(links, limit):
    for row, link in links(limit):
        assert (signature(link), nullity(link)) == (int(row["signature"]), int(row["nullity"])), row["name"]


def at(jumps, turn):
    """Return KnotInfo's signature and nullity at exp(2 pi i turn)."""
    value = 0
    for jump in jumps:
        if jump == 0:
            continue
        place, (_, on, after), multiplicity = jump
        if abs(place - 2 * turn) < 1e-8:
            return on, multiplicity
        if place < 2 * turn:
            value = after
    return value, 0


@pytest.mark.parametrize("limit", [7, pytest.param(10, marks=pytest.mark.slow)])
def test_signature_function_of_knotinfo(knots, limit):
    for row, knot in knots(limit):
        jumps = ast.literal_eval(row["signature_function"])
        for order in (3, 5, 6, 7, 10):
            turn = Fraction(1, order)
            assert (signature(knot, turn), nullity(knot, turn)) == at(jumps, turn), (row["name"], order)


@pytest.mark.parametrize(("p", "q"), [(2, 7), (3, 4), (3, 5), (4, 5)])
def test_torus_knots_by_counting_lattice_points(p, q):
    # Litherland (1979): sigma(w) counts i/p + j/q mod 1 on either side of the angle (1 <= i < p, 1 <= j < q).
    torus = Link.from_braid(list(range(1, p)) * q)
    for turn in (Fraction(1, 2), Fraction(1, 5), Fraction(3, 8), Fraction(2, 7)):
        sums = [Fraction(i, p) + Fraction(j, q) for i in range(1, p) for j in range(1, q)]
        inside = sum(turn < s < turn + 1 for s in sums)
        outside = sum(s < turn or s > turn + 1 for s in sums)
        assert signature(torus, turn) == outside - inside
        assert nullity(torus, turn) == len(sums) - inside - outside


def test_split_links_have_nullity():
    assert nullity(Link.from_braid([1, 1, 1], strands=4)) == 2
    assert nullity(Link.from_braid([1, 1, 1, 3, 3, 3]), "1/3") == 1


def test_inertia_of_forms_without_diagonal_and_of_indefinite_ones():
    rng = np.random.default_rng(1)
    for m in (1, 2, 3, 5, 8):
        for rank in range(m + 1):
            signs = rng.choice([-1, 1], size=rank)
            P = rng.integers(-3, 4, size=(m, rank))
            S = P @ np.diag(signs) @ P.T
            values = np.linalg.eigvalsh(S.astype(float))
            small = abs(values) < 1e-9
            assert integer_inertia(S) == (int(np.sign(values[~small]).sum()), int(small.sum()))
    V = np.array([[0, 1], [0, 0]])
    assert cyclotomic_inertia(V, Fraction(1, 3)) == (0, 0)
    assert cyclotomic_inertia(np.zeros((3, 3), dtype=int), Fraction(1, 3)) == (0, 3)


def test_cyclotomic_inertia_equals_floating_point_eigenvalues():
    rng = np.random.default_rng(2)
    for turn in (Fraction(1, 3), Fraction(2, 5), Fraction(5, 12), Fraction(3, 4)):
        w = np.exp(2j * np.pi * float(turn))
        for m in (2, 4, 6):
            V = rng.integers(-2, 3, size=(m, m))
            values = np.linalg.eigvalsh((1 - w) * V + (1 - w.conjugate()) * V.T)
            assert abs(values).min() > 1e-9
            assert cyclotomic_inertia(V, turn) == (int(np.sign(values).sum()), 0)


def test_at_one_there_is_no_form():
    with pytest.raises(DomainError, match="w = 1"):
        signature(Link.from_braid([1, 1, 1]), 1)
