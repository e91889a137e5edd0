"""Where a paper stands: its claims judged by the stored runs.

Definition: each claim is judged by the newest finished run that can decide it and whose parameters are exactly those of its preset.
Convention: the status is "not built yet", "not run yet", or how often each verdict was given, failures first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from erlangen.papers.claim import Claim, Rule
from erlangen.papers.judgement import Judgement, judge
from erlangen.papers.record import Paper
from erlangen.papers.verdict import Verdict
from erlangen.runs import Run, RunStatus, RunStore, canonical

__all__ = ["PaperReport", "is_preset", "judge_run", "report"]

_ORDER = (Verdict.FAILED, Verdict.BETTER, Verdict.REPRODUCED, Verdict.THEOREM, Verdict.DIRECTION, Verdict.UNAVAILABLE)


@dataclass(frozen=True)
class PaperReport:
    """A paper, its status in words, its newest run of a preset (or None), and a judgement for each claim."""

    paper: Paper
    status: str
    run: Run | None
    judgements: tuple[Judgement, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How often each verdict was given, failures first."""
        found = Counter(item.verdict for item in self.judgements if item.verdict is not None)
        return {verdict: found[verdict] for verdict in _ORDER if found[verdict]}


def _deciding(claim: Claim, runs: list[Run]) -> Run | None:
    """Return the newest run that measured the claim in a preset that can decide it; else the newest that could have."""
    able = [run for run in runs if not claim.presets or run.preset in claim.presets]
    return next((run for run in able if claim.metric in run.metrics), able[0] if able else (runs[0] if runs else None))


def is_preset(paper: Paper, run: Run) -> bool:
    """Return whether the parameters of a run are exactly those of its preset.

    Examples
    --------
    >>> from erlangen.papers import paper
    >>> item = paper("heat-geodesic-embedding")
    >>> from erlangen.runs import RunSpec
    >>> spec = RunSpec(item.slug, "quick", {**item.presets["quick"], "n": 400})
    >>> is_preset(item, Run(spec.id, spec, RunStatus.FINISHED, "", "", "", 1.0, {}, {}, None, 1))
    False
    """
    wanted = paper.presets.get(run.preset)
    return wanted is not None and canonical(dict(wanted)) == canonical(dict(run.spec.parameters))


def judge_run(paper: Paper, run: Run | None) -> tuple[Judgement, ...]:
    """Return the judgement of every claim of a paper by one run; parameters set by hand decide nothing.

    Parameters
    ----------
    paper : Paper
    run : Run, optional
        None decides nothing.

    Examples
    --------
    >>> from erlangen.papers import paper
    >>> item = paper("heat-geodesic-embedding")
    >>> sorted({str(judgement.verdict) for judgement in judge_run(item, None)})
    ['None', 'not reproducible here']
    """
    if run is None or is_preset(paper, run):
        return tuple(judge(claim, run) for claim in paper.claims)
    remark = f"run {run.id} has other parameters than the preset {run.preset}"
    return tuple(
        judge(claim, run) if claim.rule is Rule.UNAVAILABLE else Judgement(claim, None, detail=remark)
        for claim in paper.claims
    )


def report(paper: Paper, store: RunStore) -> PaperReport:
    """Return where a paper stands by the runs of a store; runs with parameters set by hand decide nothing.

    Parameters
    ----------
    paper : Paper
    store : RunStore
    """
    finished = sorted(store.runs(paper.slug, RunStatus.FINISHED), key=lambda run: run.finished or "", reverse=True)
    runs = [run for run in finished if is_preset(paper, run)]
    judgements = tuple(judge(claim, _deciding(claim, runs)) for claim in paper.claims)
    result = PaperReport(paper, "", runs[0] if runs else None, judgements)
    return PaperReport(paper, _status(result), result.run, judgements)


def _status(result: PaperReport) -> str:
    if not result.paper.built:
        return "not built yet"
    if result.run is None:
        return "not run yet"
    return ", ".join(f"{count} {verdict}" for verdict, count in result.counts.items()) or "run, no claims judged"
