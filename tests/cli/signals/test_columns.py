"""Labels, sessions and weights by name, by file, and by a column of a table."""

from pathlib import Path

import numpy as np
import pytest

from erlangen.cli.signals import Signals, find_column, find_labels
from erlangen.cli.signals.columns import find_numbers
from erlangen.errors import DomainError, ParseError, ShapeError

SIGNALS = Signals(
    np.zeros((4, 3, 8)), "a.npz:X", {"kind": np.array(list("abab")), "run": np.array([1.0, 1.0, 2.0, 2.0])}
)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a\nb\na\nb\n", ["a", "b", "a", "b"]),
        ("class\na\nb\na\nb\n", ["a", "b", "a", "b"]),
        ("1\n0\n1\n0\n", [1, 0, 1, 0]),
        ("1.0\n0.0\n1.0\n0.0\n", [1, 0, 1, 0]),
        ("trial,y\n0,a\n1,b\n2,a\n3,b\n", ["a", "b", "a", "b"]),
    ],
)
def test_a_file_of_one_value_a_trial(text, values):
    Path("y.csv").write_text(text)
    assert find_column("y.csv", "--labels", SIGNALS).tolist() == values


def test_arrays_of_the_file_and_beside_it():
    np.save("y.npy", [[3], [1], [3], [1]])
    assert find_column("y.npy", "--labels", SIGNALS).tolist() == [3, 1, 3, 1]
    assert find_column("kind", "--labels", SIGNALS).tolist() == list("abab")
    assert find_column("run", "--sessions", SIGNALS).dtype == np.int64


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_column_of_a_table(mark):
    rows = [["trial", "y", "session"], *([str(i), "ab"[i % 2], f"s{i // 2}"] for i in range(4))]
    Path("meta.csv").write_text("\n".join(mark.join(row) for row in rows))
    assert find_column("meta.csv:session", "--sessions", SIGNALS).tolist() == ["s0", "s0", "s1", "s1"]
    with pytest.raises(DomainError, match=r"no column 'sesion'.*did you mean 'session'"):
        find_column("meta.csv:sesion", "--sessions", SIGNALS)
    with pytest.raises(DomainError, match=r"3 columns \(name one of them: --labels meta.csv:COLUMN"):
        find_column("meta.csv", "--labels", SIGNALS)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("a\nb\na\n", ShapeError, r"--labels: y.csv has 3 values, there are 4 trials \(one value a trial, in the order of the trials; or .*--axes"),
        ("a\n" * 7, ShapeError, r"7 values, there are 4 trials \(one value a trial, in the order of the trials\)"),
        ("a\nb\n?\nb\n", DomainError, "the value of trial 2 is missing"),
        ("a\na\na\na\n", DomainError, "all 4 trials are of class 'a'"),
        ("1\n0.5\n1\n0\n", DomainError, "holds 0.5 at trial 1"),
        ("a\nb\nc\nd\n", DomainError, "4 classes among 4 trials"),
    ],
)  # fmt: skip
def test_bad_labels(text, kind, words):
    Path("y.csv").write_text(text)
    with pytest.raises(kind, match=words):
        find_labels("y.csv", SIGNALS)


def test_names_that_are_not_there():
    with pytest.raises(DomainError, match=r"no array 'kin' .*did you mean 'kind'"):
        find_labels("kin", SIGNALS)
    with pytest.raises(DomainError, match="there is no file"):
        find_labels("elsewhere.csv", SIGNALS)
    with pytest.raises(DomainError, match=r"--labels is needed.*one of kind, run"):
        find_labels(None, SIGNALS)


def test_a_ragged_table_and_words_for_numbers():
    Path("m.csv").write_text("a,b\n1,2\n3\n")
    with pytest.raises(ParseError, match="row 3 has 1 fields"):
        find_column("m.csv:a", "--labels", SIGNALS)
    with pytest.raises(DomainError, match="holds words"):
        find_numbers("kind", "--weights", SIGNALS)
    assert find_numbers("run", "--weights", SIGNALS).dtype == np.float64
