"""The static site, written at once or not at all.

Definition: every resource of the site as a file; the folder is written beside its place and moved there when it is whole.
Convention: a folder of other things is never replaced: the target must be new, empty, or a site written here before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from erlangen.errors import DomainError, StoreError
from erlangen.gallery.benchmark import records_folder
from erlangen.gallery.catalogue import Catalogue
from erlangen.gallery.site import Site
from erlangen.runs import RunStore

__all__ = ["build"]

_MARK = ".erlangen-gallery"

Progress = Callable[[int, int, str, dict[str, object] | None], None]


def _check_target(target: Path) -> None:
    if target.exists() and not target.is_dir():
        message = f"out: {str(target)!r} is a file"
        raise DomainError(message, hint="give the name of a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / _MARK).is_file():
        message = f"out: the folder {str(target)!r} holds other things"
        raise DomainError(message, hint="give a new or empty folder, or one that was written by gallery build")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: Path, target: Path) -> None:
    """Move ``fresh`` to ``target``; what was there goes away only after that."""
    old = fresh.with_name(f"{fresh.name}.old")
    if target.is_dir():
        os.replace(target, old)
    try:
        os.replace(fresh, target)
    except OSError:
        if old.is_dir():
            os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def build(
    out: str | os.PathLike[str],
    *,
    store: RunStore | None = None,
    benchmarks: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    root: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the static site to the folder ``out`` and return the path of its first page.

    Parameters
    ----------
    out : path
        New, empty, or a site written here before.
    store : RunStore, optional
        Default: the user's own.
    benchmarks : path, optional
        Folder of benchmark records; default: ``benchmarks`` in the working folder if it holds records, else those installed.
    progress : callable, optional
        ``progress(step, total, message, metrics)``.
    root : path, optional
        Folder of papers of one's own.

    Returns
    -------
    Path
        ``out/index.html``; it opens from disk, without network.

    Raises
    ------
    DomainError
        If ``out`` is a file or a folder of other things.
    StoreError
        If the files cannot be written.
    """
    target = Path(out).absolute()
    _check_target(target)
    site = Site(Catalogue(store or RunStore(), benchmarks=records_folder(benchmarks), root=root))
    paths = list(site.paths())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
            fresh = Path(folder) / "site"
            _write(fresh / _MARK, b"written by erlangen gallery build\n")
            for step, path in enumerate(paths):
                resource = site.render(path)
                if resource is not None:
                    _write(fresh / path, resource.data)
                if progress is not None:
                    progress(step + 1, len(paths), path, None)
            _swap(fresh, target)
    except OSError as error:
        message = f"the site cannot be written to {str(target)!r}: {error.strerror or error}"
        raise StoreError(message, hint="choose a folder that can be written") from error
    return target / "index.html"
