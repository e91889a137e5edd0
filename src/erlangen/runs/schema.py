"""The tables of the store and the way from each older form to the present one.

Definition: ``PRAGMA user_version`` counts the migrations applied; ``PRAGMA application_id`` marks the file as ours.
Convention: a migration is a tuple of statements, applied with its new version in one transaction; published ones never change.
"""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "MIGRATIONS", "VERSION"]

APPLICATION_ID = 0x45524C47
"""The letters ERLG."""

_STATUS = "('running', 'interrupted', 'finished', 'failed')"

_FIRST = (
    f"""CREATE TABLE runs (
        id TEXT PRIMARY KEY, slug TEXT NOT NULL, preset TEXT NOT NULL, spec TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN {_STATUS}),
        created TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, seconds REAL NOT NULL DEFAULT 0,
        versions TEXT NOT NULL DEFAULT '{{}}', error TEXT, attempt INTEGER NOT NULL DEFAULT 1,
        owner TEXT, heartbeat REAL)""",
    """CREATE TABLE events (
        run TEXT NOT NULL REFERENCES runs (id), seq INTEGER NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL,
        data TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID""",
    "CREATE TABLE rows (run TEXT NOT NULL REFERENCES runs (id), key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (run, key))",
    "CREATE TABLE metrics (run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (run, name))",
    """CREATE TABLE figures (
        run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, caption TEXT NOT NULL, media_type TEXT NOT NULL,
        data BLOB NOT NULL, UNIQUE (run, name))""",
    "CREATE TABLE arrays (run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (run, name))",
    "CREATE TABLE pins (slug TEXT PRIMARY KEY, created TEXT NOT NULL)",
)

_DIGESTS_AND_FENCE = (
    "ALTER TABLE runs ADD COLUMN token TEXT",
    "CREATE INDEX runs_by_slug ON runs (slug, status, finished)",
    "ALTER TABLE rows ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "UPDATE rows SET digest = erlangen_digest(key, value)",
    "ALTER TABLE figures ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "UPDATE figures SET digest = erlangen_digest(name, caption, media_type, data)",
    "ALTER TABLE arrays ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "UPDATE arrays SET digest = erlangen_digest(name, data)",
    """CREATE TRIGGER events_are_kept BEFORE DELETE ON events
        BEGIN SELECT raise(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER events_are_final BEFORE UPDATE ON events
        BEGIN SELECT raise(ABORT, 'events are append-only'); END""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _DIGESTS_AND_FENCE)
"""Statements that lead from version ``i`` to ``i + 1``."""

VERSION = len(MIGRATIONS)
