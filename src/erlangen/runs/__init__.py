"""Run records: what was computed, from what, how long it took, and how to go on where it stopped.

Definition: a run is the work a :class:`RunSpec` determines; its rows, metrics, figures and arrays live in a :class:`RunStore` (SQLite).
Convention: names load when first used (PEP 562), so that reading the store loads neither NumPy nor joblib.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erlangen.runs.canonical_json import JSON, canonical, decode, digest, normalise
    from erlangen.runs.context import RunContext
    from erlangen.runs.execution import execute
    from erlangen.runs.location import default_store_path
    from erlangen.runs.merge import MergeReport
    from erlangen.runs.provenance import environment, source_hash
    from erlangen.runs.run import Event, Figure, Run
    from erlangen.runs.run_interrupted import RunInterrupted
    from erlangen.runs.run_spec import RunSpec
    from erlangen.runs.run_status import RunStatus
    from erlangen.runs.store import RunStore
    from erlangen.runs.verify import Verification

_HOMES = {
    "JSON": "canonical_json",
    "Event": "run",
    "Figure": "run",
    "MergeReport": "merge",
    "Run": "run",
    "RunContext": "context",
    "RunInterrupted": "run_interrupted",
    "RunSpec": "run_spec",
    "RunStatus": "run_status",
    "RunStore": "store",
    "Verification": "verify",
    "canonical": "canonical_json",
    "decode": "canonical_json",
    "default_store_path": "location",
    "digest": "canonical_json",
    "environment": "provenance",
    "execute": "execution",
    "normalise": "canonical_json",
    "source_hash": "provenance",
}

__all__ = [
    "JSON",
    "Event",
    "Figure",
    "MergeReport",
    "Run",
    "RunContext",
    "RunInterrupted",
    "RunSpec",
    "RunStatus",
    "RunStore",
    "Verification",
    "canonical",
    "decode",
    "default_store_path",
    "digest",
    "environment",
    "execute",
    "normalise",
    "source_hash",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"erlangen.runs.{_HOMES[name]}"), name)
    message = f"module 'erlangen.runs' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
