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


@pytest.mark.skipif(not available(), reason="no kernels")
@pytest.mark.parametrize(("n", "lag"), [(1, 1), (2, 3), (5, 2), (8, 1), (11, 4)])
@pytest.mark.parametrize("options", [{}, {"trim": "moabb"}, {"direction": "past"}, {"bias": True}], ids=str)
def test_a_whole_lag_is_what_its_blocks_make(n, lag, options):
    X = np.random.default_rng(n).normal(size=(3, n, 61))
    orders, lags = [3, 1, 5], [1, 2, 3, 4]
    whole = covariances_of_orders(lag_products(X, orders=orders, lags=lags), orders, lag, backend="native", **options)
    twin = lag_products(X, orders=orders, lags=lags, backend="python")
    for C, expected in zip(whole, covariances_of_orders(twin, orders, lag, backend="python", **options), strict=True):
        np.testing.assert_allclose(C, expected, rtol=1e-12, atol=1e-13)
        np.testing.assert_array_equal(C, C.transpose(0, 2, 1))


@pytest.mark.skipif(not available(), reason="no kernels")
@pytest.mark.parametrize("level", cpu_levels())
@pytest.mark.parametrize("n", [1, 3, 4, 9, 22])
def test_each_level_sums_windows_and_writes_a_lag(n, level):
    x = np.random.default_rng(n).normal(size=(2, 30, n))
    outs = [np.empty((2, n, n)) for _ in range(3)]
    kernels().window_sums(x, [0, 2, 4], 6, 20, outs, level)
    for h, S in zip((0, 2, 4), outs, strict=True):
        np.testing.assert_allclose(
            S, np.einsum("kta,ktb->kab", x[:, 6 + h : 20 + h], x[:, 6:20]), rtol=1e-12, atol=1e-13
        )
    cells = [np.empty((2, n * p, n * p)) for p in (1, 3)]
    kernels().lag_grid(x, 2, outs, 6, 20, [1, 3], [30.0, 26.0], [29.0, 25.0], [0, 2], False, cells, level)
    for z, C, D in zip(x, *cells, strict=True):
        np.testing.assert_allclose(C, np.atleast_2d(np.cov(z.T)), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(D, np.cov(np.hstack([z[:26], z[2:28], z[4:]]).T), rtol=1e-12, atol=1e-13)


@pytest.mark.skipif(not available(), reason="no kernels")
def test_grids_that_do_not_fit_are_refused():
    x, sums = np.zeros((2, 30, 3)), [np.zeros((2, 3, 3)) for _ in range(3)]

    def grid(x=x, lag=2, sums=sums, start=6, end=20, orders=(3,), sizes=(26.0,), bases=(2,), out=None):
        outs = [np.empty((2, 9, 9)) if out is None else out]
        kernels().lag_grid(
            x, lag, sums, start, end, list(orders), list(sizes), list(sizes), list(bases), False, outs, "auto"
        )

    grid()
    for wrong in (
        {"lag": 0},
        {"lag": 11},
        {"start": 3},
        {"end": 25},
        {"start": 21},
        {"orders": (4,)},
        {"orders": (0,)},
        {"bases": (1,)},
        {"bases": (4,)},
        {"sizes": ()},
        {"sums": []},
        {"sums": [np.zeros((2, 3, 2))] * 3},
        {"out": np.empty((2, 9, 8))},
    ):
        with pytest.raises(ValueError, match=r"."):
            grid(**wrong)
    for ahead, start, stop in (([-1], 0, 5), ([26], 0, 5), ([0], 6, 5), ([0], 0, 31), ([0, 1], 0, 5)):
        with pytest.raises(ValueError, match=r"."):
            kernels().window_sums(x, ahead, start, stop, [np.empty((2, 3, 3))], "auto")
