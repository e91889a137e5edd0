"""Squared affine-invariant distances to one matrix: kernel and twin against mpmath, at every level and number of threads, and what they leave undone."""

import mpmath
import numpy as np
import pytest

from erlangen import native
from erlangen.linalg.affine_squares import plain_affine_squares
from erlangen.manifolds import SPD

GRADED = np.finfo(np.float64).eps ** 0.375
BACKENDS = ["python", *(["native"] if native.available() else [])]


def _matrices(n, count, condition=1e4):
    *many, one = SPD(n).random(count + 1, rng=n, condition=condition).numpy()
    return np.array(many), one


def _exact(A, B):
    with mpmath.workdps(60):
        inverse = mpmath.inverse(mpmath.cholesky(mpmath.matrix(B.tolist())))
        values = mpmath.eigsy(inverse * mpmath.matrix(A.tolist()) * inverse.T, eigvals_only=True)
        return float(sum(mpmath.log(x) ** 2 for x in values))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("n", "condition", "rtol"), [(1, 1.0, 1e-13), (3, 1e2, 1e-11), (8, 1e2, 1e-11), (5, 1e5, 1e-8)]
)
def test_squares_are_those_of_sixty_digits(backend, n, condition, rtol):
    A, B = _matrices(n, 9, condition)
    found = plain_affine_squares(A, B, GRADED, backend=backend)
    np.testing.assert_allclose(found, [_exact(C, B) for C in A], rtol=rtol)


@pytest.mark.parametrize("backend", BACKENDS)
def test_scales_at_the_ends_of_the_range_keep_their_digits(backend):
    A, B = _matrices(4, 5, 1e2)
    expected = plain_affine_squares(A, B, backend="python")
    for size in (1e-140, 1e140):
        np.testing.assert_allclose(plain_affine_squares(size * A, size * B, backend=backend), expected, rtol=1e-11)


@pytest.mark.skipif(not native.available(), reason="the kernels are not built")
@pytest.mark.parametrize("level", native.cpu_levels())
@pytest.mark.parametrize("n", [1, 2, 7, 8, 12, 22, 64])
def test_the_kernel_is_its_twin_at_every_level_and_number_of_threads(level, n):
    A, B = _matrices(n, 37)
    A[5] = B
    found = plain_affine_squares(A, B, GRADED, threads=1, backend="native", level=level)
    np.testing.assert_allclose(found, plain_affine_squares(A, B, GRADED, backend="python"), rtol=1e-10)
    assert found[5] == 0
    np.testing.assert_array_equal(plain_affine_squares(A, B, GRADED, threads=3, backend="native", level=level), found)
    alone = [plain_affine_squares(C[None], B, GRADED, backend="native", level=level)[0] for C in A[:9]]
    np.testing.assert_array_equal(alone, found[:9])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("side", ["many", "one"])
@pytest.mark.parametrize("fault", ["singular", "indefinite", "nan", "infinite", "skew"])
def test_what_is_in_doubt_is_left_undone(backend, side, fault):
    A, B = _matrices(3, 6)
    broken = A[4] if side == "many" else B
    if fault == "singular":
        broken[...] = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    elif fault == "indefinite":
        broken[...] = np.diag([1.0, -1e-3, 2.0])
    else:
        broken[0, 1] *= {"nan": np.nan, "infinite": np.inf, "skew": 1 + 1e-10}[fault]
    assert plain_affine_squares(A, B, GRADED, backend=backend) is None


@pytest.mark.skipif(not native.available(), reason="the kernels are not built")
def test_shapes_that_do_not_fit_are_refused_before_anything_is_written():
    module, A, status = native.kernels("native"), np.eye(2)[None].repeat(3, 0), np.zeros(3, np.int8)
    for one, square in ((np.eye(3), np.zeros(3)), (np.eye(2), np.zeros(2))):
        with pytest.raises(ValueError, match="wrong"):
            module.affine_common(A, one, 0.0, 0.0, square, status, 1, "auto")
        assert not square.any()
