"""Covariances assembled from lagged products against numpy.cov of the stacked signal."""

import itertools

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.timeseries import DelayEmbedding, augmented_covariance, covariances_of_orders, lag_products
from erlangen.native import available, kernels


def direct(X, order, lag, trim, direction, bias=False):
    Z = DelayEmbedding(order, lag, trim=trim, direction=direction).fit_transform(X)
    return np.stack([np.atleast_2d(np.cov(z, bias=bias)) for z in Z])


def agree(C, expected):
    assert C.shape == expected.shape
    assert np.abs(C - expected).max() <= 1e-12 * np.abs(expected).max()
    assert np.array_equal(C, C.transpose(0, 2, 1))


BACKENDS = ["python", pytest.param("native", marks=pytest.mark.skipif(not available(), reason="no kernels"))]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("trim", ["exact", "moabb"])
@pytest.mark.parametrize("direction", ["future", "past"])
@pytest.mark.parametrize("n_times", [40, 61, 150])
def test_every_cell_of_a_grid(n_times, trim, direction, backend):
    X = np.random.default_rng(n_times).normal(size=(3, 2, n_times)) + 5.0
    products = lag_products(X, orders=range(1, 7), lags=[1, 2, 3, 5, 6])
    for order, lag in itertools.product(range(1, 7), [1, 2, 3, 5, 6]):
        if (order if trim == "moabb" and order > 1 else order - 1) * lag > n_times - 2:
            with pytest.raises(DomainError, match="order <="):
                augmented_covariance(products, order, lag, trim=trim)
            continue
        C = augmented_covariance(products, order, lag, trim=trim, direction=direction, backend=backend)
        agree(C, direct(X, order, lag, trim, direction))


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_units_and_offsets(scale, offset):
    X = scale * (np.random.default_rng(1).normal(size=(2, 3, 90)) + offset)
    products = lag_products(X, orders=[4], lags=[3])
    C = augmented_covariance(products, 4, 3)
    Z = DelayEmbedding(4, 3).fit_transform(X - X.mean(axis=-1, keepdims=True))
    agree(C, np.stack([np.cov(z) for z in Z]))


def test_a_burst_at_the_border_does_not_cancel():
    X = np.random.default_rng(2).normal(size=(1, 2, 120))
    X[..., :3] *= 1e6
    C = augmented_covariance(lag_products(X, orders=[5], lags=[2, 4]), 5, 4)
    Z = DelayEmbedding(5, 4).fit_transform(X)
    expected = np.cov(Z[0])
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.max(np.abs(C[0] - expected) / scale) < 1e-12


def test_past_is_future_with_blocks_reversed():
    X = np.random.default_rng(3).normal(size=(2, 3, 60))
    products = lag_products(X, orders=[4], lags=[2])
    future, past = (augmented_covariance(products, 4, 2, direction=d) for d in ("future", "past"))
    turn = np.arange(12).reshape(4, 3)[::-1].ravel()
    assert np.array_equal(past, future[:, turn][:, :, turn])


def test_biased_and_out_and_take():
    X = np.random.default_rng(4).normal(size=(6, 2, 50))
    products = lag_products(X, orders=[3], lags=[2])
    out = np.empty((6, 6, 6))
    assert augmented_covariance(products, 3, 2, bias=True, out=out) is out
    agree(out, direct(X, 3, 2, "exact", "future", bias=True))
    rows = np.array([4, 1])
    assert np.array_equal(augmented_covariance(products.take(rows), 3, 2, bias=True), out[rows])
    with pytest.raises(ShapeError, match="out must have shape"):
        augmented_covariance(products, 3, 2, out=np.empty((6, 5, 5)))


def test_orders_together_equal_orders_alone():
    X = np.random.default_rng(6).normal(size=(3, 2, 80))
    products = lag_products(X, orders=[1, 2, 4], lags=[3])
    together = covariances_of_orders(products, [1, 4, 2], 3, trim="moabb", direction="past")
    for order, C in zip([1, 4, 2], together, strict=True):
        alone = augmented_covariance(products, order, 3, trim="moabb", direction="past")
        np.testing.assert_allclose(C, alone, rtol=1e-13, atol=1e-15)


def test_cells_outside_the_grid_are_refused():
    products = lag_products(np.ones((1, 1, 30)), orders=[2], lags=[1])
    for order, lag in ((3, 1), (2, 2)):
        with pytest.raises(DomainError, match="not in the grid"):
            augmented_covariance(products, order, lag)
    assert augmented_covariance(products, 1, 7).shape == (1, 1, 1)


@pytest.mark.skipif(not available(), reason="no kernels")
def test_kernel_refuses_sums_that_do_not_fit():
    module = kernels("native")
    edges, means = np.ones((1, 2, 2, 2)), np.ones((1, 2, 2))
    good = [[edges] * 2, [edges] * 2, [means], [5.0], [4.0], [1], False]
    module.augment(*good, [np.empty((1, 4, 4))], "auto")
    for place, bad in ((0, [edges]), (0, [edges[:, :1]] * 2), (1, [edges[:, :1]] * 2), (5, [0]), (5, [3]), (3, [])):
        with pytest.raises(ValueError, match=r"shape|small|needed"):
            module.augment(*good[:place], bad, *good[place + 1 :], [np.empty((1, 4, 4))], "auto")
    with pytest.raises(ValueError, match="out has"):
        module.augment(*good, [np.empty((1, 4, 3))], "auto")
    for level in module.cpu_levels():
        module.augment(*good, [np.empty((1, 4, 4))], level)
