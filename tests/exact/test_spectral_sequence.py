"""Spectral sequences and modules over F[H]: ranks of the filtration as an oracle, pages, texts."""

import random

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.exact import ChainComplex, F, GradedModule, Q, SparseMatrix, SpectralSequence


def filtered(seed, ring):
    """Return a random filtered complex C^0 -> C^1 -> C^2 over a field: a sum of arrows in a random filtered basis."""
    rng = random.Random(seed)
    labels = {0: [], 1: [], 2: []}
    entries = {0: {}, 1: {}}
    for _ in range(12):
        k, start, length = rng.randrange(2), rng.randrange(4), rng.randrange(4)
        entries[k][len(labels[k + 1]), len(labels[k])] = 1
        labels[k].append(start)
        labels[k + 1].append(start + length)
    for k in (0, 1, 2):
        labels[k].append(rng.randrange(5))
    there, back = {}, {}
    for k, names in labels.items():
        n = len(names)
        there[k] = back[k] = SparseMatrix.identity(n, ring)
        for _ in range(5 * n):
            i, j = rng.sample(range(n), 2)
            if names[i] >= names[j]:  # e_j becomes e_j + c e_i, which stays in the filtration
                c = rng.randrange(1, 3)
                there[k] = (SparseMatrix.identity(n, ring) + SparseMatrix({(i, j): c}, (n, n), ring)) @ there[k]
                back[k] = back[k] @ (SparseMatrix.identity(n, ring) - SparseMatrix({(i, j): c}, (n, n), ring))
    d = {
        k: there[k + 1] @ SparseMatrix(entries[k], (len(labels[k + 1]), len(labels[k])), ring) @ back[k] for k in (0, 1)
    }
    return ChainComplex(d, labels)


def rank_between(c, k, low, high):
    """Return the rank of d: F_low C^k -> C^(k+1)/F_high."""
    part = {(i, j): v for (i, j), v in c.differential(k).items() if c.labels[k][j] >= low and c.labels[k + 1][i] < high}
    return SparseMatrix(part, c.differential(k).shape, c.ring).rank()


@pytest.mark.parametrize("ring", [F(2), F(3), Q])
@pytest.mark.parametrize("seed", range(6))
def test_pairs_are_those_of_the_ranks(seed, ring):
    c = filtered(seed, ring)
    s = c.spectral_sequence()
    for k in (0, 1):
        for a in range(8):
            for b in range(a, 8):
                count = sum(1 for x, y in s.pairs if x == (k, a) and y == (k + 1, b))
                r = {(x, y): rank_between(c, k, a + x, b + y) for x in (0, 1) for y in (0, 1)}
                assert count == r[0, 1] - r[1, 1] - r[0, 0] + r[1, 0]
    total = dict.fromkeys(c.labels, 0)
    for (k, _), n in s.limit.items():
        total[k] += n
    assert total == {k: g.rank for k, g in c.homology().items()}


@pytest.mark.parametrize("seed", range(3))
def test_each_page_is_the_homology_of_the_one_before(seed):
    c = filtered(seed, F(3))
    s = c.spectral_sequence()
    count = {}
    for k, names in c.labels.items():
        for label in names:
            count[k, label] = count.get((k, label), 0) + 1
    assert s.page(0) == dict(sorted(count.items()))
    for r in range(s.last_page + 1):
        after = dict(s.page(r))
        for (x, y), n in s.differential(r).items():
            assert y == (x[0] + 1, x[1] + r)
            after[x] -= n
            after[y] -= n
        assert s.page(r + 1) == {place: n for place, n in after.items() if n}
    assert s.page(s.last_page) == s.limit
    assert s.page(1) == {
        place: g.rank
        for place, g in ChainComplex(
            {
                k: SparseMatrix(
                    {(i, j): v for (i, j), v in c.differential(k).items() if c.labels[k][j] == c.labels[k + 1][i]},
                    c.differential(k).shape,
                    c.ring,
                )
                for k in (0, 1)
            },
            c.labels,
        )
        .bigraded_homology()
        .items()
    }


def test_modules_and_sequences_tell_the_same():
    m = GradedModule("F2", [(0, 2), (0, 2)], [(3, 8, 1), (5, 12, 3)])
    s = SpectralSequence.of_module(m)
    assert s.module() == m
    assert s.page(1) == m.at_zero()
    assert s.limit == m.at_one() == {(0, 2): 2}
    assert s.page(2) == {(0, 2): 2, (4, 6): 1, (5, 12): 1}
    assert s.differential(3) == {((4, 6), (5, 12)): 1}
    assert m.torsion_order == 3
    assert s.last_page == 4
    assert str(s) == "limit: (0, 2) x2\nd_1: (2, 6) -> (3, 8)\nd_3: (4, 6) -> (5, 12)"


def test_modules_are_values():
    m = GradedModule("Q", [(0, 2)], [(3, 8, 2), (-1, -4, 1)])
    assert str(m) == "Q[H](0, 2) + Q[H]/H(-1, -4) + Q[H]/H^2(3, 8)"
    assert GradedModule.parse(str(m)) == m
    assert GradedModule.parse("0", "F3") == GradedModule("F3")
    assert hash(m) == hash(GradedModule.parse(str(m)))
    assert (m + m.shift(1, 2)).torsion == ((-1, -4, 1), (0, -2, 1), (3, 8, 2), (4, 10, 2))
    assert m.latex() == r"\mathbb{Q}[H]\{0, 2\} \oplus \mathbb{Q}[H]/H^{1}\{-1, -4\} \oplus \mathbb{Q}[H]/H^{2}\{3, 8\}"
    assert m
    assert not GradedModule("F2")
    with pytest.raises(ParseError, match="offset 11"):
        GradedModule.parse("Q[H](0, 2)+ R")


def test_refusals():
    one = SparseMatrix.identity(1)
    with pytest.raises(DomainError, match="is no field"):
        ChainComplex({0: one}).spectral_sequence()
    with pytest.raises(DomainError, match="lowers the label from 2 to 1"):
        ChainComplex({0: one.over(Q)}, {0: [2], 1: [1]}).spectral_sequence()
    with pytest.raises(DomainError, match="no multiple of unit=2"):
        ChainComplex({0: one.over(Q)}, {0: [0], 1: [1]}).spectral_sequence(2)
