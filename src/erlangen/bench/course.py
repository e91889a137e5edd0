"""Courses: how good the result of several sides is after so much processor time.

Definition: each side works on in stages, in a process of its own, and its result is scored, outside the clock, after the stages its plan names;
the side that has used the least processor time takes the next stage, until all have used the seconds, or taken the stages, asked for.
Convention: ``course.toml`` names title, paper, threads, data, parameters and sides; the record holds every stage of every side, each with its date,
so that sides may run one day after another.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from erlangen.bench.peers import peer_python, peers
from erlangen.bench.process import SideProcess
from erlangen.bench.record import load, machine
from erlangen.errors import DomainError, ParseError
from erlangen.validation import check_integer, check_real

__all__ = ["Course", "CourseSide", "course", "courses", "run_course", "write_course"]

_FOLDER = Path(__file__).parent / "cases"
_PLAN = ("schema", "course", "threads", "parameters")
_KNOWN = frozenset({"title", "paper", "threads", "data", "note", "parameters", "sides"})
OnProgress = Callable[[int, int, str, dict[str, object] | None], None]


@dataclass(frozen=True)
class CourseSide:
    """One that takes part: its name, its peer (empty for ours), the file with ``run``, its own parameters, and how many stages there are
    between two scores.
    """

    name: str
    peer: str
    file: Path
    parameters: Mapping[str, Any]
    every: int


@dataclass(frozen=True)
class Course:
    """A plan: who learns what.

    Attributes
    ----------
    name, title, paper, note : str
        Folder name, one-line title, slug of the paper it belongs to, a remark.
    threads : int
        Threads of each side.
    data : Path
        The file with ``make`` and ``score``.
    parameters : Mapping
        Passed to ``make`` for every side.
    sides : tuple of CourseSide
        Those that take part.

    Examples
    --------
    >>> course("learning-acac").parameters["stage"]  # a Course; epochs a stage
    4
    """

    name: str
    title: str
    paper: str
    note: str
    threads: int
    data: Path
    parameters: Mapping[str, Any]
    sides: tuple[CourseSide, ...]


def _read(path: Path) -> Course:
    """Read one plan."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(raw) - _KNOWN)
        sides = tuple(
            CourseSide(
                item["name"],
                item.get("peer", ""),
                path.parent / item["file"],
                MappingProxyType(dict(item.get("parameters", {}))),
                check_integer(item.get("every", 1), "every", low=1),
            )
            for item in raw["sides"]
        )
        title = str(raw["title"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        message = f"{path.name} of course {path.parent.name!r} cannot be read: {error}"
        raise ParseError(message, hint="mend the file") from error
    if unknown or any(side.peer and side.peer not in peers() for side in sides):
        message = f"{path.name} of course {path.parent.name!r}: unknown keys {unknown} or unknown peers"
        raise ParseError(message, hint=f"the keys are {', '.join(sorted(_KNOWN))}; the peers {', '.join(peers())}")
    return Course(
        path.parent.name.replace("_", "-"),
        title,
        str(raw.get("paper", "")),
        str(raw.get("note", "")),
        check_integer(raw.get("threads", 1), "threads", low=1, high=256),
        path.parent / str(raw.get("data", "data.py")),
        MappingProxyType(dict(raw.get("parameters", {}))),
        sides,
    )


def courses(root: Path | None = None) -> tuple[Course, ...]:
    """Return every plan found below ``root`` (default: those shipped), by name.

    Examples
    --------
    >>> [item.name for item in courses()]
    ['learning-acac']
    """
    folder = _FOLDER if root is None else Path(root)
    return tuple(_read(path) for path in sorted(folder.rglob("course.toml"), key=lambda path: path.parent.name))


def course(name: str, root: Path | None = None) -> Course:
    """Return the plan called ``name``.

    Raises
    ------
    DomainError
        If there is none.

    Examples
    --------
    >>> course("learning-acac").sides[0].name
    'mace-torch/1'
    """
    found = {item.name: item for item in courses(root)}
    if name not in found:
        message = f"there is no course {name!r}"
        raise DomainError(message, hint=f"the courses are {', '.join(found) or 'none'}")
    return found[name]


class _Runner:
    """A side with what it has done so far."""

    def __init__(self, side: CourseSide, process: SideProcess) -> None:
        self.side, self.process = side, process
        self.cpu, self.version = 0.0, ""
        self.stages: list[dict[str, Any]] = []

    def share(self, seconds: float, stages: int | None) -> float:
        """Return how much of its way the side has gone, 1 where seconds or stages are used up."""
        return min(1.0, max(self.cpu / seconds, len(self.stages) / stages if stages else 0.0))

    def step(self) -> dict[str, Any]:
        """Take one stage."""
        count = len(self.stages) + 1
        answer = self.process.run(score=count % self.side.every == 0)
        self.cpu, self.version = self.cpu + answer["cpu"], answer.get("version", "")
        row = {"stage": count, "cpu": self.cpu, "peak": answer["peak"], "load": load()}
        self.stages.append({**row, **({"score": answer["score"]} if "score" in answer else {})})
        return self.stages[-1]


def run_course(
    plan: Course,
    seconds: float,
    *,
    stages: int | None = None,
    only: tuple[str, ...] = (),
    peers_folder: Path | str | None = None,
    python: Path | str | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Let all sides learn for so much processor time, and return the record.

    Parameters
    ----------
    plan : Course
        Who learns what.
    seconds : float
        Processor time of each side, at least; a stage that has begun is finished.
    stages : int, optional
        Stages of each side, at most (default: as many as the seconds hold).
    only : tuple of str
        Names of the sides that take part (default: all).
    peers_folder : path, optional
        Where the peers' environments lie.
    python : path, optional
        Interpreter of the peers' sides instead of their own environments.
    on_progress : callable, optional
        ``on_progress(step, total, message, metrics)`` after each stage.

    Raises
    ------
    ConvergenceError
        If a side fails; the message carries its error.
    DomainError
        If there is no such side, or a peer's environment is not built.
    """
    limit = check_real(seconds, "seconds", low=0, open_low=True)
    most = None if stages is None else check_integer(stages, "stages", low=1)
    unknown = sorted(set(only) - {side.name for side in plan.sides})
    if unknown:
        message = f"{plan.name} has no side {unknown[0]!r}"
        raise DomainError(message, hint=f"the sides are {', '.join(side.name for side in plan.sides)}")
    busy = load()
    with ExitStack() as stack:
        runners = []
        for side in plan.sides:
            if only and side.name not in only:
                continue
            other = Path(python) if python is not None else None
            place = (other or peer_python(side.peer, peers_folder)) if side.peer else Path(sys.executable)
            values = {**plan.parameters, **side.parameters}
            started = SideProcess(side.name, place, plan.data, side.file, side.peer or "erlangen", values, plan.threads)
            runners.append(_Runner(side, stack.enter_context(started)))
        while going := [runner for runner in runners if runner.share(limit, most) < 1]:
            now = min(going, key=lambda runner: runner.cpu)
            row = now.step()
            if on_progress:
                done = round(1000 * sum(runner.share(limit, most) for runner in runners))
                message = f"{now.side.name}: stage {row['stage']}, {row['cpu']:.0f} s"
                on_progress(done, 1000 * len(runners), message, dict(row.get("score", {})))
        return _record(plan, runners, busy)


def _record(plan: Course, runners: list[_Runner], busy: float | None) -> dict[str, Any]:
    date = datetime.now(UTC).date().isoformat()
    return {
        "schema": 2,
        "course": plan.name,
        "title": plan.title,
        "paper": plan.paper,
        "note": plan.note,
        "threads": plan.threads,
        "parameters": dict(plan.parameters),
        "sides": [
            {
                "name": runner.side.name,
                "peer": runner.side.peer,
                "version": runner.version,
                "parameters": dict(runner.side.parameters),
                "stages": runner.stages,
                "machine": machine(),
                "date": date,
                "load": busy,
            }
            for runner in runners
        ],
    }


def write_course(record: Mapping[str, Any], folder: Path | str) -> Path:
    """Write a record as ``folder/courses/NAME.json`` and return the path; sides of an earlier record of the same plan that did not run now stay.

    Examples
    --------
    >>> import tempfile
    >>> write_course({"course": "toy", "sides": []}, tempfile.mkdtemp()).name
    'toy.json'
    """
    target = Path(folder) / "courses" / f"{record['course']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    if all(kept.get(name) == record.get(name) for name in _PLAN):
        sides = {side["name"]: side for side in (*kept.get("sides", ()), *record["sides"])}
        record = {**record, "sides": sorted(sides.values(), key=lambda side: side["name"])}
    target.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return target
