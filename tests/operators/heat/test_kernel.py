"""Oracles: closed forms on complete graphs, hypercubes and products; scipy's expm; the laws of a semigroup."""

import math
import warnings

import networkx as nx
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp

from erlangen.errors import DomainError, DomainWarning, ResourceLimitError, ShapeError
from erlangen.operators import Graph, HeatCertificate, heat_action, heat_kernel
from erlangen.operators.graph import LAPLACIANS
from erlangen.operators.heat import kernel
from erlangen.operators.heat.choice import METHODS

RELATIVE = ["auto", "uniformisation", "squaring"]
ABSOLUTE = ["chebyshev", "krylov", "eigh"]


@pytest.mark.parametrize("method", [*RELATIVE, *ABSOLUTE])
@pytest.mark.parametrize("n", [2, 5, 40])
def test_complete_graphs(method, n):
    graph, t = Graph(np.ones((n, n)) - np.eye(n)), 0.03
    H = heat_kernel(graph, t, method=method, rtol=1e-13)
    assert np.allclose(H.diagonal(), (1 + (n - 1) * math.exp(-n * t)) / n, rtol=1e-12)
    assert np.allclose(H[0, 1:], -math.expm1(-n * t) / n, rtol=1e-12 if method in RELATIVE else 1e-10)


@pytest.mark.parametrize("method", RELATIVE)
def test_hypercubes_by_their_distance(method):
    d, t = 10, 0.1
    H = heat_kernel(nx.hypercube_graph(d), t, sources=[0], method=method)[0]
    k = np.array([sum(node) for node in nx.hypercube_graph(d).nodes])
    exact = -d * math.log(2) + (d - k) * math.log1p(math.exp(-2 * t)) + k * math.log(-math.expm1(-2 * t))
    assert np.allclose(np.log(H), exact, rtol=0, atol=1e-10)
    assert np.log(H).min() == pytest.approx(-24.0091898153, abs=1e-9)


@pytest.mark.parametrize("method", [*RELATIVE, "chebyshev"])
def test_the_kernel_of_a_product_is_the_product_of_kernels(method, small):
    path = nx.to_numpy_array(nx.path_graph(4))
    W = small.weights.toarray()
    product = np.kron(W, np.eye(4)) + np.kron(np.eye(10), path)
    H = heat_kernel(product, 0.3, method=method, rtol=1e-13)
    expected = np.kron(heat_kernel(small, 0.3, rtol=1e-13), heat_kernel(path, 0.3, rtol=1e-13))
    if method == "chebyshev":
        assert np.allclose(H, expected, atol=1e-12)
    else:
        assert np.allclose(H, expected, rtol=1e-11, atol=0)


@pytest.mark.parametrize("kind", LAPLACIANS)
@pytest.mark.parametrize("method", [*RELATIVE, *ABSOLUTE])
@pytest.mark.parametrize("t", [0.02, 1.0, 30.0])
def test_against_a_dense_exponential_with_an_honest_certificate(cloud_graph, kind, method, t):
    exact = scipy.linalg.expm(-t * cloud_graph.laplacian(kind).toarray())
    H, proof = heat_kernel(cloud_graph, t, laplacian=kind, method=method, certificate=True)
    assert isinstance(proof, HeatCertificate)
    assert np.max(np.abs(H - exact)) <= proof.absolute_error + 1e-14
    assert proof.absolute_error < 1e-8
    big = exact > 1e-3
    assert np.max(np.abs(H[big] / exact[big] - 1)) <= proof.relative_error + 1e-11
    assert proof.symmetry_defect < (2 * proof.absolute_error if method == "krylov" else 1e-12)
    assert proof.trusts_logarithms == (method in RELATIVE)
    if method in RELATIVE:
        assert proof.negative == proof.unreached == 0
        assert proof.row_sum_defect < 1e-12 or kind == "mass"


@pytest.mark.parametrize("steps", [1, 4, 9])
def test_the_certificate_of_implicit_steps(cloud_graph, steps):
    exact = heat_kernel(cloud_graph, 1.5)
    H, proof = heat_kernel(cloud_graph, 1.5, method="euler", steps=steps, certificate=True)
    assert np.linalg.norm(H - exact, 2) <= proof.absolute_error
    assert proof.relative_error == np.inf
    assert (proof.order, proof.negative, proof.unreached) == (steps, 0, 0)


@pytest.mark.parametrize("method", ["auto", "uniformisation", "squaring", "euler"])
@pytest.mark.parametrize("t", [0.05, 2.0, 25.0])
def test_heat_is_conserved_and_symmetric(cloud_graph, method, t):
    H = heat_kernel(cloud_graph, t, method=method)
    assert np.max(np.abs(H.sum(axis=1) - 1)) < 1e-12
    assert np.max(np.abs(H - H.T)) < 1e-12
    walk = heat_kernel(cloud_graph, t, laplacian="random-walk", method=method)
    assert np.max(np.abs(walk.sum(axis=1) - 1)) < 1e-12
    d = cloud_graph.degrees
    assert np.allclose(d[:, None] * walk, (d[:, None] * walk).T, rtol=1e-9)


@pytest.mark.parametrize("method", [*RELATIVE, "eigh"])
def test_semigroup(cloud_graph, method):
    s, t = 0.7, 2.1
    Hs, Ht, both = (heat_kernel(cloud_graph, x, method=method, rtol=1e-13) for x in (s, t, s + t))
    assert np.max(np.abs(Hs @ Ht - both)) < 1e-12
    if method in RELATIVE:
        assert np.allclose(Hs @ Ht, both, rtol=1e-11, atol=0)


def test_mass_kernels_conserve_mass(cloud_graph):
    root = np.sqrt(cloud_graph.mass)
    H = heat_kernel(cloud_graph, 0.8, laplacian="mass")
    assert np.allclose(H @ root, root, rtol=1e-12)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"lowrank"}))
def test_nothing_crosses_between_components(pieces, method):
    H, proof = heat_kernel(pieces, 0.3, method=method, certificate=True)
    label = pieces.components()
    across = label[:, None] != label
    assert np.all(np.abs(H[across]) <= (1e-14 if method in ABSOLUTE else 0))
    assert H[9, 9] == pytest.approx(1, abs=1e-9)
    assert proof.row_sum_defect < 1e-12 or method == "chebyshev"


def test_a_tiny_time_still_reaches_far(cycle):
    row = heat_kernel(cycle(100), 1e-12, sources=[0])[0]
    assert row[20] == pytest.approx(1e-12**20 / math.factorial(20), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units_of_weight_and_time_cancel(small, scale):
    H = heat_kernel(small, 0.4)
    for method in ("auto", "euler"):
        expected = H if method == "auto" else heat_kernel(small, 0.4, method="euler")
        found = heat_kernel(Graph(small.weights * scale), 0.4 / scale, method=method)
        assert np.allclose(found, expected, rtol=1e-9, atol=0)


def test_sources_keep_their_order_and_may_repeat(cloud_graph):
    H = heat_kernel(cloud_graph, 1.0)
    for method in ("auto", "euler", "chebyshev", "krylov", "eigh", "squaring"):
        part = heat_kernel(cloud_graph, 1.0, sources=[5, 88, 5], method=method)
        whole = H if method != "euler" else heat_kernel(cloud_graph, 1.0, method="euler")
        assert np.allclose(part, whole[[5, 88, 5]], atol=1e-9)
    assert heat_kernel(cloud_graph, 1.0, sources=[]).shape == (0, 90)


def test_threads_do_not_change_the_numbers(cloud_graph):
    for method in ("uniformisation", "euler", "chebyshev", "krylov"):
        one, two = (heat_kernel(cloud_graph, 1.0, method=method, threads=k) for k in (1, 2))
        assert np.array_equal(one, two)


def test_auto_computes_the_semigroup_by_a_relative_method(cycle, cloud_graph):
    for graph, sources in ((cloud_graph, None), (cloud_graph, [1]), (cycle(20_000), [0])):
        _, proof = heat_kernel(graph, 0.5, sources=sources, certificate=True)
        assert proof.method in ("uniformisation", "squaring")
        assert proof.relative_error < 1e-9


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"t": 0.0}, DomainError, "t must be a finite number in .0, inf."),
        ({"t": -1.0}, DomainError, "t=-1"),
        ({"t": np.nan}, DomainError, "t=nan"),
        ({"t": np.inf}, DomainError, "t=inf"),
        ({"t": "1"}, DomainError, "t must be a real number"),
        ({"laplacian": "normalized"}, DomainError, "laplacian must be one of"),
        ({"method": "exact"}, DomainError, "method must be one of"),
        ({"steps": 0}, DomainError, "steps must be"),
        ({"rtol": 0.0}, DomainError, "rtol must be"),
        ({"sources": [0, 90]}, DomainError, r"sources\[1\] = 90 is not a vertex of 0..89"),
        ({"sources": [-1]}, DomainError, r"sources\[0\] = -1"),
        ({"sources": [0.5]}, DomainError, "list of vertex numbers"),
        ({"sources": [True]}, DomainError, "list of vertex numbers"),
    ],
)
def test_refusals(cloud_graph, arguments, error, words):
    with pytest.raises(error, match=words):
        heat_kernel(cloud_graph, **{"t": 1.0, **arguments})


def test_memory_is_asked_for_before(monkeypatch):
    def refuse(estimate, what, **_):
        message = f"{what}: {estimate:.0e}"
        raise ResourceLimitError(message)

    monkeypatch.setattr(kernel, "check_memory", refuse)
    with pytest.raises(ResourceLimitError, match="1000000 rows of a heat kernel of 1000000 vertices"):
        heat_kernel(sp.csr_array((10**6, 10**6)), 1.0)


def test_a_time_so_large_that_heat_is_constant_warns_with_numbers(cloud_graph, pieces):
    with pytest.warns(DomainWarning, match=r"t = 1000 is too large: the 90 rows .* constant up to"):
        heat_kernel(cloud_graph, 1e3, method="euler", steps=30)
    with pytest.warns(DomainWarning, match="pass a smaller t"):
        heat_kernel(pieces, 1e3, laplacian="symmetric")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heat_kernel(cloud_graph, 1.0)
        heat_kernel(np.zeros((4, 4)), 1e3)


@pytest.mark.parametrize("kind", LAPLACIANS)
@pytest.mark.parametrize("method", ["chebyshev", "krylov", "auto", "eigh", "euler"])
def test_action_is_the_kernel_times_the_columns(cloud_graph, kind, method):
    B = np.random.default_rng(0).normal(size=(90, 4))
    H = heat_kernel(cloud_graph, 0.6, laplacian=kind, method=method, rtol=1e-13)
    out, bound = heat_action(cloud_graph, B, 0.6, laplacian=kind, method=method, rtol=1e-13, certificate=True)
    assert np.allclose(out, H @ B, atol=1e-11)
    assert bound < (0.2 if method == "euler" else 1e-9)
    assert np.allclose(heat_action(cloud_graph, B[:, 0], 0.6, laplacian=kind, method=method), out[:, 0], atol=1e-9)


def test_action_refuses_what_does_not_fit(cloud_graph):
    with pytest.raises(ShapeError, match=r"B must have shape \(90,\)"):
        heat_action(cloud_graph, np.ones(89), 1.0)
    with pytest.raises(DomainError, match=r"B\[3\] = nan"):
        heat_action(cloud_graph, np.where(np.arange(90) == 3, np.nan, 0.0), 1.0)
