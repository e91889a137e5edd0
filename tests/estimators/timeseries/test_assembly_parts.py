"""Many trials are assembled part by part, with the same result."""

import numpy as np
import pytest

from erlangen.estimators.timeseries import lag_products
from erlangen.estimators.timeseries.assembly import covariances_of_orders


@pytest.mark.parametrize("count", [1, 36, 37, 75])
@pytest.mark.parametrize("trim", ["exact", "moabb"])
def test_the_parts_of_many_trials_make_the_whole(count, trim):
    X = np.random.default_rng(count).normal(size=(count, 2, 60))
    products = lag_products(X, orders=[1, 2, 4], lags=[1, 3])
    for order, C in zip([1, 2, 4], covariances_of_orders(products, [1, 2, 4], 3, trim=trim), strict=True):
        last = 60 - 3 * (order - 1 if trim == "exact" or order == 1 else order)
        stacked = np.concatenate([X[:, :, 3 * q : 3 * q + last] for q in range(order)], axis=1)
        np.testing.assert_allclose(C, [np.cov(z) for z in stacked], rtol=1e-10, atol=1e-12)
