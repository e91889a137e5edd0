"""``erlangen show``: one paper on one screen.

Definition: abstract, claims beside the last finished run, parameters with their ranges, notes.
Convention: the run is the latest finished one; ``--run`` judges by another.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from erlangen.cli.claims import claim_document, claims_table, judgements_of, verdict_counts
from erlangen.cli.options import root_option, verb
from erlangen.cli.parameters import run_option, slug_argument
from erlangen.cli.table import Column, Table, number
from erlangen.cli.terminal import Terminal, plain
from erlangen.errors import DomainError
from erlangen.papers import Paper, paper, report
from erlangen.runs import Run, RunStore

__all__ = ["command"]


@verb("show")
@slug_argument()
@run_option("--run", "run_id", help="Judge the claims by this run.")
@root_option
def command(terminal: Terminal, slug: str, run_id: str | None, root: Path | None) -> None:
    """Show one paper: abstract, claims, parameters, last run."""
    item = paper(slug, root)
    store = RunStore()
    standing = report(item, store)
    run = store.run(run_id) if run_id else standing.run
    if run is not None and run.slug != item.slug:
        message = f"run {run.id} is of {run.slug}, not of {item.slug}"
        raise DomainError(message, hint=f"erlangen show {run.slug} --run {run.id}")
    judgements = judgements_of(item, run) if run_id else list(standing.judgements)
    if terminal.json:
        terminal.document(
            {
                **_description(item),
                "status": standing.status,
                "run": None if run is None else run.to_json(),
                "claims": [claim_document(j) for j in judgements],
                "verdicts": verdict_counts(judgements),
            }
        )
        return
    _print_head(terminal, item)
    if judgements:
        terminal.table(claims_table("", judgements, None if run is None else run.seconds))
        for judgement in judgements:
            if judgement.detail:
                terminal.line(f"  {judgement.claim.id}: {judgement.detail}")
        terminal.line()
    _print_parameters(terminal, item)
    _print_run(terminal, item, run)


def _description(item: Paper) -> dict[str, object]:
    """Return what the manifest says."""
    return {
        "slug": item.slug,
        "title": item.title,
        "authors": list(item.authors),
        "listed": item.listed,
        "arxiv": item.arxiv,
        "code": item.code,
        "subjects": list(item.subjects),
        "abstract": item.abstract,
        "built": item.built,
        "presets": plain(item.presets),
        "parameters": plain(item.parameters),
        "notes": item.notes,
    }


def _print_head(terminal: Terminal, item: Paper) -> None:
    """Print title, authors and abstract."""
    terminal.line(item.title, style="bold")
    terminal.line(", ".join(item.authors))
    links = [
        f"listed {item.listed}",
        *([f"arXiv:{item.arxiv}"] if item.arxiv else []),
        *([item.code] if item.code else []),
    ]
    terminal.line(" · ".join(links))
    terminal.line()
    terminal.line(textwrap.fill(" ".join(item.abstract.split()), 96))
    terminal.line()


def _print_parameters(terminal: Terminal, item: Paper) -> None:
    """Print the parameters with their ranges and the values of the presets."""
    names = list(item.parameters)
    if not names:
        return
    presets = list(item.presets)
    table = Table(
        [Column("parameter"), *(Column(p, right=True) for p in presets), Column("range"), Column("meaning", fold=True)]
    )
    for name in names:
        info = plain(item.parameters[name])
        values = [number(item.presets[p].get(name, info.get("default"))) for p in presets]
        span = (
            ", ".join(map(str, info.get("choices") or ())) or f"{_bound(info.get('low'))} … {_bound(info.get('high'))}"
        )
        table.add(name, *values, "" if span == " … " else span, str(info.get("help") or ""))
    terminal.table(table)
    terminal.line()


def _bound(value: object) -> str:
    return "" if value is None else number(value)


def _print_run(terminal: Terminal, item: Paper, run: Run | None) -> None:
    """Print the last run, or how to make one."""
    if not item.built:
        terminal.line("not built yet: there is a manifest and no code")
    elif run is None:
        terminal.line(f"not run yet: erlangen run {item.slug}")
    else:
        terminal.line(f"judged by run {run.id} ({run.preset}, seed {run.spec.seed}, {run.finished or run.status})")
