import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.scalar_function import NAMES, as_scalar_function

X = np.array([[0.25, 1.0], [4.0, 9.0]])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("exp", np.exp(X)),
        ("sqrt", [[0.5, 1], [2, 3]]),
        ("inverse-sqrt", [[2, 1], [1 / 2, 1 / 3]]),
        ("log", np.log(X)),
        ("inverse", [[4, 1], [1 / 4, 1 / 9]]),
        (np.sin, np.sin(X)),
    ],
)
def test_values_keep_the_shape(name, values):
    assert np.allclose(as_scalar_function(name)(X, 9.0), values, rtol=1e-15)


def test_times_and_the_end_that_bounds():
    assert np.allclose(as_scalar_function("exp", -2.0)(X, 9.0), np.exp(-2 * X))
    assert [as_scalar_function("exp", t).end for t in (-1.0, 1.0)] == ["low", "high"]
    assert {as_scalar_function(name).end for name in NAMES[1:]} == {"low"}
    assert as_scalar_function(np.sin).end is None


def test_rounding_below_zero_is_zero_and_more_is_not():
    root = as_scalar_function("sqrt")
    assert root(np.array([-1e-15, 1.0]), 1.0).tolist() == [0.0, 1.0]
    for name, lowest in (("sqrt", -1e-13), ("log", 1e-17), ("inverse", 0.0), ("inverse-sqrt", -1.0)):
        with pytest.raises(DomainError, match=rf"{name} needs A positive .*it has the Ritz value {lowest:.6g}, the"):
            as_scalar_function(name)(np.array([lowest, 1.0]), 1.0)
    assert as_scalar_function("log")(np.array([1e-14, 1.0]), 1.0)[1] == 0


def test_bounds_at_which_a_proof_can_stand():
    assert [as_scalar_function(name).admits(0.0) for name in NAMES] == [True, True, False, False, False]
    assert all(as_scalar_function(name).admits(1.0) for name in NAMES)
    assert not any(as_scalar_function(name).admits(bad) for name in NAMES for bad in (np.nan, -np.inf))


@pytest.mark.parametrize(
    ("function", "t", "error", "text"),
    [
        ("power", None, DomainError, "function must be one of 'exp', 'sqrt'"),
        (None, None, DomainError, "function must be one of"),
        ("sqrt", 1.0, DomainError, "t=1.0 belongs to function='exp'"),
        ("exp", np.nan, DomainError, "t must be a finite number"),
        (lambda x: x[:1], None, ShapeError, r"to an array \(m,\), got \(1,\) for \(4,\)"),
        (lambda x: 1 / (x - 4), None, DomainError, "is inf at the Ritz value 4 of A"),
    ],
)
def test_refusals(function, t, error, text):
    with pytest.raises(error, match=text):
        as_scalar_function(function, t)(X, 9.0)
