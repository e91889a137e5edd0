"""Measuring a case: two processes, rounds in turn, threads fixed, correctness of both sides first.

Definition: after one warm-up round that is scored and must reach the case's least scores, each round runs both sides and gives one ratio theirs / ours.
Convention: which side goes first alternates from round to round, so that drift of the machine falls on both.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import erlangen
from erlangen.bench.case import Case
from erlangen.bench.peers import peer_python, peers
from erlangen.bench.process import SideProcess
from erlangen.bench.record import Record, load, machine
from erlangen.errors import DomainError, ReproductionError
from erlangen.validation import check_integer

__all__ = ["measure"]

OnProgress = Callable[[int, int, str, dict[str, object] | None], None]
_SHORTEST = 1e-4


def _side(case: Case, name: str, python: Path, parameters: Mapping[str, Any]) -> SideProcess:
    """Start one side of a case."""
    package = "erlangen" if name == "ours" else case.peer
    return SideProcess(name, python, case.data, case.side(name), package, parameters, case.threads)


def _check_scores(case: Case, side: str, score: Mapping[str, float]) -> None:
    """Refuse to time a side whose result is not right."""
    for key, least in case.require.get(side, {}).items():
        value = score.get(key)
        if value is None or not value >= least:
            message = f"{case.name}: {side} must reach {key} >= {least:g} before it is timed, got {value}"
            raise ReproductionError(message, hint="a wrong result has no speed; mend it or the case")


def _ratio(case: Case, ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """Return theirs / ours of one round."""
    measured = case.measured
    for side, figures in (("ours", ours), ("theirs", theirs)):
        if figures[measured] < _SHORTEST:
            message = f"{case.name}: one round of {side} took {figures[measured]:.1e} s, too short to be timed"
            raise DomainError(message, hint="let the case do more work a round")
    return theirs[measured] / ours[measured]


def measure(
    case: Case,
    *,
    rounds: int | None = None,
    peers_folder: Path | str | None = None,
    parameters: Mapping[str, Any] | None = None,
    python: Path | str | None = None,
    on_progress: OnProgress | None = None,
) -> Record:
    """Measure a case against its peer and return the record.

    Parameters
    ----------
    case : Case
        What to measure.
    rounds : int, optional
        Counted rounds (default: the case's).
    peers_folder : path, optional
        Where the peers' environments lie.
    parameters : mapping, optional
        Overrides of the case's parameters.
    python : path, optional
        Interpreter for the peer's side instead of the peer's own environment.
    on_progress : callable, optional
        ``on_progress(step, total, message, metrics)``.

    Raises
    ------
    ReproductionError
        If a side's result does not reach the least score of the case: nothing is timed then.
    ConvergenceError
        If a side fails; the message carries its error.
    DomainError
        If a round is too short to be timed, or there is no such peer.
    """
    total = check_integer(case.rounds if rounds is None else rounds, "rounds", low=1)
    if case.peer not in peers():
        message = f"{case.name}: there is no peer {case.peer!r}"
        raise DomainError(message, hint=f"the peers are {', '.join(peers())}")
    peer = peers()[case.peer]
    other = Path(python) if python is not None else peer_python(case.peer, peers_folder)
    values = {**case.parameters, **(parameters or {})}
    busy = load()
    times: dict[str, list[dict[str, Any]]] = {"ours": [], "theirs": []}
    ratios: list[float] = []
    with _side(case, "ours", Path(sys.executable), values) as ours, _side(case, "theirs", other, values) as theirs:
        warm = {side.name: side.run(score=True) for side in (ours, theirs)}
        for name, answer in warm.items():
            _check_scores(case, name, answer["score"])
        for step in range(total):
            for side in (ours, theirs) if step % 2 else (theirs, ours):
                times[side.name].append(side.run())
            ratio = _ratio(case, times["ours"][-1], times["theirs"][-1])
            ratios.append(ratio)
            if on_progress:
                on_progress(step + 1, total, f"{case.name}: ratio {ratio:.2f}", {"ratio": ratio})
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive") if total > 1 else (ratios[0], 0.0, ratios[0])
    version = warm["theirs"].get("version") or peer.version
    return Record(
        case=case.name,
        title=case.title,
        paper=case.paper,
        unit=case.unit,
        threads=case.threads,
        parameters=dict(values),
        peer={"name": peer.name, "version": version, "licence": peer.licence},
        ratio={"median": statistics.median(ratios), "low": low, "high": high},
        goal=case.goal,
        ours={**_summary(times["ours"], warm["ours"]), "version": erlangen.__version__},
        theirs={**_summary(times["theirs"], warm["theirs"]), "version": version},
        machine=machine(),
        date=datetime.now(UTC).date().isoformat(),
        note=case.note,
        load=busy,
    )


def _summary(rounds: list[dict[str, Any]], warm: Mapping[str, Any]) -> dict[str, Any]:
    """Median times, peak memory and scores of one side."""
    return {
        "cpu": statistics.median(item["cpu"] for item in rounds),
        "wall": statistics.median(item["wall"] for item in rounds),
        "peak": max(item["peak"] for item in rounds),
        "score": warm["score"],
        "rounds": len(rounds),
    }
