"""Is the store sound?

Definition: SQLite's integrity check; run ids equal the hash of their specification; digests of rows, figures and arrays; logs without gaps;
metrics of finished runs equal those their last ``finished`` event declared. Times and log lines carry no digest.
Convention: reading only; every problem is one line that names the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from erlangen.errors import ErlangenError, StoreError
from erlangen.runs.canonical_json import canonical, decode, digest
from erlangen.runs.database import Database
from erlangen.runs.run_spec import RunSpec

__all__ = ["Verification", "verify"]


@dataclass(frozen=True)
class Verification:
    """What a check of the store found; sound if there are no ``problems``."""

    path: Path
    runs: int
    rows: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def _integrity(database: Database) -> Iterator[str]:
    for row in database.read("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"integrity: {row[0]}"


def _ids(database: Database) -> Iterator[str]:
    for row in database.read("SELECT id, slug, preset, spec FROM runs"):
        try:
            spec = RunSpec.from_json(decode(row["spec"]))
        except ErlangenError as error:
            yield f"run {row['id']}: its specification is damaged: {error.message}"
        else:
            if (spec.id, spec.slug, spec.preset) != (row["id"], row["slug"], row["preset"]):
                yield f"run {row['id']}: its specification has the id {spec.id}, {spec.slug}, {spec.preset}"


def _digests(database: Database) -> Iterator[str]:
    for row in database.read("SELECT run, key, value, digest FROM rows"):
        if digest(row["key"], row["value"]) != row["digest"]:
            yield f"run {row['run']}: row {row['key']!r} does not match its hash"
    for row in database.read("SELECT * FROM figures"):
        if digest(row["name"], row["caption"], row["media_type"], row["data"]) != row["digest"]:
            yield f"run {row['run']}: figure {row['name']!r} does not match its hash"
    for row in database.read("SELECT * FROM arrays"):
        if digest(row["name"], row["data"]) != row["digest"]:
            yield f"run {row['run']}: array {row['name']!r} does not match its hash"


def _logs(database: Database) -> Iterator[str]:
    for row in database.read("SELECT run, count(*) AS n, min(seq) AS low, max(seq) AS high FROM events GROUP BY run"):
        if (row["low"], row["high"]) != (1, row["n"]):
            yield f"run {row['run']}: its log has {row['n']} events numbered {row['low']} to {row['high']}"


def _metrics(database: Database) -> Iterator[str]:
    declared = """SELECT run, data FROM events AS e WHERE kind = 'finished' AND seq = (
        SELECT max(seq) FROM events WHERE run = e.run AND kind = 'finished')
        AND run IN (SELECT id FROM runs WHERE status = 'finished')"""
    for row in database.read(declared):
        found = database.read("SELECT name, value FROM metrics WHERE run = ?", (row["run"],))
        try:
            same = canonical(decode(row["data"])["metrics"]) == canonical(
                {m["name"]: decode(m["value"]) for m in found}
            )
        except (ErlangenError, KeyError, TypeError):
            same = False
        if not same:
            yield f"run {row['run']}: its metrics differ from those declared when it finished"


def verify(database: Database) -> Verification:
    """Return what a full check finds.

    Raises
    ------
    StoreError
        If the file cannot be read at all.
    """
    runs = database.read("SELECT count(*) FROM runs")[0][0]
    rows = database.read("SELECT count(*) FROM rows")[0][0]
    problems: list[str] = []
    for check in (_integrity, _ids, _digests, _logs, _metrics):
        try:
            problems += check(database)
        except StoreError as error:
            problems.append(error.message)
    return Verification(database.path, runs, rows, tuple(problems))
