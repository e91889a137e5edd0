"""``erlangen resume``: continue an interrupted run.

Definition: finished rows are read back, the rest is computed; the result equals that of an uninterrupted run bit for bit at equal thread count.
Convention: without RUN the latest interrupted run is meant; a finished run is only shown.
"""

from __future__ import annotations

from pathlib import Path

import click

from erlangen.cli.claims import check_outcome, judgements_of, print_outcome
from erlangen.cli.options import root_option, verb
from erlangen.cli.parameters import run_argument
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.papers import paper, resume_run
from erlangen.runs import RunStatus, RunStore

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
    item = paper(before.slug, root)
    with Progress(terminal, item.slug) as progress:
        run = resume_run(before.id, jobs=jobs, cluster=cluster, on_progress=progress, root=root)
    judgements = judgements_of(item, run)
    print_outcome(terminal, item, run, judgements)
    return check_outcome(run, judgements)
