"""The state of a long scan in a file.

Definition: arrays of the engine between two crossings in one safetensors file, with the task and the sizes so far as JSON.
Convention: written at most every ``every`` seconds, to a temporary file that replaces the old one; removed when the scan ends.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Protocol, final

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from erlangen.errors import StoreError

__all__ = ["ScanCheckpoint"]

FORMAT = "erlangen-scan-1"


class _Engine(Protocol):
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: dict[str, Any]) -> None: ...


@final
class ScanCheckpoint:
    """Where a scan is kept while it runs.

    Parameters
    ----------
    path : Path
    task : dict
        What is being scanned; a file of another task is refused.
    every : float
        Least number of seconds between two writes.

    Examples
    --------
    >>> ScanCheckpoint(Path("nowhere.safetensors"), {}).path.name
    'nowhere.safetensors'
    """

    def __init__(self, path: Path, task: dict[str, Any], *, every: float = 20.0) -> None:
        self.path = path
        self.every = every
        self._task = json.dumps(task, sort_keys=True)
        self._last = time.monotonic()

    def resume(self, engine: _Engine) -> tuple[list[int], list[int]]:
        """Restore the engine if there is a file; return girths and numbers of generators so far.

        Raises
        ------
        StoreError
            If the file cannot be read, is damaged, or belongs to another task.
        """
        if not self.path.exists():
            return [], []
        hint = "remove the file to begin again"
        try:
            with safe_open(str(self.path), framework="numpy") as file:
                head = file.metadata() or {}
                state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            sizes, large = json.loads(head.get("sizes", "null")), json.loads(head.get("large", "null"))
        except (OSError, ValueError, SafetensorError) as error:
            message = f"{self.path} is no checkpoint of a scan: {error}"
            raise StoreError(message, hint=hint) from error
        if head.get("format") != FORMAT or head.get("task") != self._task:
            message = f"{self.path} is the checkpoint of another scan"
            raise StoreError(message, hint=hint)
        try:
            engine.restore({**state, "large": [int(text, 16) for text in large]})
        except (TypeError, ValueError, KeyError, RuntimeError) as error:
            message = f"{self.path} is damaged: {error}"
            raise StoreError(message, hint=hint) from error
        return sizes

    def keep(self, engine: _Engine, girths: list[int], generators: list[int]) -> None:
        """Write the state, unless the last writing is too recent."""
        if time.monotonic() - self._last < self.every:
            return
        state = engine.state()
        large = json.dumps([hex(value) for value in state.pop("large")])
        head = {"format": FORMAT, "task": self._task, "sizes": json.dumps([girths, generators]), "large": large}
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            save_file(
                {name: np.ascontiguousarray(array) for name, array in state.items()}, str(temporary), metadata=head
            )
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)
        self._last = time.monotonic()

    def discard(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)
