"""The batched eigensolver against closed forms, 50 digits and LAPACK; kernel and twin, every instruction set."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.errors import BackendError, DomainError, ShapeError
from erlangen.linalg.symmetric_eigen import eigh, eigvalsh

LEVELS = native.cpu_levels()
WAYS = [("native", level) for level in LEVELS] + [("python", "auto")]
EPS = {np.float64: 2.3e-16, np.float32: 1.2e-7}


def orthogonal(n, rng):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def families(n):
    """Symmetric matrices that are known to be awkward, one after another."""
    rng = np.random.default_rng(n)
    Q, x = orthogonal(n, rng), rng.normal(size=n)
    tridiagonal = np.diag(np.arange(n) - n / 2.0) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    clusters = np.repeat([1.0, 1.0 + 1e-13, 3.0], n)[:n]
    graded = np.logspace(0, -12, n)
    return {
        "general": (lambda M: M + M.T)(rng.normal(size=(n, n))),
        "zero": np.zeros((n, n)),
        "multiple of I": 7.25 * np.eye(n),
        "diagonal": np.diag(x),
        "tridiagonal": tridiagonal,
        "rank one": np.outer(x, x),
        "ones": np.ones((n, n)),
        "clusters": (Q * clusters) @ Q.T,
        "condition 1e12": (Q * graded) @ Q.T,
        "graded": np.diag(graded) + 1e-3 * np.sqrt(np.outer(graded, graded)),
        "split": np.kron(np.eye(2), np.ones((n, n)))[:n, :n],
        "indefinite pairs": np.fliplr(np.diag(np.abs(x) + np.abs(x)[::-1])),
    }


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 12, 22, 33])
@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_residual_orthogonality_and_order_on_awkward_matrices(backend, level, n, dtype):
    A = np.stack([(M + M.T) / 2 for M in families(n).values()]).astype(dtype)
    values, vectors = eigh(A, backend=backend, level=level)
    assert values.dtype == vectors.dtype == dtype
    assert vectors.flags.c_contiguous
    scale, V, w = np.abs(A).max(axis=(1, 2)).astype(float) * np.sqrt(n), vectors.astype(float), values.astype(float)
    bound = 12 * np.sqrt(n) * EPS[dtype]
    assert (np.abs(A @ V - V * w[:, None]).max(axis=(1, 2)) <= bound * scale).all()
    assert np.abs(V.swapaxes(1, 2) @ V - np.eye(n)).max() <= 3 * bound
    assert (np.diff(values, axis=1) >= 0).all()
    alone = eigvalsh(A, backend=backend, level=level)
    assert (np.abs(alone - w).max(axis=1) <= 2 * bound * scale).all()


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_closed_form_of_the_second_difference(backend, level):
    for n in (5, 22, 128):
        T = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
        exact = 2 - 2 * np.cos(np.arange(1, n + 1) * np.pi / (n + 1))
        values, _ = eigh(np.stack([T] * 3), backend=backend, level=level)
        assert np.abs(values - exact).max() <= 4e-15 * np.sqrt(n)
        assert np.abs(eigvalsh(T, backend=backend, level=level) - exact).max() <= 8e-15 * np.sqrt(n)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_eigenvalues_to_fifty_digits(backend, level):
    rng = np.random.default_rng(5)
    Q = orthogonal(6, rng)
    A = (Q * [1.0, 1.0, 1e-4, 1e-8, -1e-10, 1e-12]) @ Q.T
    A = (A + A.T) / 2
    with mpmath.workdps(50):
        exact = np.array([float(x) for x in mpmath.eigsy(mpmath.matrix(A.tolist()), eigvals_only=True)])
    assert np.abs(eigvalsh(A, backend=backend, level=level) - np.sort(exact)).max() <= 1e-15
    assert np.abs(eigh(A, backend=backend, level=level)[0] - np.sort(exact)).max() <= 1e-15


@pytest.mark.parametrize("scale", [1e-12, 1e14, 1e-14, 2.0**-1060, 1e-300, 1e-150, 1e150, 1e300])
@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_every_scale_is_solved_as_well_as_one(backend, level, scale):
    A = np.stack(list(families(9).values())[::3])
    A = (A + A.swapaxes(1, 2)) / 2
    values, vectors = eigh(A * scale, backend=backend, level=level)
    known, _ = eigh(A, backend="python")
    tolerance = max(
        2e-14, 2e-320 / scale if scale < 1e-300 else 0
    )  # below the normal numbers the entries themselves are rounded
    assert np.abs(values / scale - known).max() <= tolerance * np.abs(A).max() * 3
    assert np.abs(vectors.swapaxes(1, 2) @ vectors - np.eye(9)).max() <= 1e-14
    assert (
        np.abs(eigvalsh(A * scale, backend=backend, level=level) / scale - known).max()
        <= tolerance * np.abs(A).max() * 3
    )


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [5, 22, 70])
def test_a_matrix_has_the_same_bits_in_any_company_and_at_any_number_of_threads(level, n):
    rng = np.random.default_rng(1)
    A = rng.normal(size=(37, n, n))
    A += A.swapaxes(1, 2)
    A = np.concatenate([A, np.eye(n)[None], A[:3] * 1e-9])
    values, vectors = eigh(A, backend="native", level=level, threads=1)
    for threads in (2, 3):
        again = eigh(A, backend="native", level=level, threads=threads)
        assert np.array_equal(values, again[0])
        assert np.array_equal(vectors, again[1])
    for k in (0, 17, 36, 37, 40):
        w, V = eigh(A[k], backend="native", level=level)
        assert np.array_equal(w, values[k])
        assert np.array_equal(V, vectors[k])
        assert np.array_equal(
            eigvalsh(A[k], backend="native", level=level), eigvalsh(A, backend="native", level=level)[k]
        )


@pytest.mark.parametrize("n", [127, 128, 129])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_largest_orders_and_the_twin_beyond(n, dtype):
    rng = np.random.default_rng(n)
    A = rng.normal(size=(9, n, n)).astype(dtype)
    A += A.swapaxes(1, 2)
    values, vectors = eigh(A)
    known = np.linalg.eigvalsh(A.astype(float))
    tolerance = 100 * EPS[dtype] * np.abs(known).max()
    assert np.abs(values - known).max() <= tolerance
    assert np.abs(eigvalsh(A) - known).max() <= tolerance
    V = vectors.astype(float)
    assert np.abs(A @ V - V * values[:, None]).max() <= tolerance
    assert np.abs(V.swapaxes(1, 2) @ V - np.eye(n)).max() <= 200 * EPS[dtype]


@pytest.mark.parametrize("shape", [(0, 3, 3), (2, 0, 0), (3, 3), (1, 3, 3), (2, 5, 3, 3), (17, 2, 2)])
@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_batches_of_any_shape(backend, level, shape):
    A = np.random.default_rng(0).normal(size=shape)
    A = A + A.swapaxes(-1, -2)
    values, vectors = eigh(A, backend=backend, level=level)
    assert values.shape == shape[:-1]
    assert vectors.shape == shape
    assert np.allclose((vectors * values[..., None, :]) @ vectors.swapaxes(-1, -2), A, atol=1e-14)
    assert eigvalsh(A, backend=backend, level=level).shape == shape[:-1]


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_the_lower_triangle_is_read_and_a_tensor_comes_back_as_one(backend, level):
    A = np.array([[2.0, 99.0], [1.0, 2.0]])
    assert np.allclose(eigvalsh(A, backend=backend, level=level), [1, 3])
    values, vectors = eigh(torch.tensor(A, requires_grad=True), backend=backend, level=level)
    assert isinstance(values, torch.Tensor)
    assert not vectors.requires_grad
    assert torch.allclose(values, torch.tensor([1.0, 3.0], dtype=torch.float64))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", [(3, 0, 0), (11, 4, 1), (19, 1, 4)])
@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_what_is_not_finite_is_named(backend, level, where, bad):
    A = np.stack([np.eye(5)] * 20)
    A[where] = bad
    name = rf"A\[{', '.join(map(str, where))}\]"
    for solve in (eigh, eigvalsh):
        with pytest.raises(DomainError, match=name):
            solve(A, backend=backend, level=level)


def test_wrong_arguments_are_refused():
    with pytest.raises(ShapeError, match="A"):
        eigh(np.ones((2, 3)))
    with pytest.raises(DomainError, match="backend"):
        eigh(np.eye(2), backend="fortran")
    with pytest.raises(DomainError, match="threads"):
        eigh(np.ones((3, 2, 2)), threads=0, backend="native" if LEVELS else "auto")
    with pytest.raises(BackendError, match="n = 129" if LEVELS else "not installed"):
        eigh(np.eye(129), backend="native")


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
def test_the_extension_refuses_arrays_that_do_not_fit():
    module, A = native.kernels(), np.ones((4, 3, 3))
    status = np.zeros(4, np.int8)
    for values, vectors, told in (
        (np.empty((4, 2)), None, status),
        (np.empty((4, 3)), np.empty((4, 3, 2)), status),
        (np.empty((4, 3)), None, status[:3]),
    ):
        with pytest.raises(ValueError, match="wrong"):
            module.symmetric_eigen(A, values, vectors, told, 1, "auto")
    with pytest.raises(ValueError, match="square"):
        module.symmetric_eigen(np.ones((4, 3, 2)), np.empty((4, 3)), None, status, 1, "auto")
    with pytest.raises(ValueError, match="larger"):
        module.symmetric_eigen(np.ones((1, 129, 129)), np.empty((1, 129)), None, status[:1], 1, "auto")
    with pytest.raises(TypeError):
        module.symmetric_eigen(A.astype(np.float32), np.empty((4, 3)), None, status, 1, "auto")
