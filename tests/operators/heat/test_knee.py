"""Oracles: a published example, the tangent parallel to the chord."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import knee


def test_published_example():
    x = np.arange(20)
    assert knee(x, np.exp(-x / 10)) == 8


@pytest.mark.parametrize("sign", [1, -1])
def test_where_the_slope_is_that_of_the_chord(sign):
    """For x^2 on [0, 1] the chord has slope 1, the tangent at 1/2 too."""
    x = np.linspace(0, 1, 101)
    assert knee(x, sign * x**2) == 50
    assert knee(7 + 1e3 * x, 1e-9 * sign * x**2 - 3e-9) == 50


def test_uneven_abscissae():
    x = np.geomspace(1, 100, 201)
    assert x[knee(x, np.log(x))] == pytest.approx(99 / np.log(100), rel=0.03)


def test_lines_and_constants_turn_nowhere():
    assert knee([0, 1, 2], [0, 5, 10]) == 0
    assert knee([0, 1, 2], [3, 3, 3]) == 0


@pytest.mark.parametrize(
    ("x", "y", "error", "words"),
    [
        ([0, 1], [0, 1], ShapeError, ">= 3"),
        ([0, 1, 2], [0, 1], ShapeError, "one length"),
        ([0, 2, 1], [0, 1, 2], DomainError, r"x\[1\] = 2 and x\[2\] = 1"),
        ([0, 1, 2], [0, np.nan, 2], DomainError, r"y\[1\]"),
    ],
)
def test_refusals(x, y, error, words):
    with pytest.raises(error, match=words):
        knee(x, y)
