"""Input and score of the cases on SPD matrices: covariances of band-passed mixtures, as EEG gives them.

Definition: C_i = A diag(s_i) A^T + noise, one mixing matrix A with columns falling over two decades, log-normal powers s_i; condition near 2e5.
Convention: the score is the number of right digits, against a reference by SciPy's LAPACK that neither side uses; labels are four classes.
"""

import numpy as np
import scipy.linalg


def make(operation, count, n, repeat):
    """Return matrices (count, n, n), one more matrix (n, n), labels (count,) the name of the operation, how often."""
    rng = np.random.default_rng(7)
    mixing = rng.normal(size=(n, n)) * np.logspace(0, -2, n)
    labels = np.arange(count) % 4
    powers = np.exp(0.5 * rng.normal(size=(count, n)) + 0.8 * (labels[:, None] == np.arange(n) % 4))
    matrices = np.einsum("ik,bk,jk->bij", mixing, powers, mixing)
    matrices += 3e-5 * np.trace(matrices.mean(axis=0)) / n * np.eye(n)
    matrices = (matrices + matrices.transpose(0, 2, 1)) / 2
    return {
        "operation": operation,
        "repeat": repeat,
        "matrices": matrices,
        "other": matrices[::3].mean(axis=0),
        "labels": labels,
    }


def _riemann(data):
    return [
        np.sqrt(np.sum(np.log(scipy.linalg.eigvalsh(C, data["other"])) ** 2))
        for C in data["matrices"][:: max(1, len(data["matrices"]) // 20)]
    ]


def _root(C):
    values, vectors = np.linalg.eigh(C)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def _wasserstein(data):
    root = _root(data["other"])
    found = []
    for C in data["matrices"][:: max(1, len(data["matrices"]) // 20)]:
        sigma = np.linalg.svd(_root(C) @ root, compute_uv=False)
        found.append(np.sqrt(np.trace(C) + np.trace(data["other"]) - 2 * sigma.sum()))
    return found


def _digits(defect):
    return {"digits": -np.log10(max(float(defect), 1e-17))}


def _mean_defect(vectors):
    """Return the size of the mean tangent vector at a mean, relative to that of a vector."""
    return np.linalg.norm(vectors.mean(axis=0)) / np.linalg.norm(vectors, axis=(1, 2)).mean()


def _logarithms(C, mean):
    """Return the logarithms of the matrices in the frame of the mean's root."""
    inverse = np.linalg.inv(_root(mean))
    values, vectors = np.linalg.eigh(inverse @ C @ inverse)
    return (vectors * np.log(values)[:, None, :]) @ vectors.transpose(0, 2, 1)


def _maps(C, mean):
    """Return the optimal maps T from the mean, less I, by factors turned into one another: T A = B O, which squares no condition number."""
    A, B = np.linalg.cholesky(mean), np.linalg.cholesky(C)
    U, _, Vt = np.linalg.svd(B.transpose(0, 2, 1) @ A)
    return B @ (U @ Vt) @ np.linalg.inv(A) - np.eye(len(A))


def score(data, result):
    """Return the number of right digits; for a classifier, the share of right labels."""
    operation, C = data["operation"], data["matrices"]
    if operation == "eigh":
        values, vectors = result
        rebuilt = (vectors * values[:, None, :]) @ vectors.transpose(0, 2, 1)
        return _digits(np.max(np.linalg.norm(rebuilt - C, axis=(1, 2)) / np.linalg.norm(C, axis=(1, 2))))
    if operation in ("distance_riemann", "distance_wasserstein"):
        exact = np.array({"distance_riemann": _riemann, "distance_wasserstein": _wasserstein}[operation](data))
        return _digits(np.max(np.abs(result[:: max(1, len(C) // 20)] / exact - 1)))
    if operation in ("mean_riemann", "mean_wasserstein"):
        return _digits(_mean_defect((_logarithms if operation == "mean_riemann" else _maps)(C, result)))
    if operation == "tangent_space":
        return _digits(np.linalg.norm(result.mean(axis=0)) / np.linalg.norm(result, axis=1).mean())
    return {"accuracy": float(np.mean(result == data["labels"]))}
