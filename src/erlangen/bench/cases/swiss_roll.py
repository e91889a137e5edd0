"""Input and score of the cases on a noisy Swiss roll, turned into higher dimension.

Definition: X = (t cos t, h, t sin t), t = 3 pi / 2 (1 + 2 U), h = 5 U; geodesic = Euclidean in (arc length, h).
Convention: scores are ``pearson``, the mean over points of the correlation of a row of embedding distances with the row of geodesics, and
``neighbours``, the share of the variance of arc length that the ten nearest points of the embedding explain.
"""

import numpy as np


def make(n, noise, dimension):
    """Return points (n, dimension) and intrinsic coordinates (n, 2)."""
    rng = np.random.default_rng(42)
    t = 1.5 * np.pi * (1 + 2 * rng.random(n))
    height = 5 * rng.random(n)
    flat = np.zeros((n, dimension))
    flat[:, :3] = np.c_[t * np.cos(t), height, t * np.sin(t)]
    rotation = np.linalg.qr(rng.normal(size=(dimension, dimension)))[0]
    points = flat @ rotation + noise * rng.normal(size=(n, dimension))
    length = (t * np.sqrt(t * t + 1) + np.arcsinh(t)) / 2
    return {"points": points, "intrinsic": np.c_[length, height]}


def score(data, result):
    """Return both scores, over 500 points."""
    rows = np.random.default_rng(1).permutation(len(result))[:500]
    length = data["intrinsic"][:, 0]
    correlations, misses = [], []
    for i in rows:
        mine = np.linalg.norm(result - result[i], axis=1)
        true = np.linalg.norm(data["intrinsic"] - data["intrinsic"][i], axis=1)
        correlations.append(np.corrcoef(mine, true)[0, 1])
        near = np.argpartition(mine, 10)[:11]
        misses.append(length[near[near != i]].mean() - length[i])
    explained = 1 - np.mean(np.square(misses)) / np.var(length)
    return {"pearson": float(np.mean(correlations)), "neighbours": float(explained)}
