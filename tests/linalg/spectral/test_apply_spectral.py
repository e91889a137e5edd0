"""The unchecked entry is the checked one without its refusals; batches on the kernel agree with LAPACK."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, NotSPDError
from erlangen.linalg import Rectifier, logm
from erlangen.linalg.spectral import Exponential, Logarithm, SquareRoot, apply_spectral
from erlangen.linalg.spectral.checks import decompose


def batch(count, n, dtype=torch.float64):
    X = torch.randn(count, n, 2 * n, generator=torch.Generator().manual_seed(1), dtype=dtype)
    return X @ X.mT / n


@pytest.mark.parametrize("f", [Logarithm(), SquareRoot(), Exponential(), Rectifier(0.5)], ids=repr)
def test_value_and_derivatives_are_those_of_the_checked_entry(f):
    found = []
    for check in (True, False):
        A = batch(7, 5).requires_grad_()
        value = apply_spectral(A, f, check=check)
        assert torch.equal(value, value.mT)
        (first,) = torch.autograd.grad(value.square().sum(), A, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), A)
        found.append((value, first, (second + second.mT) / 2))
    for one, other in zip(*found, strict=True):
        assert torch.allclose(one, other, rtol=1e-12, atol=1e-12)


def test_only_the_lower_triangle_is_read_unchecked():
    A = batch(7, 4)
    assert torch.equal(apply_spectral(A.tril(), Exponential()), apply_spectral(A, Exponential()))


@pytest.mark.parametrize(("count", "n"), [(1, 5), (2, 5), (40, 12), (9, 33), (3, 130)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_decompositions_hold_whichever_solver_serves(count, n, dtype):
    A = batch(count, n, dtype)
    values, vectors = decompose(A)
    eps = torch.finfo(dtype).eps
    assert (values.dtype, vectors.dtype) == (torch.float64, dtype)
    assert (values.diff(dim=-1) >= 0).all()
    residual = A @ vectors - vectors * values.to(dtype).unsqueeze(-2)
    assert float(torch.linalg.matrix_norm(residual).max()) < 20 * n * eps * float(values.max())
    assert torch.allclose(vectors.mT @ vectors, torch.eye(n, dtype=dtype).expand(count, n, n), atol=20 * n * eps)


def test_the_refusals_of_the_checked_entry_carry_their_numbers():
    A = torch.stack([torch.eye(3), torch.diag(torch.tensor([1.0, 2.0, -0.25]))])
    with pytest.raises(NotSPDError, match=r"C\[1\] is not positive definite") as caught:
        apply_spectral(A, Logarithm(), check=True, name="C")
    assert (caught.value.index, caught.value.smallest_eigenvalue, caught.value.rank) == ((1,), -0.25, 2)
    assert apply_spectral(torch.zeros(0, 3, 3), Logarithm()).shape == (0, 3, 3)


def test_a_derivative_that_is_not_finite_is_never_returned():
    A = torch.diag(torch.tensor([1e-320, 1.0], dtype=torch.float64)).requires_grad_()
    with pytest.raises(DomainError, match="no finite derivative"):
        apply_spectral(A, Logarithm()).sum().backward()


def test_differences_whose_sum_overflows_are_finite_all_the_same():
    A = (1e-308 * torch.ones(4, dtype=torch.float64)).diag().requires_grad_()
    (slope,) = torch.autograd.grad(apply_spectral(A, Logarithm()), A, 1e-300 * torch.eye(4, dtype=torch.float64))
    assert np.allclose(slope.diagonal(), 1e8)


def test_a_batch_of_many_axes_keeps_them():
    A = batch(24, 3).reshape(2, 3, 4, 3, 3)
    assert torch.allclose(apply_spectral(A, Logarithm())[1, 2, 3], logm(A[1, 2, 3]), rtol=1e-12, atol=1e-13)
