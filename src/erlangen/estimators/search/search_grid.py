"""The grid of orders, lags and settings of the classifier: candidates as scikit-learn lists them, and the cells behind them.

Definition: a candidate is {lag, order, setting}; its cell is the pair (order, lag), and order 1 is one cell whatever the lag.
Convention: lag varies slowest, then order, then the setting, as in ``ParameterGrid`` over MOABB's pipeline; lags are in samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.model_selection import ParameterGrid

from erlangen.errors import DomainError
from erlangen.estimators.timeseries.delays import embedded_length, lag_in_samples
from erlangen.validation import check_integer

__all__ = ["Cell", "SearchGrid"]

Cell = tuple[int, int]


@dataclass(frozen=True)
class SearchGrid:
    """Orders, lags in samples, and the grids of the classifier."""

    orders: tuple[int, ...]
    lags: tuple[int, ...]
    grids: tuple[dict[str, Sequence[Any]], ...]

    @classmethod
    def read(cls, orders: Any, lags: Any, grid: Any, sfreq: float | None) -> SearchGrid:
        """Return the grid of what a user passed.

        Raises
        ------
        DomainError
            If there is no order or no lag, one is less than one or listed twice, or a setting is named order or lag.
        """
        steps = [lag_in_samples(lag, sfreq) for lag in _listed(lags, "lags")]
        sizes = [check_integer(order, "orders", low=1) for order in _listed(orders, "orders")]
        for name, values in (("orders", sizes), ("lags", steps)):
            if len(set(values)) < len(values):
                twice = next(value for value in values if values.count(value) > 1)
                message = f"{name} = {values} lists {twice} twice"
                raise DomainError(message, hint="list each once; lags in seconds must differ by a sample")
        grids = [grid] if isinstance(grid, dict) else list(grid)
        for part in grids:
            if clash := {"order", "lag"} & set(part):
                message = f"estimator_grid has the key {sorted(clash)[0]!r}"
                raise DomainError(message, hint="orders and lags are arguments of their own")
        return cls(tuple(sizes), tuple(steps), tuple(grids))

    def candidates(self) -> list[dict[str, Any]]:
        """Return all candidates, in order.

        Examples
        --------
        >>> [list(c.values()) for c in SearchGrid((1, 2), (3,), ({"C": [1.0, 2.0]},)).candidates()]
        [[3, 1, 1.0], [3, 1, 2.0], [3, 2, 1.0], [3, 2, 2.0]]
        """
        return [
            {"lag": lag, "order": order, **setting}
            for grid in self.grids
            for lag in self.lags
            for order in self.orders
            for setting in ParameterGrid(grid)
        ]

    def settings(self) -> list[dict[str, Any]]:
        """Return the settings of the classifier, in order."""
        return [setting for grid in self.grids for setting in ParameterGrid(grid)]

    def cell(self, candidate: dict[str, Any]) -> Cell:
        """Return the cell of a candidate."""
        order = candidate["order"]
        return order, candidate["lag"] if order > 1 else self.lags[0]

    def cells(self) -> list[Cell]:
        """Return the cells, each once, lag by lag.

        Examples
        --------
        >>> SearchGrid((1, 2), (3, 5), ({},)).cells()
        [(1, 3), (2, 3), (2, 5)]
        """
        pairs = ({"order": order, "lag": lag} for lag in self.lags for order in self.orders)
        return list(dict.fromkeys(self.cell(pair) for pair in pairs))

    def check(self, n_channels: int, n_times: int, trim: str, *, full_rank: bool) -> None:
        """Refuse cells that do not fit into the trials, or, with ``full_rank``, whose covariances would be singular.

        Raises
        ------
        DomainError
            With the largest order and lag that fit.
        """
        for order, lag in self.cells():
            length = embedded_length(n_times, order, lag, trim, least=2)
            size = n_channels * order
            if full_rank and length <= size:
                fits = [p for p in range(1, order) if _fits(n_channels, n_times, p, lag, trim)]
                message = (
                    f"order {order} at lag {lag} leaves T' = {length} samples of {n_times}: "
                    f"a {size} x {size} covariance of them has rank {length - 1}"
                )
                remedy = f"order <= {max(fits)} at this lag" if fits else "longer trials or fewer channels"
                raise DomainError(message, hint=f"{remedy}, or covariance='oas'")

    def at_border(self, best: dict[str, Any]) -> tuple[str, ...]:
        """Return which of order and lag are best at an end of their range that could be moved.

        Examples
        --------
        >>> SearchGrid((1, 2, 3), (1, 2), ({},)).at_border({"order": 3, "lag": 1})
        ('order',)
        """
        order, lag = best["order"], best["lag"]
        names = (
            ["order"] if len(self.orders) > 1 and (order == max(self.orders) or 1 < order == min(self.orders)) else []
        )
        if order > 1 and len(self.lags) > 1 and (lag == max(self.lags) or 1 < lag == min(self.lags)):
            names.append("lag")
        return tuple(names)


def _listed(values: Any, name: str) -> list[Any]:
    """The values of a grid."""
    listed = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    if not listed:
        message = f"{name} is empty"
        raise DomainError(message, hint="list at least one")
    return listed


def _fits(n_channels: int, n_times: int, order: int, lag: int, trim: str) -> bool:
    """Whether a cell leaves more samples than its covariance has rows."""
    steps = order - 1 if trim == "exact" or order == 1 else order
    return n_times - steps * lag > n_channels * order
