"""The verdict on a claim, computed from a stored run and from nothing else.

Definition: ``judge(claim, run)`` compares the run's metric with the paper's value by the claim's rule.
Convention: no verdict (None) without a finished run of a preset that can decide; a finished run without the metric, or with NaN or an infinity, has failed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

from erlangen.papers.claim import Claim, Rule
from erlangen.papers.verdict import Verdict
from erlangen.runs import Run, RunStatus

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True)
class Judgement:
    """A claim, its verdict (None = no stored run decides it yet), our value, a remark, and the run that proves it."""

    claim: Claim
    verdict: Verdict | None
    value: float | int | bool | None = None
    detail: str = ""
    run_id: str | None = None
    preset: str | None = None


def _format(value: float, unit: str) -> str:
    return f"{value:.6g}{f' {unit}' if unit else ''}"


def _side(claim: Claim, value: float, reference: float) -> float:
    """Return by how much ``value`` is better than ``reference``; 0 where neither is better."""
    return {"higher": value - reference, "lower": reference - value}.get(claim.better, 0.0)


def _compare(claim: Claim, value: float) -> tuple[Verdict, str]:
    """Judge ``equal``, ``at-least`` and ``at-most``."""
    paper = claim.paper_value if claim.paper_value is not None else math.nan
    gap = value - paper
    passed = {
        Rule.EQUAL: abs(gap) <= claim.tolerance,
        Rule.AT_LEAST: gap >= -claim.tolerance,
        Rule.AT_MOST: gap <= claim.tolerance,
    }[claim.rule]
    sign = {Rule.EQUAL: "±", Rule.AT_LEAST: "at least, −", Rule.AT_MOST: "at most, +"}[claim.rule]
    detail = f"{_format(value, claim.unit)} against {_format(paper, claim.unit)} ({sign}{claim.tolerance:g})"
    if _side(claim, value, paper) > claim.tolerance:
        return Verdict.BETTER, detail
    return (Verdict.REPRODUCED if passed else Verdict.FAILED), detail


def _theorem(claim: Claim, value: float, run: Run) -> tuple[Verdict, str]:
    count = run.metrics.get(claim.instances) if claim.instances else None
    where = f" on {count} instances" if count is not None else ""
    if isinstance(value, bool):
        passed, detail = value, f"{'holds' if value else 'does not hold'}{where}"
    else:
        paper = claim.paper_value or 0.0
        passed = abs(value - paper) <= claim.tolerance
        detail = f"{_format(value, claim.unit)} against {_format(paper, claim.unit)} (±{claim.tolerance:g}){where}"
    if claim.instances and (isinstance(count, bool) or not isinstance(count, (int, float)) or not count >= 1):
        return Verdict.FAILED, f"no instance was checked ({claim.instances} = {count!r})"
    return (Verdict.THEOREM if passed else Verdict.FAILED), detail


def _direction(claim: Claim, value: float, run: Run) -> tuple[Verdict, str]:
    if isinstance(value, bool):
        passed, detail = value, "holds" if value else "does not hold"
    elif not claim.better:
        passed, detail = False, f"{_format(value, claim.unit)}, and the claim does not say which side is better"
    else:
        passed = _side(claim, value, claim.threshold) > 0
        detail = f"{_format(value, claim.unit)}, {claim.better} than {_format(claim.threshold, claim.unit)} wanted"
    return (Verdict.DIRECTION if passed else Verdict.FAILED), f"{detail}; {claim.scale}"


_RULES: dict[Rule, Callable[[Claim, float, Run], tuple[Verdict, str]]] = {
    Rule.EQUAL: lambda claim, value, _run: _compare(claim, value),
    Rule.AT_LEAST: lambda claim, value, _run: _compare(claim, value),
    Rule.AT_MOST: lambda claim, value, _run: _compare(claim, value),
    Rule.THEOREM: _theorem,
    Rule.DIRECTION: _direction,
}


def _obstacle(claim: Claim, run: Run | None) -> str:
    """Return why a run cannot decide a claim, or ``""``."""
    if run is None:
        return "no run yet"
    if run.status is not RunStatus.FINISHED:
        return f"run {run.id} is {run.status}"
    if claim.presets and run.preset not in claim.presets:
        return f"decided by the preset {' or '.join(claim.presets)}"
    return ""


def judge(claim: Claim, run: Run | None) -> Judgement:
    """Return the judgement of a claim by a run.

    Examples
    --------
    >>> judge(Claim("x", "It is out of reach.", "Table 9", rule=Rule.UNAVAILABLE, reason="the data are not public"), None).verdict
    <Verdict.UNAVAILABLE: 'not reproducible here'>
    """
    if claim.rule is Rule.UNAVAILABLE:
        return Judgement(claim, Verdict.UNAVAILABLE, detail=claim.reason)
    obstacle = _obstacle(claim, run)
    if run is None or obstacle:
        return Judgement(claim, None, detail=obstacle)
    value = run.metrics.get(claim.metric)
    if not isinstance(value, (int, float)):
        found = (
            f"metric {claim.metric!r} is {value!r}" if claim.metric in run.metrics else f"no metric {claim.metric!r}"
        )
        return Judgement(claim, Verdict.FAILED, None, f"run {run.id} recorded {found}", run.id, run.preset)
    finite = abs(value) <= sys.float_info.max
    if not finite or (isinstance(value, bool) and claim.rule not in (Rule.THEOREM, Rule.DIRECTION)):
        detail = f"run {run.id} recorded {claim.metric} = {value!r}, which is no finite number"
        return Judgement(claim, Verdict.FAILED, value, detail, run.id, run.preset)
    verdict, detail = _RULES[claim.rule](claim, value, run)
    return Judgement(claim, verdict, value, detail, run.id, run.preset)
