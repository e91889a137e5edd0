"""Our side: the covariances of all orders 1 … p at all lags 1 … p.

Definition: lagged products once, then all orders of a lag together, written into the same arrays for each lag.
Convention: the arrays are allocated once, as a search that looks at one lag after the other would do; the last trial of every cell is kept for the score.
"""

import numpy as np

from erlangen.estimators.timeseries import lag_products
from erlangen.estimators.timeseries.assembly import covariances_of_orders

OUTS = {}


def run(data):
    """Return the cell of the largest order at the lag of the comparison, which is computed last, and one trial of each cell."""
    X, p = data["trials"], data["order"]
    orders, lags = range(1, p + 1), [lag for lag in range(1, p + 1) if lag != data["lag"]] + [data["lag"]]
    if p not in OUTS:
        OUTS[p] = [np.empty((len(X), q * X.shape[1], q * X.shape[1])) for q in orders]
    products = lag_products(X, orders=orders, lags=lags)
    kept = {}
    for lag in lags:
        cells = covariances_of_orders(products, orders, lag, trim="moabb", outs=OUTS[p])
        kept.update({(order, lag): cell[-1].copy() for order, cell in zip(orders, cells, strict=True)})
    return cells[-1], kept
