"""Oracles: closed spectra of path, cycle, complete graph, hypercube and grid; LAPACK on random graphs."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import gershgorin_interval, largest_eigenvalue_bound

ROUNDING = 1 - 1e-13


def laplacian(W):
    W = sp.csr_array(W)
    return sp.csr_array(sp.diags_array(np.asarray(W.sum(axis=1)).ravel()) - W)


def path(n):
    return sp.diags_array([np.ones(n - 1)] * 2, offsets=[-1, 1])


def cycle(n):
    return path(n) + sp.coo_array(([1.0, 1.0], ([0, n - 1], [n - 1, 0])), shape=(n, n))


def hypercube(d):
    i = np.arange(2**d)
    rows, columns = np.tile(i, d), np.concatenate([i ^ (1 << b) for b in range(d)])
    return sp.coo_array((np.ones(d * 2**d), (rows, columns)), shape=(2**d,) * 2)


def star(leaves):
    rays = sp.coo_array(
        (np.ones(leaves), (np.zeros(leaves, dtype=int), np.arange(1, leaves + 1))), shape=(leaves + 1,) * 2
    )
    return rays + rays.T


CLOSED = {
    "path 50": (path(50), 2 + 2 * np.cos(np.pi / 50)),
    "path 1000": (path(1000), 2 + 2 * np.cos(np.pi / 1000)),
    "even cycle": (cycle(400), 4.0),
    "odd cycle": (cycle(401), 2 + 2 * np.cos(np.pi / 401)),
    "complete": (np.ones((300, 300)) - np.eye(300), 300.0),
    "small complete": (np.ones((30, 30)) - np.eye(30), 30.0),
    "hypercube": (hypercube(9), 18.0),
    "star": (star(300), 301.0),
}


@pytest.mark.parametrize(("W", "exact"), CLOSED.values(), ids=CLOSED)
def test_closed_spectra_are_bounded_from_above_and_not_by_far(W, exact):
    bound = largest_eigenvalue_bound(laplacian(W), lower=0.0, certificate=True)
    assert bound.upper >= exact * ROUNDING
    assert bound.upper <= exact * 1.08
    assert bound.ritz <= exact * (1 + 1e-12)
    assert bound.upper <= bound.gershgorin
    assert bound.upper == largest_eigenvalue_bound(laplacian(W), lower=0.0)


@pytest.mark.parametrize("seed", range(30))
def test_no_random_graph_exceeds_its_bound(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 320))
    W = sp.random_array((n, n), density=float(rng.choice([0.01, 0.1])), rng=rng)
    W.data = 10.0 ** rng.uniform(-6, 0, len(W.data))
    L = laplacian(W + W.T)
    exact = np.linalg.eigvalsh(L.toarray())
    for iterations in (2, 5, 64):
        bound = largest_eigenvalue_bound(L, iterations=iterations, rng=seed, certificate=True)
        assert bound.upper >= exact[-1] * ROUNDING
        assert bound.ritz <= exact[-1] * (1 + 1e-12)
        assert 0 <= bound.failure_probability <= 1e-12
    low, high = gershgorin_interval(L)
    assert low <= exact[0] + 1e-12
    assert high >= exact[-1] * ROUNDING


@pytest.mark.parametrize("shift", [-50.0, 1e3])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_indefinite_matrices_of_every_scale(shift, scale):
    rng = np.random.default_rng(0)
    A = rng.normal(size=(260, 260))
    A = scale * ((A + A.T) + shift * np.eye(260))
    exact = np.linalg.eigvalsh(A)
    for lower in (None, exact[0] - scale):
        upper = largest_eigenvalue_bound(A, lower=lower)
        assert exact[-1] <= upper + 1e-13 * abs(exact).max()
    assert upper - exact[-1] < 0.1 * (exact[-1] - exact[0] + scale)


@pytest.mark.parametrize("n", [100, 400])
def test_not_one_unit_in_the_last_place_is_missing(n):
    """An even cycle with two weights in turn: the alternating vector has the eigenvalue 2(a + b), in fractions."""
    rng = np.random.default_rng(0)
    i = np.arange(n)
    for a, b in rng.random((20, 2)):
        w = np.where(i % 2, a, b)
        W = sp.csr_array(sp.coo_array((np.r_[w, w], (np.r_[i, (i + 1) % n], np.r_[(i + 1) % n, i])), shape=(n, n)))
        L = laplacian(W)
        exact = min(map(Fraction, L.diagonal())) + Fraction(a) + Fraction(b)
        assert Fraction(largest_eigenvalue_bound(L, lower=0.0)) >= exact
        single = L.astype(np.float32)
        exact = np.linalg.eigvalsh(single.toarray().astype(np.float64))[-1]
        assert largest_eigenvalue_bound(single, lower=0.0) >= exact * ROUNDING


def test_a_start_in_an_invariant_subspace_stops_early_and_stays_a_bound():
    A = sp.diags_array(np.r_[np.zeros(299), 7.0])
    bound = largest_eigenvalue_bound(A, certificate=True)
    assert bound.iterations <= 3
    assert bound.upper >= 7
    assert largest_eigenvalue_bound(sp.csr_array((300, 300))) == 0


def test_operators_and_functions_need_a_lower_end():
    L = laplacian(cycle(300))
    for A in (lambda x: L @ x, sp.linalg.aslinearoperator(L)):
        assert largest_eigenvalue_bound(A, lower=0.0, n=300) >= 4 * ROUNDING
        with pytest.raises(DomainError, match=r"lower is missing.*\(pass lower=0 for a Laplacian\)"):
            largest_eigenvalue_bound(A, n=300)
    with pytest.raises(DomainError, match="n must be an integer"):
        largest_eigenvalue_bound(lambda x: x, lower=0.0)


@pytest.mark.parametrize(
    ("A", "options", "error", "text"),
    [
        (np.ones((2, 3)), {}, ShapeError, "A must be square"),
        (np.eye(2) * 1j, {}, DomainError, "a real matrix is needed"),
        (np.array([[np.nan]]), {}, DomainError, r"A\[0, 0\] = nan"),
        (np.eye(2), {"iterations": 1}, DomainError, "iterations must be"),
        (np.eye(2), {"failure_probability": 0.0}, DomainError, "failure_probability must be"),
        (lambda x: x * np.nan, {"n": 5, "lower": 0.0}, DomainError, "the product with A is not finite at step 1"),
    ],
)
def test_what_has_no_bound_is_refused(A, options, error, text):
    with pytest.raises(error, match=text):
        largest_eigenvalue_bound(A, **options)


def test_gershgorin_by_hand():
    assert gershgorin_interval(np.array([[1.0, -2.0], [-2.0, 5.0]])) == (-1.0, 7.0)
    assert gershgorin_interval(sp.csr_array((0, 0))) == (0.0, 0.0)
