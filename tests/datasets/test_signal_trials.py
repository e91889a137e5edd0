import numpy as np
import pytest

from erlangen.datasets import MatrixSample, SignalTrials
from erlangen.errors import DomainError, ShapeError


def trials(**columns):
    return SignalTrials(np.arange(24.0).reshape(4, 2, 3), np.array([0, 1, 0, 1]), "counted", **columns)


def test_columns_are_there_by_default_and_arrays_are_read_only():
    some = trials()
    assert set(some.metadata()) == {"subject", "session", "run", "group"}
    assert all(len(column) == 4 for column in some.metadata().values())
    assert some.groups.tolist() == [0, 1, 2, 3]
    for array in (some.X, some.y, some.session):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_selecting_keeps_each_trial_with_its_columns():
    some = trials(session=np.array(["a", "a", "b", "b"]), groups=np.array([0, 0, 1, 1]), sfreq=9.0)
    part = some.select(some.session == "b")
    assert np.array_equal(part.X, some.X[2:])
    assert part.groups.tolist() == [1, 1]
    assert part.sfreq == 9.0
    ragged = SignalTrials([np.zeros((2, k)) for k in (3, 5, 4)], np.array([0, 1, 1]), "ragged")
    assert repr(ragged) == "SignalTrials('ragged', trials=3, channels=2, times=3–5, classes=2)"
    assert [x.shape[1] for x in ragged.select(np.array([2, 0])).X] == [4, 3]
    with pytest.raises(DomainError, match="no trial is picked"):
        some.select(some.session == "c")


def test_columns_of_another_length_are_refused():
    with pytest.raises(ShapeError, match=r"session has shape \(3,\), but there are 4 trials"):
        trials(session=np.array(["a"] * 3))
    with pytest.raises(ShapeError, match="y has 2 entries, X has 1 matrices"):
        MatrixSample(np.eye(2)[None], np.zeros(2), "unit")
