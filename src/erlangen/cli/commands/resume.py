"""``erlangen resume``: continue an interrupted run.

Definition: finished rows are read back, the rest is computed; the result equals that of an uninterrupted run bit for bit at equal thread count.
Convention: without RUN the latest interrupted run is meant; a finished run is only shown.
"""

from __future__ import annotations

from pathlib import Path

import click

from erlangen.cli.claims import check_outcome, judgements_of, print_outcome
from erlangen.cli.commands.run import resumable
from erlangen.cli.options import root_option, verb
from erlangen.cli.parameters import run_argument
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.papers import Paper, paper, resume_run
from erlangen.runs import Run, RunInterrupted, RunStatus, RunStore

__all__ = ["command"]


@verb("resume")
@run_argument("run_id", metavar="[RUN]", required=False)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(-1, 4096),
    default=1,
    show_default=True,
    help="Local processes; -1: all processors.",
)
@click.option("--cluster", metavar="tcp://HOST:PORT", help="Send the rows to a Dask cluster.")
@root_option
def command(terminal: Terminal, run_id: str | None, jobs: int, cluster: str | None, root: Path | None) -> int:
    """Continue an interrupted run (the latest one where RUN is not given)."""
    store = RunStore()
    if run_id is None:
        waiting = store.runs(status=RunStatus.INTERRUPTED, limit=1)
        if not waiting:
            message = "no run is interrupted"
            raise DomainError(message, hint="'erlangen runs' lists all")
        run_id = waiting[0].id
    before = store.run(run_id)
    item = _paper(before, root)
    with Progress(terminal, item.slug) as progress:
        try:
            run = resume_run(before.id, jobs=jobs, cluster=cluster, on_progress=progress, root=root)
        except RunInterrupted as stop:
            raise resumable(stop, root) from stop
    judgements = judgements_of(item, run)
    print_outcome(terminal, item, run, judgements)
    return check_outcome(run, judgements)


def _paper(run: Run, root: Path | None) -> Paper:
    """Return the paper of a run; one of the user's own needs its folder."""
    try:
        return paper(run.slug, root)
    except DomainError as error:
        message = (
            f"run {run.id} is of {run.slug}, which is not among the papers {'here' if root is None else f'of {root}'}"
        )
        raise DomainError(message, hint="name the folder it came from by --root") from error
