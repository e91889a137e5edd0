"""``erlangen bench``: measure against named peers.

Definition: ``list``, ``peers`` (build their environments), ``run`` (time cases), ``course`` (let sides learn for equal time) and ``show`` (kept records).
Convention: a ratio is the peer's time over ours; the records are the JSON files of a folder, by default ``benchmarks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from erlangen.bench import Record, build_peers, case, cases, measure, peers, read_records, write_record
from erlangen.bench.course import course, courses, run_course, write_course
from erlangen.cli import options
from erlangen.cli.progress import Progress
from erlangen.cli.table import Column, Table, number, seconds
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.gallery.benchmark import records_folder
from erlangen.validation import format_bytes

__all__ = ["command"]

_peers_option = click.option(
    "--peers-folder", type=click.Path(path_type=Path), help="Where the peers live [default: $ERLANGEN_PEERS or .peers]."
)


@click.group("bench")
def command() -> None:
    """Measure against named peers: both sides checked first, then timed in turn.

    Cases are timed by 'run'; in a course, which 'course' holds, several sides learn for equal processor time. 'list' names both.
    """


@options.verb("list")
def list_cases(terminal: Terminal) -> None:
    """List the cases, and the courses after them."""
    found, learnt = cases(), courses()
    if terminal.json:
        fields = ("name", "title", "paper", "peer", "threads", "rounds", "unit", "goal", "heavy")
        documents = [{"kind": "case", **{field: getattr(item, field) for field in fields}} for item in found]
        for plan in learnt:
            about = {"name": plan.name, "title": plan.title, "paper": plan.paper, "threads": plan.threads}
            documents.append({"kind": "course", **about, "sides": [side.name for side in plan.sides]})
        terminal.document(documents)
        return
    table = Table(
        [
            Column("case"),
            Column("peer"),
            Column("threads", right=True),
            Column("goal", right=True),
            Column("what", fold=True),
        ]
    )
    for item in found:
        peer = peers()[item.peer]
        table.add(item.name, f"{peer.name} {peer.version}", str(item.threads), number(item.goal), item.title)
    for plan in learnt:
        what = f"{plan.title} (a course: erlangen bench course {plan.name} --seconds S)"
        table.add(plan.name, ", ".join(sorted({s.peer for s in plan.sides if s.peer})), str(plan.threads), "", what)
    terminal.table(table)


@options.verb("peers")
@click.argument("names", nargs=-1)
@_peers_option
def build(terminal: Terminal, names: tuple[str, ...], peers_folder: Path | None) -> None:
    """Build the environments of the peers NAMES (default: all); those complete are left alone."""
    with Progress(terminal, "peers") as progress:
        built = build_peers(names or None, peers_folder, on_progress=progress)
    if terminal.json:
        terminal.document([str(path) for path in built])
    for path in built:
        terminal.line(str(path))


@options.verb("run")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Measure every case.")
@click.option("--light", is_flag=True, help="With --all: leave out the heavy cases.")
@click.option("--rounds", type=click.IntRange(1, 1000), help="Counted rounds [default: the case's].")
@click.option(
    "--record", type=click.Path(path_type=Path, file_okay=False), help="Folder in which the records are kept."
)
@_peers_option
def run(
    terminal: Terminal,
    names: tuple[str, ...],
    every: bool,
    light: bool,
    rounds: int | None,
    record: Path | None,
    peers_folder: Path | None,
) -> None:
    """Measure the cases NAMES, or --all of them."""
    if bool(names) == every:
        message = "name the cases to measure, or pass --all (not both)"
        raise click.UsageError(message)
    chosen = [item for item in cases() if not (light and item.heavy)] if every else [case(name) for name in names]
    records = []
    for item in chosen:
        with Progress(terminal, item.name) as progress:
            outcome = measure(item, rounds=rounds, peers_folder=peers_folder, on_progress=progress)
        records.append(outcome)
        if record is not None:
            write_record(outcome, record)
    _print(terminal, records)


@options.verb("course")
@click.argument("name")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), required=True, help="Processor time of each side.")
@click.option("--stages", type=click.IntRange(1), help="Stages of each side, at most.")
@click.option("--side", "sides", multiple=True, help="Only these sides; may be repeated.")
@click.option("--record", type=click.Path(path_type=Path, file_okay=False), help="Folder in which the record is kept.")
@_peers_option
def learn(
    terminal: Terminal,
    name: str,
    seconds: float,
    stages: int | None,
    sides: tuple[str, ...],
    record: Path | None,
    peers_folder: Path | None,
) -> None:
    """Let the sides of course NAME learn in turn, for equal processor time; each stage is scored. A record keeps sides that ran before."""
    with Progress(terminal, name) as progress:
        found = run_course(
            course(name), seconds, stages=stages, only=sides, peers_folder=peers_folder, on_progress=progress
        )
    if record is not None:
        write_course(found, record)
    if terminal.json:
        terminal.document(found)
        return
    scores = list(found["sides"][0]["stages"][-1].get("score", {}))
    table = Table(
        [Column("side"), Column("stage", right=True), Column("cpu", right=True)]
        + [Column(s, right=True) for s in scores]
    )
    for side in found["sides"]:
        for row in side["stages"]:
            if "score" in row:
                table.add(
                    side["name"], str(row["stage"]), f"{row['cpu']:.0f} s", *(f"{row['score'][s]:.4g}" for s in scores)
                )
    terminal.table(table)


@options.verb("show")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
def show(terminal: Terminal, folder: Path | None) -> None:
    """Print the records kept in FOLDER (default: ./benchmarks if it holds any, else those installed)."""
    place = records_folder(folder)
    if place is None:
        message = "there are no benchmark records here"
        raise DomainError(message, hint="'erlangen bench run --all --record benchmarks' makes them")
    _print(terminal, read_records(place))


def _print(terminal: Terminal, records: list[Record]) -> None:
    """Print records as one document or as a table."""
    if terminal.json:
        terminal.document(records)
        return
    columns = [
        Column("case"),
        Column("peer"),
        Column("ratio", right=True),
        Column("quartiles", right=True),
        Column("goal", right=True),
    ]
    table = Table(
        [*columns, Column("ours", right=True), Column("theirs", right=True), Column("memory ours / theirs", right=True)]
    )
    for item in records:
        table.add(
            item.case,
            f"{item.peer['name']} {item.peer['version']}",
            f"{item.ratio['median']:.2f}",
            f"{item.ratio['low']:.2f} – {item.ratio['high']:.2f}",
            number(item.goal),
            _figure(item, item.ours),
            _figure(item, item.theirs),
            f"{format_bytes(item.ours['peak'])} / {format_bytes(item.theirs['peak'])}",
        )
    terminal.table(table)


def _figure(item: Record, side: Mapping[str, Any]) -> str:
    """Return what the ratio is made of; of memory, which has its own column, the processor time."""
    unit = "cpu" if item.unit == "memory" else item.unit
    return f"{seconds(side[unit])} {unit}"


for _command in (list_cases, build, run, learn, show):
    command.add_command(_command)
