"""Input and score of the whole grid of augmented covariances against one cell of it.

Definition: trials of a stable vector autoregression; the cell of the largest order at the first lag, as MOABB's AugmentedDataset cuts it.
Convention: the score is the number of right digits of that cell against numpy.cov of the stacked signal, for three trials.
"""

import numpy as np


def make(count, n, times, order):
    """Return trials (count, n, times), the orders and the lags 1 … order."""
    rng = np.random.default_rng(3)
    signals = rng.normal(size=(count, n, times))
    for t in range(1, times):
        signals[:, :, t] += 0.6 * signals[:, :, t - 1]
    mixing = rng.normal(size=(n, n))
    return {"trials": mixing @ signals, "order": order, "lag": 1}


def score(data, result):
    """Return the number of right digits of the largest cell."""
    X, p, lag = data["trials"], data["order"], data["lag"]
    worst = 0.0
    for i in (0, len(X) // 2, len(X) - 1):
        stacked = np.concatenate([X[i, :, q * lag : -(p - q) * lag] for q in range(p)])
        exact = np.cov(stacked)
        worst = max(worst, np.abs(result[i] - exact).max() / np.abs(exact).max())
    return {"digits": -np.log10(max(worst, 1e-17))}
