"""The table of a finished search, in the form of scikit-learn's ``cv_results_``.

Definition: mean, population standard deviation and rank ("min" ranks, not-a-number last) over the splits of each candidate.
Convention: keys and order as GridSearchCV has them; parameters are masked arrays, masked where a candidate has none of the name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from erlangen.estimators.search.cell_scores import CellScores
from erlangen.estimators.search.search_grid import Cell, SearchGrid

__all__ = ["landscape", "results_table"]


def results_table(grid: SearchGrid, cells: dict[Cell, CellScores]) -> dict[str, Any]:
    """Return ``cv_results_``.

    Examples
    --------
    >>> one = np.array([[0.5, 1.0]])
    >>> table = results_table(SearchGrid((1, 2), (4,), ({},)), {(1, 4): CellScores(one, one, one), (2, 4): CellScores(one / 2, one, one)})
    >>> table["mean_test_score"].tolist(), table["rank_test_score"].tolist()
    ([0.75, 0.375], [1, 2])
    """
    candidates = grid.candidates()
    rows = [
        (cells[grid.cell(candidate)], index) for candidate, index in zip(candidates, _setting_index(grid), strict=True)
    ]
    table: dict[str, Any] = {}
    for name, column in (("fit_time", "fit_times"), ("score_time", "score_times")):
        times = np.stack([getattr(cell, column)[k] for cell, k in rows])
        table[f"mean_{name}"], table[f"std_{name}"] = times.mean(axis=1), times.std(axis=1)
    for name in dict.fromkeys(name for candidate in candidates for name in sorted(candidate)):
        table[f"param_{name}"] = _column(name, candidates)
    table["params"] = candidates
    scores = np.stack([cell.scores[k] for cell, k in rows])
    for s in range(scores.shape[1]):
        table[f"split{s}_test_score"] = scores[:, s].copy()
    means = np.average(scores, axis=1)
    table["mean_test_score"] = means
    table["std_test_score"] = np.sqrt(np.average((scores - means[:, None]) ** 2, axis=1))
    known = np.where(np.isnan(means), np.nanmin(means, initial=0.0) - 1, means)
    table["rank_test_score"] = rankdata(-known, method="min").astype(np.int32)
    return table


def landscape(grid: SearchGrid, table: dict[str, Any]) -> NDArray[np.float64]:
    """Return the best mean score of every order (rows) and lag (columns)."""
    out = np.full((len(grid.orders), len(grid.lags)), np.nan)
    for candidate, score in zip(table["params"], table["mean_test_score"], strict=True):
        place = grid.orders.index(candidate["order"]), grid.lags.index(candidate["lag"])
        out[place] = np.fmax(out[place], score)
    return out


def _setting_index(grid: SearchGrid) -> list[int]:
    """For each candidate the number of its setting."""
    out: list[int] = []
    first = 0
    for part in grid.grids:
        count = len(SearchGrid(grid.orders, grid.lags, (part,)).settings())
        out += [*range(first, first + count)] * (len(grid.lags) * len(grid.orders))
        first += count
    return out


def _column(name: str, candidates: list[dict[str, Any]]) -> Any:
    """One parameter of all candidates."""
    held = [candidate.get(name) for candidate in candidates]
    present = [value for candidate, value in zip(candidates, held, strict=True) if name in candidate]
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in present)
    kind: Any = np.array(present).dtype if numeric else object
    values = np.empty(len(candidates), dtype=kind)
    for k, value in enumerate(held):
        if name in candidates[k]:
            values[k] = value
    return np.ma.MaskedArray(values, mask=[name not in candidate for candidate in candidates])
