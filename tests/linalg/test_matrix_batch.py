"""Batches on their way to a kernel: dtypes, leading axes, tensors, refusals."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.matrix_batch import MatrixBatch, as_array


@pytest.mark.parametrize(
    ("given", "kept"), [(np.float32, np.float32), (np.float64, np.float64), (int, np.float64), (np.float16, np.float64)]
)
def test_float32_is_kept_and_everything_else_becomes_float64(given, kept):
    assert as_array(np.eye(2, dtype=given), "A").dtype == kept


def test_leading_axes_come_back_and_a_tensor_returns_as_one():
    A = torch.arange(24.0).reshape(3, 2, 2, 2)
    batch = MatrixBatch(A, "A")
    assert len(batch) == 6
    back = batch.back(batch.matrices[:, 0])
    assert isinstance(back, torch.Tensor)
    assert torch.equal(back, A[..., 0, :])
    assert MatrixBatch(np.ones((0, 3, 3)), "A").back(np.ones((0, 3))).shape == (0, 3)


def test_layouts_are_made_contiguous():
    A = np.arange(32.0).reshape(2, 4, 4)
    for view in (A[:, ::-1], A.swapaxes(-1, -2), np.asfortranarray(A), A.astype(">f8")):
        batch = MatrixBatch(view, "A")
        assert batch.matrices.flags.c_contiguous
        assert np.array_equal(batch.matrices, view)


@pytest.mark.parametrize(
    ("A", "error", "words"),
    [
        (np.ones((2, 3)), ShapeError, "A must"),
        (np.ones(3), ShapeError, "A"),
        ([[1.0], [2.0, 3.0]], ShapeError, "rectangular"),
        (np.eye(2) * 1j, DomainError, "complex128"),
        (np.array([["a"]]), DomainError, "real numbers"),
        (torch.eye(2, device="meta"), DomainError, "lies on meta"),
    ],
)
def test_what_is_no_batch_is_refused(A, error, words):
    with pytest.raises(error, match=words):
        MatrixBatch(A, "A")


def test_messages_name_the_index_of_the_caller():
    A = np.ones((2, 3, 2, 2))
    A[1, 0, 1, 0] = np.nan
    with pytest.raises(DomainError, match=r"A\[1, 0, 1, 0\] = nan"):
        MatrixBatch(A, "A").check_finite()
    assert MatrixBatch(A, "A").where(5) == "A[1, 2]"
    assert MatrixBatch(np.eye(2), "A").where(0) == "A"
