"""Two stores into one.

Definition: runs are the same if their ids are; a finished run is worth more than an unfinished one, and rows of unfinished ones unite.
Convention: the other file is copied by SQLite's backup before it is read, so that it is neither locked nor changed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from erlangen.errors import StoreError
from erlangen.runs.canonical_json import canonical
from erlangen.runs.database import Database
from erlangen.runs.records import is_orphan
from erlangen.runs.verify import verify

__all__ = ["MergeReport", "merge_into"]

_CONTENT = {
    "rows": "run, key, value, digest",
    "metrics": "run, name, value",
    "figures": "run, name, caption, media_type, data, digest",
    "arrays": "run, name, data, digest",
}


@dataclass(frozen=True)
class MergeReport:
    """Ids of the runs that were ``added``, ``updated`` and ``kept`` as they were; ``conflicts`` are kept too.

    A conflict is a run finished on both sides with other metrics, or unfinished on both with another value in a row of one key:
    equal specifications should give equal rows, so the two are not mixed.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    conflicts: tuple[str, ...]


def _metrics(connection: sqlite3.Connection, run_id: str) -> str:
    found = connection.execute("SELECT name, value FROM metrics WHERE run = ?", (run_id,)).fetchall()
    return canonical({row["name"]: row["value"] for row in found})


def _row_digests(connection: sqlite3.Connection, run_id: str) -> dict[str, str]:
    """Return the content hash of each row of a run."""
    return dict(connection.execute("SELECT key, digest FROM rows WHERE run = ?", (run_id,)).fetchall())


def _copy_run(source: sqlite3.Connection, target: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Insert or overwrite the line of a run itself; a run that was being executed there is interrupted here."""
    fields = dict(row) | {"owner": None, "token": None, "heartbeat": None}
    if fields["status"] == "running":
        fields["status"] = "interrupted"
    names = ", ".join(fields)
    marks = ", ".join(f":{name}" for name in fields)
    changes = ", ".join(f"{name} = excluded.{name}" for name in fields if name not in ("id", "created"))
    statement = f"INSERT INTO runs ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"  # noqa: S608 - column names
    target.execute(statement, fields)


def _copy_content(source: sqlite3.Connection, target: sqlite3.Connection, run_id: str, *, replace: bool) -> None:
    """Take over rows, metrics, figures and arrays; events go behind those already here."""
    for table, names in _CONTENT.items():
        found = source.execute(f"SELECT {names} FROM {table} WHERE run = ? ORDER BY rowid", (run_id,))  # noqa: S608
        if replace:
            target.execute(f"DELETE FROM {table} WHERE run = ?", (run_id,))  # noqa: S608
        marks = ", ".join("?" * len(names.split(",")))
        target.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", found.fetchall())  # noqa: S608
    offset = target.execute("SELECT coalesce(max(seq), 0) FROM events WHERE run = ?", (run_id,)).fetchone()[0]
    events = source.execute(
        "SELECT run, seq + ?, time, kind, data FROM events WHERE run = ? ORDER BY seq", (offset, run_id)
    )
    target.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", events.fetchall())


def _unite(source: sqlite3.Connection, target: sqlite3.Connection, run_id: str) -> str:
    """Unite the rows of a run that is finished on neither side, if those both have agree."""
    mine, other = _row_digests(target, run_id), _row_digests(source, run_id)
    if any(mine.get(key, value) != value for key, value in other.items()):
        return "conflicts"
    if other.keys() <= mine.keys():
        return "kept"
    _copy_content(source, target, run_id, replace=False)
    return "updated"


def _merge_run(source: sqlite3.Connection, target: sqlite3.Connection, theirs: sqlite3.Row) -> str:
    """Merge one run and return the list of the report it belongs to."""
    run_id = theirs["id"]
    ours = target.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
    if ours is None:
        _copy_run(source, target, theirs)
        _copy_content(source, target, run_id, replace=False)
        return "added"
    if ours["status"] == "running" and not is_orphan(ours):
        return "kept"
    if ours["status"] == "finished":
        same = theirs["status"] != "finished" or _metrics(source, run_id) == _metrics(target, run_id)
        return "kept" if same else "conflicts"
    if theirs["status"] == "finished":
        _copy_run(source, target, theirs)
        _copy_content(source, target, run_id, replace=True)
        return "updated"
    return _unite(source, target, run_id)


def merge_into(database: Database, other: Path) -> MergeReport:
    """Merge the store at ``other`` into ``database``, all of it or nothing.

    Raises
    ------
    StoreError
        If the other file is missing, damaged or newer.
    """
    if not other.is_file():
        message = f"there is no run store at {other}"
        raise StoreError(message, hint="give the path of a runs.sqlite file")
    lists: dict[str, list[str]] = {"added": [], "updated": [], "kept": [], "conflicts": []}
    with tempfile.TemporaryDirectory(prefix="erlangen-merge-") as folder:
        copy = Path(folder) / other.name
        _snapshot(other, copy)
        theirs = Database(copy)
        problems = verify(theirs).problems
        if problems:
            message = f"the run store {other} is damaged: {problems[0]}"
            raise StoreError(message, hint="nothing was merged; `erlangen doctor` lists what is wrong with a store")
        source = theirs.connection()
        with database.transaction() as target, theirs.guard():
            for row in source.execute("SELECT * FROM runs ORDER BY created").fetchall():
                lists[_merge_run(source, target, row)].append(row["id"])
            target.executemany(
                "INSERT OR IGNORE INTO pins VALUES (?, ?)", source.execute("SELECT * FROM pins").fetchall()
            )
        theirs.close()
    return MergeReport(**{name: tuple(ids) for name, ids in lists.items()})


def _snapshot(other: Path, copy: Path) -> None:
    """Copy a store that others may be writing, without locking or changing it."""
    try:
        with (
            closing(sqlite3.connect(f"{other.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as error:
        message = f"the run store {other} cannot be read: {error}"
        raise StoreError(message, hint="check that it is a runs.sqlite file and not damaged") from error
