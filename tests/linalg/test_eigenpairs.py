"""Oracles: closed spectra, the number of components, LAPACK."""

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp

from erlangen.errors import ConvergenceError, ConvergenceWarning, DomainError, ShapeError
from erlangen.linalg import lowest_eigenpairs

METHODS = ["dense", "shift-invert", "lanczos"]


def laplacian(W):
    W = sp.csr_array(W)
    return sp.csr_array(sp.diags_array(np.asarray(W.sum(axis=1)).ravel()) - W)


def cycle(n):
    i = np.arange(n)
    return sp.coo_array((np.ones(2 * n), (np.r_[i, i], np.r_[(i + 1) % n, (i - 1) % n])), shape=(n, n))


def random_graph(n, seed, density=0.05):
    rng = np.random.default_rng(seed)
    W = sp.random_array((n, n), density=density, rng=rng)
    return W + W.T + cycle(n)


def check(A, k, method, exact, atol=1e-9):
    values, vectors, proof = lowest_eigenpairs(A, k, method=method, certificate=True)
    norm = np.abs(exact).max()
    assert np.allclose(values, np.sort(exact)[:k], rtol=0, atol=atol * norm)
    assert np.all(np.diff(values) >= -1e-12 * norm)
    assert np.allclose(vectors.T @ vectors, np.eye(k), atol=1e-10)
    defects = np.linalg.norm(A @ vectors - vectors * values, axis=0)
    assert proof.converged
    assert defects.max() <= proof.residual * 2.1 * norm + 1e-14 * norm
    assert proof.residual <= defects.max() / norm * 1.01 + 1e-16
    places = np.abs(vectors).argmax(axis=0)
    assert np.all(vectors[places, np.arange(k)] > 0)
    return proof


@pytest.mark.parametrize("method", METHODS)
def test_the_cycle_has_its_eigenvalues_in_pairs(method):
    n = 150
    check(laplacian(cycle(n)), 9, method, 2 - 2 * np.cos(2 * np.pi * np.arange(n) / n))


@pytest.mark.parametrize("method", METHODS)
def test_the_complete_graph_has_one_eigenvalue_many_times(method):
    n = 60
    check(laplacian(np.ones((n, n)) - np.eye(n)), 7, method, np.r_[0.0, np.full(n - 1, n)])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("components", [2, 5, 8])
def test_zero_comes_once_for_each_component(method, components):
    L = laplacian(sp.block_diag([random_graph(40, s) for s in range(components)], format="csr"))
    exact = np.linalg.eigvalsh(L.toarray())
    check(L, components + 2, method, exact)
    values, _ = lowest_eigenpairs(L, components + 2, method=method)
    assert np.count_nonzero(values < 1e-9 * exact[-1]) == components


@pytest.mark.parametrize(("method", "most"), [("dense", 0), ("shift-invert", 105), ("lanczos", 300)])
def test_fewer_pairs_than_copies_stop_soon(method, most):
    L = laplacian(sp.block_diag([random_graph(40, s) for s in range(6)], format="csr"))
    proof = check(L, 3, method, np.linalg.eigvalsh(L.toarray()))
    assert proof.iterations <= most


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_scale_changes_nothing(method, scale):
    L = laplacian(random_graph(120, 3))
    check(scale * L, 5, method, scale * np.linalg.eigvalsh(L.toarray()))


@pytest.mark.parametrize("method", METHODS)
def test_indefinite_matrices(method):
    A = sp.csr_array(laplacian(random_graph(120, 4)) - 5 * sp.eye_array(120))
    check(A, 4, method, np.linalg.eigvalsh(A.toarray()))


def test_the_choice_agrees_with_lapack_on_a_large_sparse_matrix():
    L = laplacian(random_graph(650, 5, density=0.004))
    exact = scipy.linalg.eigh(L.toarray(), eigvals_only=True)
    assert check(L, 6, "auto", exact).method == "shift-invert"
    assert check(L[:300][:, :300], 6, "auto", np.linalg.eigvalsh(L[:300, :300].toarray())).method == "dense"


def test_all_pairs_and_operators():
    A = np.random.default_rng(0).normal(size=(7, 7))
    A = A + A.T
    exact, turned = np.linalg.eigh(A)
    for k in (1, 6, 7):
        for method in METHODS:
            values, vectors = lowest_eigenpairs(A, k, method=method)
            assert np.allclose(values, exact[:k], atol=1e-12)
            assert np.allclose(np.abs(vectors.T @ turned), np.eye(7)[:k], atol=1e-9)
    L = laplacian(random_graph(100, 6))
    operator = sp.linalg.aslinearoperator(L)
    values, _, proof = lowest_eigenpairs(operator, 4, lower=0.0, certificate=True)
    assert proof.method == "lanczos"
    assert np.allclose(values, np.linalg.eigvalsh(L.toarray())[:4], atol=1e-9)


def test_the_result_is_repeatable():
    L = laplacian(random_graph(120, 7))
    one, two = (lowest_eigenpairs(L, 4, method="lanczos") for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_too_few_iterations_are_an_error_with_numbers_and_remedy():
    with pytest.raises(
        ConvergenceError, match=r"of 5 pairs converged to 1e-12 within 1 restarts \(use method="
    ) as caught:
        lowest_eigenpairs(laplacian(cycle(700)), 5, method="lanczos", max_iterations=1, rtol=1e-12)
    assert caught.value.iterations == 1
    assert caught.value.partial.shape[0] == 700


def test_a_tolerance_below_rounding_is_told_with_the_residual():
    with pytest.warns(ConvergenceWarning, match=r"lowest_eigenpairs: residual .* > 1e-20 after 0 iterations of dense"):
        proof = lowest_eigenpairs(laplacian(random_graph(50, 1)), 5, rtol=1e-20, certificate=True)[2]
    assert not proof.converged


@pytest.mark.parametrize(
    ("A", "k", "options", "error", "text"),
    [
        (np.array([[0, 1.0], [2, 0]]), 1, {}, DomainError, "A is not symmetric"),
        (sp.csr_array([[0, 1.0], [2, 0]]), 1, {}, DomainError, r"\|A\[., .\] - A\[., .\]\| = 1 > .*symmetrise"),
        (np.eye(3), 0, {}, DomainError, r"k must be an integer in \[1, 3\]"),
        (np.eye(3), 4, {}, DomainError, r"k must be an integer in \[1, 3\]"),
        (np.ones((2, 3)), 1, {}, ShapeError, "A must be square"),
        (np.full((2, 2), np.nan), 1, {}, DomainError, "not finite"),
        (np.eye(3), 1, {"method": "qr"}, DomainError, "method must be one of"),
        (np.eye(3), 1, {"rtol": 0.0}, DomainError, "rtol must be"),
        (sp.linalg.aslinearoperator(np.eye(9)), 1, {}, DomainError, "lower is missing"),
        (
            sp.linalg.aslinearoperator(np.eye(9)),
            1,
            {"lower": 0.0, "method": "shift-invert"},
            DomainError,
            "entries of A",
        ),
    ],
)
def test_bad_input_is_refused(A, k, options, error, text):
    with pytest.raises(error, match=text):
        lowest_eigenpairs(A, k, **options)
