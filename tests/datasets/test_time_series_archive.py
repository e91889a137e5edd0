"""Oracles: a file written here in the format; the archive's own counts."""

from importlib.util import find_spec

import numpy as np
import pytest

from erlangen.datasets import basic_motions, japanese_vowels
from erlangen.datasets.time_series_archive import read_ts
from erlangen.errors import DomainError

here = pytest.mark.skipif(not (find_spec("sktime") or find_spec("aeon")), reason="needs the data of sktime or aeon")


def test_the_format_with_unequal_lengths():
    text = "# a remark\n@problemName x\n@classLabel true up down\n@data\n1,2,3:4,5,6:up\n-1e-2,0:7,8:down\n"
    series, labels, names = read_ts(text)
    assert [s.tolist() for s in series] == [[[1, 2, 3], [4, 5, 6]], [[-0.01, 0], [7, 8]]]
    assert labels == ["up", "down"]
    assert names == ("up", "down")


@here
def test_basic_motions_has_ten_trials_of_each_activity_in_both_parts():
    trials = basic_motions()
    assert trials.X.shape == (80, 6, 100)
    for run in ("train", "test"):
        assert np.bincount(trials.y[trials.run == run]).tolist() == [10] * 4
    assert np.array_equal(basic_motions("test").X, trials.X[40:])
    assert trials.X[0, 0, :3].tolist() == [0.079106, 0.079106, -0.903497]


@here
def test_japanese_vowels_keeps_its_lengths():
    train, test = japanese_vowels("train"), japanese_vowels("test")
    assert np.bincount(train.y).tolist() == [30] * 9
    assert np.bincount(test.y).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    lengths = [x.shape[1] for x in (*train.X, *test.X)]
    assert (min(lengths), max(lengths)) == (7, 29)
    assert {x.shape[0] for x in train.X} == {12}


def test_an_unknown_part_is_refused():
    with pytest.raises(DomainError, match="fold must be one of"):
        basic_motions("valid")
