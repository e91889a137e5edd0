"""One SQLite file in write-ahead mode: connections, transactions, schema, and every failure as a StoreError.

Definition: one connection for each thread and process, never carried across a fork; readers do not block the writer.
Convention: ``synchronous`` is NORMAL (a killed process loses nothing committed) and FULL where ``durable=True`` (nor does a power cut).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from erlangen.errors import StoreError
from erlangen.runs.canonical_json import digest
from erlangen.runs.location import make_folder
from erlangen.runs.schema import APPLICATION_ID, MIGRATIONS

__all__ = ["Database"]

_BUSY_SECONDS = 30.0
_GRAVEYARD: list[object] = []
"""Connections of a parent process, seen by a forked child: closing them there could harm the parent's."""

_REMEDIES = (
    (("SQLITE_FULL",), "is on a full disk", "free some space and resume; what was acknowledged is kept"),
    (
        ("SQLITE_IOERR",),
        "cannot be read or written",
        "look at the disk (space, quota), then resume; what was acknowledged is kept",
    ),
    (
        ("SQLITE_NOTADB", "SQLITE_CORRUPT"),
        "is not a sound run store",
        "move the file aside to begin a new store; `sqlite3 FILE .recover` may save its rows",
    ),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN"),
        "cannot be written or opened",
        "make it writable, or set ERLANGEN_HOME to another folder",
    ),
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"),
        "is held by another process",
        "try again when it has finished",
    ),
)


def _explain(path: Path, error: sqlite3.Error) -> StoreError:
    """Return the refusal for an error of SQLite: path, what happened, remedy."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if not name and "not a database" in str(error):
        name = "SQLITE_NOTADB"
    for prefixes, what, hint in _REMEDIES:
        if name.startswith(prefixes):
            return StoreError(f"the run store {path} {what}: {error}", hint=hint.replace("FILE", str(path)))
    return StoreError(f"the run store {path} refused a statement: {error}", hint="`erlangen doctor` checks the store")


def _close_all(connections: dict[int, sqlite3.Connection], pid: int) -> None:
    if os.getpid() != pid:
        _GRAVEYARD.append(connections)
        return
    for connection in connections.values():
        connection.close()
    connections.clear()


class Database:
    """An SQLite file with our schema.

    Parameters
    ----------
    path : Path
    read_only : bool
        Open what is there and never write.
    migrations : sequence of sequences of str
        Statements from each version to the next (for tests; the default is the real schema).

    Raises
    ------
    StoreError
        If the file is damaged, foreign, newer than this library, or cannot be opened.
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, migrations: Sequence[Sequence[str]] = MIGRATIONS
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._migrations = migrations
        self._forget()
        if not read_only:
            make_folder(path)
        elif not path.is_file():
            message = f"there is no run store at {path}"
            raise StoreError(message, hint="give the path of a runs.sqlite file")
        with self.guard():
            self._prepare()

    def _forget(self) -> None:
        """Begin with no connections in this process."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._connections: dict[int, sqlite3.Connection] = {}
        self._finalizer = weakref.finalize(self, _close_all, self._connections, self._pid)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn every error of SQLite inside the block into a StoreError."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _explain(self.path, error) from error

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, opened if need be."""
        if self._pid != os.getpid():
            self._finalizer.detach()
            _GRAVEYARD.append(self._connections)
            self._forget()
        ident = threading.get_ident()
        with self._lock:
            found = self._connections.get(ident)
        if found is None:
            found = self._open()
            with self._lock:
                self._connections[ident] = found
        return found

    def _open(self) -> sqlite3.Connection:
        mode = "ro" if self.read_only else "rwc"
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        if self.read_only and not os.access(self.path.parent, os.W_OK) and not Path(f"{self.path}-wal").exists():
            uri += "&immutable=1"
        connection = sqlite3.connect(
            uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.create_function("erlangen_digest", -1, digest, deterministic=True)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        """Check that the file is ours and bring its schema to the present version."""
        version = self._version()
        if version > len(self._migrations):
            message = f"the run store {self.path} has schema {version}; this erlangen knows {len(self._migrations)}"
            raise StoreError(message, hint="upgrade erlangen, or set ERLANGEN_HOME to another folder")
        if not self.read_only:
            self._write_ahead()
        if version == len(self._migrations):
            return
        if self.read_only:
            message = (
                f"the run store {self.path} has the older schema {version} and cannot be brought up to date read-only"
            )
            raise StoreError(message, hint="open it once for writing")
        if version:
            self.backup(Path(f"{self.path}.schema-{version}"))
        with self.transaction() as connection:
            for number in range(self._version(), len(self._migrations)):
                for statement in self._migrations[number]:
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(self._migrations)}")

    def _write_ahead(self) -> None:
        """Switch the file to write-ahead mode; SQLite does not wait by itself while another process does the same."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self.connection().execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def _version(self) -> int:
        """Return the schema version, 0 for an empty file; refuse a file of other software.

        All three numbers come from one snapshot: another process may be creating the schema at this moment.
        """
        with self._snapshot() as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
            tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        if tables and mark != APPLICATION_ID:
            message = f"{self.path} is an SQLite file of other software (application id {mark:#x}), not a run store"
            raise StoreError(message, hint="give another path, or set ERLANGEN_HOME to another folder")
        return version if tables else 0

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Let all reads of the block see one state of the file, inside a transaction already begun or one of their own."""
        connection = self.connection()
        if connection.in_transaction:
            yield connection
            return
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Run the block in one immediate transaction: all of it is kept, or nothing."""
        with self.guard():
            connection = self.connection()
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            try:  # around BEGIN too: a Ctrl-C that strikes right behind it must not leave the transaction open
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def read(self, statement: str, arguments: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self.guard():
            return self.connection().execute(statement, arguments).fetchall()

    def backup(self, target: Path) -> None:
        """Copy the store as it stands, by SQLite's own backup, to a new file."""
        with self.guard(), closing(sqlite3.connect(target)) as copy:
            self.connection().backup(copy)

    def close_thread(self) -> None:
        """Close the connection of this thread."""
        if self._pid == os.getpid():
            with self._lock:
                found = self._connections.pop(threading.get_ident(), None)
            if found is not None:
                found.close()

    def close(self) -> None:
        """Close every connection this process holds; the next use opens new ones."""
        if self._pid == os.getpid():
            with self._lock:
                _close_all(self._connections, self._pid)
