"""Input and score of the whole grid of augmented covariances against one cell of it.

Definition: trials of a stable vector autoregression; the cell of the largest order at the first lag, as MOABB's AugmentedDataset cuts it.
Convention: the score is the number of right digits against numpy.cov of the stacked signal: of that cell for three trials, and, where a side gives
the whole grid, of each of its cells for one trial.
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


def _stacked(X, p, lag):
    """Return one trial as MOABB embeds it."""
    return np.concatenate([X[:, q * lag : X.shape[1] - (p - q) * lag] for q in range(p)]) if p > 1 else X


def score(data, result):
    """Return the number of right digits."""
    X, p, lag = data["trials"], data["order"], data["lag"]
    cell, grid = result if isinstance(result, tuple) else (result, {})
    pairs = [(cell[i], _stacked(X[i], p, lag)) for i in (0, len(X) // 2, len(X) - 1)]
    pairs += [(found, _stacked(X[-1], order, step)) for (order, step), found in grid.items()]
    if grid and len(grid) != p * p:
        return {"digits": 0.0}
    worst = 0.0
    for found, signal in pairs:
        exact = np.cov(signal)
        worst = max(worst, np.abs(found - exact).max() / np.abs(exact).max())
    return {"digits": -np.log10(max(worst, 1e-17))}
