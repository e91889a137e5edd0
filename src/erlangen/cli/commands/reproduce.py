"""``erlangen reproduce``: run papers and print the table of claims.

Definition: for each paper the quick (or full) preset is run, or read from the store where that very run is finished; then every claim is judged.
Convention: one paper's failure does not stop the others; exit code 1 if any run failed or any verdict is failed. A record is the JSON of one finished run
with its verdicts, named after paper and preset.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from erlangen.cli.claims import claim_document, claims_table, has_failed, judgements_of, verdict_counts, verdict_summary
from erlangen.cli.commands.run import attempt
from erlangen.cli.guard import refusal_line
from erlangen.cli.options import parallel_options, preset_option, root_option, seed_option, verb
from erlangen.cli.parameters import slug_argument
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.progress import Progress
from erlangen.cli.table import seconds
from erlangen.cli.terminal import Terminal, plain
from erlangen.errors import DomainError, ErlangenError
from erlangen.papers import Judgement, Paper, paper, papers
from erlangen.runs import Run, RunInterrupted, RunStatus

__all__ = ["command"]


@verb("reproduce")
@slug_argument("slugs", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every paper that is built.")
@preset_option
@seed_option
@parallel_options
@root_option
@click.option(
    "--record",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder in which finished runs are kept with their verdicts, one file for each paper and preset.",
)
def command(
    terminal: Terminal,
    slugs: tuple[str, ...],
    everything: bool,
    preset: str,
    root: Path | None,
    record: Path | None,
    **options: Any,
) -> int:
    """Run papers and print their value beside ours, with tolerance and verdict."""
    chosen = _choose(slugs, everything, root)
    documents, failed, total = [], False, 0.0
    every: list[Judgement] = []
    for item in chosen:
        run, error = _attempt(terminal, item, preset, {**options, "root": root})
        judgements = judgements_of(item, run)
        failed |= run is None or has_failed(run, judgements)
        total += 0.0 if run is None else run.seconds
        every += judgements
        claims = [claim_document(j) for j in judgements]
        documents.append(
            {"slug": item.slug, "run": None if run is None else run.to_json(), "error": error, "claims": claims}
        )
        if record is not None and run is not None and run.status is RunStatus.FINISHED:
            _keep(record / f"{item.slug}-{preset}.json", documents[-1])
        _print(terminal, item, run, judgements)
    outcome = {"papers": documents, "verdicts": verdict_counts(every), "seconds": total, "failed": failed}
    if terminal.json:
        terminal.document(outcome)
    noun = "paper" if len(chosen) == 1 else "papers"
    terminal.line(f"{len(chosen)} {noun}, {seconds(total)}: {verdict_summary(every)}")
    return int(failed)


def _choose(slugs: tuple[str, ...], everything: bool, root: Path | None) -> list[Paper]:
    """Return the papers to run."""
    if bool(slugs) == everything:
        message = "name papers, or say --all" if not slugs else "name papers or say --all, not both"
        raise click.UsageError(message, click.get_current_context())
    if everything:
        return [item for item in papers(root) if item.built]
    chosen = [paper(slug, root) for slug in dict.fromkeys(slugs)]
    for item in chosen:
        if not item.built:
            message = f"{item.slug} is not built yet"
            raise DomainError(message, hint="'erlangen papers --status built' lists those that are")
    return chosen


def _attempt(terminal: Terminal, item: Paper, preset: str, options: dict[str, Any]) -> tuple[Run | None, str | None]:
    """Run one paper; a refusal becomes its error, an interruption goes up."""
    try:
        with Progress(terminal, item.slug) as progress:
            return attempt(item, preset, on_progress=progress, **options), None
    except RunInterrupted:
        raise
    except ErlangenError as error:
        click.echo(refusal_line(f"{item.slug}: {error.message}", error.hint), err=True)
        return None, str(error)


def _keep(target: Path, document: dict[str, Any]) -> None:
    """Write a run and its verdicts."""
    target.parent.mkdir(parents=True, exist_ok=True)
    verdicts = {claim["id"]: {"value": claim["value"], "verdict": claim["verdict"]} for claim in document["claims"]}
    kept = plain({"run": document["run"], "verdicts": verdicts})
    with atomic_path(target) as temporary:
        temporary.write_text(json.dumps(kept, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _print(terminal: Terminal, item: Paper, run: Run | None, judgements: list[Judgement]) -> None:
    """Print the claims of one paper."""
    terminal.table(claims_table(item.title, judgements, None if run is None else run.seconds))
    if run is not None:
        terminal.line(
            f"run {run.id} ({run.preset}): {run.status}, {seconds(run.seconds)}{f': {run.error}' if run.error else ''}"
        )
    terminal.line()
