"""Oracle: the table of the installed package, cut again line by line."""

from importlib.util import find_spec

import numpy as np
import pytest

from erlangen.datasets import forearm_emg
from erlangen.datasets.data_files import installed_file
from erlangen.datasets.electromyograms import _windows
from erlangen.errors import DomainError, MissingDependencyError

here = pytest.mark.skipif(find_spec("geomstats") is None, reason="needs the data of geomstats")


def test_windows_never_cross_a_segment_and_keep_the_margin():
    edges = np.array([0, 25, 60])
    starts, segments = _windows(edges, 10, 2)
    assert starts.tolist() == [2, 12, 27, 37, 47]
    assert segments.tolist() == [0, 0, 1, 1, 1]
    with pytest.raises(DomainError, match="segment 0 has 25 samples: no window of 22"):
        _windows(edges, 22, 2)


@here
def test_windows_are_the_lines_of_the_table():
    file = installed_file({"geomstats": "datasets/data/emg/emg.csv"}, extra="signals", purpose="the test")
    lines = [line.split(",") for line in file.read_text().splitlines()[1:200_000]]
    first = next(i for i, line in enumerate(lines) if line[10] == "mg_s2")
    trials = forearm_emg("mg", "s2", window=50, margin=7)
    window = np.array([line[1:9] for line in lines[first + 7 : first + 57]], dtype=float).T - 128
    assert np.array_equal(trials.X[0], window)
    assert trials.label_names[trials.y[0]] == lines[first][9]


@here
def test_each_session_has_thirty_segments_of_one_gesture():
    trials = forearm_emg()
    assert len(trials) == 1814 + 1819 + 1814 + 1817
    for subject in ("mg", "rr"):
        for session in ("s1", "s2"):
            part = trials.select((trials.subject == subject) & (trials.session == session))
            segments = np.unique(part.groups)
            assert len(segments) == 30
            gestures = [set(part.y[part.groups == g]) for g in segments]
            assert all(len(gesture) == 1 for gesture in gestures)
            assert np.bincount([gesture.pop() for gesture in gestures]).tolist() == [6] * 5


@here
def test_fewer_windows_are_spread_over_all_segments():
    trials = forearm_emg("rr", "s1", per_session=90)
    assert len(trials) == 90
    assert np.bincount(np.unique(trials.groups, return_inverse=True)[1]).min() >= 2
    with pytest.raises(DomainError, match="per_session = 9999, but session rr_s1 has 1814 windows"):
        forearm_emg("rr", "s1", per_session=9999)


def test_without_the_package_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr("erlangen.datasets.data_files.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"erlangen\[signals\]"):
        forearm_emg()
