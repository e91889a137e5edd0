"""Complexes: the house's battery, Künneth, universal coefficients, Hodge, exact triangles, cancellation."""

import random
from itertools import product

import pytest

from erlangen.errors import DomainError, LawError, ShapeError
from erlangen.exact import AbelianGroup, ChainComplex, F, LaurentPolynomial, Q, SparseMatrix, Z
from erlangen.testing import check_complex
from erlangen.testing.chain_complex import betti_numbers


def basis_change(rng, n):
    """Return a random unimodular matrix and its inverse."""
    there, back = SparseMatrix.identity(n), SparseMatrix.identity(n)
    for _ in range(3 * n if n > 1 else 0):
        i, j = rng.sample(range(n), 2)
        c = rng.choice([-2, -1, 1, 2])
        there = (SparseMatrix.identity(n) + SparseMatrix({(i, j): c}, (n, n))) @ there
        back = back @ (SparseMatrix.identity(n) - SparseMatrix({(i, j): c}, (n, n)))
    assert there @ back == SparseMatrix.identity(n)
    return there, back


def hidden(seed, arrows, free):
    """Return a complex that is a sum of arrows (k, d): Z --d--> Z and free summands, in random bases, and its homology."""
    rng = random.Random(seed)
    rank = dict.fromkeys(range(4), 0)
    places = {k: {} for k in range(4)}
    for k, d in arrows:
        places[k][rank[k + 1], rank[k]] = d
        rank[k] += 1
        rank[k + 1] += 1
    for k in free:
        rank[k] += 1
    change = {k: basis_change(rng, rank[k]) for k in rank}
    differentials = {}
    for k in range(3):
        plain = SparseMatrix(places[k], (rank[k + 1], rank[k]))
        differentials[k] = change[k + 1][0] @ plain @ change[k][1]
    homology = {
        k: AbelianGroup(sum(1 for f in free if f == k), tuple(d for j, d in arrows if j + 1 == k)) for k in range(4)
    }
    return ChainComplex(differentials), homology


CASES = [
    ([(0, 1), (0, 2), (1, 1), (1, 6), (2, 4)], [0, 1, 1, 3]),
    ([(0, 3), (0, 9), (0, 1), (2, 5), (2, 1)], [2, 2]),
    ([(1, 2), (1, 2), (1, 4), (0, 1), (0, 1)], [0, 3]),
    ([(0, 1), (1, 1), (2, 1)], []),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", CASES)
def test_a_hidden_sum_comes_out_and_the_battery_agrees(seed, case):
    c, homology = hidden(seed, *case)
    assert c.homology() == homology
    reduced = c.reduce()
    report = check_complex(
        c,
        betti={k: g.rank for k, g in homology.items()},
        torsion={k: g.invariant_factors for k, g in homology.items()},
        moves=[reduced, c + hidden(seed, *CASES[3])[0]],
    )
    assert report.passed, report
    assert not any(abs(v) == 1 for k in reduced.labels for _, v in reduced.differential(k).items())
    for p in (2, 3, 5):
        expected = betti_numbers(c, prime=p)
        assert {k: g.rank for k, g in c.homology(F(p)).items()} == expected
        assert {k: c.betti(k, F(p)) for k in c.labels} == expected
        assert {k: n for k, n in c.over(F(p)).reduce().modules.items() if n} == {k: n for k, n in expected.items() if n}
    assert {k: g.rank for k, g in c.homology(Q).items()} == {k: g.rank for k, g in homology.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_laplacian_knows_the_betti_numbers(case):
    c, homology = hidden(5, *case)
    for k, n in c.modules.items():
        laplacian = c.laplacian(k)
        assert laplacian == laplacian.transpose()
        assert n - laplacian.rank() == homology[k].rank


@pytest.mark.parametrize("case", CASES)
def test_duality_by_universal_coefficients(case):
    c, homology = hidden(7, *case)
    dual = c.dual().homology()
    for k in c.labels:
        above = homology.get(k + 1, AbelianGroup())
        assert dual[-k] == AbelianGroup(homology[k].rank, above.torsion)
    assert c.dual().dual() == c


@pytest.mark.parametrize(("a", "b"), list(product(CASES[:2], CASES[1:3])))
def test_kunneth(a, b):
    c, left = hidden(11, *a)
    d, right = hidden(13, *b)
    found = c.tensor(d)
    low = c.shift(-3).tensor(d.shift(-2))
    assert {k + 5: g for k, g in low.homology().items()} == found.homology()
    assert low.euler_characteristic == -found.euler_characteristic
    assert low.graded_euler() == -found.graded_euler()
    check_complex(found, only=["shapes", "d after d is zero", "Euler characteristic"]).raise_if_failed()
    for k, group in found.homology().items():
        wanted = AbelianGroup()
        for m, n in product(left, right):
            if m + n == k:
                wanted += left[m].tensor(right[n])
            if m + n == k + 1:
                wanted += left[m].tor(right[n])
        assert group == wanted


def test_sums_shifts_and_labels():
    c, homology = hidden(3, *CASES[0])
    d, other = hidden(4, *CASES[1])
    both = c + d
    assert both.homology() == {k: homology[k] + other[k] for k in homology}
    moved = c.shift(3, 5)
    assert {k - 3: g for k, g in moved.homology().items()} == homology
    assert all(set(names) <= {5} for names in moved.labels.values())
    assert moved.shift(-3, -5) == c
    assert c.shift(1).differential(1) == -c.differential(0)


def test_cones():
    c, _ = hidden(3, *CASES[0])
    identity = {k: SparseMatrix.identity(n) for k, n in c.modules.items()}
    assert not any(g for g in c.cone(c, identity).homology().values())
    doubled = {k: 2 * f for k, f in identity.items()}
    # multiplication by 2: the long exact sequence splits each H into cokernel and kernel of 2
    for k, group in c.cone(c, doubled).homology().items():
        two = AbelianGroup(0, (2,))
        here, after = c.homology().get(k, AbelianGroup()), c.homology().get(k + 1, AbelianGroup())
        assert group.torsion_order == here.tensor(two).torsion_order * after.tor(two).torsion_order
    with pytest.raises(LawError, match="d d is not 0"):
        c.cone(c, {0: identity[0]})
    with pytest.raises(DomainError, match="do not mix"):
        c.cone(c.over("F2"), {})


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ring", [Z, Q, F(2), F(3)])
def test_cocycles_generate(case, ring):
    c, _homology = hidden(2, *case)
    c = c.over(ring)
    for k, n in c.modules.items():
        found = c.cocycles(k)
        group = AbelianGroup(sum(1 for x in found if x.order == 0), tuple(x.order for x in found if x.order))
        assert group == c.homology()[k]
        if not found:
            continue
        vectors = SparseMatrix.from_dense([x.vector for x in found], n_columns=n, ring=ring).transpose()
        assert not c.differential(k) @ vectors
        # together with the image they span the kernel: the quotient by both has the rank of the image of d
        below = c.differential(k - 1)
        both = SparseMatrix.from_dense(
            [list(a) + list(b) for a, b in zip(vectors.to_dense(), below.to_dense(), strict=True)], ring=ring
        )
        assert n - both.rank() == c.differential(k).rank()
        if ring == Z:
            assert not both.cokernel().torsion
        for x in found:
            if x.order:
                column = SparseMatrix.from_dense([[x.order * v] for v in x.vector])
                wide = [list(a) + list(b) for a, b in zip(below.to_dense(), column.to_dense(), strict=True)]
                assert SparseMatrix.from_dense(wide).cokernel() == below.cokernel()


def torus():
    """Return the cochain complex of the square torus with one vertex, two edges, one face."""
    return ChainComplex({0: SparseMatrix.zero(2, 1), 1: SparseMatrix.zero(1, 2)})


def test_closed_forms():
    """Klein's bottle: boundary of the face is 2a, so that cohomology has Z/2 in degree 2 (Hatcher, example 3.8)."""
    klein = ChainComplex({0: SparseMatrix.zero(2, 1), 1: SparseMatrix.from_dense([[2, 0]])})
    assert klein.homology() == {0: AbelianGroup(1), 1: AbelianGroup(1), 2: AbelianGroup(0, (2,))}
    assert [klein.betti(k, "F2") for k in range(3)] == [1, 2, 1]
    circle = ChainComplex({0: SparseMatrix.zero(1, 1)})
    assert circle.tensor(circle).homology() == torus().homology()
    lens = ChainComplex({0: SparseMatrix.zero(1, 1), 1: SparseMatrix.from_dense([[7]]), 2: SparseMatrix.zero(1, 1)})
    assert lens.homology() == {0: AbelianGroup(1), 1: AbelianGroup(), 2: AbelianGroup(0, (7,)), 3: AbelianGroup(1)}


def test_gradings():
    d = SparseMatrix.from_dense([[2, 0], [0, 3]])
    c = ChainComplex({0: d}, {0: [5, 7], 1: [5, 7]})
    assert c.is_graded
    assert c.bigraded_homology() == {(1, 5): AbelianGroup(0, (2,)), (1, 7): AbelianGroup(0, (3,))}
    assert c.bigraded_homology("F2") == {(0, 5): AbelianGroup(1), (1, 5): AbelianGroup(1)}
    assert c.graded_euler() == LaurentPolynomial.constant(0)
    free = ChainComplex({}, {0: [1, -1], 1: [3]})
    assert free.graded_euler() == LaurentPolynomial.parse("q + q^-1 - q^3")
    mixed = ChainComplex({0: d}, {0: [5, 7], 1: [5, 8]})
    assert not mixed.is_graded
    with pytest.raises(DomainError, match="from label 7 to 8"):
        mixed.bigraded_homology()
    assert c.dual().bigraded_homology() == {(0, -7): AbelianGroup(0, (3,)), (0, -5): AbelianGroup(0, (2,))}


def test_export_and_printing():
    c = ChainComplex({0: SparseMatrix.from_dense([[2, 0], [0, 3]])}, {0: [5, 7], 1: [5, 7]})
    (row, col, data, shape) = c.coordinates()[0]
    assert SparseMatrix.from_coo(row, col, data, shape) == c.differential(0)
    names = {"ChainComplex": ChainComplex, "SparseMatrix": SparseMatrix, "Z": Z}
    assert eval(repr(c), names) == c
    assert hash(eval(repr(c), names)) == hash(c)
    assert str(c) == "complex Z^2 -> Z^2 in degrees 0..1"
    assert str(ChainComplex({})) == "complex 0"
    assert c.differential(9).shape == (0, 0)
    assert c.homology().get(9) is None


def test_refusals():
    one = SparseMatrix.identity(1)
    with pytest.raises(LawError, match=r"\(differential\(1\) differential\(0\)\)\[0, 0\] = 1"):
        ChainComplex({0: one, 1: one})
    with pytest.raises(ShapeError, match="degree 1 has rank 1"):
        ChainComplex({0: one, 1: SparseMatrix.identity(2)})
    with pytest.raises(ShapeError, match="rank"):
        ChainComplex({0: one}, {0: [1, 2]})
    with pytest.raises(DomainError, match="over F2"):
        ChainComplex({0: one.over("F2")}, ring=Z)
