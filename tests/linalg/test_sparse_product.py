import sys

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen import native
from erlangen.errors import BackendError, ShapeError
from erlangen.linalg import spmm

needs_kernels = pytest.mark.skipif(not native.available(), reason="the kernels are not built")


def example(dtype, rows=57, inner=40, seed=0):
    rng = np.random.default_rng(seed)
    A = sp.random_array((rows, inner), density=0.2, rng=rng, dtype=np.float64, format="csr").astype(dtype)
    return A, rng.normal(size=(inner, 90)).astype(dtype)


@needs_kernels
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("columns", [1, 3, 16, 17, 64, 85])
@pytest.mark.parametrize("threads", [1, 4])
def test_the_kernel_agrees_with_the_dense_product_on_every_level(dtype, columns, threads):
    A, B = example(dtype)
    exact = A.toarray().astype(np.float64) @ B[:, :columns].astype(np.float64)
    for level in native.cpu_levels():
        found = spmm(A, B[:, :columns], threads=threads, backend="native", level=level)
        assert found.dtype == dtype
        assert np.allclose(found, exact, rtol=0, atol=50 * np.finfo(dtype).eps * np.abs(exact).max())


@pytest.mark.parametrize("backend", ["auto", "python"])
def test_vectors_other_formats_empty_rows_and_64_bit_indices(backend):
    A, B = example(np.float64)
    A.data[:5] = 0
    A = sp.csr_array(A)
    A.indices, A.indptr = A.indices.astype(np.int64), A.indptr.astype(np.int64)
    for form in (A, A.tocsc(), A.tocoo(), A.toarray()):
        assert np.allclose(spmm(form, B[:, 0], backend=backend), A.toarray() @ B[:, 0])
    assert np.array_equal(spmm(sp.csr_array((4, 40)), B, backend=backend), np.zeros((4, 90)))
    assert spmm(sp.csr_array((0, 40)), B, backend=backend).shape == (0, 90)


@pytest.mark.parametrize("backend", ["auto", "python"])
def test_mixed_precision_is_float64_and_out_is_used(backend):
    A, B = example(np.float64)
    assert spmm(A.astype(np.float32), B, backend=backend).dtype == np.float64
    out = np.empty((57, 90))
    assert spmm(A, B, out=out, backend=backend) is out


@needs_kernels
def test_a_product_begins_on_a_cache_line_and_blocks_may_lie_anywhere():
    A, B = example(np.float64)
    exact = spmm(A, B, backend="python")
    for shift in range(8):
        moved = np.empty(B.size + 8)[shift : shift + B.size].reshape(B.shape)
        moved[...] = B
        found = spmm(A, moved, backend="native")
        assert found.ctypes.data % 64 == 0
        assert np.allclose(found, exact, rtol=0, atol=1e-14 * np.abs(exact).max())


def test_misfits_are_refused():
    A, B = example(np.float64)
    with pytest.raises(ShapeError, match="inner lengths"):
        spmm(A, B[:-1])
    with pytest.raises(ShapeError, match="out must be"):
        spmm(A, B, out=np.empty((57, 89)))
    with pytest.raises(ShapeError, match="out must be"):
        spmm(A, B, out=np.empty((57, 90), dtype=np.float32))


def test_a_kernel_that_is_not_built_is_refused_by_name(monkeypatch):
    monkeypatch.delitem(sys.modules, "erlangen._native", raising=False)
    monkeypatch.setattr(native, "find_spec", lambda name: None)
    A, B = example(np.float64)
    with pytest.raises(BackendError, match="not installed"):
        spmm(A, B, backend="native")
    assert np.allclose(spmm(A, B), A.toarray() @ B)


@needs_kernels
def test_the_extension_refuses_structures_that_leave_their_ranges():
    module = native.kernels("native")
    start, index, value = np.array([0, 1], dtype=np.int64), np.array([5], dtype=np.int32), np.ones(1)
    with pytest.raises(ValueError, match="out of range"):
        module.spmm(start, index, value, np.ones((3, 2)), np.ones((1, 2)), 1, "auto")
    with pytest.raises(ValueError, match="does not run"):
        module.spmm(start, index * 0, value, np.ones((3, 2)), np.ones((1, 2)), 1, "sse9")
    with pytest.raises(ValueError, match="frame"):
        module.spmm(np.array([0, 7], dtype=np.int64), index, value, np.ones((3, 2)), np.ones((1, 2)), 1, "auto")
