"""Files of data that lie on this machine: in an installed package, or in a folder of the user's.

Definition: a package's folder is found by its import specification, without importing it; a user's folder is an argument or $ERLANGEN_DATA.
Convention: nothing is fetched; a file counts only with its SHA-256, so that the same name always means the same numbers.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from erlangen.errors import DomainError, MissingDependencyError

__all__ = ["checked_bytes", "data_folder", "installed_file"]

VARIABLE = "ERLANGEN_DATA"


def installed_file(choices: dict[str, str], *, extra: str, purpose: str) -> Path:
    """Return the first file that is there, of ``choices``: top-level package to path inside it.

    Raises
    ------
    MissingDependencyError
        If no package of the list is installed with its file.

    Examples
    --------
    >>> installed_file({"sklearn": "datasets/data/iris.csv"}, extra="none", purpose="this example").name
    'iris.csv'
    """
    for package, path in choices.items():
        specification = find_spec(package)
        for folder in (specification.submodule_search_locations or ()) if specification else ():
            if (file := Path(folder) / path).is_file():
                return file
    message = f"{purpose} is read from the installed package {' or '.join(choices)}, which is not there"
    raise MissingDependencyError(message, hint=f"pip install 'erlangen[{extra}]'")


def data_folder(folder: str | os.PathLike[str] | None, name: str, *, purpose: str, source: str) -> Path:
    """Return the folder of a data set: ``folder`` itself, or ``name`` below $ERLANGEN_DATA.

    Raises
    ------
    DomainError
        If none is given, or it is no folder.

    Examples
    --------
    >>> data_folder(".", "mamem", purpose="this example", source="nowhere")
    PosixPath('.')
    """
    given = os.environ.get(VARIABLE)
    hint = f"get {source}, then pass folder=, or set {VARIABLE} to the folder that holds {name}/"
    if folder is None and not given:
        message = f"{purpose} does not come with this package, and neither folder= nor {VARIABLE} says where it is"
        raise DomainError(message, hint=hint)
    place = Path(folder) if folder is not None else Path(str(given)) / name
    if not place.is_dir():
        message = f"{purpose} is looked for in {place}, which is no folder"
        raise DomainError(message, hint=hint)
    return place


def checked_bytes(file: Path, checksum: str) -> bytes:
    """Return the content of a file whose SHA-256 is ``checksum``.

    Raises
    ------
    DomainError
        If the file is missing, or its checksum is another.

    Examples
    --------
    >>> checked_bytes(Path("nowhere.csv"), "00")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: nowhere.csv cannot be read: No such file or directory (the folder must hold the file under this name)
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise DomainError(message, hint="the folder must hold the file under this name") from error
    found = hashlib.sha256(content).hexdigest()
    if found != checksum:
        message = f"{file} has SHA-256 {found[:12]}…, but the data set is {checksum[:12]}…"
        raise DomainError(
            message, hint="the file is damaged or another version; get the one that is named in the documentation"
        )
    return content
