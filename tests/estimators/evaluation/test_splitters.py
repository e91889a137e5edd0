"""Splits by subject and session: who is trained on, who is tested, and what is refused."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

from erlangen.errors import DomainError, DomainWarning, ShapeError
from erlangen.estimators.evaluation import CrossSession, CrossSubject, WithinSession

SUBJECT = np.repeat([2, 10, 3], 24)
SESSION = np.tile(np.repeat(["1", "0"], 12), 3)
Y = np.tile(["left", "right"], 36)
METADATA = {"subject": SUBJECT, "session": SESSION, "run": np.zeros(72)}


def test_within_sessions_stay_inside_and_are_scikit_learns_folds():
    folds = list(WithinSession(3, random_state=5).split(None, Y, METADATA))
    assert len(folds) == WithinSession(3).get_n_splits(None, Y, METADATA) == 18
    for train, test in folds:
        both = np.concatenate([train, test])
        assert len(set(SUBJECT[both])) == len(set(SESSION[both])) == 1
        assert set(both) == set(np.flatnonzero((SUBJECT[both[0]] == SUBJECT) & (SESSION[both[0]] == SESSION)))
    first = np.flatnonzero((SUBJECT == 2) & (SESSION == "0"))
    own = StratifiedKFold(3, shuffle=True, random_state=5).split(np.zeros(12), Y[first])
    for (train, test), (a, b) in zip(folds, own, strict=False):
        np.testing.assert_array_equal(train, first[a])
        np.testing.assert_array_equal(test, first[b])


def test_windows_of_one_stretch_stay_together():
    stretch = np.arange(72) // 2
    splitter = WithinSession(3, together="stretch")
    for train, test in splitter.split(None, Y, {**METADATA, "stretch": stretch}):
        assert not set(stretch[train]) & set(stretch[test])
    assert "together='stretch'" in repr(splitter)
    with pytest.raises(DomainError, match="no column 'stretch'"):
        list(splitter.split(None, Y, METADATA))
    with pytest.raises(DomainError, match="'run' has 1 values in a session, fewer than n_splits = 3"):
        list(WithinSession(3, together="run").split(None, Y, METADATA))


def test_across_sessions_and_subjects_nothing_is_shared():
    for train, test in CrossSession().split(None, Y, METADATA):
        assert set(SUBJECT[train]) == set(SUBJECT[test])
        assert not set(SESSION[train]) & set(SESSION[test])
    subjects = [(set(SUBJECT[train]), set(SUBJECT[test])) for train, test in CrossSubject().split(None, Y, METADATA)]
    assert subjects == [({3, 10}, {2}), ({2, 10}, {3}), ({2, 3}, {10})]


def test_data_frames():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(METADATA, index=np.arange(72) + 5)
    pairs = zip(CrossSession().split(None, Y, frame), CrossSession().split(None, Y, METADATA), strict=True)
    assert all(np.array_equal(a[1], b[1]) for a, b in pairs)


@pytest.mark.parametrize(
    ("splitter", "change", "error", "match"),
    [
        (WithinSession(), {"session": None}, DomainError, "no column 'session'"),
        (WithinSession(), {"session": SESSION[:-1]}, ShapeError, r"shape \(72,\)"),
        (WithinSession(), {"subject": np.where(SUBJECT == 3, np.nan, SUBJECT)}, DomainError, r"\['subject'\]\[48\]"),
        (WithinSession(7), {}, DomainError, "subject 2, session 0: class 'left' has 6 trials, fewer than n_splits = 7"),
        (WithinSession(1), {}, DomainError, "n_splits"),
        (CrossSession(), {"session": ["0"] * 72}, DomainError, "no subject has two sessions"),
        (CrossSubject(), {"subject": [1] * 72}, DomainError, "all trials are of subject 1"),
    ],
)
def test_refusals(splitter, change, error, match):
    metadata = {name: value for name, value in {**METADATA, **change}.items() if value is not None}
    with pytest.raises(error, match=match):
        list(splitter.split(None, Y, metadata))


def test_one_class_in_training_is_refused_with_its_place():
    y = np.where(SESSION == "0", "left", Y)
    with pytest.raises(DomainError, match="subject 2, without session 1: the training trials are all of class 'left'"):
        list(CrossSession().split(None, y, METADATA))


def test_subjects_with_one_session_are_left_out_with_a_warning():
    session = np.where(SUBJECT == 10, "0", SESSION)
    with pytest.warns(DomainWarning, match="left out: 10"):
        folds = list(CrossSession().split(None, Y, {**METADATA, "session": session}))
    assert len(folds) == 4
