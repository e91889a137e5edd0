import numpy as np
import pytest

from erlangen.cli.points import PointCloud, find_labels
from erlangen.cli.points.labels import as_labels
from erlangen.errors import DomainError, ErlangenError, ShapeError

CLOUD = PointCloud(np.zeros((3, 2)), ("x", "y"), extras={"kind": ["a", "b", "a"]})


@pytest.mark.parametrize(
    ("values", "categorical"),
    [
        (["a", "b"], True),
        (["1", "2", "2"], True),
        ([str(i) for i in range(12)], True),
        ([str(i) for i in range(13)], False),
        (["1.5", "2"], False),
        (["1", "", "2"], True),
        (["1.5", "nan", "2"], False),
        (["", ""], True),
        ([1, 2.5, None], False),
    ],
)
def test_the_kind_of_labels(values, categorical):
    labels = as_labels("x", values)
    assert labels.categorical is categorical
    assert len(labels.values) == len(values)


def test_a_column_comes_before_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kind").write_text("p\nq\nr\n")
    assert list(find_labels("kind", CLOUD).values) == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("name", "text", "title", "expected"),
    [
        ("l.txt", "u\nv\nw\n", "l", ["u", "v", "w"]),
        ("l.csv", "group\nu\nv\nw\n", "group", ["u", "v", "w"]),
        ("l.csv", "0,u\n1,v\n2,w\n", "l", ["u", "v", "w"]),
        ("l.csv", "id,group\n0,u\n1,v\n2,w\n", "group", ["u", "v", "w"]),
        ("l.txt", "two words\nv\nw\n", "l", ["two words", "v", "w"]),
    ],
)
def test_files_of_labels(tmp_path, name, text, title, expected):
    path = tmp_path / name
    path.write_text(text)
    labels = find_labels(str(path), CLOUD)
    assert list(labels.values) == expected
    assert labels.name == title


def test_npy_labels(tmp_path):
    np.save(tmp_path / "l.npy", np.array([[0.5], [1.5], [2.5]]))
    assert find_labels(str(tmp_path / "l.npy"), CLOUD).values.tolist() == [0.5, 1.5, 2.5]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("l.txt", b"u\nv\n", ShapeError),
        ("l.txt", b"u\nv\nw\nx\ny\n", ShapeError),
        ("l.csv", b"1,2,3\n4,5,6\n7,8,9\n", DomainError),
        ("l.txt", b"\xff\xfe\x00", ErlangenError),
        ("l.npy", b"nothing", ErlangenError),
    ],
)
def test_bad_files_of_labels(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(kind, match=r"--color|cannot be read"):
        find_labels(str(tmp_path / name), CLOUD)


def test_neither_column_nor_file():
    with pytest.raises(DomainError, match="--color: there is no file 'colour'"):
        find_labels("colour", CLOUD)
