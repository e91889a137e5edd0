import io
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from erlangen.cli.points import ReadOptions, read_points
from erlangen.errors import DomainError, ErlangenError, ParseError, ResourceLimitError, ShapeError

X = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint8, np.float16, ">f8"])
def test_npy_of_every_number(tmp_path, dtype):
    np.save(tmp_path / "a.npy", X.astype(dtype))
    cloud = read_points(tmp_path / "a.npy")
    assert cloud.X.tolist() == X.tolist()
    assert cloud.X.dtype == (np.float32 if dtype == np.float32 else np.float64)
    assert cloud.columns == ("column 1", "column 2")


def test_fortran_order_and_drop(tmp_path):
    np.save(tmp_path / "a.npy", np.asfortranarray(X))
    assert read_points(tmp_path / "a.npy", ReadOptions(drop=("1",))).X.tolist() == X[:, 1:].tolist()


def test_npz_takes_the_only_matrix_or_the_key(tmp_path):
    np.savez(tmp_path / "one.npz", points=X, label=np.array(list("aabbcc")))
    cloud = read_points(tmp_path / "one.npz", ReadOptions(color="label"))
    assert cloud.X.tolist() == X.tolist()
    assert list(cloud.extras["label"]) == list("aabbcc")
    np.savez_compressed(tmp_path / "two.npz", first=X, second=X + 1)
    with pytest.raises(DomainError, match="--key"):
        read_points(tmp_path / "two.npz")
    assert read_points(tmp_path / "two.npz", ReadOptions(key="second")).X[0, 0] == 1
    with pytest.raises(DomainError, match="did you mean 'second'"):
        read_points(tmp_path / "two.npz", ReadOptions(key="secnd"))
    np.savez(tmp_path / "bad.npz", points=X, label=np.arange(5))
    with pytest.raises(ShapeError, match="one value a point"):
        read_points(tmp_path / "bad.npz", ReadOptions(color="label"))


def _npy(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "word"),
    [
        (b"not numpy at all", ParseError, "cannot be read"),
        (_npy(X)[:-8], ParseError, "cannot be read"),
        (_npy(X)[:20], ParseError, "cannot be read"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': os.x()}", ParseError, "cannot be read"),
        (_npy(np.array([[1, None]], dtype=object)), ParseError, "never unpickled"),
        (_npy(np.array([["a", "b"]])), DomainError, "dtype"),
        (_npy(X + 1j), DomainError, "complex"),
        (_npy(X.ravel()), ShapeError, "two axes"),
        (_npy(X.reshape(2, 3, 2)), ShapeError, "two axes"),
        (_npy(np.array(3.0)), ShapeError, "two axes"),
        (_npy(np.empty((0, 3))), ShapeError, "at least"),
        (_npy(np.empty((3, 0))), ShapeError, "at least"),
        (_npy(np.where(X == 5, np.nan, X)), DomainError, "a.npy[2, 1] = nan"),
        (_npy(np.where(X == 5, np.inf, X)), DomainError, "inf"),
        (_npy(np.array([(1, 2)], dtype=[("x", int), ("y", int)])), ErlangenError, ""),
        (_npy(np.array([["2020-01-01"]], dtype="M8[D]")), DomainError, "dtype"),
    ],
)
def test_bad_npy_files(tmp_path, data, kind, word):
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(kind) as caught:
        read_points(tmp_path / "a.npy")
    assert word in str(caught.value)


def test_a_declared_size_beyond_the_file_allocates_nothing(tmp_path):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3), }"
    padded = header + b" " * (117 - len(header)) + b"\n"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded)
    with pytest.raises(ParseError, match="cannot be read"):
        read_points(tmp_path / "a.npy")


def test_bad_npz_files(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(ParseError):
        read_points(path)
    path.write_bytes(_npy(X))
    with pytest.raises(ParseError, match=r"call it \.npy"):
        read_points(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"garbage")
    with pytest.raises(ErlangenError):
        read_points(path)
    np.savez(path, a=np.arange(3))
    with pytest.raises(DomainError, match="0 arrays with two axes"):
        read_points(path)
    np.savez(path)
    with pytest.raises(ErlangenError):
        read_points(path)
    np.savez(tmp_path / "b.npy.npz", a=X)
    (tmp_path / "b.npy.npz").rename(tmp_path / "b.npy")
    with pytest.raises(ParseError, match=r"call it \.npz"):
        read_points(tmp_path / "b.npy")


def test_an_archive_that_would_fill_the_memory_is_refused_before(tmp_path, monkeypatch):
    monkeypatch.setattr("erlangen.validation.available_memory", lambda: 10_000)
    np.savez_compressed(tmp_path / "bomb.npz", a=np.zeros((1000, 100)))
    assert (tmp_path / "bomb.npz").stat().st_size < 10_000
    with pytest.raises(ResourceLimitError, match="unpacking"):
        read_points(tmp_path / "bomb.npz")


@pytest.mark.parametrize("drop", [("0",), ("3",), ("x",), ("1", "2")])
def test_columns_of_an_array_are_dropped_by_number(tmp_path, drop):
    np.save(tmp_path / "a.npy", X)
    with pytest.raises(ErlangenError, match="--drop"):
        read_points(tmp_path / "a.npy", ReadOptions(drop=drop))


def test_a_thousand_mutated_files_are_read_or_refused(tmp_path):
    rng = np.random.default_rng(0)
    good = bytearray(_npy(X))
    path = tmp_path / "a.npy"
    for _ in range(1000):
        data = bytearray(good)
        for place in rng.integers(len(data), size=rng.integers(1, 6)):
            data[place] = rng.integers(256)
        path.write_bytes(data[: rng.integers(1, len(data) + 1)] if rng.random() < 0.3 else data)
        with suppress(ErlangenError):
            assert np.isfinite(read_points(path).X).all()
