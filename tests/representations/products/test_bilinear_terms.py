"""Sparse bilinear maps as values, and their programs."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.products.bilinear_program import bilinear_program
from erlangen.representations.products.bilinear_terms import BilinearTerms


def drawn(seed, d1=5, d2=4, d3=6, density=0.3):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((d1, d2, d3)) * (rng.random((d1, d2, d3)) < density)


def test_terms_are_sorted_summed_and_read_back():
    terms = BilinearTerms([1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [1.0, 2.0, 3.0, -2.0], 2, 1, 2)
    assert (terms.i.tolist(), terms.k.tolist(), terms.c.tolist()) == ([1], [1], [4.0])
    assert eval(repr(terms)) == terms
    assert hash(terms) == hash(BilinearTerms([1], [0], [1], [4.0], 2, 1, 2))
    assert terms != BilinearTerms([1], [0], [1], [4.0], 2, 1, 3)


def test_dense_and_back():
    tensor = drawn(0)
    terms = BilinearTerms.from_dense(tensor)
    assert np.array_equal(terms.dense(), tensor)
    assert np.array_equal(terms.swapped().dense(), tensor.transpose(1, 0, 2))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0, 1], [0], [0], [1.0], 2, 1, 1), ShapeError, "differ in length"),
        (([2], [0], [0], [1.0], 2, 1, 1), DomainError, r"i\[0\] = 2 is out of range 0 … 1"),
        (([0], [0], [-1], [1.0], 2, 1, 1), DomainError, r"k\[0\] = -1"),
        (([0.5], [0], [0], [1.0], 2, 1, 1), DomainError, "places are integers"),
        (([0], [0], [0], [np.nan], 2, 1, 1), DomainError, "not finite"),
    ],
)
def test_lists_that_are_no_map_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        BilinearTerms(*arguments)


def run(program, x, y):
    """Evaluate a program by its definition."""
    q, z = x[program.i] * y[program.j], np.zeros(program.d3)
    for start, quads in zip(program.product_start[:-1], program.quads, strict=True):
        for a in range(start, start + 4 * quads, 2):
            q[a], q[a + 1] = q[a] + q[a + 1], q[a] - q[a + 1]
    for a, b in zip(program.a, program.b, strict=True):
        q[a], q[b] = q[a] + q[b], q[a] - q[b]
    np.add.at(z, program.k, program.value * q[program.slot])
    return z


@pytest.mark.parametrize("seed", range(4))
def test_a_program_is_the_map(seed):
    rng = np.random.default_rng(seed)
    tensor = np.round(drawn(seed, 9, 8, 40, 0.2))  # whole numbers: many of equal size, so that butterflies are found
    program = bilinear_program(BilinearTerms.from_dense(tensor))
    x, y = rng.standard_normal(9), rng.standard_normal(8)
    assert np.allclose(run(program, x, y), np.einsum("i,j,ijk->k", x, y, tensor), atol=1e-12)


def test_butterflies_halve_what_comes_in_pairs():
    a, b = 3, 2  # cos, sin of a and b to cos, sin of a + b and a - b
    i, j = [0, 1, 0, 1] * 2, [0, 1, 1, 0] * 2
    k, c = [0, 0, 1, 1, 2, 2, 3, 3], [1.0, -1, 1, 1, 1, 1, -1, 1]
    program = bilinear_program(BilinearTerms(i, j, k, c, 2, 2, 4))
    assert (program.quads.tolist(), len(program.a), len(program.slot)) == ([1], 0, 4)
    x, y = (np.array([np.cos(angle), np.sin(angle)]) for angle in (a, b))
    expected = [np.cos(a + b), np.sin(a + b), np.cos(a - b), np.sin(a - b)]
    assert np.allclose(run(program, x, y), expected)


def test_no_butterfly_crosses_a_segment():
    program = bilinear_program(BilinearTerms.from_dense(np.round(drawn(7, 20, 20, 30, 0.3))))
    assert len(program.product_start) > 2
    for s in range(len(program.product_start) - 1):
        low, high = program.product_start[s : s + 2]
        for index, start in (
            (program.a, program.butterfly_start),
            (program.b, program.butterfly_start),
            (program.slot, program.term_start),
        ):
            part = index[start[s] : start[s + 1]]
            assert ((part >= low) & (part < high)).all()
