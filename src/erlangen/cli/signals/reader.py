"""Read trials or matrices, whatever the file is.

Definition: the suffix of the name decides: npy, npz, mat; edf, bdf, gdf, fif by MNE; csv, tsv and txt hold one signal, a column a channel.
Convention: an option that the kind of file does not have is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from erlangen.cli.points.cloud import ReadOptions
from erlangen.cli.points.delimited import read_delimited
from erlangen.cli.points.reader import check_readable
from erlangen.cli.signals.arrays import read_mat, read_npy, read_npz
from erlangen.cli.signals.recordings import RECORDINGS, read_recording
from erlangen.cli.signals.signals import SignalOptions, Signals
from erlangen.errors import DomainError, ParseError, ShapeError

__all__ = ["READABLE", "read_signals"]


def _read_table(path: Path, options: SignalOptions) -> Signals:
    """Read one signal from a table of samples (rows) by channels (columns)."""
    if not options.single:
        message = f"{path.name}: a table holds one signal, not trials"
        raise DomainError(message, hint="save trials (N, channels, times) with numpy.save")
    cloud = read_delimited(path, ReadOptions())
    X = np.ascontiguousarray(cloud.X.T[None], dtype=np.float64)
    return Signals(X, path.name, channels=cloud.columns, notes=cloud.notes)


_READERS: dict[str, Callable[[Path, SignalOptions], Signals]] = {
    ".npy": read_npy,
    ".npz": read_npz,
    ".mat": read_mat,
    **dict.fromkeys(RECORDINGS, read_recording),
    **dict.fromkeys((".csv", ".tsv", ".txt"), _read_table),
}
READABLE = tuple(_READERS)


def read_signals(path: Path, options: SignalOptions | None = None, *, what: str = "TRIALS") -> Signals:
    """Read trials ``(N, n, T)`` or matrices ``(N, n, n)`` from a file.

    Raises
    ------
    ParseError
        If the file cannot be read as its suffix says.
    DomainError
        If it does not exist, holds values that are not finite, or an option does not belong to it.
    ShapeError
        If it holds no trials.
    """
    chosen = options or SignalOptions()
    check_readable(path, what, READABLE)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        message = f"{what}: {path.name!r} has no known suffix"
        raise ParseError(message, hint=f"known are {', '.join(READABLE)}")
    if path.stat().st_size == 0:
        message = f"{path.name} is empty"
        raise ShapeError(message, hint="at least one trial is needed")
    _refuse_foreign(path, suffix, chosen)
    return _READERS[suffix](path, chosen)


def _refuse_foreign(path: Path, suffix: str, options: SignalOptions) -> None:
    """Refuse options of another kind of file."""
    recording = suffix in RECORDINGS
    given = {
        "--events": (bool(options.events), recording),
        "--picks": (bool(options.picks), recording),
        "--tmin": (options.tmin is not None, recording),
        "--tmax": (options.tmax is not None, recording),
        "--band": (options.band is not None, recording),
        "--key": (options.key is not None, suffix in (".npz", ".mat", ".npy")),
        "--axes": (options.axes != "NCT", suffix in (".npz", ".mat", ".npy")),
        "--matrices": (options.matrices, suffix in (".npz", ".mat", ".npy")),
    }
    for option, (there, able) in given.items():
        if there and not able:
            kinds = (
                ", ".join(RECORDINGS)
                if option in ("--events", "--picks", "--tmin", "--tmax", "--band")
                else "npy, npz and mat"
            )
            message = f"{option} is of no use for {path.name}"
            raise DomainError(message, hint=f"it belongs to {kinds} files")
