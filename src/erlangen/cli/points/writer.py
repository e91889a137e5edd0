"""Write an embedding in the format its name asks for, whole or not at all.

Definition: csv and tsv get a header ``x1, x2, …`` (after the index, if any), npy the array, npz ``embedding`` and ``index``, h5ad an ``obsm`` entry.
Convention: numbers are written so that they read back bit for bit.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.points.annotated import write_h5ad
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.points.cloud import PointCloud
from erlangen.errors import DomainError
from erlangen.validation import require

__all__ = ["WRITABLE", "check_target", "write_points"]

WRITABLE = (".csv", ".tsv", ".npy", ".npz", ".h5ad")


def check_target(path: Path, option: str, suffixes: tuple[str, ...], source: Path) -> None:
    """Refuse a target that could not be written, before any work is done.

    Raises
    ------
    DomainError
        If the suffix is unknown, the folder is missing, or the target is the file that is read.
    """
    if path.suffix.lower() not in suffixes:
        message = f"{option}: {path.name!r} has no known suffix"
        raise DomainError(message, hint=f"known are {', '.join(suffixes)}")
    if path.is_dir():
        message = f"{option}: {str(path)!r} is a folder"
        raise DomainError(message, hint="give the name of a file")
    if not path.resolve().parent.is_dir():
        message = f"{option}: there is no folder {str(path.parent)!r}"
        raise DomainError(message, hint=f"mkdir -p {path.parent}")
    if path.resolve() == source.resolve():
        message = f"{option}: {str(path)!r} is the file that is read"
        raise DomainError(message, hint="give another name")
    if path.suffix.lower() == ".h5ad":
        require("anndata", extra="cells", purpose=f"writing {path.name}")


def write_points(
    path: Path, Z: NDArray[np.floating], cloud: PointCloud, *, method: str, source: Path | None = None
) -> str:
    """Write the embedding ``Z`` (n, d) of ``cloud`` and return in words where it is."""
    suffix = path.suffix.lower()
    place = str(path)
    with atomic_path(path) as temporary:
        if suffix in (".csv", ".tsv"):
            _write_text(temporary, Z, cloud, "\t" if suffix == ".tsv" else ",")
        elif suffix == ".npy":
            np.save(temporary, Z, allow_pickle=False)
        elif suffix == ".npz":
            arrays: dict[str, NDArray[np.generic]] = {"embedding": Z}
            if cloud.index is not None:
                arrays["index"] = np.array(cloud.index, dtype=np.str_)
            np.savez(temporary, allow_pickle=False, **arrays)
        else:
            key = "X_" + "".join(part for part in method.split("-"))
            write_h5ad(temporary, Z, cloud, key=key, source=source)
            place = f"{path}, obsm[{key!r}]"
    return place


def _write_text(path: Path, Z: NDArray[np.floating], cloud: PointCloud, delimiter: str) -> None:
    """Write delimited text."""
    names = [f"x{j + 1}" for j in range(Z.shape[1])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        if cloud.index is None:
            writer.writerow(names)
            writer.writerows(Z.tolist())
        else:
            writer.writerow([cloud.index_name, *names])
            writer.writerows([key, *row] for key, row in zip(cloud.index, Z.tolist(), strict=True))
