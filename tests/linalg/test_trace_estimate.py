"""Oracles: determinants and heat traces of paths and cycles in closed form, the variance of Hutchinson's estimator, eigenvalues."""

import math

import numpy as np
import pytest
import scipy.sparse as sp
import torch

from erlangen.errors import ConvergenceWarning, DomainError, ShapeError
from erlangen.linalg import TraceEstimate, trace_estimate


def path(n):
    """The second difference with fixed ends, of determinant n + 1."""
    return sp.diags_array([np.full(n - 1, -1.0), np.full(n, 2.0), np.full(n - 1, -1.0)], offsets=[-1, 0, 1])


def dense(n, seed=0):
    G = np.random.default_rng(seed).normal(size=(n, n))
    return G @ G.T / n + np.eye(n)


def test_the_determinant_of_a_shifted_path():
    """It is a Chebyshev polynomial of the second kind, sinh((n + 1) a) / sinh(a) with cosh(a) = 1 + shift / 2."""
    n, shift = 400, 0.1
    a = math.acosh(1 + shift / 2)
    exact = (n + 1) * a + math.log1p(-math.exp(-2 * (n + 1) * a)) - math.log(2 * math.sinh(a))
    found = trace_estimate(path(n) + shift * sp.eye_array(n), "log", probes=200)
    assert abs(found.value - exact) < 4 * found.standard_error
    assert found.standard_error < 0.03 * exact
    assert found.quadrature_error < 1e-6 * exact


def test_the_heat_trace_of_a_path():
    modes = 4 * np.sin(np.pi * np.arange(1, 401) / 802) ** 2
    found = trace_estimate(path(400), "exp", t=-0.7, probes=64, rtol=1e-10)
    assert abs(found.value - np.exp(-0.7 * modes).sum()) < 4 * found.standard_error
    assert found.iterations <= 12


@pytest.mark.parametrize("name", ["log", "inverse", "sqrt", "inverse-sqrt", "exp", np.cos])
def test_the_standard_error_is_that_of_hutchinson(name):
    A = dense(60)
    f = {"log": np.log, "inverse": np.reciprocal, "sqrt": np.sqrt, "inverse-sqrt": lambda x: x**-0.5, "exp": np.exp}
    values, V = np.linalg.eigh(A)
    F = (V * f.get(name, name)(values)) @ V.T
    exact = math.sqrt(2 / 400 * (np.linalg.norm(F) ** 2 - np.sum(F.diagonal() ** 2)))
    found = trace_estimate(A, name, probes=400)
    assert found.standard_error == pytest.approx(exact, rel=0.25)
    assert abs(found.value - np.trace(F)) < 4 * exact


def test_errors_are_as_large_as_said():
    A = dense(40)
    truth = np.log(np.linalg.eigvalsh(A)).sum()
    runs = [trace_estimate(A, "log", probes=16, rng=seed) for seed in range(60)]
    scores = np.array([(run.value - truth) / run.standard_error for run in runs])
    assert 0.75 < np.sqrt(np.mean(scores**2)) < 1.4
    assert abs(scores.mean()) < 0.45


def test_a_diagonal_matrix_has_no_variance():
    found = trace_estimate(sp.diags_array(np.arange(1.0, 6.0)), "inverse", probes=3)
    assert found.value == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5, rel=1e-13)
    assert found.standard_error < 1e-13
    assert (found.quadrature_error, found.probes, found.iterations) == (0.0, 3, 5)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units(scale):
    one, other = trace_estimate(dense(30), "sqrt"), trace_estimate(scale * dense(30), "sqrt")
    assert other.value == pytest.approx(math.sqrt(scale) * one.value, rel=1e-6)


def test_kinds_of_matrices_and_seeds():
    A = dense(30)
    one = trace_estimate(A, "sqrt", rng=5)
    for form in (sp.csr_array(A), torch.from_numpy(A), A.tolist()):
        assert trace_estimate(form, "sqrt", rng=5).value == pytest.approx(one.value, rel=1e-12)
    assert trace_estimate(lambda B: A @ B, "sqrt", n=30, rng=5).value == pytest.approx(one.value, rel=1e-12)
    assert trace_estimate(A, "sqrt", rng=6).value != one.value
    assert trace_estimate(np.zeros((0, 0)), "exp") == TraceEstimate(0.0, 0.0, 0.0, 32, 0)
    assert trace_estimate(A, "sqrt", probes=100).probes == 100


def test_too_few_steps_warn():
    with pytest.warns(ConvergenceWarning, match="trace_estimate: residual .* after 8 iterations of Lanczos quadrature"):
        found = trace_estimate(path(500), "log", max_iterations=8)
    assert found.quadrature_error > 1e-6 * abs(found.value)


@pytest.mark.parametrize(
    ("A", "options", "error", "text"),
    [
        (np.diag([-1.0, 1.0]), {}, DomainError, "log needs A positive definite"),
        (np.array([[1.0, 2.0], [0.0, 1.0]]), {}, DomainError, "A is not symmetric"),
        (np.ones((2, 3)), {}, ShapeError, "square"),
        (np.eye(2), {"probes": 1}, DomainError, "probes must be"),
        (np.eye(2), {"rtol": 0.0}, DomainError, "rtol must be"),
        (lambda x: x, {}, DomainError, "n must be an integer"),
        (np.eye(2), {"t": 1.0}, DomainError, "belongs to function='exp'"),
    ],
)
def test_refusals(A, options, error, text):
    with pytest.raises(error, match=text):
        trace_estimate(A, "log", **options)
