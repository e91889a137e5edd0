"""Trials in npy, npz, mat and text files: what is read, and what is refused with its name."""

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from erlangen.cli.signals import SignalOptions, read_signals
from erlangen.errors import DomainError, ErlangenError, ParseError, ShapeError

X = np.random.default_rng(0).normal(size=(6, 3, 10))


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", ">f8"])
def test_npy(here, dtype):
    np.save("a.npy", (X * 100).astype(dtype))
    read = read_signals(here / "a.npy")
    assert np.array_equal(read.X, (X * 100).astype(dtype).astype(float))
    assert read.X.flags.c_contiguous
    assert (read.n, read.sfreq, read.labels, str(read)) == (6, None, None, "6 trials of 3 channels and 10 samples")


def test_npz_with_columns_and_rate(here):
    np.savez("a.npz", X=X, labels=list("ababab"), run=np.arange(6)[:, None], fs=250.0, other=np.zeros(4))
    read = read_signals(here / "a.npz")
    assert np.array_equal(read.X, X)
    assert (read.labels, read.sfreq, set(read.columns)) == ("labels", 250.0, {"labels", "run"})
    assert read.columns["run"].tolist() == list(range(6))


def test_mat_with_a_row_of_labels_and_a_cell_array(here):
    words = np.array([["left", "right"] * 3], dtype=object)
    savemat("a.mat", {"x_test": X, "y_test": np.arange(6)[:, None] % 2, "side": words, "fs": 125})
    read = read_signals(here / "a.mat")
    assert np.array_equal(read.X, X)
    assert (read.labels, read.sfreq) == ("y_test", 125.0)
    assert read.columns["side"].tolist() == ["left", "right"] * 3


@pytest.mark.parametrize("axes", ["NCT", "NTC", "CNT", "CTN", "TNC", "TCN"])
def test_axes_in_any_order(here, axes):
    np.savez("a.npz", X=np.transpose(X, ["NCT".index(axis) for axis in axes]))
    assert np.array_equal(read_signals(here / "a.npz", SignalOptions(axes=axes)).X, X)


def test_one_signal(here):
    np.save("a.npy", X[0])
    np.savez("a.npz", s=X[0])
    np.savetxt("a.csv", X[0].T, delimiter=",", header="C3,C4,Cz", comments="")
    one = SignalOptions(single=True)
    assert np.array_equal(read_signals(here / "a.npy", one).X, X[:1])
    assert np.array_equal(read_signals(here / "a.npz", one).X, X[:1])
    table = read_signals(here / "a.csv", one)
    assert np.allclose(table.X, X[:1], rtol=1e-15)
    assert table.channels == ("C3", "C4", "Cz")


def several(name="a.npz"):
    np.savez(name, A=X, B=X)


BAD = {
    "missing": ("a.npz", lambda: several("b.npz"), {}, DomainError, "there is no file"),
    "suffix": ("a.xyz", lambda: Path("a.xyz").write_text("x"), {}, ParseError, "known are .npy"),
    "empty": ("a.npy", lambda: Path("a.npy").touch(), {}, ShapeError, "is empty"),
    "several": ("a.npz", several, {}, DomainError, "--key NAME"),
    "key": ("a.npz", several, {"key": "C"}, DomainError, "it holds A"),
    "key of npy": ("a.npy", lambda: np.save("a.npy", X), {"key": "X"}, DomainError, "leave --key out"),
    "axes": ("a.npy", lambda: np.save("a.npy", X[0]), {}, ShapeError, r"X\[None\]"),
    "no trial": ("a.npy", lambda: np.save("a.npy", X[:0]), {}, ShapeError, "it is empty"),
    "complex": ("a.npy", lambda: np.save("a.npy", X + 1j), {}, DomainError, "complex128"),
    "words": ("a.npz", lambda: np.savez("a.npz", X=X.astype(str)), {}, DomainError, "not real numbers"),
    "NaN": ("a.npy", lambda: np.save("a.npy", np.where(X[2, 1, 4] == X, np.nan, X)), {}, DomainError, r"a.npy\[2, 1, 4\] = nan"),
    "pickle": ("a.npy", lambda: np.save("a.npy", np.array([X, 1], dtype=object)), {}, ParseError, "never unpickled"),
    "pickle inside": ("a.npz", lambda: np.savez("a.npz", X=np.array([X, 1], dtype=object)), {}, ParseError, "never unpickled"),
    "no matrices": ("a.npy", lambda: np.save("a.npy", X), {"matrices": True}, ShapeError, "leave --matrices out"),
    "no mat": ("a.mat", lambda: Path("a.mat").write_bytes(b"words"), {}, ParseError, "cannot be read as a MATLAB file"),
    "a table": ("a.csv", lambda: np.savetxt("a.csv", X[0]), {}, DomainError, "a table holds one signal"),
    "foreign": ("a.npy", lambda: np.save("a.npy", X), {"tmax": 1.0}, DomainError, "--tmax is of no use"),
    "foreign key": ("a.csv", lambda: np.savetxt("a.csv", X[0]), {"key": "X"}, DomainError, "--key is of no use"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files(here, name):
    path, make, options, kind, words = BAD[name]
    make()
    with pytest.raises(kind, match=words) as caught:
        read_signals(here / path, SignalOptions(**options))
    assert isinstance(caught.value, ErlangenError)
    assert caught.value.hint


def test_a_mat_file_of_version_7_3(here):
    h5py = pytest.importorskip("h5py")
    with h5py.File("a.mat", "w", userblock_size=512) as file:

        def keep(name, array, kind):
            data = file.create_dataset(name, data=array)
            data.attrs["MATLAB_class"] = np.bytes_(kind)
            return data

        keep("x_test", X.T, "double")  # MATLAB's axes are the other way round
        keep("y_test", np.arange(6)[None] % 2, "int8")
        keep("fs", [[250.0]], "double")
        words = [
            keep(f"#refs#/{i}", np.array([list(map(ord, word))]).T.astype(np.uint16), "char")
            for i, word in enumerate(["left", "right"] * 3)
        ]
        cells = file.create_dataset("side", (1, 6), dtype=h5py.ref_dtype)
        cells.attrs["MATLAB_class"] = np.bytes_("cell")
        cells[0] = [word.ref for word in words]
        keep("nothing", np.zeros(2, np.uint64), "double").attrs["MATLAB_empty"] = 1
        file.create_group("info").attrs["MATLAB_class"] = np.bytes_("struct")
    raw = Path("a.mat").read_bytes()
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM"
    Path("a.mat").write_bytes(head + raw[len(head) :])
    read = read_signals(here / "a.mat")
    assert np.array_equal(read.X, X)
    assert (read.labels, read.sfreq) == ("y_test", 250.0)
    assert read.columns["side"].tolist() == ["left", "right"] * 3
    assert set(read.columns) == {"y_test", "side"}
    assert np.array_equal(read_signals(here / "a.mat", SignalOptions(key="x_test", axes="TCN")).X, X.transpose(2, 1, 0))


def test_a_damaged_mat_file_of_version_7_3(here):
    pytest.importorskip("h5py")
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM"
    (here / "a.mat").write_bytes(head + b"\x89HDF\r\n\x1a\n" + bytes(600))
    with pytest.raises(ParseError, match=r"7\.3.*cannot be read"):
        read_signals(here / "a.mat")
