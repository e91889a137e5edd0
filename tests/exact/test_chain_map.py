"""Chain maps: homotopies do not change ranks, ranks against cocycles, cones, functoriality, refusals."""

import random

import pytest

from erlangen.errors import DomainError, LawError, ShapeError
from erlangen.exact import ChainComplex, ChainMap, F, SparseMatrix


def complex_of(seed):
    """Return a complex with labels: a sum of arrows of several orders and of free summands, in a random graded basis."""
    rng = random.Random(seed)
    labels, entries = {0: [], 1: [], 2: [], 3: []}, {0: {}, 1: {}, 2: {}}
    for _ in range(9):
        k, label = rng.randrange(3), rng.randrange(2)
        entries[k][len(labels[k + 1]), len(labels[k])] = rng.choice([1, 1, 2, 3])
        labels[k].append(label)
        labels[k + 1].append(label)
    for _ in range(5):
        labels[rng.randrange(4)].append(rng.randrange(2))
    there, back = {}, {}
    for k, names in labels.items():
        n = len(names)
        there[k] = back[k] = SparseMatrix.identity(n)
        for _ in range(3 * n if n > 1 else 0):
            i, j = rng.sample(range(n), 2)
            if names[i] == names[j]:
                step = SparseMatrix({(i, j): rng.choice([-1, 1, 2])}, (n, n))
                there[k] = (SparseMatrix.identity(n) + step) @ there[k]
                back[k] = back[k] @ (SparseMatrix.identity(n) - step)
    shapes = {k: (len(labels[k + 1]), len(labels[k])) for k in entries}
    return ChainComplex({k: there[k + 1] @ SparseMatrix(entries[k], shapes[k]) @ back[k] for k in entries}, labels)


def homotopic_to(f, seed):
    """Return f + d h + h d for a random h that keeps labels."""
    rng, c = random.Random(seed), f.source
    h = {}
    for k in c.labels:
        if k - 1 in c.labels:
            places = [(i, j) for i, a in enumerate(c.labels[k - 1]) for j, b in enumerate(c.labels[k]) if a == b]
            entries = {place: rng.randint(-2, 2) for place in places}
            h[k] = SparseMatrix(entries, (len(c.labels[k - 1]), len(c.labels[k])))
    matrices = {}
    for k, n in c.modules.items():
        total = f.matrix(k)
        if k in h:
            total = total + c.differential(k - 1) @ h[k]
        if k + 1 in h:
            total = total + h[k + 1] @ c.differential(k)
        assert total.shape == (n, n)
        matrices[k] = total
    return ChainMap(c, c, matrices)


def rank_by_cocycles(f, k, ring):
    """Return the rank of H^k(f): of the images of generating cocycles modulo coboundaries."""
    g = f.over(ring)
    found = g.source.cocycles(k)
    below = g.target.differential(k - 1)
    if not found:
        return 0
    vectors = SparseMatrix.from_dense([x.vector for x in found], n_columns=g.matrix(k).shape[1], ring=ring).transpose()
    image = (g.matrix(k) @ vectors).to_dense()
    wide = [list(a) + list(b) for a, b in zip(below.to_dense(), image, strict=True)]
    return SparseMatrix.from_dense(wide, n_columns=below.shape[1] + len(found), ring=ring).rank() - below.rank()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ring", ["Q", "F2", "F3"])
def test_homotopies_do_not_change_ranks(seed, ring):
    c = complex_of(seed)
    one = ChainMap.identity(c)
    betti = {place: g.rank for place, g in c.bigraded_homology(ring).items()}
    for factor in (0, 1, 2, 6):
        f = homotopic_to(factor * one, seed + factor)
        wanted = betti if factor % (F(int(ring[1:])).characteristic if ring != "Q" else 10**6) else {}
        assert f.ranks(ring) == wanted
        for k in c.labels:
            assert sum(n for (h, _), n in f.ranks(ring).items() if h == k) == rank_by_cocycles(f, k, ring)


@pytest.mark.parametrize("seed", range(3))
def test_composition_and_quasi_isomorphisms(seed):
    c = complex_of(seed)
    one = ChainMap.identity(c)
    f, g = homotopic_to(one, seed), homotopic_to(3 * one, seed + 7)
    assert (g @ f).ranks() == (f @ g).ranks() == g.ranks()
    assert f @ one == one @ f == f
    assert f - f == 0 * f
    assert not f - f
    assert (f + g).source == c
    assert f.is_quasi_isomorphism()
    assert g.is_quasi_isomorphism("F2")
    assert g.is_quasi_isomorphism() == (not c.homology("F3") or not any(h.rank for h in c.homology("F3").values()))
    assert hash(f @ one) == hash(f)
    assert f.degree == 0


def test_maps_may_raise_labels():
    a, b = ChainComplex({}, {0: [1, -1]}), ChainComplex({}, {0: [0]})
    up = ChainMap(b, a, {0: SparseMatrix.from_dense([[1], [0]])})
    down = ChainMap(a, b, {0: SparseMatrix.from_dense([[0, 1]])})
    assert (up.degree, down.degree, (up @ down).degree) == (1, 1, 2)
    assert up.ranks() == {(0, 0): 1}
    assert down.ranks() == {(0, -1): 1}
    assert (down @ up).ranks() == {}
    with pytest.raises(DomainError, match=r"raise labels by \[-1, 1\]"):
        ChainMap(b, a, {0: SparseMatrix.from_dense([[1], [1]])}).ranks()


def test_refusals():
    c = ChainComplex({0: SparseMatrix.from_dense([[2]])})
    one = SparseMatrix.identity(1)
    with pytest.raises(LawError, match="differ by -2 at"):
        ChainMap(c, c, {1: one})
    with pytest.raises(ShapeError, match="degree 0"):
        ChainMap(c, c, {0: SparseMatrix.identity(2)})
    with pytest.raises(DomainError, match="no chain map"):
        ChainMap(c, c.over("Q"), {})
    with pytest.raises(DomainError, match="over a field"):
        ChainMap.identity(c).ranks("Z")
    other = ChainMap.identity(ChainComplex({}, {0: [0]}))
    with pytest.raises(DomainError, match="not the source"):
        other @ ChainMap.identity(c)
    with pytest.raises(DomainError, match="no sum"):
        other + ChainMap.identity(c)
