"""Kernels and solutions against their definition and against sympy's ranks."""

import random
from fractions import Fraction

import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing, echelon_form, nullspace, solve_linear

sympy = pytest.importorskip("sympy")


def product(row, vector):
    return sum((row[k] * vector[k] for k in row if k in vector), 0)


@pytest.mark.parametrize("seed", range(12))
def test_rational_kernels(seed):
    rng = random.Random(seed)
    m, n = rng.randint(1, 7), rng.randint(1, 8)
    rows = [
        {j: Fraction(rng.randint(-3, 3), rng.randint(1, 3)) for j in range(n) if rng.random() < 0.5} for _ in range(m)
    ]
    zero = Fraction(0)
    matrix = sympy.Matrix(m, n, lambda i, j: sympy.Rational(*rows[i].get(j, zero).as_integer_ratio()))
    form, kernel = echelon_form(rows, n), nullspace(rows, n)
    assert form.rank == matrix.rank()
    assert len(kernel) == n - form.rank
    assert all(product(row, vector) == 0 for row in rows for vector in kernel)
    for pivot, row in form.rows.items():
        assert row[pivot] == 1
        assert all(pivot not in other for q, other in form.rows.items() if q != pivot)


@pytest.mark.parametrize("seed", range(6))
def test_kernels_over_functions(seed):
    rng = random.Random(seed)
    ring = DifferentialRing("x y")
    pool = [ring.parse(text) for text in ("x", "y", "1 + x*y", "x/y", "2", "x^2 - y")]
    basis = [{j: rng.choice(pool) for j in range(4)} for _ in range(2)]
    rows = []
    for _ in range(4):
        left, right = rng.choice(pool), rng.choice(pool)
        rows.append({j: left * basis[0][j] + right * basis[1][j] for j in range(4)})
    kernel = nullspace(rows, 4)
    assert len(kernel) >= 2
    assert all(not product(row, vector) for row in rows for vector in kernel)


def test_solutions():
    x = DifferentialRing("x")["x"]
    rows = [{0: x, 1: 1, 2: x + 1}, {0: 1, 1: -1, 2: 0}]  # x a + b = x + 1, a = b
    particular, kernel = solve_linear(rows, 2)
    assert (particular, kernel) == ({0: 1, 1: 1}, [])
    assert solve_linear([{0: 1, 1: 1}, {0: 2, 1: 3}], 1) is None
    particular, kernel = solve_linear([{0: 1, 1: 2, 3: 5}], 3)
    assert len(kernel) == 2
    assert particular[0] + 2 * particular.get(1, 0) == 5


def test_refusals():
    with pytest.raises(DomainError, match="not an exact number"):
        nullspace([{0: 0.5}], 1)
    with pytest.raises(DomainError, match="outside"):
        nullspace([{2: 1}], 1)
