"""Trials in the arrays of npy, npz and mat files.

Definition: an npy file holds one array; of an npz or mat file that one is read which is named, or the only one with three axes.
Convention: objects are never unpickled; mat files of version 7.3 are HDF5, read by h5py; the other arrays with N entries become columns.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.arrays import read_array, read_single, unreadable
from erlangen.cli.signals.matlab_hdf import open_matlab
from erlangen.cli.signals.signals import SignalOptions, Signals
from erlangen.errors import DomainError, ErlangenError, ParseError, ShapeError
from erlangen.validation import check_finite, check_memory

__all__ = ["read_mat", "read_npy", "read_npz"]

_LABELS = ("y", "labels", "label", "target", "y_test", "y_train")
_WORDS = {"N": "trials", "C": "channels", "T": "times"}


def read_npy(path: Path, options: SignalOptions) -> Signals:
    """Read trials from an npy file."""
    array = read_single(path)
    if options.key is not None:
        message = f"--key {options.key}: {path.name} holds one array without a name"
        raise DomainError(message, hint="leave --key out")
    return Signals(_trials(array, path.name, options), path.name)


def read_npz(path: Path, options: SignalOptions) -> Signals:
    """Read trials from one array of an npz file."""
    archive = read_array(path)
    if not isinstance(archive, np.lib.npyio.NpzFile):
        message = f"{path.name} is not an npz archive"
        raise ParseError(message, hint="call it .npy if it holds one array")
    with archive:
        sizes = archive.zip.infolist() if isinstance(archive.zip, zipfile.ZipFile) else []
        check_memory(2.0 * sum(member.file_size for member in sizes), f"unpacking {path.name}", hint="use fewer trials")
        try:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
        except Exception as error:
            raise unreadable(path, error) from error
    return _from_arrays(path, {name: array.shape for name, array in arrays.items()}, arrays.__getitem__, options)


def read_mat(path: Path, options: SignalOptions) -> Signals:
    """Read trials from one array of a MATLAB file."""
    io = import_module("scipy.io")
    try:
        shapes = {name: tuple(shape) for name, shape, _ in io.whosmat(path)}
        check_memory(16.0 * sum(map(np.prod, shapes.values())), f"reading {path.name}", hint="use fewer trials")
        arrays = io.loadmat(path, variable_names=list(shapes))
    except ErlangenError:
        raise
    except NotImplementedError:
        with open_matlab(path) as held:
            return _from_arrays(path, held.shapes, held.load, options)
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        message = f"{path.name} cannot be read as a MATLAB file: {reason}"
        raise ParseError(message, hint="save it again, with -v7") from error
    return _from_arrays(path, shapes, lambda name: _words(np.asarray(arrays[name])), options)


def _words(array: NDArray[Any]) -> NDArray[Any]:
    """Return a cell array of words as words; other arrays as they are."""
    if array.dtype.kind == "O" and all(getattr(cell, "dtype", array.dtype).kind == "U" for cell in array.flat):
        return np.array(["".join(map(str, np.ravel(cell))) for cell in array.flat])
    return array


def _from_arrays(
    path: Path,
    shapes: Mapping[str, tuple[int, ...]],
    load: Callable[[str], NDArray[Any]],
    options: SignalOptions,
) -> Signals:
    """Choose the array of trials, and keep those of one value a trial."""
    key = options.key if options.key is not None else _only_trials(path, shapes, options)
    if key not in shapes:
        message = f"{path.name} has no array {key!r}"
        raise DomainError(message, hint=suggestion(key, list(shapes)) or f"it holds {_listed(shapes)}")
    X = _trials(load(key), f"{path.name}:{key}", options)
    columns = {
        name: np.squeeze(load(name)).reshape(-1)
        for name, shape in shapes.items()
        if name != key and int(np.prod(shape)) == X.shape[0] == max(shape, default=0)
    }
    columns = {name: values for name, values in columns.items() if values.dtype.kind in "biufUS"}
    named = [name for name in _LABELS if name in columns]
    rate = next((float(np.ravel(load(k))[0]) for k in ("sfreq", "fs") if k in shapes and np.prod(shapes[k]) == 1), None)
    notes = () if options.key is not None or len(shapes) == 1 else (f"trials from the array {key!r}",)
    return Signals(X, f"{path.name}:{key}", columns, named[0] if named else None, rate, notes=notes)


def _only_trials(path: Path, shapes: Mapping[str, tuple[int, ...]], options: SignalOptions) -> str:
    """Return the name of the only array that can be trials."""
    found = [name for name, shape in shapes.items() if len(shape) == 3]
    if not found and options.single:
        found = [name for name, shape in shapes.items() if len(shape) == 2 and min(shape) > 1]
    if len(found) == 1:
        return found[0]
    message = f"{path.name} holds {len(found)} arrays with three axes, one is needed: {_listed(shapes)}"
    raise DomainError(message, hint="choose one with --key NAME" if found else "trials have axes N, channels, times")


def _listed(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Return names with shapes."""
    return ", ".join(f"{name} {shape}" for name, shape in list(shapes.items())[:8]) or "nothing"


def _trials(array: Any, name: str, options: SignalOptions) -> NDArray[np.float64]:
    """Return checked trials (N, n, T) or matrices (N, n, n) of their own memory."""
    if array.dtype.kind not in "biuf":
        message = f"{name} holds {array.dtype}, not real numbers"
        raise DomainError(message, hint="save an array of real numbers")
    if array.ndim == 2 and options.single:
        array = array[None] if options.axes.index("C") < options.axes.index("T") else array.T[None]
    elif array.ndim == 3:
        array = np.transpose(array, [options.axes.index(axis) for axis in "NCT"])
    else:
        wanted = "matrices (N, n, n)" if options.matrices else "trials (N, channels, times)"
        message = f"{name} has shape {array.shape}; {wanted} are needed"
        raise ShapeError(message, hint="one trial or matrix is X[None]" if array.ndim == 2 else "give it three axes")
    if 0 in array.shape:
        message = f"{name} has shape {array.shape}: it is empty"
        raise ShapeError(message, hint="at least one trial is needed")
    if options.matrices and array.shape[1] != array.shape[2]:
        message = f"{name} has shape {array.shape}; --matrices needs square ones (N, n, n)"
        raise ShapeError(message, hint="leave --matrices out if they are trials")
    check_memory(8.0 * array.size * 3, f"reading {name}", hint="use fewer trials")
    X = np.array(array, dtype=np.float64, order="C")
    check_finite(X, name)
    return X
