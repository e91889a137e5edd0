"""Input and score of classifiers of block-Toeplitz covariances.

Definition: trials of two stable vector autoregressions of first order that differ in their coefficient by a little; the biased autocovariances
at lags 0 ... p - 1, and the block-Toeplitz matrices (N, n p, n p) of them, positive semidefinite by construction.
Convention: odd trials are of class 1; the first half of the trials is for training, the score the share of right labels in the second.
"""

import numpy as np


def make(count, n, times, order):
    """Return the autocovariances (N, p, n, n), their matrices and the labels."""
    rng = np.random.default_rng(11)
    labels = np.arange(count) % 2
    signals = rng.normal(size=(count, n, times))
    for t in range(1, times):
        signals[:, :, t] += (0.5 + 0.1 * labels)[:, None] * signals[:, :, t - 1]
    X = (np.eye(n) + rng.normal(size=(n, n)) / np.sqrt(n)) @ signals
    X -= X.mean(axis=-1, keepdims=True)
    gammas = np.stack([X[:, :, h:] @ X[:, :, : times - h].transpose(0, 2, 1) / times for h in range(order)], axis=1)
    matrices = np.empty((count, order * n, order * n))
    for i in range(order):
        for j in range(order):
            block = gammas[:, i - j] if i >= j else gammas[:, j - i].transpose(0, 2, 1)
            matrices[:, i * n : (i + 1) * n, j * n : (j + 1) * n] = block
    return {"gammas": gammas, "matrices": (matrices + matrices.transpose(0, 2, 1)) / 2, "labels": labels}


def score(data, result):
    """Return the share of right labels."""
    return {"accuracy": float(np.mean(result == data["labels"][len(data["labels"]) // 2 :]))}
