r"""The identities of the paper, measured: how far each is broken at worst, and on how many instances.

Definition: Bures–Wasserstein geometry, its generalisation by a matrix M and a power :math:`\theta`, and the layer built on it.
Convention: each function returns (largest violation, instances); violations are relative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.edges import to_numpy, to_tensor
from erlangen.linalg import geometric_mean, inv_sqrtm
from erlangen.manifolds import AffineInvariant, BuresWasserstein, LogEuclidean
from erlangen.nn import SPDBatchNorm

__all__ = [
    "centred_batch",
    "commuting_transport",
    "conditioning",
    "isometry",
    "optimal_map",
    "power_limit",
    "procrustes_form",
    "unit_dispersion",
]

Array = NDArray[np.float64]
Found = tuple[float, int]


def _draw(rng: np.random.Generator, count: int, n: int, condition: float) -> Array:
    """Return matrices (count, n, n) with a given condition number and random eigenvectors."""
    vectors = np.linalg.qr(rng.normal(size=(count, n, n)))[0]
    exponents = rng.random((count, n))
    exponents[:, 0], exponents[:, -1] = 0.0, 1.0
    X = (vectors * condition ** exponents[:, None, :]) @ vectors.transpose(0, 2, 1)
    return np.asarray((X + X.transpose(0, 2, 1)) / 2)


def procrustes_form(seed: int) -> Found:
    """Compare the distance with the least ‖A − B O‖ over orthogonal O, from LAPACK's singular values of A^T B."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (2, 5, 12, 22):
        P, Q = _draw(rng, 50, n, 1e4), _draw(rng, 50, n, 1e4)
        A, B = np.linalg.cholesky(P), np.linalg.cholesky(Q)
        left, _, right = np.linalg.svd(B.transpose(0, 2, 1) @ A)
        direct = np.linalg.norm(A - B @ (left @ right), axis=(1, 2))
        worst = max(worst, float(np.max(np.abs(BuresWasserstein().dist(P, Q) / direct - 1))))
        count += len(P)
    return worst, count


def isometry(seed: int) -> Found:
    """Compare the generalised distance of P and Q with the plain one of M^{-1/2} P M^{-1/2} and M^{-1/2} Q M^{-1/2}."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (2, 5, 12):
        P, Q, M = _draw(rng, 40, n, 1e3), _draw(rng, 40, n, 1e3), _draw(rng, 1, n, 10.0)[0]
        root = inv_sqrtm(M)
        plain = BuresWasserstein().dist(root @ P @ root, root @ Q @ root)
        worst = max(worst, float(np.max(np.abs(BuresWasserstein(M=M).dist(P, Q) / plain - 1))))
        count += len(P)
    return worst, count


def optimal_map(seed: int) -> Found:
    """Check that T = P^{-1} # Q carries P to Q: T P T = Q."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (2, 5, 12):
        P, Q = _draw(rng, 40, n, 1e2), _draw(rng, 40, n, 1e2)
        T = geometric_mean(np.linalg.inv(P), Q)
        worst = max(worst, float(np.max(np.linalg.norm(T @ P @ T - Q, axis=(1, 2)) / np.linalg.norm(Q, axis=(1, 2)))))
        count += len(P)
    return worst, count


def commuting_transport(seed: int) -> Found:
    """Compare the closed transport between commuting matrices with the solution of the equation of parallel transport."""
    rng = np.random.default_rng(seed)
    metric = BuresWasserstein()
    worst, count = 0.0, 0
    for n in (2, 4, 6):
        basis = np.linalg.qr(rng.normal(size=(n, n)))[0]
        for _ in range(4):
            P, Q = ((basis * rng.uniform(0.5, 4.0, n)) @ basis.T for _ in range(2))
            V = rng.normal(size=(n, n))
            P, Q, V = (P + P.T) / 2, (Q + Q.T) / 2, V + V.T
            closed, solved = (metric.transport(P, Q, V, method=method) for method in ("closed", "ode"))
            worst = max(worst, float(np.linalg.norm(closed - solved) / np.linalg.norm(closed)))
            count += 1
    return worst, count


def power_limit(seed: int) -> Found:
    """Compare the squared distance of a small power with a quarter of the log-Euclidean one, times 1/theta."""
    rng = np.random.default_rng(seed)
    P, Q = _draw(rng, 60, 5, 10.0), _draw(rng, 60, 5, 10.0)
    theta = 1e-4
    limit = LogEuclidean().squared_dist(P, Q) / 4
    return float(np.max(np.abs(BuresWasserstein(theta=theta).squared_dist(P, Q) / limit - 1))), len(P)


def _gram(metric: AffineInvariant | BuresWasserstein, P: Array) -> Array:
    """Return the matrix of the inner product at P in an orthonormal basis of the symmetric matrices."""
    n = len(P)
    rows, columns = np.triu_indices(n)
    basis = np.zeros((len(rows), n, n))
    basis[np.arange(len(rows)), rows, columns] = basis[np.arange(len(rows)), columns, rows] = np.where(
        rows == columns, 1.0, np.sqrt(0.5)
    )
    m = len(basis)
    inner = metric.inner(P, np.repeat(basis, m, axis=0), np.tile(basis, (m, 1, 1)))
    return np.asarray(inner).reshape(m, m)


def conditioning(seed: int) -> Found:
    """Measure how far the condition number of the metric at P exceeds that of P (Bures–Wasserstein), relative to it.

    That of the affine-invariant metric is its square, which is checked on the way.
    """
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for condition in (1e1, 1e2, 1e3):
        for P in _draw(rng, 4, 4, condition):
            flat = np.linalg.cond(_gram(BuresWasserstein(), P)) / condition
            curved = np.linalg.cond(_gram(AffineInvariant(), P)) / condition**2
            worst = max(worst, float(flat - 1), float(abs(curved - 1)))
            count += 1
    return worst, count


def _layer(X: Array, **options: object) -> Array:
    """Return a batch after one training step of the layer."""
    layer = SPDBatchNorm(X.shape[-1], metric="wasserstein", eps=1e-12, mean_iterations="converged", **options)  # type: ignore[arg-type]
    return np.asarray(to_numpy(layer.train()(to_tensor(X, "X"))))


def centred_batch(seed: int) -> Found:
    """Measure how far the mean of a normalised batch is from the identity."""
    worst, count = 0.0, 0
    for scale in (0.1, 1.0, 5.0):
        out = _layer(scale * _batch(seed))
        mean = BuresWasserstein().mean(out, tol=1e-13)
        worst = max(worst, float(np.linalg.norm(mean - np.eye(len(mean))) / np.sqrt(len(mean))))
        count += len(out)
    return worst, count


def unit_dispersion(seed: int) -> Found:
    """Measure how far the dispersion of a normalised batch about the identity is from one."""
    worst, count = 0.0, 0
    for scale in (0.1, 1.0, 5.0):
        out = _layer(scale * _batch(seed))
        dispersion = float(np.mean(BuresWasserstein().squared_dist(np.eye(out.shape[-1]), out)))
        worst = max(worst, abs(dispersion - 1.0))
        count += len(out)
    return worst, count


def _batch(seed: int) -> Array:
    """Return a batch (60, 6, 6) of moderate spread."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 6, 24))
    return np.asarray(X @ X.transpose(0, 2, 1) / 24) + 0.3 * np.eye(6)
