import numpy as np
import pytest

from erlangen.linalg import ChebyshevSeries


@pytest.mark.parametrize("k", [0, 1, 2, 7, 30])
def test_one_coefficient_is_a_cosine_of_the_angle(k):
    """T_k(cos θ) = cos kθ, on an interval other than [-1, 1]."""
    series = ChebyshevSeries(np.eye(31)[k], (2.0, 6.0), 0.0, rigorous=True)
    angle = np.linspace(0, np.pi, 13).reshape(1, 13)
    assert np.allclose(series(4 + 2 * np.cos(angle)), np.cos(k * angle), atol=1e-13)
    assert series(4 + 2 * np.cos(angle)).shape == (1, 13)
    assert series.order == 30
