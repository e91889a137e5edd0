"""Bures–Wasserstein distances against closed forms and 50 digits, close pairs, ill-conditioned and singular matrices, any scale."""

from functools import cache

import mpmath
import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.errors import BackendError, DomainError, NotSPDError, ShapeError
from erlangen.linalg.bures_distances import bures_distances, plain_bures_squares

LEVELS = native.cpu_levels()
WAYS = [("native", level) for level in LEVELS] + [("python", "auto")]
P, Q = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]]), np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])


def spd(count, n, condition=10.0, seed=0):
    rng = np.random.default_rng(seed)
    V = np.linalg.qr(rng.normal(size=(count, n, n)))[0]
    values = np.logspace(0, -np.log10(condition), n) if n > 1 else np.ones(1)
    A = (V * values) @ V.swapaxes(1, 2)
    return (A + A.swapaxes(1, 2)) / 2


def exact_distance(A, B):
    """The distance from the spectrum of A B, with enough digits for any condition."""
    with mpmath.workdps(60):
        A, B = mpmath.matrix(A.tolist()), mpmath.matrix(B.tolist())
        total = sum(A[i, i] + B[i, i] for i in range(A.rows))
        spectrum = mpmath.eig(A * B, left=False, right=False)
        return float(mpmath.sqrt(total - 2 * sum(mpmath.sqrt(abs(mpmath.re(x))) for x in spectrum)))


@cache
def hard_pair(condition, seed):
    A, B = spd(1, 5, condition, seed)[0], spd(1, 5, condition, seed + 50)[0]
    return A, B, exact_distance(A, B)


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("scale", [1.0, 1e-14, 1e14, 1e-150, 1e150])
def test_the_published_value_at_every_scale(backend, level, scale):
    value = 1.1733995824529933909
    assert exact_distance(P, Q) == pytest.approx(value, rel=1e-15)
    for left, right in ((P, Q), (Q, P)):
        found = bures_distances(left * scale, right * scale, backend=backend, level=level)
        assert found == pytest.approx(value * np.sqrt(scale), rel=4e-15)
        twins = bures_distances(left[None] * scale, right[None] * scale, paired=True, backend=backend, level=level)
        assert twins[0] == pytest.approx(value * np.sqrt(scale), rel=4e-15)


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("n", [1, 2, 5, 8, 22])
def test_commuting_matrices_have_a_closed_form(backend, level, n):
    rng = np.random.default_rng(n)
    V = np.linalg.qr(rng.normal(size=(n, n)))[0]
    p, q = rng.uniform(0.1, 2, size=(11, n)), rng.uniform(0.1, 2, size=(3, n))
    A, B = (V * p[:, None]) @ V.T, (V * q[:, None]) @ V.T
    exact = np.linalg.norm(np.sqrt(p)[:, None] - np.sqrt(q), axis=2)
    assert np.allclose(bures_distances(A, B, backend=backend, level=level), exact, rtol=1e-12)
    assert np.allclose(bures_distances(A, B[1], backend=backend, level=level), exact[:, 1], rtol=1e-12)
    found = bures_distances(A[:3], B, paired=True, squared=True, backend=backend, level=level)
    assert np.allclose(found, np.diag(exact[:3]) ** 2, rtol=1e-12)


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("condition", [1e4, 1e8, 1e12])
def test_ill_conditioned_pairs_to_eleven_digits(backend, level, condition):
    for seed in range(3):
        A, B, exact = hard_pair(condition, seed)
        assert bures_distances(A, B, backend=backend, level=level) == pytest.approx(exact, rel=1e-11)
        assert bures_distances(A[None], B[None], paired=True, backend=backend, level=level)[0] == pytest.approx(
            exact, rel=1e-11
        )


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("delta", [1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
def test_close_pairs_keep_the_digits_the_difference_has(backend, level, delta):
    for A in (np.eye(4), spd(1, 6, 1e3)[0]):
        B = A * (1 + delta)
        steps = (np.diag(B) - np.diag(A)) / np.diag(A)  # 1 + delta as it was rounded
        exact = np.sqrt(np.trace(A)) * float(np.mean(steps / (np.sqrt(1 + steps) + 1)))
        found = bures_distances(A, B, backend=backend, level=level)
        assert found == pytest.approx(exact, rel=max(1e-15 / delta, 1e-13))
        assert bures_distances(A, A, backend=backend, level=level) == 0


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_singular_and_zero_matrices_are_part_of_the_space(backend, level):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(17, 6, 2)), rng.normal(size=(6, 3))
    A, B = X @ X.swapaxes(1, 2), Y @ Y.T
    A[3] = 0
    exact = [
        np.sqrt(max(np.trace(a) + np.trace(B) - 2 * np.linalg.svd(Y.T @ x)[1].sum(), 0))
        for a, x in zip(A, X, strict=True)
    ]
    exact[3] = np.sqrt(np.trace(B))
    assert np.allclose(bures_distances(A, B, backend=backend, level=level), exact, rtol=1e-7)
    assert np.array_equal(bures_distances(A[3], A[3], backend=backend, level=level), 0)
    mixed = np.concatenate([A, spd(4, 6)])
    whole = bures_distances(mixed, np.stack([B, np.eye(6)]), backend=backend, level=level)
    assert np.allclose(whole[:17, 0], exact, rtol=1e-7)
    assert np.allclose(whole[17:, 1], np.linalg.norm(np.sqrt(np.logspace(0, -1, 6)) - 1), rtol=1e-12)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_it_is_a_metric_and_invariant_under_rotations(backend, level):
    A = spd(12, 7, 1e6)
    D = bures_distances(A, A, backend=backend, level=level)
    R = np.linalg.qr(np.random.default_rng(1).normal(size=(7, 7)))[0]
    assert np.abs(D - D.T).max() <= 1e-12
    assert np.array_equal(np.diag(D), np.zeros(12))
    assert (D[:, :, None] <= D[:, None] + D.T[None] + 1e-12).all()
    assert np.allclose(bures_distances(R @ A @ R.T, R @ A @ R.T, backend=backend, level=level), D, rtol=0, atol=1e-8)


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [3, 22, 70])
def test_the_bits_do_not_depend_on_threads_or_company(level, n):
    A, B = spd(70, n, 1e3), spd(2, n, 1e3, 7)
    first = bures_distances(A, B, backend="native", level=level, threads=1)
    assert np.array_equal(bures_distances(A, B, backend="native", level=level, threads=3), first)
    assert np.array_equal(bures_distances(A[5:6], B, backend="native", level=level), first[5:6])
    assert np.allclose(bures_distances(A, B, backend="python"), first, rtol=1e-13)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_shapes_tensors_and_dtypes(backend, level):
    A = np.broadcast_to(np.diag([1.0, 4.0]), (2, 3, 2, 2))
    for given in (A, torch.from_numpy(A.copy())):
        found = bures_distances(given, np.diag([4.0, 9.0]), backend=backend, level=level)
        assert type(found) is type(given)
        assert np.allclose(found, np.sqrt(2) * np.ones((2, 3)))
    assert (
        bures_distances(A.astype(np.float32), np.eye(2, dtype=np.float32), backend=backend, level=level).dtype
        == np.float32
    )
    assert bures_distances(A[:, :0], np.eye(2), backend=backend, level=level).shape == (2, 0)
    assert bures_distances(A[0], np.ones((0, 2, 2)), backend=backend, level=level).shape == (3, 0)
    assert bures_distances(A, A, paired=True, backend=backend, level=level).shape == (2, 3)
    empty = np.ones((3, 0, 0))
    assert np.array_equal(bures_distances(empty, empty, paired=True, backend=backend, level=level), np.zeros(3))
    assert np.array_equal(bures_distances(empty, empty[:2], backend=backend, level=level), np.zeros((3, 2)))


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_bad_matrices_are_named(backend, level):
    A, B = spd(20, 4), spd(20, 4, seed=1)
    A[7] = np.diag([1.0, -0.5, 1.0, 1.0])
    for paired, right in ((False, B[0]), (True, B)):
        with pytest.raises(
            NotSPDError, match=r"A\[7\] is not positive semidefinite: its smallest eigenvalue is -0.5"
        ) as told:
            bures_distances(A, right, paired=paired, backend=backend, level=level)
        assert told.value.index == (7,)
    with pytest.raises(NotSPDError, match=r"B is not positive semidefinite"):
        bures_distances(B, A[7], backend=backend, level=level)
    A[7, 2, 1] = np.nan
    for paired, right in ((False, B[0]), (True, B)):
        with pytest.raises(DomainError, match=r"A\[7, 2, 1\] = nan"):
            bures_distances(A, right, paired=paired, backend=backend, level=level)
    for paired, right in ((False, A[7]), (True, A)):
        with pytest.raises(DomainError, match="nan is not finite"):
            bures_distances(B, right, paired=paired, backend=backend, level=level)


@pytest.mark.parametrize(
    ("A", "B", "paired", "words"),
    [
        (np.eye(2), np.eye(3), False, "same order"),
        (np.eye(2), np.ones((1, 2, 2)), False, "B must be"),
        (np.ones((2, 3, 2, 2)), np.ones((4, 2, 2)), False, "B must be"),
        (np.ones((3, 2, 2)), np.ones((4, 2, 2)), True, "leading axes"),
        (np.ones((2, 3)), np.eye(2), False, "A must"),
    ],
)
def test_wrong_shapes_are_refused(A, B, paired, words):
    with pytest.raises(ShapeError, match=words):
        bures_distances(A, B, paired=paired)


@pytest.mark.parametrize(("backend", "level"), WAYS)
@pytest.mark.parametrize("n", [3, 8, 13])
def test_products_that_fall_into_blocks_and_values_that_coincide(backend, level, n):
    rng = np.random.default_rng(n)
    blocks = np.kron(np.eye(n), spd(1, 2, 50.0, n)[0]) * np.repeat(np.logspace(0, -9, n), 2)[:, None]
    blocks = (blocks + blocks.T) / 2
    diagonal = np.diag(rng.permutation(np.logspace(-12, 0, 2 * n)))
    equal = 3.0 * np.eye(2 * n)
    falls = np.diag(np.r_[np.ones(n), np.zeros(n)])
    A = np.stack([blocks, diagonal, equal, falls, np.zeros((2 * n, 2 * n))])
    for B, roots in ((np.eye(2 * n), 1.0), (4.0 * np.eye(2 * n), 2.0)):
        values = np.maximum(np.linalg.eigvalsh(A), 0)
        values[1] = np.sort(np.diag(diagonal))
        expected = np.sqrt(((np.sqrt(values) - roots) ** 2).sum(axis=-1))
        assert np.allclose(bures_distances(A, B, backend=backend, level=level), expected, rtol=2e-14, atol=0)


@pytest.mark.parametrize(("backend", "level"), WAYS)
def test_close_pairs_in_directions_of_every_size(backend, level):
    A = spd(9, 6, 1e8, seed=4)
    values, V = np.linalg.eigh(A)
    for which in (0, 3, 5):
        factor = np.ones(6)
        factor[which] = 1.5 if which < 5 else 1.02
        B = (V * (values * factor)[:, None]) @ V.swapaxes(1, 2)
        B = (B + B.swapaxes(1, 2)) / 2
        expected = [exact_distance(a, b) for a, b in zip(A[:2], B[:2], strict=True)]
        found = bures_distances(A, B, paired=True, backend=backend, level=level)[:2]
        assert np.allclose(
            found, expected, rtol=0, atol=2e-16 / np.sqrt(values.min())
        )  # rounding of A moves the smallest root so far
        assert np.allclose(bures_distances(A[:2], B[:2], backend=backend, level=level).diagonal(), found, rtol=1e-8)


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [2, 3, 5, 8, 13, 22, 40])
def test_sums_of_singular_values_are_those_of_lapack_however_the_values_lie(level, n):
    rng = np.random.default_rng(n)
    spread = np.r_[np.zeros(8), np.full(8, 3.0), np.full(8, 6.0), np.full(8, 12.0)]  # decades over which the values lie
    values = 10.0 ** (-spread[:, None] * rng.random((32, n)))
    values[::4] = np.sort(values[::4], axis=1)
    values[1::8] = np.round(values[1::8], 1) + 0.1  # values that coincide
    V = np.linalg.qr(rng.normal(size=(32, n, n)))[0]
    V[::5] = np.eye(n)
    A = (V * values[:, None, :]) @ V.swapaxes(1, 2)
    A = (A + A.swapaxes(1, 2)) / 2
    B = np.concatenate([A[3:4], A[17:18], np.diag(values[20])[None]])
    squares = bures_distances(A, B, squared=True, backend="native", level=level)
    traces = np.trace(A, axis1=1, axis2=2)[:, None] + np.trace(B, axis1=1, axis2=2)
    roots, other = np.linalg.cholesky(A), np.linalg.cholesky(B)
    sums = np.linalg.svd(other.swapaxes(1, 2)[None] @ roots[:, None], compute_uv=False).sum(axis=-1)
    transport = np.sqrt(
        np.linalg.eigvalsh(B)[:, -1] / np.linalg.eigvalsh(A)[:, :1]
    )  # what rounding of A is multiplied by
    assert (np.abs((traces - squares) / 2 - sums) <= 2e-16 * n * traces * (4 + transport)).all()


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
def test_plain_squares_are_given_for_safe_symmetric_matrices_only():
    A = spd(9, 4, 1e3)
    assert np.array_equal(plain_bures_squares(A, A[0]), bures_distances(A, A[0], squared=True))
    slanted, singular, broken = A.copy(), A.copy(), A.copy()
    slanted[3, 0, 2] += 1e-15
    singular[4] = np.outer(A[4, 0], A[4, 0])
    broken[5, 1, 1] = np.nan
    for other in (slanted, singular, broken, -A):
        assert plain_bures_squares(other, A[0]) is None
        changed = np.flatnonzero(np.any(other != A, axis=(1, 2)))[0]
        assert plain_bures_squares(A, other[changed]) is None
    assert plain_bures_squares(A[:0], A[0]) is None


def test_the_largest_order_and_the_twin_beyond():
    for n in (128, 129):
        A = spd(7, n, 1e4)
        assert np.allclose(bures_distances(A, A[0]), bures_distances(A, A[0], backend="python"), rtol=1e-12)
    with pytest.raises(BackendError):
        bures_distances(A, A[0], backend="native")


@pytest.mark.skipif(not LEVELS, reason="the kernels are not built")
def test_the_extension_refuses_arrays_that_do_not_fit():
    module, A, status = native.kernels(), spd(4, 3), np.zeros(4, np.int8)
    for call, words in (
        (lambda: module.bures_common(A, np.ones((2, 2, 2)), np.empty((4, 2)), status, status[:2], 1, "auto"), "b has"),
        (lambda: module.bures_common(A, A[:2], np.empty((4, 2)), status, status[:3], 1, "auto"), "b has"),
        (lambda: module.bures_common(A, A[:2], np.empty((4, 3)), status, status[:2], 1, "auto"), "square"),
        (lambda: module.bures_common(A[:0], A, np.empty((0, 4)), status[:0], status, 1, "auto"), "no matrices"),
        (lambda: module.bures_paired(A, A[:2], np.empty(4), status, 1, "auto"), "differ"),
        (lambda: module.bures_paired(A, A, np.empty(3), status, 1, "auto"), "square"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
