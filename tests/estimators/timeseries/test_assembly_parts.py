"""Many trials are assembled part by part, with the same result."""

import numpy as np
import pytest

from erlangen.estimators.timeseries import lag_products
from erlangen.estimators.timeseries.assembly import covariances_of_orders
from erlangen.native import available, cpu_levels, kernels


@pytest.mark.parametrize("count", [1, 36, 37, 75])
@pytest.mark.parametrize("trim", ["exact", "moabb"])
def test_the_parts_of_many_trials_make_the_whole(count, trim):
    X = np.random.default_rng(count).normal(size=(count, 2, 60))
    products = lag_products(X, orders=[1, 2, 4], lags=[1, 3])
    for order, C in zip([1, 2, 4], covariances_of_orders(products, [1, 2, 4], 3, trim=trim), strict=True):
        last = 60 - 3 * (order - 1 if trim == "exact" or order == 1 else order)
        stacked = np.concatenate([X[:, :, 3 * q : 3 * q + last] for q in range(order)], axis=1)
        np.testing.assert_allclose(C, [np.cov(z) for z in stacked], rtol=1e-10, atol=1e-12)


@pytest.mark.skipif(not available(), reason="no kernels")
@pytest.mark.parametrize("level", cpu_levels())
@pytest.mark.parametrize("n", [1, 3, 4, 7, 8, 9, 15, 16, 17, 22, 24, 25, 40, 41])
@pytest.mark.parametrize(("origin", "step"), [(0, 3), (14, -3), (2, 5)])
def test_running_sums_over_stretches(n, level, origin, step):
    x = np.random.default_rng(n).normal(size=(2, 30, n))
    out = np.full((2, 4, n, n), np.nan)
    out[:, -1] = expected = x[:, :n].sum() * np.ones((n, n))
    kernels().edge_sums(x, 5, origin, step, 3, out, level)
    for i in (2, 1, 0):
        at = origin + i * step
        expected = expected + np.einsum("kta,ktb->kab", x[:, at + 5 : at + 8], x[:, at : at + 3])
        assert np.allclose(out[:, i], expected, rtol=1e-13, atol=1e-13)


@pytest.mark.skipif(not available(), reason="no kernels")
def test_stretches_outside_the_signal_are_refused():
    x, run = np.zeros((2, 30, 3)), kernels().edge_sums
    for ahead, origin, step, lag in ((5, 0, 20, 3), (5, 10, -6, 3), (25, 0, 3, 3), (-1, 3, 3, 3), (1, 0, 1 << 62, 3)):
        with pytest.raises(ValueError, match="leave the signal"):
            run(x, ahead, origin, step, lag, np.zeros((2, 4, 3, 3)), "auto")
    with pytest.raises(ValueError, match="shape"):
        run(x, 1, 0, 3, 3, np.zeros((2, 4, 3, 4)), "auto")
