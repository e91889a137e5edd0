"""What a run ran on: versions of software, and a hash of the source that computes.

Definition: versions of Python, of this library and of the numerical packages installed; the source hash is over relative paths and contents.
Convention: only what can change a number counts: the front (command, page) and the bench are left out of the source hash.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable

import erlangen
from erlangen.native import available, cpu_levels
from erlangen.runs.canonical_json import digest

__all__ = ["environment", "source_hash"]

_PACKAGES = ("numpy", "scipy", "torch", "scikit-learn", "joblib", "distributed", "pymetis", "matplotlib")
_FRONT = ("bench", "cli", "gallery", "papers", "testing")


@cache
def _installed() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def environment() -> dict[str, str]:
    """Return names and versions of what this process computes with.

    Examples
    --------
    >>> {"erlangen", "machine", "native", "numpy", "python"} <= set(environment())
    True
    """
    levels = cpu_levels() if available() else ()
    return {
        "erlangen": erlangen.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "native": levels[-1] if levels else "python twins",
        **_installed(),
    }


def _sources(folder: Traversable, prefix: str, suffixes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _sources(entry, f"{path}/", suffixes)
        elif entry.name.endswith(tuple(suffixes)):
            yield path, entry.read_bytes()


@cache
def _library() -> str:
    root = files("erlangen")
    parts: list[str | bytes] = []
    for path, data in _sources(root, "", (".py",)):
        if path.split("/")[0] not in _FRONT:
            parts += [path, data]
    return digest(*parts)


def source_hash(folder: Traversable | None = None) -> str:
    """Return 12 hex that change when the computing source of this library, or Python in ``folder``, changes.

    Examples
    --------
    >>> len(source_hash())
    12
    """
    parts: list[str | bytes] = [_library()]
    for path, data in _sources(folder, "", (".py",)) if folder is not None else ():
        parts += [path, data]
    return digest(*parts)[:12]
