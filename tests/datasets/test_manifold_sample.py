import numpy as np
import pytest

from erlangen.datasets import ManifoldSample
from erlangen.datasets.embedding_space import place_in_space
from erlangen.errors import DomainError, ShapeError


def test_arrays_are_read_only_and_the_callers_stay_writeable():
    X = np.zeros((3, 2))
    sample = ManifoldSample(X, "line", coordinates=np.arange(3.0)[:, None])
    with pytest.raises(ValueError, match="read-only"):
        sample.X[0, 0] = 1
    X[0, 0] = 1
    assert sample.n == 3


def test_rows_choose_points_and_lie_inside():
    sample = ManifoldSample(np.zeros((3, 2)), "line", coordinates=np.array([[0.0], [1.0], [4.0]]))
    assert sample.geodesics([2, 0]).tolist() == [[4, 3, 0], [0, 1, 4]]
    assert sample.geodesics(1).tolist() == [[1, 0, 3]]
    with pytest.raises(DomainError, match=r"rows\[1\] = 3 lies outside 0 … 2"):
        sample.geodesics([0, 3])


def test_parts_of_other_lengths_are_refused():
    with pytest.raises(ShapeError, match="labels has 2 rows, X has 3"):
        ManifoldSample(np.zeros((3, 2)), "x", labels=np.zeros(2, dtype=np.int64))


def test_the_turn_is_haar_distributed():
    """First row of a Haar matrix: mean zero, each square 1/dim on average (a QR without signs has a biased corner)."""
    rng = np.random.default_rng(0)
    unit = np.array([[1.0, 0.0]])
    drawn = np.concatenate([place_in_space(unit, 4, 0.0, rng) for _ in range(4000)])
    assert np.abs(drawn.mean(axis=0)).max() < 4 * 0.5 / np.sqrt(4000)
    assert np.allclose((drawn**2).mean(axis=0), 0.25, atol=0.02)
