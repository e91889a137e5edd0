"""Oracles: functions of a bordered tridiagonal matrix at fifty digits, the error itself."""

import mpmath
import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.linalg.krylov_search import KrylovSearch
from erlangen.linalg.lanczos import Lanczos
from erlangen.linalg.scalar_function import as_scalar_function

VALUES = np.linspace(1.0, 6.0, 30)
START = np.random.default_rng(0).normal(size=(2, 30))


def search(name, steps, ends, t=None):
    found = KrylovSearch(Lanczos(lambda B: VALUES[:, None] * B, START), as_scalar_function(name, t), ends, 1e-300, 0.0)
    found.run(steps)
    return found


def corner(process, column, end, f):
    """Return the entry (m + 1, 1) of f at T bordered by the last side and the end, by its eigenvectors at fifty digits."""
    diagonal, beside = process.tridiagonal()
    m = process.steps
    with mpmath.workdps(50):
        T = mpmath.diag([*map(float, diagonal[column]), float(end)])
        for k in range(m - 1):
            T[k, k + 1] = T[k + 1, k] = float(beside[column, k])
        T[m, m - 1] = float(beside[column, m - 1])
        values, left = mpmath.eig(T)
        return float(abs((left * mpmath.diag([f(v) for v in values]) * left**-1)[m, 0]))


@pytest.mark.parametrize(
    ("name", "t", "f"),
    [
        ("exp", -0.8, lambda x: mpmath.exp(-0.8 * x)),
        ("sqrt", None, mpmath.sqrt),
        ("inverse-sqrt", None, lambda x: 1 / mpmath.sqrt(x)),
        ("log", None, mpmath.log),
        ("inverse", None, lambda x: 1 / x),
    ],
)
@pytest.mark.parametrize("steps", [1, 2, 6])
def test_the_bound_is_the_corner_of_a_bordered_matrix_and_above_the_error(name, t, f, steps):
    found = search(name, steps, ((0.9, 7.0), True), t)
    assert found.proved
    end = found._apart(0.9)
    exact = [float(f(v)) for v in VALUES]
    rows = found.process.combine(found.components * found.process.norms[:, None])
    for column in range(2):
        expected = corner(found.process, column, end, f) * np.linalg.norm(START[column])
        assert found.truncation[column] == pytest.approx(expected, rel=1e-6)
        assert np.linalg.norm(rows[column] - exact * START[column]) <= found.truncation[column]


def test_an_end_is_moved_outwards_by_little():
    for name, t, end in (("exp", -2.0, 0.0), ("exp", 2.0, 7.0), ("log", None, 0.5)):
        moved = search(name, 1, ((0.0, 7.0), True), t)._apart(end)
        assert (moved > end) if t == 2.0 else (moved < end)
        assert abs(moved - end) <= 1e-3


@pytest.mark.parametrize(
    ("name", "t", "ends", "proved"),
    [
        ("exp", -1.0, ((0.0, np.inf), True), True),
        ("exp", -1.0, ((-100.0, 7.0), True), True),
        ("exp", -1.0, ((-100.0, 7.0), False), False),
        ("exp", -1.0, ((0.9, 7.0), False), True),
        ("exp", 1.0, ((0.9, 6.2), False), True),
        ("log", None, ((0.0, 7.0), True), False),
        ("log", None, ((0.1, 7.0), False), True),
        ("sqrt", None, ((-1e-16, 7.0), False), True),
        ("sqrt", None, ((-1.0, 7.0), False), False),
        (np.sin, None, ((0.9, 7.0), True), False),
    ],
)
def test_what_proves_and_what_estimates(name, t, ends, proved):
    assert search(name, 12, ends, t).proved == proved


def test_an_interval_that_a_ritz_value_leaves_is_refused():
    for ends in ((3.0, 7.0), (0.0, 3.0)):
        with pytest.raises(DomainError, match=r"the spectrum of A is not inside .* it has the Ritz value"):
            search("log", 12, (ends, True))
