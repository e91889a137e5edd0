"""Oracles: mpmath's Bessel functions, the heat kernel of the cycle and the hypercube in closed form, dense eigendecompositions."""

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import chebyshev_action, chebyshev_coefficients, heat_coefficients


def cycle(n):
    W = sp.diags_array([np.ones(n - 1)] * 2, offsets=[-1, 1], shape=(n, n)).tolil()
    W[0, n - 1] = W[n - 1, 0] = 1.0
    return sp.csr_array(2 * sp.eye_array(n) - W)


def random_symmetric(n, seed=0):
    A = np.random.default_rng(seed).normal(size=(n, n))
    return (A + A.T) / 2


def scaled_bessel(k, tau):
    with mpmath.workdps(50):
        return mpmath.besseli(k, mpmath.mpf(tau)) * mpmath.exp(-mpmath.mpf(tau))


@pytest.mark.parametrize("tau", [1e-6, 0.3, 1.0, 50.0, 1234.5])
@pytest.mark.parametrize("rtol", [1e-3, 1e-10, 1e-15, 1e-40])
def test_heat_coefficients_are_bessel_functions_and_the_tail_is_proved_and_tight(tau, rtol):
    series = heat_coefficients(tau, rtol)
    for k in {*range(0, series.order + 1, max(1, series.order // 12)), series.order}:
        exact = scaled_bessel(k, tau) * (1 if k == 0 else 2 * (-1) ** k)
        assert float(abs(series.coefficients[k] / exact - 1)) < 1e-12, k
    with mpmath.workdps(50):
        beyond = [2 * scaled_bessel(k, tau) for k in range(series.order + 1, series.order + 120)]
        tail = mpmath.fsum(beyond)
        assert tail <= series.truncation <= rtol
        assert series.truncation <= tail * mpmath.mpf("1.01") + mpmath.mpf(rtol) * mpmath.mpf("1e-3")
        assert series.order == 0 or tail + abs(series.coefficients[-1]) > rtol * 0.99
    assert series.rigorous


@pytest.mark.parametrize("tau", [0.1, 7.0, 400.0])
def test_the_series_is_the_exponential_within_its_certificate(tau):
    x = np.linspace(-1, 1, 401)
    for rtol in (1e-2, 1e-6, 1e-12):
        series = heat_coefficients(tau, rtol)
        error = np.abs(series(x) - np.exp(-tau * (1 + x))).max()
        assert error <= series.truncation + 1e-14
        assert error > 1e-4 * series.truncation - 1e-14


def test_large_times_keep_their_digits():
    series = heat_coefficients(1e6)
    assert series.order < np.sqrt(2e6 * np.log(2e15)) + np.log(1e15)
    for k in (0, 10, 1000, 5000):
        exact = scaled_bessel(k, 1e6) * (1 if k == 0 else 2 * (-1) ** k)
        assert float(abs(series.coefficients[k] / exact - 1)) < 1e-11
    assert abs(series(-1.0) - 1) < 1e-12


def test_no_time_is_the_constant():
    assert heat_coefficients(0.0).coefficients.tolist() == [1.0]


@pytest.mark.parametrize(("tau", "rtol"), [(-1.0, 1e-9), (np.nan, 1e-9), (1e11, 1e-9), (1.0, 0.0), (1.0, 1.0)])
def test_times_and_tolerances_outside_their_range_are_refused(tau, rtol):
    with pytest.raises(DomainError, match=r"tau must be|rtol must be"):
        heat_coefficients(tau, rtol)


def test_coefficients_of_a_function_are_its_cosine_integrals():
    found = chebyshev_coefficients(np.exp, 20).coefficients
    exact = [float(mpmath.besseli(k, 1)) * (1 if k == 0 else 2) for k in range(21)]
    assert np.allclose(found, exact, rtol=0, atol=1e-15)
    shifted = chebyshev_coefficients(lambda x: 3 * x**3 - x, 3, (1.0, 4.0))
    x = np.linspace(1, 4, 9)
    assert np.allclose(shifted(x), 3 * x**3 - x, rtol=1e-13)


def test_the_estimate_of_what_is_cut_off_is_near_the_truth():
    x = np.linspace(-1, 1, 2001)
    for order in (16, 24, 40):
        series = chebyshev_coefficients(lambda x: 1 / (1 + 25 * x**2), order)
        error = np.abs(series(x) - 1 / (1 + 25 * x**2)).max()
        assert error <= 1.05 * series.truncation
        assert error > 0.2 * series.truncation
        assert not series.rigorous


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: chebyshev_coefficients(np.exp, -1), DomainError, "order must be"),
        (lambda: chebyshev_coefficients(np.exp, 3, (1.0, 1.0)), DomainError, r"interval\[1\]"),
        (lambda: chebyshev_coefficients(lambda x: x.sum(), 3), ShapeError, "f must map an array"),
        (lambda: chebyshev_coefficients(lambda x: x / 0 * np.nan, 3), DomainError, "f.x. *.*not finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_bad_functions_are_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()


@pytest.mark.parametrize("t", [0.1, 3.0, 40.0])
@pytest.mark.parametrize("rtol", [1e-4, 1e-13])
def test_heat_on_a_cycle_is_a_bessel_function_within_the_certificate(t, rtol):
    n = 400
    series = heat_coefficients(2 * t, rtol)
    source = np.zeros(n)
    source[0] = 1
    found = chebyshev_action(cycle(n), source, series, (0.0, 4.0))
    exact = np.array([float(scaled_bessel(min(k, n - k), 2 * t)) for k in range(n)])
    assert np.abs(found - exact).max() <= series.truncation + 4e-16 * (series.order + 1)


def test_heat_on_a_hypercube_is_a_product():
    d, t = 8, 0.4
    edge = sp.csr_array([[1.0, -1.0], [-1.0, 1.0]])
    L = sp.csr_array((1, 1))
    for _ in range(d):
        L = sp.kronsum(L, edge, format="csr") if L.shape[0] > 1 else edge
    found = chebyshev_action(sp.csr_array(L), np.eye(2**d)[0], heat_coefficients(t * d, 1e-15), (0.0, 2.0 * d))
    weight = np.array([bin(i).count("1") for i in range(2**d)])
    exact = 2.0**-d * (1 + np.exp(-2 * t)) ** (d - weight) * (1 - np.exp(-2 * t)) ** weight
    assert np.abs(found - exact).max() < 1e-14


def test_several_functions_share_the_products():
    A, B = random_symmetric(30), np.random.default_rng(1).normal(size=(30, 4))
    low, high = -12.0, 12.0
    products = []

    def counted(x):
        products.append(1)
        return A @ x

    rows = [chebyshev_coefficients(f, 60, (low, high)).coefficients for f in (np.cos, np.sin, lambda x: x**3)]
    cosine, sine, cube = chebyshev_action(counted, B, np.array(rows), (low, high))
    assert len(products) == 60
    values, vectors = np.linalg.eigh(A)
    for found, f in ((cosine, np.cos), (sine, np.sin)):
        assert np.allclose(found, vectors * f(values) @ vectors.T @ B, atol=1e-12)
    assert np.allclose(cube, A @ A @ A @ B, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kinds_and_dtypes(dtype):
    A, B = random_symmetric(12).astype(dtype), np.random.default_rng(1).normal(size=(12, 3)).astype(dtype)
    series = chebyshev_coefficients(np.cos, 40, (-9.0, 9.0))
    exact = scipy.linalg.cosm(A.astype(np.float64)) @ B
    tolerance = 3e-5 if dtype == np.float32 else 1e-12
    tensor = torch.from_numpy(A)
    for matrix in (A, sp.csr_array(A), sp.coo_array(A), tensor, tensor.to_sparse(), lambda x: A @ x):
        found = chebyshev_action(matrix, B, series)
        assert found.dtype == (tensor.dtype if isinstance(found, torch.Tensor) else dtype)
        assert isinstance(found, torch.Tensor) == isinstance(matrix, torch.Tensor)
        assert np.abs(np.asarray(found) - exact).max() < tolerance
    for matrix in (A, sp.csr_array(A), tensor, tensor.to_sparse()):
        found = chebyshev_action(matrix, torch.from_numpy(B), series)
        assert isinstance(found, torch.Tensor)
        assert found.dtype == tensor.dtype
        assert np.abs(found.numpy() - exact).max() < tolerance
    assert np.allclose(chebyshev_action(A, B[:, 0], series), exact[:, 0], atol=tolerance)
    assert chebyshev_action(A, [1] * 12, series).dtype == np.float64


def test_the_input_is_not_written():
    A, B = random_symmetric(8), np.ones((8, 2))
    chebyshev_action(A, B, chebyshev_coefficients(np.cos, 20, (-9.0, 9.0)))
    assert np.array_equal(B, np.ones((8, 2)))


@pytest.mark.parametrize("sparse", [False, True])
def test_gradients_in_the_block_and_in_the_matrix(sparse):
    A = torch.tensor(random_symmetric(5))
    B = torch.tensor(np.random.default_rng(1).normal(size=(5, 2)), requires_grad=True)
    series = chebyshev_coefficients(np.cos, 9, (-6.0, 6.0))
    fixed = sp.csr_array(A.numpy()) if sparse else A
    assert torch.autograd.gradcheck(lambda b: chebyshev_action(fixed, b, series), B)
    assert torch.autograd.gradgradcheck(lambda b: chebyshev_action(fixed, b, series), B)
    if not sparse:
        assert torch.autograd.gradcheck(
            lambda a: chebyshev_action((a + a.T) / 2, B.detach(), series), A.requires_grad_()
        )


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_a_spectrum_outside_the_interval_is_noticed(kind):
    with pytest.raises(DomainError, match=r"the spectrum of A is not inside \(0.0, 3.0\): the recurrence grew"):
        chebyshev_action(cycle(50), kind(np.eye(50)), heat_coefficients(50.0), (0.0, 3.0))


@pytest.mark.parametrize(
    ("A", "B", "coefficients", "interval", "error", "text"),
    [
        (np.eye(3), np.ones(2), [1.0], (0.0, 1.0), ShapeError, r"B must have shape \(3,\) or \(3, m\), got \(2,\)"),
        (np.eye(3), np.ones((3, 1, 1)), [1.0], (0.0, 1.0), ShapeError, "B must have shape"),
        (np.eye(3), [np.nan] * 3, [1.0], (0.0, 1.0), DomainError, r"B\[0\] = nan is not finite"),
        (np.eye(3), torch.full((3,), torch.nan), [1.0], (0.0, 1.0), DomainError, "B holds NaN"),
        (np.eye(3), np.ones(3) * 1j, [1.0], (0.0, 1.0), DomainError, "real numbers are needed"),
        (np.ones((3, 2)), np.ones(3), [1.0], (0.0, 1.0), ShapeError, "A must be square"),
        (np.full((3, 3), np.inf), np.ones(3), [1.0], (0.0, 1.0), DomainError, "not finite"),
        (np.eye(3), np.ones(3), [1.0], None, DomainError, "interval is missing"),
        (np.eye(3), np.ones(3), [1.0], (1.0, 0.0), DomainError, r"interval\[1\]"),
        (np.eye(3), np.ones(3), [], (0.0, 1.0), ShapeError, "coefficients must have shape"),
        (np.eye(3), np.ones(3), [np.nan], (0.0, 1.0), DomainError, "coefficients"),
        ("A", np.ones(3), [1.0], (0.0, 1.0), DomainError, "A is a str"),
    ],
)
def test_misfits_are_refused(A, B, coefficients, interval, error, text):
    with pytest.raises(error, match=text):
        chebyshev_action(A, B, coefficients, interval)
