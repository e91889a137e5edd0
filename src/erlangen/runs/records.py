"""From the store's table rows to values.

Definition: one function for each kind of record; the state of a run is read together with whether its process lives.
Convention: a stored text that cannot be read back is a StoreError naming the record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from erlangen.errors import ErlangenError, StoreError
from erlangen.runs.canonical_json import JSON, decode
from erlangen.runs.owner import Owner
from erlangen.runs.run import Run
from erlangen.runs.run_spec import RunSpec
from erlangen.runs.run_status import RunStatus

__all__ = ["is_orphan", "read_json", "read_run"]


def read_json(text: str, what: str) -> JSON:
    """Return the value of a stored text.

    Raises
    ------
    StoreError
        If it is damaged; ``what`` names the record.
    """
    try:
        return decode(text)
    except ErlangenError as error:
        message = f"{what} is damaged: {error.message}"
        raise StoreError(message, hint="`erlangen doctor` checks the store; run it again from the start") from error


def is_orphan(row: sqlite3.Row) -> bool:
    """Return whether a row of ``runs`` says RUNNING though its process is gone."""
    if row["status"] != RunStatus.RUNNING:
        return False
    owner = Owner.from_json(read_json(row["owner"], "an owner")) if row["owner"] else None
    return owner is None or not owner.alive(row["heartbeat"])


def read_run(row: sqlite3.Row, metrics: Iterable[sqlite3.Row]) -> Run:
    """Return the run of a row of ``runs`` and its rows of ``metrics``."""
    name = f"run {row['id']}"
    try:
        spec = RunSpec.from_json(read_json(row["spec"], f"the specification of {name}"))
    except ErlangenError as error:
        message = f"the specification of {name} is damaged: {error.message}"
        raise StoreError(message, hint="`erlangen doctor` checks the store") from error
    return Run(
        id=row["id"],
        spec=spec,
        status=RunStatus.INTERRUPTED if is_orphan(row) else RunStatus(row["status"]),
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
        seconds=row["seconds"],
        metrics={m["name"]: read_json(m["value"], f"metric {m['name']!r} of {name}") for m in metrics},
        versions=read_json(row["versions"], f"the versions of {name}"),
        error=row["error"],
        attempt=row["attempt"],
    )
