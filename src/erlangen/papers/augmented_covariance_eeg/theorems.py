r"""The identities of the paper, measured: how far each is broken at worst, and on how many instances.

Definition: the augmented covariance :math:`\Gamma_{aug}`, its blocks :math:`\Gamma((i - j)\tau)`, the Yule–Walker equations and what follows from them.
Convention: each function returns (largest violation, instances); violations are relative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_discrete_lyapunov

from erlangen.estimators import AugmentedCovariance
from erlangen.estimators.timeseries import DelayEmbedding, augmented_covariance, lag_products
from erlangen.linalg import block_toeplitz, levinson_whittle

__all__ = ["determinants", "embedded_covariance", "equal_spectra", "innovation", "positive_blocks", "yule_walker"]

Array = NDArray[np.float64]
Found = tuple[float, int]


def _model(rng: np.random.Generator, n: int, radius: float = 0.8) -> tuple[Array, Array, Array]:
    """Return coefficients, noise covariance and stationary covariance of a stable VAR(1)."""
    A = rng.normal(size=(n, n))
    A *= radius / np.abs(np.linalg.eigvals(A)).max()
    B = rng.normal(size=(n, n))
    noise = B @ B.T / n + 0.1 * np.eye(n)
    return A, noise, np.asarray(solve_discrete_lyapunov(A, noise))


def _gammas(A: Array, gamma: Array, count: int) -> Array:
    """Return the autocovariances (count, n, n) of a VAR(1)."""
    out = [gamma]
    for _ in range(count - 1):
        out.append(A @ out[-1])
    return np.stack(out)


def embedded_covariance(seed: int) -> Found:
    """Compare every cell of a grid of orders and lags, assembled from lagged products, with the covariance of the stacked signal."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(6, 4, 160)).cumsum(axis=-1) + rng.normal(size=(6, 4, 1))
    orders, lags = range(1, 9), range(1, 7)
    products = lag_products(X, orders=orders, lags=lags)
    worst, count = 0.0, 0
    for trim in ("exact", "moabb"):
        for order in orders:
            for lag in lags:
                Z = DelayEmbedding(order, lag, trim=trim).fit_transform(X)
                direct = np.stack([np.cov(z) for z in Z])
                gap = np.abs(augmented_covariance(products, order, lag, trim=trim) - direct).max(axis=(1, 2))
                worst = max(worst, float((gap / np.abs(direct).max(axis=(1, 2))).max()))
                count += len(X)
    return worst, count


def equal_spectra(seed: int) -> Found:
    """Compare the eigenvalues of the matrix stacked forwards (Takens) and backwards (Yule and Walker)."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (1, 3, 6):
        for _ in range(10):
            A, _, gamma = _model(rng, n)
            gammas = _gammas(A, gamma, 5)
            future, past = (np.linalg.eigvalsh(block_toeplitz(gammas, direction=d)) for d in ("future", "past"))
            worst = max(worst, float(np.abs(future - past).max() / future.max()))
            count += 1
    return worst, count


def yule_walker(seed: int) -> Found:
    """Recover the coefficients of a VAR(1) from its exact autocovariances, later coefficients being zero."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (1, 3, 6):
        for _ in range(10):
            A, _, gamma = _model(rng, n)
            found = np.asarray(levinson_whittle(_gammas(A, gamma, 5)).coefficients)
            truth = np.zeros_like(found)
            truth[0] = A
            worst = max(worst, float(np.abs(found - truth).max() / np.abs(A).max()))
            count += 1
    return worst, count


def innovation(seed: int) -> Found:
    """Compare the Schur complement Γ(0) − Γ(1) Γ(0)^{-1} Γ(1)^T of a VAR(1) with the covariance of its noise."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n in (1, 3, 6, 12):
        for _ in range(10):
            A, noise, gamma = _model(rng, n)
            G = block_toeplitz(_gammas(A, gamma, 2))
            complement = G[n:, n:] - G[n:, :n] @ np.linalg.solve(G[:n, :n], G[:n, n:])
            worst = max(worst, float(np.abs(complement - noise).max() / np.abs(noise).max()))
            count += 1
    return worst, count


def determinants(seed: int) -> Found:
    """Check log det Γ_aug(p) = p log det Γ(0) + Σ (p − l) log det(I − Ω_l Ω_l^T) on sample autocovariances."""
    rng = np.random.default_rng(seed)
    worst, count = 0.0, 0
    for n, p in ((1, 6), (3, 5), (6, 4)):
        for _ in range(10):
            x = rng.normal(size=(n, 200)).cumsum(axis=-1)
            x -= x.mean(axis=-1, keepdims=True)
            gammas = np.stack([x[:, h:] @ x[:, : 200 - h].T / 200 for h in range(p)])
            partial = np.asarray(levinson_whittle(gammas).partials)
            weights = p - np.arange(1, p)
            inner = np.linalg.slogdet(np.eye(n) - partial @ partial.transpose(0, 2, 1))[1]
            right = p * np.linalg.slogdet(gammas[0])[1] + float(weights @ inner)
            left = np.linalg.slogdet(block_toeplitz(gammas))[1]
            worst = max(worst, float(abs(left - right) / max(abs(left), 1.0)))
            count += 1
    return worst, count


def positive_blocks(seed: int) -> Found:
    """Measure the least eigenvalue over the trace of the biased block-Toeplitz estimate, below zero, on short trials."""
    X = np.random.default_rng(seed).normal(size=(300, 4, 30))
    G = AugmentedCovariance(5, 3, estimator="cov", structure="block_toeplitz").fit_transform(X)
    least = np.linalg.eigvalsh(G)[:, 0] / np.trace(G, axis1=1, axis2=2)
    return float(max(0.0, -least.min())), len(X)
