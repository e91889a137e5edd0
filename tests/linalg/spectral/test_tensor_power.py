"""Oracles: eigenvalues in 50 digits, the float exponent, and differences in matrix and exponent together."""

import mpmath
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.linalg import powm


def rotated(values, seed=0):
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values),) * 2))[0]
    A = (Q * np.asarray(values)) @ Q.T
    return (A + A.T) / 2


SPECTRA = {"apart": [0.5, 1.0, 3.0], "identity": [2.0, 2.0, 2.0], "near": [1.0, 1.0 + 1e-9, 2.0]}


@pytest.mark.parametrize("p", [0.3, -2.0, 0.0, 1.0])
@pytest.mark.parametrize("values", SPECTRA.values(), ids=SPECTRA)
def test_value_and_slope_are_those_of_50_digits(values, p):
    A = rotated(values)
    exponent = torch.tensor(p, dtype=torch.float64, requires_grad=True)
    found = powm(torch.tensor(A), exponent)
    with mpmath.workdps(50):
        lam, V = mpmath.eigsy(mpmath.matrix(A.tolist()))
        value, slope = (
            np.array((V * mpmath.diag([x**p * mpmath.log(x) ** k for x in lam]) * V.T).tolist(), dtype=float)
            for k in (0, 1)
        )
    assert np.allclose(found.detach(), value, rtol=0, atol=3e-15 * np.abs(value).max())
    G = np.random.default_rng(1).normal(size=(3, 3))
    (gradient,) = torch.autograd.grad(found, exponent, torch.tensor(G))
    assert float(gradient) == pytest.approx(np.sum(G * slope), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("values", SPECTRA.values(), ids=SPECTRA)
@pytest.mark.parametrize("exponents", [0.3, [0.3, 1.7]])
def test_gradcheck_and_gradgradcheck_in_both(values, exponents):
    A = torch.tensor(np.stack([rotated(values), rotated(values, 1)]), requires_grad=True)
    p = torch.tensor(exponents, dtype=torch.float64, requires_grad=True)

    def power(a, q):
        return powm((a + a.mT) / 2, q)

    assert gradcheck(power, (A, p))
    assert gradgradcheck(power, (A, p))


def test_one_exponent_a_matrix():
    A = np.stack([rotated([1.0, 2.0]), rotated([3.0, 4.0])]).astype(np.float32)
    found = powm(torch.tensor(A), torch.tensor([0.5, -1.0]))
    assert found.dtype == torch.float32
    for one, a, p in zip(found, A, (0.5, -1.0), strict=True):
        assert np.allclose(one, powm(a, p), rtol=1e-5, atol=1e-6)
    assert powm(torch.zeros(0, 2, 2), torch.tensor(0.5)).shape == (0, 2, 2)


@pytest.mark.parametrize(
    ("A", "p", "error", "text"),
    [
        (torch.eye(2).expand(2, 2, 2), torch.ones(3), ShapeError, "p must be real and broadcast with the batch shape"),
        (torch.eye(2), torch.tensor(float("nan")), DomainError, "p must be finite"),
        (torch.diag(torch.tensor([1.0, -1.0])), torch.tensor(2.0), NotSPDError, "not positive definite"),
        (torch.eye(2) * 1e30, torch.tensor(3.0), DomainError, "not finite in torch.float32"),
    ],
)
def test_what_has_no_power_is_refused(A, p, error, text):
    with pytest.raises(error, match=text):
        powm(A, p)
