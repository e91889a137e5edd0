"""Invariant factors against determinantal divisors, gcds of minors, and against unimodular disguise."""

import itertools
from math import gcd

import numpy as np
import pytest

from erlangen.testing.invariant_factors import invariant_factors


def rows(matrix):
    return [{j: int(value) for j, value in enumerate(row) if value} for row in matrix]


def determinantal(matrix):
    """d_k = D_k / D_{k-1}, D_k the gcd of all k x k minors."""
    m, n = matrix.shape
    divisors = [1]
    for k in range(1, min(m, n) + 1):
        common = 0
        for i in itertools.combinations(range(m), k):
            for j in itertools.combinations(range(n), k):
                common = gcd(common, round(np.linalg.det(matrix[np.ix_(i, j)].astype(float))))
        if common == 0:
            break
        divisors.append(common)
    return tuple(b // a for a, b in itertools.pairwise(divisors))


@pytest.mark.parametrize("seed", range(30))
def test_equals_quotients_of_determinantal_divisors(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-6, 7, rng.integers(1, 5, 2)) * rng.integers(1, 4)
    if seed % 3 == 0:
        matrix[-1] = 2 * matrix[0]
    assert invariant_factors(rows(matrix)) == determinantal(matrix)


def test_a_disguised_diagonal_is_found():
    rng, factors = np.random.default_rng(1), (1, 2, 6, 12, 60, 0, 0)
    matrix = np.diag(factors).astype(object)
    for _ in range(40):
        i, j = rng.choice(7, 2, replace=False)
        matrix[i] += int(rng.integers(-2, 3)) * matrix[j]
        matrix[:, j] += int(rng.integers(-2, 3)) * matrix[:, i]
    assert invariant_factors(rows(matrix)) == factors[:5]


def test_edges():
    assert invariant_factors([]) == ()
    assert invariant_factors([{}, {}]) == ()
    assert invariant_factors(rows(np.diag([4, 6]))) == (2, 12)
    assert invariant_factors(rows(np.diag([-5, 5]))) == (5, 5)
    big = 2**80 + 1
    assert invariant_factors([{0: big}, {0: 3 * big, 1: big}]) == (big, big)
