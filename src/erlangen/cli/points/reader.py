"""Read a point cloud, whatever the file is.

Definition: the suffix of the name decides: csv, tsv, txt, dat (text), npy, npz, h5ad.
Convention: a folder, an unreadable or a missing file are refused here, with the nearest name in the same folder as a hint.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.annotated import read_h5ad
from erlangen.cli.points.arrays import read_npy, read_npz
from erlangen.cli.points.cloud import PointCloud, ReadOptions
from erlangen.cli.points.delimited import read_delimited
from erlangen.errors import DomainError, ParseError, ShapeError

__all__ = ["READABLE", "check_readable", "read_points"]

_READERS: dict[str, Callable[[Path, ReadOptions], PointCloud]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".dat": read_delimited,
    ".npy": read_npy,
    ".npz": read_npz,
    ".h5ad": read_h5ad,
}
READABLE = tuple(_READERS)


def check_readable(path: Path, what: str, suffixes: tuple[str, ...] = READABLE) -> None:
    """Refuse a path that is not a regular file, with the nearest name as a hint."""
    if path.is_dir():
        message = f"{what}: {str(path)!r} is a folder"
        raise DomainError(message, hint=f"give a file ({', '.join(suffixes)})")
    if not path.exists():
        folder = path.parent if str(path.parent) else Path()
        siblings = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        message = f"{what}: there is no file {str(path)!r}"
        raise DomainError(message, hint=suggestion(path.name, siblings) or "check the path")
    if not path.is_file():
        message = f"{what}: {str(path)!r} is not a regular file"
        raise DomainError(message, hint="write it to a file first")


def read_points(path: Path, options: ReadOptions | None = None) -> PointCloud:
    """Read a point cloud ``(n, p)`` from a file.

    Raises
    ------
    ParseError
        If the file cannot be read as its suffix says.
    DomainError
        If it does not exist, or holds values that are missing or not finite.
    ShapeError
        If it holds no points.
    """
    check_readable(path, "POINTS")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        message = f"POINTS: {path.name!r} has no known suffix"
        raise ParseError(message, hint=f"known are {', '.join(READABLE)}")
    if path.stat().st_size == 0:
        message = f"{path.name} is empty"
        raise ShapeError(message, hint="a row a point is needed")
    return reader(path, options or ReadOptions())
