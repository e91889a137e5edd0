"""Tensors with a description, in one file of safetensors that is complete or not there.

Definition: the description is JSON in the header of the file, beside the name of its format.
Convention: written to a temporary file, flushed, then renamed; nothing in a file is ever executed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from erlangen.errors import DomainError

__all__ = ["load_tensors", "save_tensors"]


def save_tensors(path: str | os.PathLike[str], tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> None:
    """Write tensors and their description; ``about["format"]`` names the format.

    Examples
    --------
    >>> import tempfile, torch
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_tensors(f"{folder}/a", {"x": torch.ones(1)}, {"format": "example/1"})
    ...     load_tensors(f"{folder}/a", "example/1")
    ({'x': tensor([1.])}, {'format': 'example/1'})
    """
    content = save(
        {key: value.contiguous() for key, value in tensors.items()}, metadata={"about": json.dumps(dict(about))}
    )
    target = Path(path)
    waiting = target.with_name(target.name + ".tmp")
    with waiting.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(target)


def load_tensors(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors and description of a file of one format.

    Raises
    ------
    DomainError
        If the file is not there, damaged, or of another format.

    Examples
    --------
    >>> load_tensors("nowhere", "example/1")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: nowhere is no file (give the path of a file that was saved)
    """
    if not Path(path).is_file():
        message = f"{os.fspath(path)} is no file"
        raise DomainError(message, hint="give the path of a file that was saved")
    try:
        with safe_open(os.fspath(path), framework="pt") as file:
            about = json.loads((file.metadata() or {}).get("about", "{}"))
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (no mapping)
    except (SafetensorError, ValueError, OSError) as error:
        message = f"{os.fspath(path)} cannot be read: {error}"
        raise DomainError(message, hint="the file is damaged or of another kind") from error
    if about.get("format") != kind:
        message = f"{os.fspath(path)} has format {about.get('format')!r}, expected {kind!r}"
        raise DomainError(message, hint="the file is of another kind or version")
    return tensors, about
