import numpy as np
import pytest
import scipy.sparse as sp
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.product import as_numbers, as_product, check_block, is_tensor, one_kind

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
