"""``erlangen run``: run a paper, keep the run, judge its claims.

Definition: the run of equal parameters, seed, preset, code and threads is the same run: finished, it is shown again; interrupted, it goes on.
Convention: exit code 1 if the run or a claim failed; Ctrl-C keeps the finished rows and leaves with 130 and the line that resumes.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from erlangen.cli.claims import check_outcome, judgements_of, print_outcome
from erlangen.cli.options import parallel_options, preset_option, root_option, seed_option, verb
from erlangen.cli.parameters import slug_argument
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError, ErlangenError, ReproductionError
from erlangen.papers import Paper, paper, parse_overrides, run_paper
from erlangen.runs import Run, RunInterrupted

__all__ = ["attempt", "command", "resumable"]


@verb("run")
@slug_argument()
@preset_option
@seed_option
@click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Set a parameter of the paper; may be repeated."
)
@parallel_options
@root_option
def command(
    terminal: Terminal,
    slug: str,
    preset: str,
    settings: tuple[str, ...],
    root: Path | None,
    **options: Any,
) -> int:
    """Run a paper and judge its claims.

    'erlangen show SLUG' lists its parameters for --set.
    """
    item = paper(slug, root)
    overrides = _overrides(settings)
    with Progress(terminal, item.slug) as progress:
        run = attempt(item, preset, overrides=overrides, on_progress=progress, root=root, **options)
    judgements = judgements_of(item, run)
    print_outcome(terminal, item, run, judgements)
    return check_outcome(run, judgements)


def attempt(item: Paper, preset: str, **options: Any) -> Run:
    """Run a paper; a fault of its code is a failed run, not a fault of the command."""
    try:
        return run_paper(item.slug, preset, **options)
    except RunInterrupted as stop:
        raise resumable(stop, options.get("root")) from stop
    except (ErlangenError, OSError, MemoryError):
        raise
    except Exception as error:
        message = f"the run of {item.slug} failed: {type(error).__name__}: {error}"
        raise ReproductionError(message, hint="its rows are kept; --debug prints the traceback") from error


def resumable(stop: RunInterrupted, root: Path | None) -> RunInterrupted:
    """Return the interruption with the whole line that resumes, for papers of one's own too."""
    told = RunInterrupted(stop.run_id, rows=stop.rows)
    if root is not None:
        told.hint = f"{told.hint} --root {shlex.quote(str(root))}"
    return told


def _overrides(settings: tuple[str, ...]) -> dict[str, str]:
    """Return the settings; one that is no NAME=VALUE is a wrong use."""
    try:
        return parse_overrides(settings)
    except DomainError as error:
        message = f"--set: {error.message}"
        raise click.UsageError(message, click.get_current_context()) from error
