"""Oracles: Bessel functions by mpmath, closed forms of half-integer order, arcs of the sphere."""

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp
from scipy.spatial import ConvexHull

from erlangen.errors import DomainError
from erlangen.operators import Graph, MaternInverse, calibrated_distance, heat_kernel, log_matern, varadhan_distance


@pytest.mark.parametrize(("steps", "d"), [(1, 1), (1, 2), (1, 3), (5, 2), (5, 3), (3, 6), (2, 7), (30, 2), (90, 4)])
def test_the_kernel_and_its_inverse(steps, d):
    t = 0.3
    r = np.geomspace(0.05 if steps > 50 else 1e-3, 6.0, 12)
    with mpmath.workdps(40):
        kappa = mpmath.sqrt(mpmath.mpf(steps) / mpmath.mpf(t))
        nu = steps - mpmath.mpf(d) / 2
        exact = [
            mpmath.log(
                kappa ** (2 * steps)
                / ((2 * mpmath.pi) ** (mpmath.mpf(d) / 2) * 2 ** (steps - 1) * mpmath.gamma(steps))
                * (x / kappa) ** nu
                * mpmath.besselk(nu, kappa * x)
            )
            for x in map(mpmath.mpf, r)
        ]
    logs = np.array([float(x) for x in exact])
    assert np.allclose(log_matern(r, t, steps, d), logs, rtol=1e-12, atol=1e-11)
    found = MaternInverse(t, steps, d, logs.min() - 1)(logs)
    visible = r * np.sqrt(steps / t) > 0.05
    assert np.allclose(found[visible], r[visible], rtol=1e-7)


def test_far_distances_from_the_smallest_numbers():
    """u = exp(-r) / (4 pi r) in three dimensions, down to 1e-300."""
    r = np.array([[1e-3, 1.0, 100.0, 650.0]])
    D = calibrated_distance(np.exp(-r) / (4 * np.pi * r), 1.0, 1, 3)
    assert np.allclose(D, r, rtol=1e-9)


def test_zero_is_infinitely_far_and_above_the_peak_is_zero():
    D = calibrated_distance([[0.0, 1e9]], 1.0, 5, 2)
    assert D.tolist() == [[np.inf, 0.0]]


def sphere_mesh(n):
    """A spiral of points on the unit sphere, cotangent weights of their convex hull (Delaunay, hence non-negative), barycentric masses."""
    z, turn = 1 - (2 * np.arange(n) + 1) / n, np.pi * (1 + 5**0.5) * np.arange(n)
    X = np.stack([np.cos(turn) * np.sqrt(1 - z**2), np.sin(turn) * np.sqrt(1 - z**2), z], axis=1)
    F = ConvexHull(X).simplices
    W, mass = sp.csr_array((n, n)), np.zeros(n)
    for k in range(3):
        i, j, o = F[:, k], F[:, (k + 1) % 3], F[:, (k + 2) % 3]
        a, b = X[i] - X[o], X[j] - X[o]
        double = np.linalg.norm(np.cross(a, b), axis=1)
        W = W + sp.coo_array((np.einsum("ij,ij->i", a, b) / double / 2, (i, j)), shape=(n, n))
        np.add.at(mass, o, double / 6)
    W = sp.csr_array(W + W.T)
    W.data = np.maximum(W.data, 0.0)
    return X, Graph(W, mass=mass)


def sphere_error(n, steps, factor):
    """Mean relative error of calibrated and Varadhan distances to all other points, from forty of them, at t = factor * area / n."""
    X, graph = sphere_mesh(n)
    t = factor * 4 * np.pi / n
    s = np.random.default_rng(0).choice(n, 40, replace=False)
    u = heat_kernel(graph, t, sources=s, laplacian="mass", method="euler", steps=steps)
    u /= np.sqrt(graph.mass[s][:, None] * graph.mass)
    arcs = np.arccos(np.clip(X[s] @ X.T, -1, 1))
    arcs[np.arange(len(s)), s] = 0
    away = arcs > 0
    found = calibrated_distance(u, t, steps, 2, sources=s), varadhan_distance(u, t, sources=s)
    return [float(np.mean(np.abs(D - arcs)[away] / arcs[away])) for D in found]


@pytest.mark.parametrize(("steps", "factor"), [(1, 4), (5, 16)])
def test_arcs_of_a_sphere_within_three_per_cent(steps, factor):
    calibrated, varadhan = sphere_error(5000, steps, factor)
    assert calibrated <= 0.03
    assert varadhan > 5 * calibrated


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "factor"), [(1, 4), (5, 16)])
def test_arcs_of_a_fine_sphere(steps, factor):
    calibrated, varadhan = sphere_error(10_000, steps, factor)
    assert calibrated <= 0.019
    assert varadhan > 10 * calibrated


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[-1.0]], 1.0, 1, 2), "is negative"),
        (([[1.0]], 0.0, 1, 2), "t must be"),
        (([[1.0]], 1.0, 0, 2), "steps must be"),
        (([[1.0]], 1.0, 101, 2), "steps must be"),
        (([[1.0]], 1.0, 1, 0.0), "dimension must be"),
        (([[np.nan]], 1.0, 1, 2), "not finite"),
    ],
)
def test_refusals(arguments, words):
    with pytest.raises(DomainError, match=words):
        calibrated_distance(*arguments)
