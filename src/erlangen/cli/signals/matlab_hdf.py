"""Arrays of MATLAB files of version 7.3, which are HDF5 files.

Definition: every data set at the root is an array; MATLAB writes the axes in the opposite order, text as codes and cells as references.
Convention: names as in MATLAB, axes as MATLAB shows them; cells of words become arrays of words, structures and empty arrays are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ParseError
from erlangen.validation import check_memory, require

__all__ = ["MatlabArrays", "open_matlab"]


class MatlabArrays:
    """The arrays of an open file: their shapes, and each of them when it is asked for."""

    def __init__(self, file: Any) -> None:
        self._file = file
        names = [name for name in file if hasattr(file[name], "dtype") and not file[name].attrs.get("MATLAB_empty", 0)]
        self.shapes: Mapping[str, tuple[int, ...]] = {name: tuple(file[name].shape[::-1]) for name in names}

    def load(self, name: str) -> NDArray[Any]:
        """Return an array as MATLAB shows it."""
        data = self._file[name]
        kind = self._kind(data)
        if kind == "cell":
            cells = np.asarray(data[()]).T.ravel()
            if all(self._kind(self._file[cell]) == "char" for cell in cells):
                return np.array([self._text(self._file[cell]) for cell in cells])
            return np.asarray(cells)
        if kind == "char":
            return np.array([self._text(data)])
        check_memory(3.0 * data.size * data.dtype.itemsize, f"reading {name}", hint="use fewer trials")
        return np.asarray(data[()]).T

    @staticmethod
    def _kind(data: Any) -> str:
        found = data.attrs.get("MATLAB_class", b"")
        return found.decode() if isinstance(found, bytes) else str(found)

    @staticmethod
    def _text(data: Any) -> str:
        return "".join(map(chr, np.asarray(data[()]).T.ravel().astype(int)))


@contextmanager
def open_matlab(path: Path) -> Iterator[MatlabArrays]:
    """Open a file for the time of a block.

    Raises
    ------
    MissingDependencyError
        If h5py is not installed.
    ParseError
        If it is no such file.
    """
    h5py = require("h5py", extra="grid", purpose=f"reading {path.name}, a MATLAB file of version 7.3,")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        reason = " ".join(str(error).split())[:120]
        message = f"{path.name} says that it is a MATLAB file of version 7.3, but cannot be read: {reason}"
        raise ParseError(message, hint="save it again, with -v7.3 or -v7") from error
    with file:
        yield MatlabArrays(file)
