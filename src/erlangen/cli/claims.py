"""Claims and verdicts as the shell shows them.

Definition: a judgement is a claim, its verdict from a stored run, our value and a remark; see :func:`erlangen.papers.judge_run`.
Convention: ``–`` where there is no number; the tolerance carries its rule: ``±`` equal, ``≥``/``≤`` at least/at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from erlangen.cli.table import Column, Table, number, seconds
from erlangen.cli.terminal import Terminal
from erlangen.papers import Claim, Judgement, Paper, Verdict, is_preset, judge_run
from erlangen.runs import Run, RunStatus

__all__ = [
    "check_outcome",
    "claim_document",
    "claims_table",
    "has_failed",
    "judgements_of",
    "print_outcome",
    "tolerance",
    "verdict_counts",
    "verdict_summary",
]


def tolerance(claim: Claim) -> str:
    """Return the tolerance of a claim with its rule."""
    if claim.rule == "unavailable" or claim.tolerance is None:
        return "–"
    sign = {"equal": "±", "at-least": "−", "at-most": "+"}.get(claim.rule)
    return claim.rule if sign is None else f"{sign}{number(float(claim.tolerance), 3)}"


def judgements_of(paper: Paper, run: Run | None) -> list[Judgement]:
    """Judge every claim of a paper by one run."""
    return list(judge_run(paper, run))


def has_failed(run: Run | None, judgements: Iterable[Judgement]) -> bool:
    """Return whether the run failed or a verdict is failed."""
    broken = run is not None and run.status is RunStatus.FAILED
    return broken or any(judgement.verdict is Verdict.FAILED for judgement in judgements)


def verdict_counts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """Return how often each verdict was given."""
    return dict(Counter(str(j.verdict) if j.verdict is not None else "not run yet" for j in judgements))


def verdict_summary(judgements: Iterable[Judgement]) -> str:
    """Return the counts in one phrase."""
    counts = Counter(_undecided(j) if j.verdict is None else str(j.verdict) for j in judgements)
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "no claims"


def claim_document(judgement: Judgement) -> dict[str, Any]:
    """Return a judged claim as JSON holds it."""
    claim = judgement.claim
    return {
        "id": claim.id,
        "text": claim.text,
        "source": claim.source,
        "metric": claim.metric,
        "rule": claim.rule,
        "unit": claim.unit,
        "paper_value": claim.paper_value,
        "tolerance": claim.tolerance,
        "value": judgement.value,
        "verdict": None if judgement.verdict is None else str(judgement.verdict),
        "detail": judgement.detail,
    }


def claims_table(title: str, judgements: Sequence[Judgement], elapsed: float | None) -> Table:
    """Return the table of claims: the paper's value beside ours."""
    columns = [
        Column("claim", fold=True),
        Column("source", fold=True),
        Column("paper", right=True),
        Column("ours", right=True),
        Column("tolerance", right=True),
        Column("verdict", fold=True),
        Column("seconds", right=True),
    ]
    table = Table(columns, title)
    for judgement in judgements:
        claim = judgement.claim
        unit = f" {claim.unit}" if claim.unit else ""
        paper = f"{number(claim.paper_value)}{unit}" if claim.paper_value is not None else "–"
        ours = f"{number(judgement.value)}{unit}" if judgement.value is not None else "–"
        verdict = _undecided(judgement) if judgement.verdict is None else str(judgement.verdict)
        time = "–" if elapsed is None or judgement.verdict is None or judgement.value is None else f"{elapsed:.1f}"
        table.add(claim.text, claim.source, paper, ours, tolerance(claim), verdict, time)
    return table


def _undecided(judgement: Judgement) -> str:
    """Return why there is no verdict, in a few words."""
    presets = judgement.claim.presets
    return f"left to preset {' or '.join(presets)}" if judgement.detail.startswith("decided by") else "not run yet"


def check_outcome(run: Run, judgements: Sequence[Judgement]) -> int:
    """Return 1 if the run or a claim failed, else 0."""
    return int(has_failed(run, judgements))


def print_outcome(terminal: Terminal, paper: Paper, run: Run, judgements: Sequence[Judgement]) -> None:
    """Print a finished run and its claims, as text or as one document."""
    claims = [claim_document(judgement) for judgement in judgements]
    if terminal.json:
        terminal.document({"run": run.to_json(), "claims": claims, "verdicts": verdict_counts(judgements)})
        return
    terminal.table(claims_table(paper.title, judgements, run.seconds))
    again = f", attempt {run.attempt}" if run.attempt > 1 else ""
    terminal.line(f"run {run.id} ({run.preset}, seed {run.spec.seed}): {run.status}, {seconds(run.seconds)}{again}")
    if run.error:
        terminal.line(f"  {run.error}")
    by_hand = "" if is_preset(paper, run) else " (parameters set by hand judge nothing)"
    terminal.line(f"claims: {verdict_summary(judgements)}{by_hand}")
