"""Which papers there are: the folders beside this file that hold a manifest.

Definition: discovery is a scan of folders through ``importlib.resources``, so that it works from an installed wheel.
Convention: papers come in the order of the listing (``order``, then newest first); another ``root`` may be given, for papers of one's own.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from erlangen.errors import DomainError, ParseError
from erlangen.papers.manifest import read_manifest
from erlangen.papers.record import Paper
from erlangen.papers.suggestion import suggestion

__all__ = ["PACKAGE", "Root", "paper", "papers"]

PACKAGE = "erlangen.papers"

Root = str | os.PathLike[str] | None


def _scan(root: Traversable) -> tuple[Paper, ...]:
    try:
        folders = sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    except OSError as error:
        message = f"the folder of papers {root} cannot be read: {error.strerror or error}"
        raise DomainError(message, hint="give a folder of folders with manifest.toml") from error
    found = [read_manifest(folder) for folder in folders if (folder / "manifest.toml").is_file()]
    keys: dict[str, str] = {}
    for item in found:
        if item.key in keys:
            message = f"{item.folder}: paper.bibtex = {item.key!r} is also the key of {keys[item.key]}"
            raise ParseError(message, hint="give each paper its own citation key")
        keys[item.key] = item.slug
    return tuple(sorted(found, key=lambda item: (item.order, -item.listed.toordinal(), item.slug)))


@cache
def _own() -> tuple[Paper, ...]:
    return _scan(files(PACKAGE))


def papers(root: Root = None) -> tuple[Paper, ...]:
    """Return all papers, in the order of the listing.

    Parameters
    ----------
    root : path, optional
        A folder of paper folders; default: those of this library.

    Raises
    ------
    ParseError
        If a manifest is wrong: file, key and value are named.

    Examples
    --------
    >>> len(papers())
    14
    """
    return _own() if root is None else _scan(Path(root))


def paper(slug: str, root: Root = None) -> Paper:
    """Return the paper of a slug (``_`` may stand for ``-``).

    Raises
    ------
    DomainError
        If there is none, with the nearest slug.

    Examples
    --------
    >>> paper("heat-geodesic-embedding").arxiv
    '2305.19043'
    """
    wanted = str(slug).strip().lower().replace("_", "-")
    known = {item.slug: item for item in papers(root)}
    if wanted not in known:
        message = f"there is no paper {slug!r}"
        raise DomainError(message, hint=suggestion(wanted, known))
    return known[wanted]
