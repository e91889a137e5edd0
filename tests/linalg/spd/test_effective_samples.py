"""Oracle: T (1 - a²)/(1 + a²) for autoregressions of order one."""

import numpy as np
import pytest
from scipy.signal import lfilter

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import effective_samples


@pytest.mark.parametrize("a", [0.0, 0.5, 0.8, -0.8])
@pytest.mark.parametrize("count", [1000, 4000])
def test_autoregressions_are_worth_what_theory_says(a, count):
    noise = np.random.default_rng(0).normal(size=(40, 6, count + 200))
    X = lfilter([1.0], [1.0, -a], noise)[..., 200:]
    found = effective_samples(X)
    assert found.shape == (40,)
    assert found.mean() == pytest.approx(count * (1 - a**2) / (1 + a**2), rel=0.08)
    assert np.allclose(effective_samples(1e-9 * X + 1e-9), found, rtol=1e-9)


def test_the_number_lies_between_1_and_t():
    t = np.linspace(0, 1, 50)
    slow = np.stack([t, t**2])
    assert 1 <= effective_samples(slow) < 20
    assert effective_samples(np.stack([np.cos(np.pi * np.arange(50))] * 2)) <= 50
    assert effective_samples(np.ones((2, 50))) == 50


def test_what_has_no_lags_is_refused():
    with pytest.raises(ShapeError, match="T >= 2"):
        effective_samples(np.ones((3, 1)))
    with pytest.raises(DomainError, match="lags"):
        effective_samples(np.ones((3, 10)), lags=10)
