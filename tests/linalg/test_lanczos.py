"""Oracles: the relation of the process, Jacobi matrices that it must return, orthogonality."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.linalg.lanczos import Lanczos, on_host, row_norms

RNG = np.random.default_rng(0)


def symmetric(n):
    G = RNG.normal(size=(n, n))
    return G + G.T


def run(A, start, steps, **options):
    process = Lanczos(lambda B: A @ B, start, **options)
    for _ in range(steps):
        process.step()
    return process


def basis(process):
    """Return the vectors (c, m, n), which are what unit weights combine to."""
    m, c = process.steps, len(process.norms)
    return np.stack([on_host(process.combine(np.tile(np.eye(m)[k], (c, 1)))) for k in range(m)], axis=1)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_the_relation_and_the_orthogonality(stored, kind):
    A, start = symmetric(40), RNG.normal(size=(3, 40))
    process = run(kind(A), kind(start), 20, stored=stored)
    Q = basis(process)
    diagonal, beside = process.tridiagonal()
    for q, a, b in zip(Q, diagonal, beside, strict=True):
        T = np.diag(a) + np.diag(b[:-1], 1) + np.diag(b[:-1], -1)
        rest = q @ A - T @ q
        assert np.abs(rest[:-1]).max() < 1e-12
        assert np.linalg.norm(rest[-1]) == pytest.approx(b[-1], rel=1e-10)
        assert np.abs(q @ q.T - np.eye(20)).max() < (1e-14 if stored else 1e-8)
    assert np.allclose(Q[:, 0], start / np.linalg.norm(start, axis=1)[:, None])


def test_orthogonality_holds_where_ritz_values_have_converged():
    A = np.diag(np.r_[np.linspace(0, 1, 99), 50.0])
    Q = basis(run(A, np.ones((1, 100)), 80))[0]
    assert np.abs(Q @ Q.T - np.eye(80)).max() < 1e-13
    lost = basis(run(A, np.ones((1, 100)), 80, stored=False))[0]
    assert np.abs(lost @ lost.T - np.eye(80)).max() > 0.1


def test_a_jacobi_matrix_from_its_first_unit_vector_is_itself():
    a, b = RNG.normal(size=30), RNG.uniform(0.5, 1, size=29)
    T = np.diag(a) + np.diag(b, 1) + np.diag(b, -1)
    process = run(T, np.eye(30)[:1], 30)
    diagonal, beside = process.tridiagonal()
    assert np.allclose(diagonal[0], a, atol=1e-13)
    assert np.allclose(beside[0, :-1], b, atol=1e-13)
    assert process.exhausted.all()
    values, vectors = process.eigen()
    assert np.allclose(values[0], np.linalg.eigvalsh(T), atol=1e-12)
    assert np.allclose(vectors[0] * values[0] @ vectors[0].T, T, atol=1e-12)


@pytest.mark.parametrize("stored", [True, False])
def test_an_exhausted_column_goes_on_with_zeros(stored):
    A = np.diag(np.arange(1.0, 9.0))
    process = run(A, np.vstack([np.eye(8)[2], np.ones(8)]), 5, stored=stored)
    assert process.exhausted.tolist() == [True, False]
    assert np.array_equal(basis(process)[0, 1:], np.zeros((4, 8)))
    assert np.array_equal(process.tridiagonal()[0][0], np.full(5, 3.0))
    assert np.array_equal(process.tridiagonal()[1][0], np.zeros(5))


def test_what_is_dropped_is_remembered():
    A = np.array([[1.0, 1e-15], [1e-15, 2.0]])
    process = run(A, np.eye(2)[:1], 1)
    assert process.exhausted.all()
    assert process.dropped[0] == pytest.approx(1e-15, rel=1e-6)


def test_refusals():
    with pytest.raises(DomainError, match=r"A is not symmetric: at step 2, \|q \. A p - A q \. p\| = "):
        run(np.triu(symmetric(6)), RNG.normal(size=(2, 6)), 2)


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_products_that_are_not_finite(bad):
    with pytest.raises(DomainError, match="the product with A is not finite at step 1"):
        Lanczos(lambda B: np.where(B > 0, bad, B), np.array([[1.0, -1.0]])).step()


def test_norms_neither_overflow_nor_underflow():
    rows = np.array([[3e200, 4e200], [3e-300, 4e-300], [0.0, 0.0]])
    for kind in (np.asarray, torch.as_tensor):
        assert np.allclose(row_norms(kind(rows)) / [5e200, 5e-300, 1.0], [1, 1, 0], rtol=1e-15)
