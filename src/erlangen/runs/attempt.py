"""The writing side of a run: one attempt to execute it, owned by one process.

Definition: an attempt claims the run, appends rows, metrics, figures, arrays and events, and ends it as finished, failed or interrupted.
Convention: each write is one transaction that also proves the claim (token) and renews the heartbeat; it has returned when the row is kept.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from erlangen.errors import StoreError
from erlangen.runs.canonical_json import JSON, canonical, decode, digest
from erlangen.runs.owner import Owner
from erlangen.runs.records import is_orphan
from erlangen.runs.run_spec import RunSpec
from erlangen.runs.run_status import RunStatus
from erlangen.runs.store import RunStore, utc_now

__all__ = ["Attempt"]

_HEARTBEAT_SECONDS = 2.0
_CONTENT = ("rows", "metrics", "figures", "arrays")


class Attempt:
    """One attempt at a run; make it with :meth:`claim`.

    Parameters
    ----------
    store : RunStore
    run_id : str
    number : int
        1 for the first attempt.
    token : str
        Proof of the claim.
    seconds : float
        Time spent by earlier attempts.
    """

    def __init__(self, store: RunStore, run_id: str, number: int, token: str, seconds: float) -> None:
        self.store = store
        self.run_id = run_id
        self.number = number
        self._token = token
        self._seconds = seconds
        self._began = time.monotonic()
        self._stop_beating = threading.Event()
        self._heart = threading.Thread(target=self._beat, name=f"heartbeat-{run_id}", daemon=True)

    @classmethod
    def claim(
        cls, store: RunStore, spec: RunSpec, versions: Mapping[str, str], *, again: bool = False
    ) -> Attempt | None:
        """Return a new attempt at the run of ``spec``, or None if it is finished (and not wanted ``again``).

        Raises
        ------
        StoreError
            If another living process, or another thread of this one, executes the run.
        """
        owner = Owner.current()
        try:
            with store.database.transaction() as connection:
                row = connection.execute("SELECT * FROM runs WHERE id = ?", (spec.id,)).fetchone()
                if row is not None and row["status"] == RunStatus.FINISHED and not again:
                    Owner.retire(owner.token)
                    return None
                _refuse_living(row, spec)
                log = _restart(connection, spec, row, owner, versions, again=again)
                seconds = 0.0 if row is None or again else row["seconds"]
                attempt = cls(store, spec.id, log["attempt"], owner.token, seconds)
                attempt._append(connection, "started", log)
        except BaseException:
            Owner.retire(owner.token)
            raise
        attempt._heart.start()
        return attempt

    @contextmanager
    def _write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction that proves the claim and renews the heartbeat."""
        with self.store.database.transaction(durable=durable) as connection:
            statement = "UPDATE runs SET heartbeat = ?, seconds = ? WHERE id = ? AND token = ?"
            arguments = (time.time(), self.elapsed(), self.run_id, self._token)
            if connection.execute(statement, arguments).rowcount != 1:
                message = f"run {self.run_id} was taken over by another process"
                raise StoreError(message, hint="let that process finish it")
            yield connection

    def _append(self, connection: sqlite3.Connection, kind: str, data: Mapping[str, JSON]) -> None:
        statement = "INSERT INTO events SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4 FROM events WHERE run = ?1"
        connection.execute(statement, (self.run_id, utc_now(), kind, canonical(data)))

    def _beat(self) -> None:
        """Renew the heartbeat until the attempt ends; a failing disk is reported by the next row, not here."""
        try:
            while not self._stop_beating.wait(_HEARTBEAT_SECONDS):
                try:
                    with self._write():
                        pass
                except StoreError:
                    continue
        finally:
            self.store.database.close_thread()

    def elapsed(self) -> float:
        """Return the seconds of all attempts so far."""
        return self._seconds + time.monotonic() - self._began

    def rows(self) -> dict[str, str]:
        """Return the canonical texts of the rows stored by earlier attempts."""
        query = "SELECT key, value FROM rows WHERE run = ?"
        return {row["key"]: row["value"] for row in self.store.database.read(query, (self.run_id,))}

    def row(self, key: str, text: str) -> None:
        """Store a row; when this returns it is kept whatever happens to the process."""
        with self._write() as connection:
            connection.execute("INSERT INTO rows VALUES (?, ?, ?, ?)", (self.run_id, key, text, digest(key, text)))
            self._append(connection, "row", {"key": key})

    def metric(self, name: str, value: JSON) -> None:
        """Store a metric, replacing an earlier one of the name."""
        with self._write() as connection:
            connection.execute(
                "INSERT INTO metrics VALUES (?, ?, ?) ON CONFLICT (run, name) DO UPDATE SET value = excluded.value",
                (self.run_id, name, canonical(value)),
            )
            self._append(connection, "metric", {"name": name, "value": value})

    def figure(self, name: str, data: bytes, media_type: str, caption: str) -> None:
        """Store a figure, replacing an earlier one of the name."""
        with self._write() as connection:
            connection.execute(
                """INSERT INTO figures (run, name, caption, media_type, data, digest) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (run, name) DO UPDATE SET caption = excluded.caption, media_type = excluded.media_type,
                data = excluded.data, digest = excluded.digest""",
                (self.run_id, name, caption, media_type, data, digest(name, caption, media_type, data)),
            )
            self._append(connection, "figure", {"name": name, "media_type": media_type, "caption": caption})

    def array(self, name: str, data: bytes) -> None:
        """Store the bytes of an array, replacing an earlier one of the name."""
        with self._write() as connection:
            connection.execute(
                """INSERT INTO arrays (run, name, data, digest) VALUES (?, ?, ?, ?)
                ON CONFLICT (run, name) DO UPDATE SET data = excluded.data, digest = excluded.digest""",
                (self.run_id, name, data, digest(name, data)),
            )
            self._append(connection, "message", {"text": f"array {name}: {len(data)} bytes"})

    def event(self, kind: str, data: Mapping[str, JSON]) -> None:
        """Append an event."""
        with self._write() as connection:
            self._append(connection, kind, data)

    def end(self, status: RunStatus, *, error: str | None = None, data: Mapping[str, JSON] | None = None) -> None:
        """Declare the attempt finished (with a full sync), failed or interrupted; the claim is given back."""
        self._stop_beating.set()
        final = status in (RunStatus.FINISHED, RunStatus.FAILED)
        with self._write(durable=True) as connection:
            log = dict(data or {}) | {"seconds": self.elapsed()}
            if status is RunStatus.FINISHED:
                found = connection.execute(
                    "SELECT name, value FROM metrics WHERE run = ? ORDER BY rowid", (self.run_id,)
                )
                log["metrics"] = {row["name"]: decode(row["value"]) for row in found}
            self._append(connection, str(status), log)
            connection.execute(
                "UPDATE runs SET status = ?, finished = ?, error = ?, owner = NULL, token = NULL, heartbeat = NULL WHERE id = ?",
                (str(status), utc_now() if final else None, error, self.run_id),
            )
        self.release()

    def release(self) -> None:
        """Stop the heartbeat without a word to the store; this process no longer counts as executing the run."""
        self._stop_beating.set()
        Owner.retire(self._token)
        self._heart.join(timeout=2 * _HEARTBEAT_SECONDS)


def _refuse_living(row: sqlite3.Row | None, spec: RunSpec) -> None:
    """Refuse a run that somebody is at."""
    if row is not None and row["status"] == RunStatus.RUNNING and not is_orphan(row):
        pid = decode(row["owner"])["pid"]
        message = f"run {spec.id} ({spec.slug}, {spec.preset}) is being executed by process {pid}"
        raise StoreError(message, hint="wait for it, or stop that process first")


def _restart(
    connection: sqlite3.Connection,
    spec: RunSpec,
    row: sqlite3.Row | None,
    owner: Owner,
    versions: Mapping[str, str],
    *,
    again: bool,
) -> dict[str, Any]:
    """Write the line of the run for a new attempt and return what its ``started`` event says."""
    now = utc_now()
    attempt = 1 if row is None else row["attempt"] + 1
    fields: dict[str, Any] = {
        "status": "running",
        "started": now,
        "finished": None,
        "versions": canonical(dict(versions)),
        "error": None,
        "attempt": attempt,
        "owner": canonical(owner.to_json()),
        "heartbeat": time.time(),
        "token": owner.token,
    }
    if row is None:
        fields |= {
            "id": spec.id,
            "slug": spec.slug,
            "preset": spec.preset,
            "spec": canonical(spec.to_json()),
            "created": now,
        }
        names, marks = ", ".join(fields), ", ".join(f":{name}" for name in fields)
        connection.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", fields)  # noqa: S608 - column names
        return {"attempt": 1, "rows": 0}
    if again:
        previous = connection.execute(
            "SELECT name, value FROM metrics WHERE run = ? ORDER BY rowid", (spec.id,)
        ).fetchall()
        for table in _CONTENT:
            connection.execute(f"DELETE FROM {table} WHERE run = ?", (spec.id,))  # noqa: S608 - our own table names
        fields["seconds"] = 0.0
    changes = ", ".join(f"{name} = :{name}" for name in fields)
    connection.execute(f"UPDATE runs SET {changes} WHERE id = :id", fields | {"id": spec.id})  # noqa: S608 - column names
    kept = connection.execute("SELECT count(*) FROM rows WHERE run = ?", (spec.id,)).fetchone()[0]
    log: dict[str, Any] = {"attempt": attempt, "rows": kept}
    if again:
        log["previous"] = {m["name"]: decode(m["value"]) for m in previous}
    old = decode(row["versions"])
    changed = {
        name: f"{old.get(name)} -> {versions.get(name)}"
        for name in old | dict(versions)
        if old.get(name) != versions.get(name)
    }
    return log | ({"changed": changed} if changed and not again else {})
