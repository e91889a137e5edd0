import numpy as np
import pytest
import scipy.sparse as sp
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.product import (
    as_columns,
    as_numbers,
    as_product,
    as_symmetric,
    check_block,
    is_tensor,
    one_kind,
)

A = np.array([[1.0, 2.0], [0.0, 3.0]])
B = np.array([[1.0, 4.0], [2.0, 5.0]])


class Operator:
    shape = (2, 2)

    def matmul(self, block):
        return A @ block


@pytest.mark.parametrize(
    "form",
    [
        A,
        sp.csr_array(A),
        sp.coo_matrix(A),
        sp.csc_array(A.astype(int)),
        Operator(),
        sp.linalg.aslinearoperator(A),
        lambda x: A @ x,
    ],
)
def test_every_form_of_a_matrix_gives_the_product(form):
    assert np.allclose(as_product(form)(B), A @ B)
    assert np.allclose(as_product(form)(B[:, 0]), A @ B[:, 0])


def test_tensors_stay_tensors():
    assert torch.equal(as_product(torch.tensor(A))(torch.tensor(B)), torch.tensor(A @ B))


@pytest.mark.parametrize(
    ("form", "error", "text"),
    [
        (sp.csr_array(A * 1j), DomainError, "A has dtype complex128; a real matrix"),
        (np.array([["a"]]), DomainError, "a real matrix is needed"),
        (np.ones((2, 2, 2)), ShapeError, r"must be one matrix \(n, n\), got shape \(2, 2, 2\)"),
        (np.ones((2, 3)), ShapeError, "square"),
        (sp.csr_array(np.diag([1.0, np.inf])), DomainError, r"A.data\[1\] = inf"),
        (torch.ones(2, 3), ShapeError, "square"),
        (object(), DomainError, "A is a object; it cannot be multiplied"),
    ],
)
def test_what_is_no_matrix_is_refused(form, error, text):
    with pytest.raises(error, match=text):
        as_product(form)


def test_numbers_keep_their_precision():
    assert as_numbers(A.astype(np.float32)).dtype == np.float32
    assert as_numbers(A.astype(np.float16)).dtype == np.float64
    assert as_numbers([[1, 2], [3, 4]]).dtype == np.float64


@pytest.mark.parametrize(
    ("block", "error", "text"),
    [
        (torch.ones(2), DomainError, "torch tensor"),
        (np.ones(2) * 1j, DomainError, "real numbers"),
        (np.ones((2, 1, 1)), ShapeError, r"\(n,\) or \(n, m\)"),
        (np.ones(3), ShapeError, "B must have 2 rows as A has, got 3"),
        ([1.0, np.nan], DomainError, r"B\[1\] = nan"),
    ],
)
def test_blocks_that_do_not_fit_are_refused(block, error, text):
    assert check_block(A, [1, 2]).dtype == np.float64
    with pytest.raises(error, match=text):
        check_block(A, block)


def test_one_kind_follows_the_tensor():
    block = torch.tensor(B, dtype=torch.float32)
    for form in (A, sp.csr_array(A)):
        matrix, same = one_kind(form, block)
        assert is_tensor(matrix)
        assert matrix.dtype == torch.float32
        assert torch.allclose(matrix @ same, torch.tensor(A @ B, dtype=torch.float32))
    matrix, moved = one_kind(torch.tensor(A), B)
    assert is_tensor(moved)
    assert not any(map(is_tensor, one_kind(A, B)))
    assert one_kind(A, torch.tensor([1, 2]))[1].dtype == torch.float64
    assert is_tensor(torch.nn.Parameter(torch.ones(1)))


def test_columns_keep_their_kind():
    assert as_columns(A, [1, 2]).dtype == np.float64
    assert as_columns(A, B.astype(np.float32)).dtype == np.float32
    tensor = torch.tensor(B)
    assert as_columns(A, tensor) is tensor
    with pytest.raises(ShapeError, match=r"B must have shape \(2,\) or \(2, m\), got \(3,\)"):
        as_columns(A, torch.ones(3))
    with pytest.raises(DomainError, match="B holds NaN or infinity"):
        as_columns(A, torch.tensor([1.0, torch.inf]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_symmetry_is_read_from_the_entries_on_the_scale_of_the_dtype(dtype):
    S = (np.array([[1e8, 3.0], [3.0, 2.0]])).astype(dtype)
    rounded, wrong = S.copy(), S.copy()
    rounded[0, 1] += 30 * np.finfo(dtype).eps * 1e8
    wrong[0, 1] += 300 * np.finfo(dtype).eps * 1e8
    for form in (np.asarray, sp.csr_array, torch.from_numpy, lambda M: torch.from_numpy(M).to_sparse()):
        assert as_symmetric(form(S)).dtype == form(S).dtype
        as_symmetric(form(rounded))
        with pytest.raises(DomainError, match=r"A is not symmetric: \|A\[(0, 1|1, 0)\] - A\[(1, 0|0, 1)\]\| = "):
            as_symmetric(form(wrong))
    operator = Operator()
    assert as_symmetric(operator) is operator
