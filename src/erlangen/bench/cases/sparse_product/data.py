"""Input and score of the case: a random banded matrix, checked on a few rows by plain sums.

Definition: column indices are the row's neighbours at random distances; the score is the number of right digits.
Convention: compressed sparse rows, float64.
"""

import numpy as np


def make(n, per_row, columns):
    """Return indptr, indices, values (n * per_row,) and a dense block (n, columns)."""
    rng = np.random.default_rng(0)
    offsets = rng.integers(-2000, 2000, size=(n, per_row))
    indices = np.sort((np.arange(n)[:, None] + offsets) % n, axis=1).astype(np.int32).ravel()
    indptr = np.arange(0, n * per_row + 1, per_row, dtype=np.int32)
    return {"indptr": indptr, "indices": indices, "values": rng.random(n * per_row), "block": rng.random((n, columns))}


def score(data, result):
    """Return the least number of right digits over 50 rows."""
    rows = np.linspace(0, len(data["indptr"]) - 2, 50).astype(int)
    worst = 0.0
    for i in rows:
        span = slice(data["indptr"][i], data["indptr"][i + 1])
        exact = data["values"][span] @ data["block"][data["indices"][span]]
        worst = max(worst, float(np.max(np.abs(result[i] - exact) / np.abs(exact))))
    return {"digits": -np.log10(max(worst, 1e-17))}
