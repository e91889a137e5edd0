"""What the page shows, read from manifests, run store and benchmark records.

Definition: an :class:`Entry` is a paper with its report, its runs and its records; the catalogue looks papers and runs up by name, never by path.
Convention: nothing is kept between calls but the manifests, so that a page always shows the store as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from erlangen.errors import DomainError
from erlangen.gallery.benchmark import Benchmark, read_benchmarks
from erlangen.gallery.interface import names_used
from erlangen.papers import Judgement, Paper, PaperReport, Rule, Verdict, papers, report
from erlangen.runs import Figure, Run, RunStatus, RunStore

__all__ = ["COVER", "MARKS", "Catalogue", "Entry"]

COVER = "cover"
"""Name of the figure of a run that takes the place of the drawn picture."""

MARKS: Mapping[Verdict | None, str] = {
    Verdict.REPRODUCED: "good",
    Verdict.BETTER: "better",
    Verdict.THEOREM: "theorem",
    Verdict.DIRECTION: "direction",
    Verdict.UNAVAILABLE: "unavailable",
    Verdict.FAILED: "failed",
    None: "open",
}
"""Verdict to the class name that carries its colour and shape."""

_RUN_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Entry:
    """A paper as the page shows it."""

    paper: Paper
    report: PaperReport
    runs: tuple[Run, ...]
    benchmarks: tuple[Benchmark, ...] = ()
    pinned: bool = False
    number: int = 0

    @property
    def state(self) -> str:
        """``unbuilt``, ``unrun``, ``failed`` or ``run``."""
        if not self.paper.built:
            return "unbuilt"
        if self.report.run is None:
            return "unrun"
        return "failed" if self.report.counts.get(Verdict.FAILED) else "run"

    @property
    def headline(self) -> Judgement | None:
        """The first claim with a number of the paper's and one of ours; else the first of ours that is no rounding error; else None."""
        ours = [j for j in self.report.judgements if j.value is not None]
        both = [j for j in ours if j.claim.paper_value is not None]
        measured = [j for j in ours if j.claim.rule is not Rule.THEOREM]
        return next(iter(both + measured + ours), None)

    @property
    def interface(self) -> tuple[str, ...]:
        """Public names of the library that the paper's code uses."""
        return names_used(self.paper.folder) if self.paper.built else ()


class Catalogue:
    """Papers, runs and records.

    Parameters
    ----------
    store : RunStore
    benchmarks : path, optional
        Folder of benchmark records.
    root : path, optional
        Folder of papers; default: those of the library.
    """

    def __init__(
        self,
        store: RunStore,
        *,
        benchmarks: str | os.PathLike[str] | None = None,
        root: str | os.PathLike[str] | None = None,
    ) -> None:
        self.store = store
        self.root = root
        self._benchmarks = benchmarks

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The papers in the order of the listing."""
        return papers(self.root)

    @cached_property
    def slugs(self) -> dict[str, Paper]:
        """Slug to paper."""
        return {paper.slug: paper for paper in self.papers}

    @cached_property
    def benchmarks(self) -> tuple[Benchmark, ...]:
        """The records, by paper."""
        return read_benchmarks(self._benchmarks)

    def entry(self, slug: str) -> Entry | None:
        """Return the entry of a slug, None where there is no such paper."""
        paper = self.slugs.get(slug)
        return None if paper is None else self._entry(paper, self.store.pins())

    def entries(self) -> list[Entry]:
        """Return all entries in the order of the listing."""
        pins = self.store.pins()
        return [self._entry(paper, pins) for paper in self.papers]

    def _entry(self, paper: Paper, pins: tuple[str, ...]) -> Entry:
        return Entry(
            paper,
            report(paper, self.store),
            tuple(self.store.runs(paper.slug)),
            tuple(record for record in self.benchmarks if record.paper == paper.slug),
            paper.slug in pins,
            self.papers.index(paper) + 1,
        )

    def runs(self, limit: int | None = None) -> list[Run]:
        """Return the runs, newest first."""
        return self.store.runs(limit=limit)

    def run(self, run_id: str) -> Run | None:
        """Return the run of a whole id, None where there is none."""
        if not _RUN_ID.fullmatch(run_id):
            return None
        try:
            return self.store.run(run_id)
        except DomainError:
            return None

    def figures(self, run: Run | None) -> list[Figure]:
        """Return the figures of a run that a page can show, its cover first."""
        found = [] if run is None else self.store.figures(run.id)
        shown = [
            figure
            for figure in found
            if figure.media_type in ("image/svg+xml", "image/png", "image/jpeg", "image/webp")
        ]
        return sorted(shown, key=lambda figure: figure.name != COVER)

    def before(self, run: Run) -> Run | None:
        """Return the finished run of the same paper and preset that came before a run."""
        others = self.store.runs(run.slug, RunStatus.FINISHED)
        return next((r for r in others if r.preset == run.preset and r.id != run.id and r.created < run.created), None)

    def counts(self, entries: list[Entry]) -> dict[str, int]:
        """Return how many papers, built papers, runs and verdicts there are."""
        verdicts = [j.verdict for entry in entries for j in entry.report.judgements if entry.report.run is not None]
        good = (Verdict.REPRODUCED, Verdict.BETTER, Verdict.THEOREM, Verdict.DIRECTION)
        return {
            "papers": len(entries),
            "built": sum(entry.paper.built for entry in entries),
            "claims": sum(len(entry.paper.claims) for entry in entries),
            "stand": sum(verdict in good for verdict in verdicts),
            "failed": sum(verdict is Verdict.FAILED for verdict in verdicts),
            "runs": sum(len(entry.runs) for entry in entries),
        }


def as_number(value: Any) -> float | int | None:
    """Return a plain number, None for anything else.

    Examples
    --------
    >>> as_number(2.5), as_number(True), as_number("2.5")
    (2.5, None, None)
    """
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
