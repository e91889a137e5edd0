"""The store of all runs of a user: one SQLite file.

Definition: runs by id, each with an append-only log of events, rows (key to JSON), metrics, figures and arrays; pinned papers beside.
Convention: whatever was acknowledged is kept when a process is killed; a run declared finished is kept when the power fails.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erlangen.errors import DomainError
from erlangen.runs.canonical_json import JSON, canonical
from erlangen.runs.database import Database
from erlangen.runs.location import default_store_path
from erlangen.runs.merge import MergeReport, merge_into
from erlangen.runs.owner import Owner
from erlangen.runs.records import is_orphan, read_json, read_run
from erlangen.runs.run import Event, Figure, Run
from erlangen.runs.run_status import RunStatus
from erlangen.runs.verify import Verification, verify

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RunStore", "utc_now"]


def utc_now() -> str:
    """Return the present time as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class RunStore:
    """Read runs, pin papers, merge and verify; :func:`erlangen.runs.execute` writes runs.

    Safe to share among threads and to use after a fork: each thread and process has its own connection.

    Parameters
    ----------
    path : path, optional
        The SQLite file; default :func:`default_store_path`. It is created, with its folder, if it is missing.
    read_only : bool, default False
        Never write; the file must exist.

    Raises
    ------
    StoreError
        If the file is damaged, of other software, newer than this library, or cannot be opened or made: path and remedy are named.

    Examples
    --------
    >>> import tempfile
    >>> store = RunStore(Path(tempfile.mkdtemp()) / "runs.sqlite")
    >>> store.runs(), store.pins()
    ([], ())
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, read_only: bool = False) -> None:
        self.path = default_store_path() if path is None else Path(path)
        self.database = Database(self.path, read_only=read_only)
        if not read_only:
            self._recover()

    def __repr__(self) -> str:
        return f"RunStore({str(self.path)!r})"

    def __enter__(self) -> RunStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self.database.close()

    def _recover(self) -> None:
        """Mark runs whose process is gone as interrupted."""
        running = "SELECT * FROM runs WHERE status = 'running'"
        if not any(is_orphan(row) for row in self.database.read(running)):
            return
        with self.database.transaction() as connection:
            for row in connection.execute(running).fetchall():
                if is_orphan(row):
                    connection.execute(
                        "UPDATE runs SET status = 'interrupted', token = NULL WHERE id = ?", (row["id"],)
                    )
                    connection.execute(
                        "INSERT INTO events SELECT ?1, coalesce(max(seq), 0) + 1, ?2, 'interrupted', ?3 FROM events WHERE run = ?1",
                        (row["id"], utc_now(), canonical({"reason": "its process is gone"})),
                    )

    def _read_runs(self, condition: str, arguments: Sequence[Any]) -> list[Run]:
        rows = self.database.read(f"SELECT * FROM runs WHERE {condition}", arguments)  # noqa: S608 - our own constants
        query = "SELECT name, value FROM metrics WHERE run = ? ORDER BY rowid"
        return [read_run(row, self.database.read(query, (row["id"],))) for row in rows]

    def runs(
        self, slug: str | None = None, status: RunStatus | str | None = None, limit: int | None = None
    ) -> list[Run]:
        """Return the runs, newest first, of one paper and one status if given, at most ``limit``.

        Raises
        ------
        DomainError
            If ``status`` is no status or ``limit`` is negative.
        """
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            message = f"limit must be an integer >= 0, got {limit!r}"
            raise DomainError(message, hint="leave it out for all runs")
        wanted = None if status is None else _status(status)
        condition, arguments = ("slug = ?", [slug]) if slug is not None else ("1", [])
        found = self._read_runs(f"{condition} ORDER BY created DESC, rowid DESC", arguments)
        return [run for run in found if wanted is None or run.status is wanted][:limit]

    def run(self, run_id: str) -> Run:
        """Return the run of an id or of a prefix that only one run has.

        Raises
        ------
        DomainError
            If no run or more than one has it.
        """
        text = str(run_id).strip().lower()
        found = self._read_runs("substr(id, 1, ?) = ? ORDER BY created DESC LIMIT 5", (len(text), text)) if text else []
        if len(found) == 1:
            return found[0]
        if found:
            message = f"run {text!r} is not unique: {', '.join(run.id for run in found)}"
            raise DomainError(message, hint="give more digits")
        message = f"there is no run {text!r} in {self.path}"
        raise DomainError(message, hint="`erlangen runs` lists them")

    def latest(self, slug: str, preset: str | None = None) -> Run | None:
        """Return the run of a paper (and preset) that finished last, or None."""
        condition = "slug = ? AND status = 'finished'" + ("" if preset is None else " AND preset = ?")
        arguments = (slug,) if preset is None else (slug, preset)
        found = self._read_runs(f"{condition} ORDER BY finished DESC, rowid DESC LIMIT 1", arguments)
        return found[0] if found else None

    def owner(self, run_id: str) -> Owner | None:
        """Return the living process that executes a run, or None; ``owner.pid`` takes the signal that stops it."""
        row = self.database.read("SELECT * FROM runs WHERE id = ?", (self.run(run_id).id,))[0]
        if row["status"] != RunStatus.RUNNING or is_orphan(row):
            return None
        return Owner.from_json(read_json(row["owner"], f"the owner of run {row['id']}"))

    def events(self, run_id: str, after: int = 0, limit: int | None = None) -> list[Event]:
        """Return the events of a run with ``seq > after``, oldest first."""
        query = "SELECT * FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?"
        rows = self.database.read(query, (self.run(run_id).id, after, -1 if limit is None else limit))
        return [
            Event(row["seq"], row["time"], row["kind"], read_json(row["data"], f"event {row['seq']} of run {run_id}"))
            for row in rows
        ]

    def rows(self, run_id: str) -> dict[str, JSON]:
        """Return the rows of a run, key to value, in the order they were stored."""
        found = self.database.read("SELECT * FROM rows WHERE run = ? ORDER BY rowid", (self.run(run_id).id,))
        return {row["key"]: read_json(row["value"], f"row {row['key']!r} of run {run_id}") for row in found}

    def figures(self, run_id: str) -> list[Figure]:
        """Return the figures of a run, in the order they were stored."""
        found = self.database.read("SELECT * FROM figures WHERE run = ? ORDER BY rowid", (self.run(run_id).id,))
        return [Figure(row["name"], row["caption"], row["media_type"], row["data"]) for row in found]

    def arrays(self, run_id: str) -> dict[str, NDArray[np.generic]]:
        """Return the arrays of a run by name (this loads NumPy)."""
        codec = import_module("erlangen.runs.arrays")
        found = self.array_bytes(run_id)
        return {name: codec.decode_array(data, name) for name, data in found.items()}

    def array_bytes(self, run_id: str) -> dict[str, bytes]:
        """Return the arrays of a run by name, each as the bytes of a safetensors file with the one tensor ``array``."""
        found = self.database.read("SELECT name, data FROM arrays WHERE run = ? ORDER BY rowid", (self.run(run_id).id,))
        return {row["name"]: row["data"] for row in found}

    def pin(self, slug: str, pinned: bool = True) -> None:
        """Pin a paper, or take its pin away."""
        with self.database.transaction() as connection:
            if pinned:
                connection.execute("INSERT OR IGNORE INTO pins VALUES (?, ?)", (str(slug), utc_now()))
            else:
                connection.execute("DELETE FROM pins WHERE slug = ?", (str(slug),))

    def pins(self) -> tuple[str, ...]:
        """Return the slugs of the pinned papers, oldest pin first."""
        return tuple(row["slug"] for row in self.database.read("SELECT slug FROM pins ORDER BY created, slug"))

    def merge(self, other: str | os.PathLike[str]) -> MergeReport:
        """Take over, by id, the runs and pins of another store; the other file is only read.

        A finished run replaces an unfinished one of the same id; rows of two unfinished ones are united where they agree; a run
        that is being executed here is left alone.

        Raises
        ------
        StoreError
            If the other file is missing, damaged or newer.
        """
        return merge_into(self.database, Path(other))

    def verify(self) -> Verification:
        """Check the whole file: SQLite's integrity, ids, hashes of rows, figures and arrays, gaps in the logs."""
        return verify(self.database)


def _status(value: RunStatus | str) -> RunStatus:
    try:
        return RunStatus(value)
    except ValueError as error:
        message = f"status must be one of {', '.join(RunStatus)}; got {value!r}"
        raise DomainError(message, hint="choose one of the listed") from error
