"""Input and score of the search for order, lag and classifier.

Definition: two classes of trials of coupled oscillations that differ in frequency and in coupling by a little; the candidates of all cells.
Convention: a side returns the mean test scores (lags, orders, penalties, kernels); those of three cells are computed here anew, with NumPy and
scikit-learn alone (affine-invariant means by the plain iteration to 1e-12), and must be equal.
"""

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC


def make(count, n, times, **grid):
    """Return trials (count, n, times), labels, and the grid: orders, lags, penalties, kernels, folds."""
    rng = np.random.default_rng(5)
    labels = np.arange(count) % 2
    signals = rng.normal(size=(count, n, times))
    for t in range(2, times):
        turn = (1.35 + 0.04 * labels)[:, None]
        signals[:, :, t] += turn * signals[:, :, t - 1] - 0.81 * signals[:, :, t - 2]
    mixing = np.eye(n) + 0.3 * rng.normal(size=(count, n, n)) / np.sqrt(n)
    return {"trials": mixing @ signals + rng.normal(size=signals.shape), "labels": labels, **grid}


def _function(A, f):
    values, vectors = np.linalg.eigh(A)
    return (vectors * f(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def _tangent(C, train):
    """Return tangent vectors (N, m (m + 1) / 2) at the mean of the training block."""
    M = C[train].mean(axis=0)
    for _ in range(100):
        root, inverse = _function(M, np.sqrt), _function(M, lambda v: v**-0.5)
        J = _function(inverse @ C[train] @ inverse, np.log).mean(axis=0)
        M = root @ _function(J, np.exp) @ root
        if np.linalg.norm(J) < 1e-12:
            break
    inverse = _function(M, lambda v: v**-0.5)
    rows, columns = np.triu_indices(len(M))
    return _function(inverse @ C @ inverse, np.log)[:, rows, columns] * np.where(rows == columns, 1, np.sqrt(2))


def _scores(data, order, lag):
    """Return the mean test scores of one cell: penalties, then kernels."""
    X, y = data["trials"], data["labels"]
    parts = [X] if order == 1 else [X[:, :, p * lag : -(order - p) * lag] for p in range(order)]
    C = np.stack([np.cov(trial) for trial in np.concatenate(parts, axis=1)])
    found = np.zeros((len(data["penalties"]), len(data["kernels"])))
    for train, test in StratifiedKFold(data["folds"]).split(X, y):
        F = _tangent(C, train)
        for i, penalty in enumerate(data["penalties"]):
            for j, kernel in enumerate(data["kernels"]):
                model = SVC(C=penalty, kernel=kernel, random_state=0).fit(F[train], y[train])
                found[i, j] += model.score(F[test], y[test]) / data["folds"]
    return found


def score(data, result):
    """Return the share of checked cells (first, middle, last) whose scores are equal to 1e-9, the share of candidates scored, and their mean."""
    orders, lags = data["orders"], data["lags"]
    places = [(0, 0), (len(lags) // 2, len(orders) // 2), (len(lags) - 1, len(orders) - 1)]
    gaps = [np.abs(result[i, j] - _scores(data, orders[j], lags[i])).max() for i, j in places]
    return {
        "equal": float(np.mean(np.array(gaps) <= 1e-9)),
        "scored": float(np.isfinite(result).mean()),
        "mean": float(result.mean()),
    }
