"""Oracles: dense spectra, limits at t = 0 and infinity."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import diffusion_entropy, heat_kernel, heat_trace, von_neumann_entropy

TIMES = np.array([0.0, 0.1, 1.0, 20.0])


def spectrum(graph):
    return np.linalg.eigvalsh(graph.laplacian().toarray()).clip(0)


def test_the_trace_is_the_trace_of_the_kernel(cloud_graph):
    traces = heat_trace(spectrum(cloud_graph), TIMES)
    assert traces.shape == TIMES.shape
    assert traces[0] == 90
    for t, trace in zip(TIMES[1:], traces[1:], strict=True):
        assert np.trace(heat_kernel(cloud_graph, t)) == pytest.approx(trace, rel=1e-9)


def test_von_neumann_entropy_is_that_of_the_density_matrix(cloud_graph):
    for t in TIMES[1:]:
        p = np.linalg.eigvalsh(heat_kernel(cloud_graph, t))
        p = p[p > 0] / p.sum()
        assert von_neumann_entropy(spectrum(cloud_graph), t) == pytest.approx(-(p * np.log(p)).sum(), rel=1e-9)


def test_von_neumann_entropy_falls_from_log_n_to_log_components(pieces):
    values = spectrum(pieces)
    entropies = von_neumann_entropy(values, np.geomspace(1e-3, 1e4, 50))
    assert von_neumann_entropy(values, 0.0) == pytest.approx(np.log(10))
    assert np.all(np.diff(entropies) <= 1e-12)
    assert entropies[-1] == pytest.approx(np.log(3))
    assert von_neumann_entropy([5.0], 1e308) == 0.0


def test_diffusion_entropy_grows_to_n_log_n(cloud_graph):
    entropies = [diffusion_entropy(heat_kernel(cloud_graph, t)) for t in (1e-3, 0.1, 1.0, 10.0)]
    assert entropies == sorted(entropies)
    H = heat_kernel(cloud_graph, 1.0)
    assert diffusion_entropy(H) == pytest.approx(-(H * np.log(H)).sum())
    assert diffusion_entropy(np.full((7, 7), 1 / 7)) == pytest.approx(7 * np.log(7))
    assert diffusion_entropy(np.eye(4)) == 0.0


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: heat_trace([], 1.0), ShapeError, "k >= 1"),
        (lambda: heat_trace([np.nan], 1.0), DomainError, r"eigenvalues\[0\]"),
        (lambda: heat_trace([1.0], -1.0), DomainError, "t = -1 is negative"),
        (lambda: von_neumann_entropy([[1.0]], 1.0), ShapeError, "shape"),
        (lambda: von_neumann_entropy([1.0], np.nan), DomainError, "not finite"),
        (lambda: diffusion_entropy([[1.0, -1e-17]]), DomainError, r"H\[0, 1\] = -1e-17 is negative"),
        (lambda: diffusion_entropy([[np.nan]]), DomainError, "not finite"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()
