"""A run as the store knows it, and what belongs to it: events, figures.

Definition: values, frozen; they never change after they were read, read again to see progress.
Convention: times are ISO 8601 in UTC, durations seconds of all attempts together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from erlangen.runs.canonical_json import JSON
from erlangen.runs.run_spec import RunSpec
from erlangen.runs.run_status import RunStatus

__all__ = ["Event", "Figure", "Run"]


@dataclass(frozen=True)
class Run:
    """One run: specification, state, results.

    Parameters
    ----------
    id : str
        12 hexadecimal digits, ``spec.id``.
    spec : RunSpec
    status : RunStatus
    created, started : str
        First and latest start, ISO UTC.
    finished : str or None
        End of a FINISHED or FAILED run, ISO UTC.
    seconds : float
        Time spent working, summed over the attempts.
    metrics : dict
        Name to number, text, truth value or None, in the order of recording.
    versions : dict
        Name to version of what the latest attempt ran on (python, numpy, …).
    error : str or None
        One line, of a FAILED run.
    attempt : int
        1 for a run that was never resumed.
    """

    id: str
    spec: RunSpec
    status: RunStatus
    created: str
    started: str
    finished: str | None
    seconds: float
    metrics: dict[str, float | int | str | bool | None]
    versions: dict[str, str]
    error: str | None
    attempt: int

    @property
    def slug(self) -> str:
        """The paper's slug."""
        return self.spec.slug

    @property
    def preset(self) -> str:
        """The preset's name."""
        return self.spec.preset

    def to_json(self) -> dict[str, Any]:
        """Return the run as a dictionary for ``json.dumps`` (non-finite metrics as Python floats)."""
        return {
            "id": self.id,
            **self.spec.to_json(),
            "status": str(self.status),
            "created": self.created,
            "started": self.started,
            "finished": self.finished,
            "seconds": self.seconds,
            "metrics": dict(self.metrics),
            "versions": dict(self.versions),
            "error": self.error,
            "attempt": self.attempt,
        }


@dataclass(frozen=True)
class Event:
    """One line of a run's append-only log.

    ``kind`` is one of started, progress, row, metric, figure, message, finished, failed, interrupted. The data of ``progress`` hold
    step, total, message, metrics, rate (steps a second of this attempt, or None) and eta (seconds left, or None).
    """

    seq: int
    time: str
    kind: str
    data: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One figure of a run: ``data`` are the bytes of a file of type ``media_type`` (``image/svg+xml``, ``image/png`` …)."""

    name: str
    caption: str
    media_type: str
    data: bytes
