"""The released arithmetic of GBWBN, written from its formulas one sample at a time, and our layer with its switches against it."""

import numpy as np
import pytest
import torch

from erlangen.manifolds import BuresWasserstein
from erlangen.nn import SPDBatchNorm


def apply(f, A):
    """Return a function of a symmetric positive semidefinite matrix; singular values, as the release takes them."""
    U, s, _ = np.linalg.svd((A + A.T) / 2)
    return (U * f(s)) @ U.T


def root(A):
    return apply(np.sqrt, A)


def inverse_root(A):
    return apply(lambda s: 1 / np.sqrt(s), A)


def commuting(P, V, f):
    """Return V with its entries in the eigenbasis of P times f(p_i + p_j)."""
    p, U = np.linalg.eigh(P)
    return U @ ((U.T @ V @ U) * f(p[:, None] + p[None, :])) @ U.T


def log_at(G, X):
    half = root(G) @ root(root(G) @ X @ root(G)) @ inverse_root(G)
    return half + half.T - 2 * G


def exp_at(G, V):
    L = commuting(G, V, lambda s: 1 / s)
    return G + V + L @ G @ L


class Released:
    """Forward pass and running statistics: one fixed-point step, dispersion about I of the batch that is not centred, no test of domains."""

    def __init__(self, n, theta, W, M, scale, momentum=0.1, eps=1e-5):
        self.theta, self.W, self.M, self.scale, self.momentum, self.eps = theta, W, M, scale, momentum, eps
        self.mean, self.variance = np.eye(n), 1.0

    def image(self, X):
        return inverse_root(self.M) @ apply(lambda s: s**self.theta, X) @ inverse_root(self.M)

    def preimage(self, Y):
        return apply(lambda s: s ** (1 / self.theta), root(self.M) @ Y @ root(self.M))

    def statistics(self, Y):
        A = sum(Y) / len(Y)
        inside = sum(root(root(A) @ y @ root(A)) for y in Y) / len(Y)
        mean = inverse_root(A) @ inside @ inside @ inverse_root(A)
        squares = [np.trace(y) + len(y) - 2 * np.trace(root(y)) for y in Y]
        return mean, sum(squares) / len(Y) / self.theta**2

    def between(self, A, B, t):
        cross = root(A) @ root(root(A) @ B @ root(A)) @ inverse_root(A)
        return (1 - t) ** 2 * A + t**2 * B + t * (1 - t) * (cross + cross.T)

    def __call__(self, X, training=True):
        identity, Y, W = np.eye(len(self.W)), [self.image(x) for x in X], self.image(self.W)
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = self.statistics(Y)
            self.mean = self.between(self.mean, mean, self.momentum)
            self.variance = (1 - self.momentum) * self.variance + self.momentum * variance
        k, out = self.scale / np.sqrt(variance + self.eps), []
        for y in Y:
            V = commuting(mean, log_at(mean, y), lambda s: np.sqrt(2 / s))
            centred = (identity + V / 2) @ (identity + V / 2)
            Z = k * 2 * (root(centred) - identity)
            scaled = (identity + Z / 2) @ (identity + Z / 2)
            moved = commuting(W, 2 * (root(scaled) - identity), lambda s: np.sqrt(s / 2))
            out.append(self.preimage(exp_at(W, moved)))
        return np.stack(out)


def pair(n, theta, wishart, scale=0.8):
    """Return the oracle and our layer with the same parameters."""
    W = wishart(n, seed=7).numpy() + 0.5 * np.eye(n)
    M = wishart(n, seed=8).numpy() + 0.5 * np.eye(n)
    layer = SPDBatchNorm(n, BuresWasserstein(M, theta), variance="released", on_domain_exit="fold")
    with torch.no_grad():
        layer.bias.copy_(torch.from_numpy(W))
        layer.scale.fill_(scale)
    released = Released(n, theta, W, M, scale)
    released.mean = released.image(np.eye(n))  # ours begins at I in data space, the release in the image
    return released, layer


def close(found, expected, tolerance):
    expected = np.asarray(expected)
    assert np.abs(np.asarray(found.detach()) - expected).max() <= tolerance * np.abs(expected).max()


@pytest.mark.parametrize("n", [12, 30])
@pytest.mark.parametrize("theta", [1.0, 0.5])
def test_forward_and_running_statistics_equal_the_released_ones(n, theta, wishart):
    released, layer = pair(n, theta, wishart)
    for seed in range(3):
        X = wishart(10, n, seed=seed)
        close(layer(X), released(X.numpy()), 1e-12)
        close(layer.running.variance.squeeze(), released.variance, 1e-13)
        close(layer.running.mean.squeeze(), released.preimage(released.mean), 1e-12)
    layer.eval()
    close(layer(X), released(X.numpy(), training=False), 1e-12)


def test_folding_is_reproduced_where_it_is_asked_for(wishart):
    released, layer = pair(6, 1.0, wishart, scale=3.0)
    X = 5 * wishart(20, 6, seed=3, condition=300.0)
    close(layer(X), released(X.numpy()), 1e-9)
    _, careful = pair(6, 1.0, wishart, scale=3.0)
    careful.on_domain_exit = "shrink"
    careful(X)
    assert int(careful.exits) > 0


@pytest.mark.parametrize(("factor", "dispersion"), [(5.0, 0.5), (0.1, 0.5)])
def test_the_released_dispersion_depends_on_the_units_of_the_batch_and_ours_does_not(factor, dispersion, wishart):
    X = factor * wishart(40, 6, seed=1)
    bures = BuresWasserstein()
    spread = {}
    for kind in ("released", "about_mean"):
        out = SPDBatchNorm(6, variance=kind, mean_iterations="converged")(X).detach()
        spread[kind] = float(bures.squared_dist(bures.mean(out), out).mean())
    assert spread["released"] < dispersion
    assert abs(spread["about_mean"] - 1) < 1e-4
