"""``erlangen run``: run a paper, keep the run, judge its claims.

Definition: the run of equal parameters, seed, preset, code and threads is the same run: finished, it is shown again; interrupted, it goes on.
Convention: exit code 1 if the run or a claim failed; Ctrl-C keeps the finished rows and leaves with 130 and the line that resumes.
"""

from __future__ import annotations

import click

from erlangen.cli.claims import check_outcome, judgements_of, print_outcome
from erlangen.cli.options import parallel_options, parse_overrides, preset_option, seed_option, verb
from erlangen.cli.parameters import slug_argument
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal
from erlangen.papers import paper, run_paper

__all__ = ["command"]


@verb("run")
@slug_argument()
@preset_option
@seed_option
@click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Set a parameter of the paper; may be repeated."
)
@parallel_options
def command(
    terminal: Terminal,
    slug: str,
    preset: str,
    seed: int,
    settings: tuple[str, ...],
    jobs: int,
    cluster: str | None,
    threads: int | None,
    again: bool,
) -> int:
    """Run a paper and judge its claims.

    'erlangen show SLUG' lists its parameters for --set.
    """
    item = paper(slug)
    with Progress(terminal, item.slug) as progress:
        run = run_paper(
            item.slug,
            preset,
            seed=seed,
            overrides=parse_overrides(settings),
            jobs=jobs,
            cluster=cluster,
            threads=threads,
            on_progress=progress,
            again=again,
        )
    judgements = judgements_of(item, run)
    print_outcome(terminal, item, run, judgements)
    return check_outcome(run, judgements)
