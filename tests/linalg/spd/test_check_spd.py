"""Oracles: matrices whose defect is known by construction."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.linalg import check_spd

RNG = np.random.default_rng(0)


def wishart(n, samples, dtype=np.float64):
    X = RNG.normal(size=(n, samples))
    return (X @ X.T / samples).astype(dtype)


def average_referenced(n=22):
    X = RNG.normal(size=(n, 500))
    X -= X.mean(axis=0)
    return X @ X.T / 500


@pytest.mark.parametrize("scale", [1e-24, 1.0, 1e14])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_definite_passes_in_any_unit(scale, dtype):
    A = np.stack([wishart(22, 60), wishart(22, 30)]).astype(dtype) * dtype(scale)
    found = check_spd(A)
    assert found.dtype == dtype
    assert np.array_equal(found, np.swapaxes(found, -1, -2))
    assert np.allclose(found, A, rtol=1e-6, atol=0)


def test_condition_1e12_and_graded_matrices_pass():
    Q = np.linalg.qr(RNG.normal(size=(6, 6)))[0]
    check_spd((Q * np.logspace(-12, 0, 6)) @ Q.T)
    check_spd(np.diag([1e-20, 1.0]))
    d = np.logspace(-15, 0, 6)
    check_spd(wishart(6, 40) * np.outer(d, d))


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        (average_referenced(), 21),
        (wishart(8, 5), 5),
        (np.ones((3, 3)), 1),
        (np.zeros((2, 2)), 0),
        (np.kron([[1.0, 1], [1, 1]], wishart(3, 9)), 3),
    ],
    ids=["average reference", "few samples", "ones", "zero", "duplicated channels"],
)
@pytest.mark.parametrize("scale", [1e-12, 1.0])
def test_a_singular_matrix_is_named_with_its_rank_and_a_remedy(matrix, rank, scale):
    n = len(matrix)
    batch = np.stack([np.eye(n), matrix, matrix]) * scale
    with pytest.raises(
        NotSPDError, match=rf"C\[1\] is not positive definite.* its rank {rank} of {n}; 2 of 3"
    ) as caught:
        check_spd(batch, "C")
    error = caught.value
    assert (error.index, error.rank) == ((1,), rank)
    assert abs(error.smallest_eigenvalue) < 1e-13 * scale * n
    assert 'estimator="oas"' in error.hint
    assert "average reference" in error.hint


def test_an_indefinite_matrix_is_sent_to_nearest_spd():
    with pytest.raises(NotSPDError, match="smallest eigenvalue is -1, its rank 2 of 2") as caught:
        check_spd([[0, 1], [1, 0]])
    assert caught.value.index == ()
    assert caught.value.smallest_eigenvalue == pytest.approx(-1)
    assert "nearest_spd" in caught.value.hint


def test_rounding_of_1e8_is_forgiven_and_more_only_on_request():
    A = np.array([[2.0, 1.0], [1.0 + 1e-8, 2.0]])
    assert check_spd(A)[0, 1] == check_spd(A)[1, 0] == pytest.approx(1 + 5e-9, abs=1e-15)
    B = np.array([[2.0, 1.0], [1.1, 2.0]])
    with pytest.raises(DomainError, match=r"is not symmetric: .* = 0.1 > 2e-08"):
        check_spd(B)
    assert check_spd(B, symmetrise=True)[0, 1] == pytest.approx(1.05)


@pytest.mark.parametrize(
    ("matrix", "error", "text"),
    [
        (np.ones((2, 3)), ShapeError, "square"),
        (np.ones(3), ShapeError, "square"),
        (np.array([[1, np.nan], [np.nan, 1]]), DomainError, r"A\[0, 1\] = nan is not finite"),
        (np.array([[1, np.inf], [np.inf, 1]]), DomainError, "not finite"),
        (np.eye(2) * 1j, DomainError, "complex"),
        (torch.eye(2, dtype=torch.float16), DomainError, "float32 or float64"),
    ],
)
def test_what_is_no_real_symmetric_matrix_is_refused(matrix, error, text):
    for symmetrise in (False, True):
        with pytest.raises(error, match=text):
            check_spd(matrix, symmetrise=symmetrise)


def test_the_gradient_passes_and_an_empty_batch_is_empty():
    a = torch.eye(2, dtype=torch.float64, requires_grad=True)
    check_spd(a)[0, 1].backward()
    assert a.grad.tolist() == [[0, 0.5], [0.5, 0]]
    assert check_spd(np.zeros((0, 3, 3))).shape == (0, 3, 3)
