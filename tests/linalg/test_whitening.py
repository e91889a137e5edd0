"""Congruence, eigenvalues and functions after congruence: closed forms, the twin, sums that do not depend on threads, refusals."""

from functools import cache

import mpmath
import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen import native
from erlangen.errors import BackendError, DomainError, NotSPDError, ShapeError
from erlangen.linalg.whitening import congruence, packed_triangle, whitened_eigenvalues, whitened_function

LEVELS = native.cpu_levels()
WAYS = [("native", level) for level in LEVELS] + [("python", "auto")]
FUNCTIONS = {
    "log": scipy.linalg.logm,
    "sqrt": scipy.linalg.sqrtm,
    "exp": scipy.linalg.expm,
    "inv-sqrt": lambda C: np.linalg.inv(scipy.linalg.sqrtm(C)),
    "inverse": np.linalg.inv,
    0.3: lambda C: scipy.linalg.fractional_matrix_power(C, 0.3),
}


def spd(count, n, seed=0, dtype=np.float64):
    X = np.random.default_rng(seed).normal(size=(count, n, 3 * n + 2))
    return (X @ X.swapaxes(1, 2) / X.shape[2]).astype(dtype)


def whiteners(n, seed=0):
    """A general, a lower triangular and a diagonal matrix."""
    rng = np.random.default_rng(seed)
    return [
        rng.normal(size=(n, n)),
        np.linalg.inv(np.linalg.cholesky(spd(1, n, 9)[0])) * np.tri(n),
        np.diag(rng.normal(size=n)),
    ]


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", [1, 2, 5, 8, 22])
def test_congruence_is_the_product(backend, level, n, dtype):
    A, eps = spd(19, n, dtype=dtype), np.finfo(dtype).eps
    for W in [
        *whiteners(n),
        np.random.default_rng(1).normal(size=(3, n)),
        np.random.default_rng(1).normal(size=(n + 3, n)),
    ]:
        W = W.astype(dtype)
        C = congruence(W, A, backend=backend, level=level)
        assert C.dtype == dtype
        assert np.array_equal(C, C.swapaxes(1, 2))
        exact = W.astype(float) @ A.astype(float) @ W.T.astype(float)
        assert np.abs(C - exact).max() <= 8 * n * eps * np.linalg.norm(W) ** 2 * np.abs(A).max()


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("n", [1, 3, 12, 22])
def test_eigenvalues_are_those_of_the_pencil(backend, level, n):
    A, B = spd(19, n), spd(3, n, 5)
    W = np.linalg.inv(np.linalg.cholesky(B))
    values = whitened_eigenvalues(W, A, backend=backend, level=level)
    exact = [[scipy.linalg.eigh(a, b, eigvals_only=True) for a in A] for b in B]
    assert np.allclose(values, exact, rtol=1e-11)
    assert np.allclose(whitened_eigenvalues(W[1], A, backend=backend, level=level), exact[1], rtol=1e-11)
    root = np.linalg.inv(scipy.linalg.sqrtm(B[0]).real)
    assert np.allclose(
        whitened_eigenvalues(root, A.reshape(19, 1, n, n), backend=backend, level=level)[:, 0], exact[0], rtol=1e-11
    )


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_the_affine_invariant_distance_has_its_published_value(backend, level):
    P, Q = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]]), np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    with mpmath.workdps(50):
        product = mpmath.inverse(mpmath.matrix(P.tolist())) * mpmath.matrix(Q.tolist())
        exact = float(mpmath.sqrt(sum(mpmath.log(mpmath.re(x)) ** 2 for x in mpmath.eig(product)[0])))
    assert exact == pytest.approx(1.3781219418889146276, rel=1e-15)
    for scale in (1.0, 1e-14, 1e14):
        W = np.linalg.inv(np.linalg.cholesky(P * scale))
        values = whitened_eigenvalues(W, Q * scale, backend=backend, level=level)
        assert np.linalg.norm(np.log(values)) == pytest.approx(exact, rel=4e-15)


@cache
def function_cases(f):
    """Matrices, what whitens them, and the function of the result by SciPy."""
    cases = []
    for n in (1, 4, 5):
        A = spd(5, n)
        for W in (None, *whiteners(n)[:2]):
            C = A if W is None else W @ A @ W.T
            cases.append((W, A, np.stack([FUNCTIONS[f](c) for c in C]).real))
    return cases


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_functions_against_scipy(backend, level, f):
    for W, A, exact in function_cases(f):
        found = whitened_function(W, A, f, backend=backend, level=level)
        assert np.array_equal(found, found.swapaxes(1, 2))
        assert (np.abs(found - exact).max(axis=(1, 2)) <= 1e-10 * np.abs(exact).max(axis=(1, 2))).all()


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("scale", [1e-12, 1e14, 1e-290])
def test_functions_of_any_scale_and_at_multiples_of_the_identity(backend, level, scale):
    A = np.stack([c * np.eye(5) for c in (0.5, 1.0, 3.0)]) * scale
    found = whitened_function(None, A, "log", backend=backend, level=level)
    assert np.allclose(found, [np.log(c * scale) * np.eye(5) for c in (0.5, 1.0, 3.0)], rtol=1e-15, atol=1e-13)
    root = whitened_function(None, A, "sqrt", backend=backend, level=level)
    assert np.allclose(root @ root / scale, A / scale, rtol=4e-15, atol=1e-15)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_condition_1e12_keeps_the_error_of_a_symmetric_problem(backend, level):
    rng = np.random.default_rng(2)
    Q = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    A = (Q * np.logspace(0, -12, 6)) @ Q.T
    A = np.stack([(A + A.T) / 2] * 3)
    root = whitened_function(None, A, "sqrt", backend=backend, level=level)
    assert np.abs(root @ root - A).max() <= 2e-15
    L = np.linalg.cholesky(A[0])
    values = whitened_eigenvalues(
        scipy.linalg.solve_triangular(L, np.eye(6), lower=True), A, backend=backend, level=level
    )
    assert np.abs(values - 1).max() <= 1e-3  # eps times the condition number


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_tangent_vectors_keep_lengths_and_order(backend, level):
    A, n = spd(19, 7), 7
    F = whitened_function(None, A, "log", backend=backend, level=level)
    packed = whitened_function(None, A, "log", tangent=True, backend=backend, level=level)
    rows, columns = np.triu_indices(n)
    assert np.array_equal(packed, packed_triangle(F))
    assert np.array_equal(packed[:, rows == columns], F[:, np.arange(n), np.arange(n)])
    assert np.allclose((packed**2).sum(axis=1), (F**2).sum(axis=(1, 2)), rtol=1e-14)
    assert np.allclose(packed[:, 1], np.sqrt(2) * F[:, 0, 1], rtol=1e-15)


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("count", [1, 9, 64, 65, 300])
def test_the_weighted_sum_is_the_sum_and_does_not_depend_on_threads(backend, level, count):
    A, W, w = spd(count, 12), whiteners(12)[1], np.random.default_rng(3).uniform(-1, 1, count)
    F, S = whitened_function(W, A, "log", w, backend=backend, level=level, threads=1)
    assert np.allclose(S, np.einsum("i,ijk->jk", w, F), rtol=0, atol=1e-13 * np.abs(F).sum(axis=0).max())
    assert np.array_equal(S, S.T)
    for threads in (1, 2, 3):
        assert np.array_equal(
            whitened_function(W, A, "log", w, each=False, backend=backend, level=level, threads=threads), S
        )
        packed, again = whitened_function(W, A, "log", w, tangent=True, backend=backend, level=level, threads=threads)
        assert np.array_equal(again, S)
        assert np.array_equal(packed, packed_triangle(F))


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_float32_tensors_and_mixed_dtypes(backend, level):
    A = spd(9, 6, dtype=np.float32)
    W = whiteners(6)[1].astype(np.float32)
    found = whitened_function(
        torch.from_numpy(W), torch.from_numpy(A), "log", torch.ones(9), backend=backend, level=level
    )
    assert all(isinstance(x, torch.Tensor) and x.dtype == torch.float32 for x in found)
    exact = np.stack([scipy.linalg.logm(C) for C in W.astype(float) @ A.astype(float) @ W.T.astype(float)])
    assert np.abs(found[0].numpy() - exact).max() <= 1e-4
    assert whitened_eigenvalues(W.astype(float), A, backend=backend, level=level).dtype == np.float64


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_batches_of_any_shape(backend, level):
    for leading in [(), (0,), (1,), (2, 3), (17,)]:
        A = np.broadcast_to(np.diag([1.0, 4.0]), (*leading, 2, 2))
        assert congruence(np.ones((3, 2)), A, backend=backend, level=level).shape == (*leading, 3, 3)
        assert whitened_eigenvalues(np.eye(2), A, backend=backend, level=level).shape == (*leading, 2)
        F, S = whitened_function(None, A, "sqrt", np.ones(leading), backend=backend, level=level)
        assert F.shape == (*leading, 2, 2)
        assert np.allclose(S, np.prod(leading) * np.diag([1.0, 2.0]))
    empty = np.ones((3, 0, 0))
    assert np.array_equal(congruence(np.ones((2, 0)), empty, backend=backend, level=level), np.zeros((3, 2, 2)))
    assert whitened_eigenvalues(np.ones((0, 0)), empty, backend=backend, level=level).shape == (3, 0)
    assert whitened_function(None, empty, "log", np.ones(3), backend=backend, level=level)[1].shape == (0, 0)
    assert whitened_eigenvalues(np.ones((0, 2, 2)), np.ones((5, 2, 2)), backend=backend, level=level).shape == (0, 5, 2)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_a_matrix_outside_the_domain_is_named(backend, level):
    A = spd(20, 4).reshape(4, 5, 4, 4)
    A[2, 3] = np.diag([1.0, 2.0, -0.5, 3.0])
    for f in ("log", "sqrt", "inv-sqrt", "inverse", 0.5):
        with pytest.raises(NotSPDError, match=r"^A\[2, 3\] is not positive .* eigenvalue is -0.5") as told:
            whitened_function(None, A, f, np.ones((4, 5)), backend=backend, level=level)
        assert told.value.index == (2, 3)
        assert told.value.rank == 3
    with pytest.raises(NotSPDError, match=r"W A\[2, 3\] W\^T"):
        whitened_function(np.eye(4), A, "log", backend=backend, level=level)
    A[2, 3] = 2000 * np.eye(4)
    with pytest.raises(DomainError, match=r"A\[2, 3\]: exp of the eigenvalue 2000 is not finite"):
        whitened_function(None, A, "exp", backend=backend, level=level)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_what_is_not_finite_is_named(backend, level):
    A = spd(20, 4)
    A[7, 2, 1] = np.nan
    for call in (
        lambda: congruence(np.eye(4), A, backend=backend, level=level),
        lambda: whitened_eigenvalues(np.eye(4), A, backend=backend, level=level),
        lambda: whitened_function(np.eye(4), A, "log", backend=backend, level=level),
    ):
        with pytest.raises(DomainError, match=r"A\[7, 2, 1\] = nan"):
            call()
    with pytest.raises(DomainError, match=r"W\[0, 0, 1\] = inf"):
        congruence(np.array([[1.0, np.inf], [0.0, 1.0]]), np.stack([np.eye(2)] * 9), backend=backend, level=level)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda A: congruence(np.eye(3), A), "W must have shape"),
        (lambda A: congruence(np.ones((2, 4, 4)), A), "W must have shape"),
        (lambda A: whitened_eigenvalues(np.ones((3, 4)), A), "W must have shape"),
        (lambda A: whitened_eigenvalues(np.ones((2, 4, 4)), A[None]), "A must have shape"),
        (lambda A: whitened_function(np.ones((2, 4, 4)), A, "log"), "W must have shape"),
        (lambda A: whitened_function(None, A, "log", np.ones(3)), "weights"),
        (lambda A: whitened_function(None, A, "log", each=False), "each=False"),
        (lambda A: whitened_function(None, A, "cos"), "f must be one of"),
    ],
)
def test_wrong_arguments_are_refused(call, words):
    with pytest.raises((ShapeError, DomainError), match=words):
        call(spd(20, 4))


def test_the_largest_orders_and_the_twin_beyond():
    for n in (128, 129):
        A, W = spd(7, n), whiteners(n)[1]
        exact = whitened_eigenvalues(W, A, backend="python")
        assert np.allclose(whitened_eigenvalues(W, A), exact, rtol=1e-11)
        assert np.allclose(congruence(W, A), W @ A @ W.T, rtol=0, atol=1e-11)
        assert np.allclose(whitened_function(W, A, "log"), whitened_function(W, A, "log", backend="python"), atol=1e-10)
    with pytest.raises(BackendError):
        congruence(np.eye(129), np.eye(129), backend="native")


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
def test_the_extension_refuses_arrays_that_do_not_fit():
    module, A, W, status = native.kernels(), spd(4, 3), np.eye(3), np.zeros(4, np.int8)
    out, values, total = np.empty((4, 3, 3)), np.empty((1, 4, 3)), np.empty((3, 3))
    with pytest.raises(ValueError, match="W has the wrong shape"):
        module.congruence(np.eye(2), A, out, status, 1, "auto")
    with pytest.raises(ValueError, match="out has the wrong shape"):
        module.congruence(W, A, out[:3], status, 1, "auto")
    with pytest.raises(ValueError, match="a common matrix is not finite"):
        module.congruence(W * np.nan, A, out, status, 1, "auto")
    with pytest.raises(ValueError, match="values have the wrong shape"):
        module.whitened_eigenvalues(W[None], A, values[:, :2], status, 1, "auto")
    one = np.ones(4)
    for wrong, words in (
        ((W[:2], A, 0, 2, 0.0, None, out, None, None), "W has"),
        ((W, A, 0, 2, 0.0, one[:3], out, None, total), "weights"),
        ((W, A, 0, 2, 0.0, None, out[:2], None, None), "full"),
        ((W, A, 0, 2, 0.0, None, None, np.empty((4, 5)), None), "packed"),
        ((W, A, 0, 2, 0.0, one, out, None, None), "sum goes"),
        ((W, A, 0, 2, 0.0, one, out, None, total[:2]), "sum has"),
        ((W, A, 6, 2, 0.0, None, out, None, None), "no such"),
    ):
        with pytest.raises(ValueError, match=words):
            module.whitened_function(*wrong, status, 1, "auto")
