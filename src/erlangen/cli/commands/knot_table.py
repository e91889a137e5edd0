"""``erlangen knot table``: homology of many links, in parallel, resumable.

Definition: links from a file or standard input in chunks, each chunk a row of a run in the store; one JSON document a line comes out, in order.
Convention: what was computed once is read back: the same command after an interruption goes on, after its end only prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen import __version__
from erlangen.cli.knots.question import Question, question, question_options
from erlangen.cli.options import parallel_options, verb
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal
from erlangen.runs import RunContext, RunInterrupted, RunSpec, RunStore, execute

__all__ = ["command"]

_EPILOG = "Examples: erlangen knot table knots.csv --ring Z --s -j 2 -o homology.jsonl; cut -f1 names.txt | erlangen knot table -"


@verb("table", epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False), metavar="FILE|-")
@question_options
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="JSON lines go there."
)
@click.option("--chunk", type=click.IntRange(1, 100_000), default=32, show_default=True, help="Links of one row.")
@click.option("--skip-bad", is_flag=True, help="A line that cannot be read gets a document with the reason.")
@parallel_options
def command(terminal: Terminal, file: Path, output: Path | None, chunk: int, skip_bad: bool, **options: Any) -> int:
    """Compute the homology of every link of a table: CSV with a column pd, braid, dt, gauss or name, or one link a line."""
    work = {name: options.pop(name) for name in ("again", "threads", "cluster", "jobs")}
    asked = question(options)
    reading = import_module("erlangen.cli.knots.table_reading")
    entries = reading.read_table(file)
    wrong = reading.checked(entries, skip=skip_bad)
    good = [[entry.line, entry.label, entry.text] for entry in entries if entry.line not in wrong]
    found = _computed(terminal, good, asked, chunk, work)
    documents = list(_in_order(entries, wrong, found))
    if output is not None:
        with output.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    if terminal.json:
        terminal.document(documents)
    elif output is None:
        for document in documents:
            terminal.line(json.dumps(document, ensure_ascii=False))
    else:
        terminal.line(f"{len(documents)} links written to {output}")
    return max((document.get("exit_code", 0) for document in documents), default=0)


def _computed(
    terminal: Terminal, good: list[list[Any]], asked: Question, chunk: int, work: dict[str, Any]
) -> list[dict[str, Any]]:
    """Compute the chunks as a run, or read them back."""
    function, fields = import_module("erlangen.cli.knots.rows").computed, asdict(asked)
    items = {f"{start + 1}": (good[start : start + chunk], fields) for start in range(0, len(good), chunk)}
    digest = sha256(json.dumps(good).encode()).hexdigest()
    parameters = {"links": len(good), "sha256": digest, "chunk": chunk, **fields}
    threads = work.pop("threads") or 1
    spec = RunSpec("knot-table", "table", parameters, threads=threads, code_version=__version__)

    def run(context: RunContext) -> None:
        context.map(function, items, message="links from")
        context.metric("links", len(good))

    store = RunStore()
    try:
        with Progress(terminal, "knot table") as progress:
            done = execute(run, spec, store=store, on_progress=progress, **work)
    except RunInterrupted as stop:
        told = RunInterrupted(stop.run_id, rows=stop.rows)
        told.hint = "the same command goes on from there"
        raise told from stop
    rows: Any = store.rows(done.id)
    return [document for key in items for document in rows[key]]


def _in_order(entries: list[Any], wrong: dict[int, str], found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the documents in the order of the table."""
    results = iter(found)
    for entry in entries:
        if entry.line in wrong:
            yield {"name": entry.label, "line": entry.line, "error": wrong[entry.line], "exit_code": 3}
        else:
            with suppress(StopIteration):
                yield next(results)
