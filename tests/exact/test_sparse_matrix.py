"""Sparse matrices: arithmetic against nested lists, ranks and divisors against minors and constructed Smith forms."""

import random
from fractions import Fraction
from itertools import combinations, pairwise
from math import gcd

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import AbelianGroup, F, Q, SparseMatrix, Z
from erlangen.testing.invariant_factors import invariant_factors


def random_matrix(seed, m, n, *, density=0.5, size=6):
    rng = random.Random(seed)
    return [[rng.randint(-size, size) if rng.random() < density else 0 for _ in range(n)] for _ in range(m)]


def times(a, b):
    return [[sum(x * y for x, y in zip(row, col, strict=True)) for col in zip(*b, strict=True)] for row in a]


def determinant(a):
    if not a:
        return 1
    return sum((-1) ** j * x * determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j, x in enumerate(a[0]) if x)


def divisors_by_minors(a):
    """Return the elementary divisors as quotients of the greatest common divisors of minors (Newman, II.9)."""
    m, n = len(a), len(a[0])
    chain = [1]
    for k in range(1, min(m, n) + 1):
        minors = (
            determinant([[a[i][j] for j in cols] for i in rows])
            for rows in combinations(range(m), k)
            for cols in combinations(range(n), k)
        )
        chain.append(gcd(*minors))
        if not chain[-1]:
            break
    return tuple(b // a for a, b in pairwise(chain) if b)


def unimodular(seed, n):
    rng, u = random.Random(seed), [[int(i == j) for j in range(n)] for i in range(n)]
    for _ in range(4 * n):
        i, j = rng.sample(range(n), 2)
        factor = rng.choice([-2, -1, 1, 2])
        u[i] = [x + factor * y for x, y in zip(u[i], u[j], strict=True)]
    return u


@pytest.mark.parametrize("seed", range(6))
def test_arithmetic(seed):
    a, b, c = random_matrix(seed, 3, 4), random_matrix(seed + 50, 4, 2), random_matrix(seed + 90, 3, 4)
    A, B, C = map(SparseMatrix.from_dense, (a, b, c))
    assert (A @ B).to_dense() == times(a, b)
    assert (A + C - C) == A
    assert SparseMatrix.zero(3, 4) == (A - A)
    assert not A - A
    assert (2 * A).to_dense() == [[2 * x for x in row] for row in a]
    assert (A @ B).transpose() == B.transpose() @ A.transpose()
    assert SparseMatrix.identity(3) @ A == A
    assert (A.over("F3") @ B.over("F3")) == (A @ B).over("F3")
    assert SparseMatrix.zero(3, 4) == -A + A


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4)])
def test_elementary_divisors_by_minors(seed, shape):
    a = random_matrix(seed, *shape)
    A = SparseMatrix.from_dense(a)
    wanted = divisors_by_minors(a)
    assert A.elementary_divisors() == wanted
    assert A.rank() == A.rank(Q) == len(wanted)
    for p in (2, 3, 5):
        assert A.rank(F(p)) == sum(1 for d in wanted if d % p)
    form = A.smith_form()
    assert form.diagonal == wanted
    assert form.left @ A @ form.right == form.matrix
    assert abs(determinant(form.left.to_dense())) == abs(determinant(form.right.to_dense())) == 1


DIAGONALS = [(1, 1, 2, 4, 4, 12), (2, 2, 2), (3, 9, 27, 27), (1,) * 8 + (2,) * 6 + (4, 120), (5, 10, 210), (7, 0, 0)]


@pytest.mark.parametrize("diagonal", DIAGONALS)
def test_a_hidden_diagonal_comes_out(diagonal):
    n = len(diagonal)
    d = [[x if i == j else 0 for j in range(n + 2)] for i, x in enumerate(diagonal)]
    A = SparseMatrix.from_dense(times(times(unimodular(n, n), d), unimodular(n + 1, n + 2)))
    wanted = tuple(x for x in diagonal if x)
    assert A.elementary_divisors() == _padded(wanted)
    assert A.cokernel() == AbelianGroup(n - len(wanted), wanted)


def _padded(diagonal):
    factors = AbelianGroup(0, diagonal).invariant_factors
    return (1,) * (len(diagonal) - len(factors)) + factors


@pytest.mark.parametrize("seed", range(4))
def test_larger_sparse_matrices_agree_with_the_batterys_elimination(seed):
    a = random_matrix(seed, 40, 50, density=0.07, size=2)
    A = SparseMatrix.from_dense(a)
    assert tuple(d for d in A.elementary_divisors() if d > 1) == tuple(d for d in invariant_factors(A.rows()) if d > 1)
    assert len(A.elementary_divisors()) == A.rank() == np.linalg.matrix_rank(np.array(a, dtype=float))


@pytest.mark.parametrize("p", [2, 3, 2**31 - 1, 2**61 - 1])
def test_dense_ranks_over_prime_fields(p):
    rng = random.Random(p)
    left = [[rng.randrange(p) for _ in range(70)] for _ in range(90)]
    right = [[rng.randrange(p) for _ in range(95)] for _ in range(70)]
    product = SparseMatrix.from_dense(left, ring=F(p)) @ SparseMatrix.from_dense(right, ring=F(p))
    rank = product.rank()
    assert rank <= 70
    assert rank == product.transpose().rank()
    assert (
        rank >= 68
    )  # random square matrices over F2 lack more than two ranks with probability below 1/500; the seed is fixed


def test_rationals():
    A = SparseMatrix({(0, 0): Fraction(1, 2), (1, 0): 3, (0, 1): Fraction(1, 6), (1, 1): 1}, (2, 2), Q)
    assert A.rank() == 1
    assert A.over("F5").rank() == 1
    assert (A @ A)[0, 0] == Fraction(3, 4)
    assert (2 * A)[0, 0] == 1
    assert isinstance((2 * A)[0, 0], int)
    with pytest.raises(DomainError, match="denominator"):
        A.over("F3")
    with pytest.raises(DomainError, match="not an integer"):
        A.over(Z)


def test_arrays_come_and_go():
    A = SparseMatrix.from_dense(np.array([[0, 2, -1], [0, 0, 5]]))
    row, col, data, shape = A.tocoo()
    assert SparseMatrix.from_coo(row, col, data, shape) == A
    assert data.dtype == np.int64
    huge = SparseMatrix({(0, 0): 10**30}, (1, 1))
    assert huge.tocoo().data.dtype == object
    assert huge.elementary_divisors() == (10**30,)
    assert SparseMatrix.from_coo([0, 0], [0, 0], [1, -1], (1, 1)) == SparseMatrix.zero(1, 1)
    assert eval(repr(A), {"SparseMatrix": SparseMatrix, "Z": Z}) == A
    assert len({A, SparseMatrix.from_coo(row, col, data, shape)}) == 1
    assert A.nnz == 3
    assert SparseMatrix.from_rows([{1: 2, 2: -1}, {2: 5}], 3) == A


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_matrices(shape):
    A = SparseMatrix.zero(*shape)
    assert A.rank() == 0
    assert A.elementary_divisors() == ()
    assert A.smith_form().diagonal == ()
    assert A.cokernel() == AbelianGroup(shape[0])
    assert A.transpose().shape == shape[::-1]


def test_refusals():
    A = SparseMatrix.identity(2)
    with pytest.raises(ShapeError, match=r"\(2, 0\)"):
        SparseMatrix({(2, 0): 1}, (2, 2))
    with pytest.raises(ShapeError, match="row 1 has 1"):
        SparseMatrix.from_dense([[1, 2], [3]])
    with pytest.raises(ShapeError, match="do not fit a product"):
        A @ SparseMatrix.identity(3)
    with pytest.raises(ShapeError, match="do not fit a sum"):
        A + SparseMatrix.identity(3)
    with pytest.raises(ShapeError, match="outside"):
        A[2, 0]
    with pytest.raises(DomainError, match="do not mix"):
        A + A.over("F2")
    with pytest.raises(DomainError, match="no image"):
        A.over("F2").over("F3")
    with pytest.raises(DomainError, match="integer matrices"):
        A.over("Q").elementary_divisors()
    with pytest.raises(DomainError, match="not an integer"):
        SparseMatrix.from_dense([[0.5]])
    with pytest.raises(DomainError, match="not an integer"):
        SparseMatrix({(0, 0): 0.5}, (1, 1))
    assert isinstance(SparseMatrix({(0, 0): np.int64(3)}, (1, 1))[0, 0], int)
    assert isinstance(SparseMatrix({(0, 0): -1.0}, (1, 1))[0, 0], int)
