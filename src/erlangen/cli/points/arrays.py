"""Point clouds in NumPy's own files.

Definition: an npy file holds one array ``(n, p)``; an npz file holds several, of which one is ``(n, p)`` or is named by ``--key``.
Convention: nothing is unpickled; declared sizes are checked against the file and the memory before anything is allocated; indices are from 0, as in the array.
"""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.cloud import PointCloud, ReadOptions
from erlangen.errors import DomainError, ErlangenError, ParseError, ShapeError
from erlangen.validation import check_matrix, check_memory

__all__ = ["numbered", "read_array", "read_npy", "read_npz", "read_single", "unreadable"]


def numbered(p: int) -> tuple[str, ...]:
    """Return names for columns that have none.

    Examples
    --------
    >>> numbered(2)
    ('column 1', 'column 2')
    """
    return tuple(f"column {j + 1}" for j in range(p))


def read_array(path: Path) -> Any:
    """Return the array of an npy file, mapped into memory where that can be done.

    Raises
    ------
    ParseError
        If it is no such file, is cut off, or holds Python objects.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        if error.errno is not None:
            raise
        raise unreadable(path, error) from error
    except Exception as error:
        raise unreadable(path, error) from error


def read_single(path: Path) -> Any:
    """Return the array of an npy file, and refuse an archive of that name.

    Raises
    ------
    ParseError
        As :func:`read_array`, and if it is an npz archive.
    """
    array = read_array(path)
    if isinstance(array, np.lib.npyio.NpzFile):
        array.close()
        message = f"{path.name} is an npz archive"
        raise ParseError(message, hint="call it .npz")
    return array


def unreadable(path: Path, error: Exception) -> ParseError:
    """Return the one refusal of a file that cannot be read."""
    reason = " ".join(str(error).split()).partition(". ")[0][:120] or type(error).__name__
    hint = (
        "objects are never unpickled; save numbers"
        if "pickle" in reason.lower() or "python object" in reason.lower()
        else "write it again with numpy.save"
    )
    return ParseError(f"{path.name} cannot be read as a NumPy file: {reason}", hint=hint)


def _points(array: Any, name: str) -> Any:
    """Return a checked matrix of its own memory."""
    if getattr(array, "ndim", 2) == 2:
        check_memory(8.0 * array.size * 2, f"reading {name}", hint="use fewer points or columns")
    return check_matrix(np.array(array), name)


def read_npy(path: Path, options: ReadOptions) -> PointCloud:
    """Read a point cloud from an npy file."""
    array = read_single(path)
    X = _points(array, path.name)
    return _drop(PointCloud(X, numbered(X.shape[1])), options)


def read_npz(path: Path, options: ReadOptions) -> PointCloud:
    """Read a point cloud from one array of an npz file; the other arrays of n entries become labels."""
    try:
        archive = np.load(path, allow_pickle=False, mmap_mode="r")
        if not isinstance(archive, np.lib.npyio.NpzFile):
            message = f"{path.name} is not an npz archive"
            raise ParseError(message, hint="call it .npy if it holds one array")
        with archive:
            return _from_archive(archive, path, options)
    except ErlangenError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise unreadable(path, error) from error
    except Exception as error:
        raise unreadable(path, error) from error


def _from_archive(archive: Any, path: Path, options: ReadOptions) -> PointCloud:
    """Choose the array of points and read it."""
    _check_sizes(archive, path)
    names = list(archive.files)
    key = options.key if options.key is not None else _only_matrix(archive, names, path)
    if key not in names:
        message = f"{path.name} has no array {key!r}"
        raise DomainError(message, hint=suggestion(key, names) or f"it holds {', '.join(map(repr, names[:8]))}")
    X = _points(archive[key], f"{path.name}:{key}")
    extras = {}
    if options.color is not None and options.color in names:
        values = np.asarray(archive[options.color])
        if values.shape != (X.shape[0],):
            message = f"--color: {path.name}:{options.color} has shape {values.shape}, ({X.shape[0]},) is needed"
            raise ShapeError(message, hint="one value a point")
        extras[options.color] = values.tolist()
    return _drop(PointCloud(X, numbered(X.shape[1]), extras=extras, notes=(f"points from the array {key!r}",)), options)


def _check_sizes(archive: Any, path: Path) -> None:
    """Refuse an archive that would unpack to more than the memory takes."""
    members = archive.zip.infolist() if isinstance(archive.zip, zipfile.ZipFile) else []
    check_memory(
        2.0 * max((m.file_size for m in members), default=0), f"unpacking {path.name}", hint="use fewer points"
    )


def _only_matrix(archive: Any, names: list[str], path: Path) -> str:
    """Return the name of the only array with two axes."""
    matrices = [name for name in names if archive[name].ndim == 2]
    if len(matrices) == 1:
        return matrices[0]
    listed = ", ".join(f"{name} {archive[name].shape}" for name in names[:8]) or "nothing"
    message = f"{path.name} holds {len(matrices)} arrays with two axes, one is needed: {listed}"
    raise DomainError(message, hint="choose one with --key NAME")


def _drop(cloud: PointCloud, options: ReadOptions) -> PointCloud:
    """Leave out the columns given by number."""
    if not options.drop:
        return cloud
    p = cloud.X.shape[1]
    bad = [item for item in options.drop if not (item.isdecimal() and 1 <= int(item) <= p)]
    if bad:
        message = f"--drop: the array has no column {bad[0]!r}"
        raise DomainError(message, hint=f"columns are numbered 1 to {p}")
    keep = [j for j in range(p) if str(j + 1) not in {str(int(item)) for item in options.drop}]
    if not keep:
        message = "--drop leaves no column"
        raise ShapeError(message, hint="keep at least one")
    return PointCloud(cloud.X[:, keep], tuple(cloud.columns[j] for j in keep), extras=cloud.extras, notes=cloud.notes)
