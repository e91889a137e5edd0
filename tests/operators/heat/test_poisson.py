"""Oracles: mpmath with 60 digits, scipy's Poisson law."""

import math

import mpmath
import numpy as np
import pytest
from scipy.stats import poisson

from erlangen.operators.heat.poisson import log_poisson_tail, poisson_order, poisson_weights


@pytest.mark.parametrize(("x", "K"), [(1e-3, 3), (0.7, 40), (30.0, 150), (700.0, 2000), (5000.0, 7000)])
def test_weights_to_thirteen_digits(x, K):
    weights = poisson_weights(x, K)
    for k in {0, 1, K // 3, int(x), K}:
        with mpmath.workdps(60):
            exact = mpmath.exp(-mpmath.mpf(x)) * mpmath.mpf(x) ** k / mpmath.factorial(k)
        if exact > 1e-300:
            assert abs(weights[k] / float(exact) - 1) < 1e-12
        else:
            assert weights[k] <= 1e-300


@pytest.mark.parametrize("x", [0.5, 20.0, 900.0])
def test_weights_sum_to_one(x):
    assert abs(poisson_weights(x, int(4 * x + 80)).sum() - 1) < 1e-15


@pytest.mark.parametrize("x", [1e-6, 0.3, 5.0, 400.0])
def test_the_tail_is_bounded_and_tightly_so(x):
    for K in (int(x) + 1, int(2 * x) + 10, int(3 * x) + 60):
        with mpmath.workdps(60):
            exact = mpmath.gammainc(K + 1, 0, x, regularized=True)
            assert mpmath.exp(mpmath.mpf(log_poisson_tail(x, K))) >= exact * (1 - mpmath.mpf(10) ** -11)
            if x + 5 * math.sqrt(x) <= K:
                assert mpmath.exp(mpmath.mpf(log_poisson_tail(x, K))) <= 2 * exact


def test_below_the_mean_the_tail_is_at_most_one():
    assert log_poisson_tail(100.0, 20) == 0.0


@pytest.mark.parametrize("x", [0.2, 3.0, 250.0])
@pytest.mark.parametrize("target", [1e-5, 1e-12, 1e-300])
def test_the_order_is_the_least_that_serves(x, target):
    K = poisson_order(x, math.log(target))
    assert log_poisson_tail(x, K) <= math.log(target)
    assert K == 1 or log_poisson_tail(x, K - 1) > math.log(target)
    if target > 1e-14:
        assert poisson.sf(K, x) <= target


def test_weights_of_a_truncated_law_below_the_mean():
    assert np.allclose(poisson_weights(50.0, 10), poisson.pmf(np.arange(11), 50.0), rtol=1e-11)
