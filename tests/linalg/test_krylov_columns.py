import numpy as np
import pytest

from erlangen.linalg import krylov_columns as module
from erlangen.linalg.krylov_columns import KrylovError, block_width, krylov_columns
from erlangen.linalg.scalar_function import as_scalar_function

VALUES = np.linspace(1.0, 4.0, 50)
B = np.random.default_rng(0).normal(size=(50, 7)) * [1, 1e8, 0, 1e-8, 1, 0, 2]


def act(**options):
    everywhere = ((-np.inf, np.inf), False)
    return krylov_columns(
        lambda X: VALUES[:, None] * X, B, as_scalar_function("sqrt"), everywhere, rtol=1e-9, **options
    )


@pytest.mark.parametrize("width", [1, 2, 64])
def test_blocks_do_not_change_the_result_and_zero_columns_take_no_part(monkeypatch, width):
    monkeypatch.setattr(module, "_BLOCK_COLUMNS", width)
    out, error = act()
    exact = np.sqrt(VALUES)[:, None] * B
    distance = np.linalg.norm(out - exact, axis=0)
    assert np.all(distance <= 1e-9 * np.linalg.norm(exact, axis=0))
    assert np.all(distance <= error.truncation + error.rounding)
    assert np.array_equal(error.truncation[[2, 5]], [0, 0])
    assert np.allclose(error.norms, np.linalg.norm(B, axis=0), rtol=1e-14)
    assert np.allclose(error.results, np.linalg.norm(exact, axis=0), rtol=1e-8)
    assert not error.proved


def test_errors_relative_to_the_result_or_to_the_column():
    error = KrylovError(
        np.array([1.0, 1.0, 0.0]), np.ones(3), np.array([4.0, 4.0, 0.0]), np.array([2.0, 0.0, 0.0]), 3, True
    )
    assert error.relative(0.0).tolist() == [1.0, 0.5, 1.0]
    assert error.relative(2.0).tolist() == [0.25, 0.25, 1.0]


def test_blocks_fit_in_memory():
    assert block_width(0, True) == block_width(100, True) == 64
    assert block_width(10**8, True) == 1
    assert block_width(10**5, False) > block_width(10**5, True)
