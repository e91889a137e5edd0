"""Elimination of arrays: the kernel against its Python twins and against Smith forms; overflow; refusals."""

import random
from collections import Counter

import numpy as np
import pytest

from erlangen import native
from erlangen.errors import DomainError
from erlangen.exact import AbelianGroup, F, Q, SparseMatrix, Z
from erlangen.exact.pivots import array_divisors, array_graded_pivots, array_pivots

BACKENDS = ["python", *(["native"] if native.available() else [])]


def sparse(seed, m, n, density=0.2, size=4):
    rng = random.Random(seed)
    places = [(i, j) for i in range(m) for j in range(n) if rng.random() < density]
    return SparseMatrix({place: rng.randint(-size, size) for place in places}, (m, n))


def arrays(matrix):
    row, col, data, _ = matrix.tocoo()
    return row, col, data


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", [(12, 12), (20, 15), (5, 30), (1, 1)])
def test_divisors_are_those_of_smiths_form(backend, seed, shape):
    A = sparse(seed, *shape)
    rows, divisors = array_divisors(*arrays(A), shape, backend=backend)
    assert AbelianGroup(0, tuple(divisors)) == AbelianGroup(0, A.smith_form().diagonal)
    assert len(rows) == len(divisors) == A.rank()
    assert all(d > 0 for d in divisors)


@pytest.mark.parametrize("backend", BACKENDS)
def test_blocks_keep_their_divisors(backend):
    """Block k of a block diagonal matrix has its own group; the row of each divisor says which block it is of."""
    parts = [sparse(seed, 6, 7, density=0.6, size=9) for seed in range(5)]
    entries = {(6 * k + i, 7 * k + j): v for k, part in enumerate(parts) for (i, j), v in part.items()}
    rows, divisors = array_divisors(*arrays(SparseMatrix(entries, (30, 35))), (30, 35), backend=backend)
    for k, part in enumerate(parts):
        found = tuple(d for i, d in zip(rows, divisors, strict=True) if i // 6 == k)
        assert AbelianGroup(0, found) == AbelianGroup(0, part.smith_form().diagonal)
        assert len(found) == part.rank()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("p", [2, 3, 7, 2**31 - 1, 2**61 - 1])
def test_ranks_over_prime_fields(backend, p):
    for seed in range(4):
        A = sparse(seed, 25, 30, size=12)
        rows = array_pivots(*arrays(A), A.shape, p, backend=backend)
        assert len(rows) == A.rank(F(p)) == sum(1 for d in A.elementary_divisors() if d % p)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("ring", [Q, F(2), F(3), F(2**31 - 1)])
@pytest.mark.parametrize("seed", range(4))
def test_graded_pivots_by_ranks(backend, ring, seed):
    """Pivots with source label >= a and target label < b are as many as the rank of that part of the matrix."""
    rng = random.Random(seed)
    sources = np.array([rng.randrange(4) for _ in range(18)])
    targets = np.array([rng.randrange(7) for _ in range(20)])
    A = sparse(seed, 20, 18, density=0.4)
    A = SparseMatrix({(i, j): v for (i, j), v in A.items() if targets[i] >= sources[j]}, A.shape)
    columns, rows = array_graded_pivots(*arrays(A), sources, targets, ring, backend=backend)
    assert len(set(columns)) == len(columns)
    assert len(set(rows)) == len(rows)
    for a in range(4):
        for b in range(8):
            part = SparseMatrix({(i, j): v for (i, j), v in A.items() if sources[j] >= a and targets[i] < b}, A.shape)
            ends = zip(columns, rows, strict=True)
            assert sum(1 for j, i in ends if sources[j] >= a and targets[i] < b) == part.rank(ring)


@pytest.mark.skipif(not native.available(), reason="needs the kernel")
def test_kernel_and_twin_agree_on_larger_matrices():
    A = sparse(1, 120, 140, density=0.03, size=2)
    sources, targets = np.arange(140) // 20, np.arange(120) // 10 + 7
    assert AbelianGroup(0, tuple(array_divisors(*arrays(A), A.shape, backend="native")[1])) == AbelianGroup(
        0, A.elementary_divisors()
    )
    for ring in (Q, F(2), F(5)):
        both = [
            Counter(
                (sources[j], targets[i])
                for j, i in zip(*array_graded_pivots(*arrays(A), sources, targets, ring, backend=b), strict=True)
            )
            for b in ("python", "native")
        ]
        assert both[0] == both[1]


@pytest.mark.parametrize("backend", BACKENDS)
def test_numbers_beyond_64_bits(backend):
    """Where the kernel would overflow the twin takes over: determinants of about 2^120, and entries that do not fit."""
    big = 2**61 - 1
    A = SparseMatrix.from_dense([[big, 3, 5], [7, big - 2, 11], [13, 17, big - 6]])
    assert AbelianGroup(0, tuple(array_divisors(*arrays(A), A.shape, backend=backend)[1])) == A.cokernel()
    labels = np.zeros(3, dtype=np.int64)
    assert len(array_graded_pivots(*arrays(A), labels, labels, Q, backend=backend)[0]) == 3
    huge = SparseMatrix({(0, 0): 10**30, (1, 1): 6}, (2, 2))
    assert sorted(array_divisors(*arrays(huge), (2, 2), backend=backend)[1]) == [6, 10**30]
    least = SparseMatrix({(0, 0): -(2**63)}, (1, 1))
    assert array_divisors(*arrays(least), (1, 1), backend=backend)[1] == [2**63]
    edge = SparseMatrix({(0, 0): -1, (1, 0): -(2**63), (1, 1): 4}, (2, 2))  # the quotient is 2^63
    assert sorted(array_divisors(*arrays(edge), (2, 2), backend=backend)[1]) == [1, 4]


@pytest.mark.parametrize("backend", BACKENDS)
def test_empty_matrices(backend):
    none = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    labels = np.zeros(3, dtype=np.int64)
    assert array_divisors(*none, (3, 0), backend=backend) == ([], [])
    assert array_pivots(*none, (0, 3), 2, backend=backend) == []
    assert array_graded_pivots(*none, labels, labels[:0], Q, backend=backend) == ([], [])


def test_refusals():
    one = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int64)
    low, high = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    with pytest.raises(DomainError, match="lowers the label from 1 to 0"):
        array_graded_pivots(*one, high, low, Q)
    with pytest.raises(DomainError, match="is no field"):
        array_graded_pivots(*one, low, low, Z)
    if native.available():
        module = native.kernels()
        with pytest.raises(ValueError, match="entry 0 stands outside"):
            module.integer_divisors(*one, 0, 1)
        with pytest.raises(ValueError, match="not reduced mod p"):
            module.graded_pivots(one[0], one[1], -one[2], low, low, 3)
        with pytest.raises(ValueError, match="differ in length"):
            module.integer_divisors(one[0][:0], one[1], one[2], 1, 1)
