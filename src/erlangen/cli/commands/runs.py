"""``erlangen runs``: what the store holds.

Definition: one line a run: id, paper, preset, seed, state, start, duration, verdicts.
Convention: latest first; filters combine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from erlangen.cli.claims import judgements_of, verdict_counts, verdict_summary
from erlangen.cli.options import root_option, verb
from erlangen.cli.parameters import slug_argument
from erlangen.cli.table import Column, Table, seconds
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.papers import Judgement, Paper, is_preset, paper, papers
from erlangen.runs import Run, RunStatus, RunStore

__all__ = ["command"]


@verb("runs")
@slug_argument(required=False)
@click.option("--status", type=click.Choice([str(s) for s in RunStatus]), help="Only runs in this state.")
@click.option("--limit", "-n", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@root_option
def command(terminal: Terminal, slug: str | None, status: str | None, limit: int, root: Path | None) -> None:
    """List the runs in the store, latest first, of one paper or of all."""
    store = RunStore()
    known = {item.slug: item for item in papers(root)}
    slug = _slug(slug, store, root) if slug else None
    found = store.runs(slug=slug, status=RunStatus(status) if status else None, limit=limit)
    judged = [judgements_of(known[run.slug], run) if run.slug in known else [] for run in found]
    if terminal.json:
        documents = [{**run.to_json(), "verdicts": verdict_counts(j)} for run, j in zip(found, judged, strict=True)]
        terminal.document({"runs": documents})
        return
    if not found:
        chosen = f"{f' of {slug}' if slug else ''}{f' is {status}' if status else ''}"
        terminal.note(
            f"no run{chosen}; 'erlangen runs' lists all" if chosen else "no runs; 'erlangen run SLUG' makes one"
        )
        return
    columns = [Column("run"), Column("paper"), Column("preset"), Column("seed", right=True), Column("status")]
    table = Table([*columns, Column("started"), Column("time", right=True), Column("claims", fold=True)])
    for run, judgements in zip(found, judged, strict=True):
        table.add(*_cells(run), _claims(run, known.get(run.slug), judgements))
    terminal.table(table)


def _slug(text: str, store: RunStore, root: Path | None) -> str:
    """Return the paper that was named; one that is not in hand is known by its runs, and a run is not a paper."""
    known = {run.slug for run in store.runs()}
    if text in known:
        return text
    try:
        return paper(text, root).slug
    except DomainError:
        try:
            run = store.run(text)
        except DomainError:
            run = None
        if run is None:
            raise
        message = f"{text} is a run of {run.slug}, not a paper"
        raise DomainError(message, hint=f"erlangen show {run.slug} --run {run.id}") from None


def _claims(run: Run, item: Paper | None, judgements: list[Judgement]) -> str:
    """Return what a run says about the claims, or why it says nothing."""
    if run.status is not RunStatus.FINISHED:
        return run.error or ""
    if item is None:
        return "paper not found: name its folder by --root"
    if not is_preset(item, run):
        return "parameters set by hand: judges nothing"
    return verdict_summary(judgements)


def _cells(run: Run) -> tuple[Any, ...]:
    """Return the first cells of a row."""
    started = run.started.replace("T", " ")[:16]
    return run.id, run.slug, run.preset, str(run.spec.seed), str(run.status), started, seconds(run.seconds)
