"""Where the store lies on this machine.

Definition: the folder is ``$ERLANGEN_HOME``, or else the user's data folder of the platform; the file is ``runs.sqlite``.
Convention: nothing is created by asking; the folder is made when a store is opened for writing.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from erlangen.errors import StoreError

__all__ = ["FILE_NAME", "default_store_path", "make_folder"]

FILE_NAME = "runs.sqlite"


def default_store_path() -> Path:
    """Return the path of the user's own store.

    Raises
    ------
    StoreError
        If there is no home folder to put it into.

    Examples
    --------
    >>> default_store_path().name
    'runs.sqlite'
    """
    home = os.environ.get("ERLANGEN_HOME")
    try:
        folder = Path(home).expanduser() if home else Path(platformdirs.user_data_dir("erlangen", appauthor=False))
    except RuntimeError as error:
        message = f"ERLANGEN_HOME = {home!r} begins with the home folder of a user there is not"
        raise StoreError(message, hint="set ERLANGEN_HOME to a folder") from error
    if not folder.is_absolute():
        if home:
            return folder.absolute() / FILE_NAME
        message = f"there is no home folder to keep runs in (found {folder})"
        raise StoreError(message, hint="set ERLANGEN_HOME to a folder")
    return folder / FILE_NAME


def make_folder(path: Path) -> None:
    """Make the folder a store lies in, or say why not.

    Raises
    ------
    StoreError
        If it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder {path.parent} of the run store cannot be made: {error.strerror or error}"
        raise StoreError(message, hint="make it writable, or set ERLANGEN_HOME to another folder") from error
