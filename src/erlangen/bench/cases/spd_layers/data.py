r"""Input and score of the cases on batch normalisation: covariances of small order, and what the layer of the paper makes of them.

Definition: steps 1 to 6 of the released layer (generalised Bures–Wasserstein, :math:`M = I`, :math:`\theta = 1`, :math:`s = 1`,
:math:`W = I + 10^{-7}\operatorname{diag}(1, \dots, n)`) in NumPy: centre at one step of the mean, scale, move to W; statistics are constants of the gradient.
Convention: digits of the output, and of the gradient along one direction against central differences; another metric is held to be definite.
"""

import numpy as np


def make(count, n, repeat):
    """Return matrices (count, n, n), the gradient of the output (count, n, n) and the bias (n, n)."""
    rng = np.random.default_rng(11)
    signals = rng.normal(size=(count, n, 4 * n)) * (0.5 + rng.random(size=(count, n, 1)))
    weights = rng.normal(size=(count, n, n))
    return {
        "repeat": repeat,
        "matrices": signals @ signals.transpose(0, 2, 1) / (4 * n),
        "weights": (weights + weights.transpose(0, 2, 1)) / 2,
        "bias": np.diag(1 + 1e-7 * np.arange(1, n + 1)),
    }


def _power(A, p):
    values, vectors = np.linalg.eigh(A)
    return (vectors * (values**p)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def _statistics(X):
    """Return one step of the mean from the arithmetic one, and the mean squared distance to I."""
    root, inverse = _power(X.mean(axis=0), 0.5), _power(X.mean(axis=0), -0.5)
    inner = _power(root @ X @ root, 0.5).mean(axis=0)
    squares = np.sum((np.sqrt(np.linalg.eigvalsh(X)) - 1) ** 2, axis=1)
    return inverse @ inner @ inner @ inverse, squares.mean()


def _layer(X, W, mean, variance):
    """Return the output of the layer for given statistics."""
    n = len(W)
    g, U = np.linalg.eigh(mean)
    root, inverse = (U * np.sqrt(g)) @ U.T, (U / np.sqrt(g)) @ U.T
    move = inverse @ _power(root @ X @ root, 0.5) @ inverse - np.eye(n)
    tangent = U.T @ (move @ mean + mean @ move) @ U * np.sqrt(2 / (g[:, None] + g))
    centred = np.eye(n) + (U @ tangent @ U.T) / 2
    scaled = np.eye(n) + (_power(centred @ centred, 0.5) - np.eye(n)) / np.sqrt(variance + 1e-5)
    w, R = np.linalg.eigh(W)
    sums = w[:, None] + w
    tangent = R.T @ (2 * (_power(scaled @ scaled, 0.5) - np.eye(n))) @ R * np.sqrt(sums / 2)
    factor = np.eye(n) + R @ (tangent / sums) @ R.T
    return factor @ W @ factor


def score(data, result):
    """Return the right digits of output and gradient, and the share of outputs that are positive definite."""
    out, gradient = result
    X, W = data["matrices"], data["bias"]
    mean, variance = _statistics(X)
    exact = _layer(X, W, mean, variance)
    step = 1e-5 * np.random.default_rng(5).normal(size=X.shape)
    step = step + step.transpose(0, 2, 1)
    ends = [np.sum(data["weights"] * _layer(X + sign * step, W, mean, variance)) for sign in (1, -1)]
    slope, scale = (ends[0] - ends[1]) / 2, np.linalg.norm(gradient) * np.linalg.norm(step)
    return {
        "digits": -np.log10(max(np.abs(out - exact).max() / np.abs(exact).max(), 1e-17)),
        "gradient": -np.log10(max(abs(np.sum(gradient * step) - slope) / scale, 1e-17)),
        "definite": float(np.mean(np.linalg.eigvalsh(out)[:, 0] > 0)) * float(np.isfinite(gradient).all()),
    }
