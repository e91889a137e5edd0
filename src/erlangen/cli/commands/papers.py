"""``erlangen papers``: the papers with the state of their claims.

Definition: a status is computed from stored runs only; filters combine (subject and status and every search word).
Convention: words are looked for in slug, title, authors, subjects and abstract, without regard to case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from erlangen.cli.claims import verdict_counts
from erlangen.cli.options import root_option, verb
from erlangen.cli.table import Column, Table
from erlangen.cli.terminal import Terminal
from erlangen.papers import Paper, PaperReport, papers, report
from erlangen.runs import RunStore

__all__ = ["command"]


def _matches(item: PaperReport, subject: str | None, status: str | None, words: tuple[str, ...]) -> bool:
    """Return whether a paper passes all filters."""
    paper = item.paper
    text = " ".join((paper.slug, paper.title, *paper.authors, *paper.subjects, paper.abstract)).casefold()
    return (
        (subject is None or any(subject.casefold() in s.casefold() for s in paper.subjects))
        and (status is None or status.casefold() in _states(item))
        and all(word.casefold() in text for word in words)
    )


def _states(item: PaperReport) -> str:
    """Return everything ``--status`` may name: the chip and the verdicts."""
    verdicts = " ".join(str(j.verdict) for j in item.judgements if j.verdict is not None)
    return f"{item.status} {verdicts} {'built' if item.paper.built else ''}".casefold()


def _document(item: PaperReport) -> dict[str, Any]:
    """Return one paper as JSON holds it."""
    paper: Paper = item.paper
    return {
        "slug": paper.slug,
        "title": paper.title,
        "authors": list(paper.authors),
        "listed": paper.listed,
        "arxiv": paper.arxiv,
        "code": paper.code,
        "subjects": list(paper.subjects),
        "abstract": paper.abstract,
        "built": paper.built,
        "status": item.status,
        "run": None if item.run is None else item.run.id,
        "verdicts": verdict_counts(item.judgements),
    }


@verb("papers")
@click.argument("words", nargs=-1)
@click.option("--subject", metavar="WORD", help="Only papers of this subject.")
@click.option("--status", metavar="WORD", help="Only papers in this state, e.g. built, 'not run yet', reproduced.")
@root_option
def command(
    terminal: Terminal, words: tuple[str, ...], subject: str | None, status: str | None, root: Path | None
) -> None:
    """List the papers with the state of their claims; WORDS search titles, authors and abstracts."""
    store = RunStore()
    found = [item for paper in papers(root) if _matches(item := report(paper, store), subject, status, words)]
    if terminal.json:
        terminal.document({"papers": [_document(item) for item in found]})
        return
    table = Table([Column("paper"), Column("title", fold=True), Column("listed"), Column("status")])
    for item in found:
        table.add(item.paper.slug, item.paper.title, str(item.paper.listed), item.status)
    if found:
        terminal.table(table)
    else:
        terminal.note("no paper matches; 'erlangen papers' lists all")
