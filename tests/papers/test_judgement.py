"""Verdicts: each rule on both sides of its border, and nothing green without a finished run of the right preset."""

import math

import pytest

from erlangen.papers import Claim, Rule, Verdict, judge
from erlangen.runs import Run, RunSpec, RunStatus

REPRODUCED, BETTER, THEOREM, DIRECTION, FAILED = (
    Verdict.REPRODUCED,
    Verdict.BETTER,
    Verdict.THEOREM,
    Verdict.DIRECTION,
    Verdict.FAILED,
)


def finished(status=RunStatus.FINISHED, preset="quick", **metrics):
    spec = RunSpec("toy", preset, {})
    return Run(spec.id, spec, status, "", "", "", 0.0, metrics, {}, None, 1)


def claim(rule, **fields):
    return Claim("c", "text", "Table 1", rule=Rule(rule), **{"metric": "m", **fields})


@pytest.mark.parametrize(
    ("fields", "value", "verdict"),
    [
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5}, 2.5, REPRODUCED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5}, 1.5, REPRODUCED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5}, math.nextafter(2.5, 3), FAILED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5}, 1.25, FAILED),
        ({"rule": "equal", "paper_value": 3.0}, 3, REPRODUCED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 2.5, REPRODUCED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 2.75, BETTER),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 1.25, FAILED),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5, "better": "lower"}, 1.25, BETTER),
        ({"rule": "equal", "paper_value": 2.0, "tolerance": 0.5, "better": "lower"}, 2.75, FAILED),
        ({"rule": "at-least", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 1.5, REPRODUCED),
        ({"rule": "at-least", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 1.25, FAILED),
        ({"rule": "at-least", "paper_value": 2.0, "tolerance": 0.5, "better": "higher"}, 9.0, BETTER),
        ({"rule": "at-most", "paper_value": 2.0, "tolerance": 0.5, "better": "lower"}, 2.5, REPRODUCED),
        ({"rule": "at-most", "paper_value": 2.0, "tolerance": 0.5, "better": "lower"}, 2.75, FAILED),
        ({"rule": "at-most", "paper_value": 2.0, "tolerance": 0.5, "better": "lower"}, -9.0, BETTER),
        ({"rule": "theorem"}, True, THEOREM),
        ({"rule": "theorem"}, False, FAILED),
        ({"rule": "theorem", "tolerance": 1e-9}, -1e-9, THEOREM),
        ({"rule": "theorem", "tolerance": 1e-9}, 2e-9, FAILED),
        ({"rule": "theorem", "paper_value": 5.0}, 5, THEOREM),
        ({"rule": "theorem", "paper_value": 5.0}, 0, FAILED),
        ({"rule": "direction", "scale": "ten times fewer"}, True, DIRECTION),
        ({"rule": "direction", "scale": "ten times fewer"}, False, FAILED),
        ({"rule": "direction", "scale": "s", "better": "higher", "threshold": 1.0}, 1.5, DIRECTION),
        ({"rule": "direction", "scale": "s", "better": "higher", "threshold": 1.0}, 1.0, FAILED),
        ({"rule": "direction", "scale": "s", "better": "lower", "threshold": 1.0}, 0.5, DIRECTION),
        ({"rule": "direction", "scale": "s"}, 7.0, FAILED),
    ],
)
def test_each_rule_on_both_sides_of_its_border(fields, value, verdict):
    run = finished(m=value)
    found = judge(claim(**fields), run)
    assert found.verdict is verdict, found.detail
    assert (found.value, found.run_id, found.preset) == (value, run.id, "quick")
    assert found.detail


@pytest.mark.parametrize("rule", ["equal", "at-least", "at-most", "theorem", "direction"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(10**400), None, "30"])
def test_what_is_no_finite_number_is_never_green(rule, value):
    tried = claim(rule, paper_value=0.0, tolerance=1e308, better="higher", threshold=-1e308, scale="s")
    found = judge(tried, finished(m=value))
    assert found.verdict is FAILED
    assert "m" in found.detail


@pytest.mark.parametrize("rule", ["equal", "at-least", "at-most"])
def test_a_truth_value_is_no_measurement(rule):
    assert judge(claim(rule, paper_value=1.0, tolerance=1.0), finished(m=True)).verdict is FAILED


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.UNAVAILABLE])
def test_a_finished_run_without_the_metric_has_failed(rule):
    found = judge(claim(rule, paper_value=0.0, better="higher", scale="s"), finished(other=0.0))
    assert (found.verdict, found.value) == (FAILED, None)
    assert "no metric 'm'" in found.detail


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.UNAVAILABLE])
@pytest.mark.parametrize(
    ("run", "words"),
    [
        (None, "no run yet"),
        (finished(RunStatus.RUNNING, m=0.0), "is running"),
        (finished(RunStatus.INTERRUPTED, m=0.0), "is interrupted"),
        (finished(RunStatus.FAILED, m=0.0), "is failed"),
        (finished(preset="tiny", m=0.0), "decided by the preset quick or full"),
    ],
)
def test_without_a_finished_run_that_can_decide_there_is_no_verdict(rule, run, words):
    tried = claim(rule, paper_value=0.0, better="higher", threshold=-1.0, scale="s", presets=("quick", "full"))
    found = judge(tried, run)
    assert (found.verdict, found.value, found.run_id) == (None, None, None)
    assert words in found.detail


@pytest.mark.parametrize("run", [None, finished(m=1.0), finished(RunStatus.FAILED)])
def test_what_is_out_of_reach_says_why_whatever_was_run(run):
    found = judge(claim("unavailable", metric="", reason="the data are not public"), run)
    assert (found.verdict, found.detail) == (Verdict.UNAVAILABLE, "the data are not public")


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(1, THEOREM), (812, THEOREM), (0, FAILED), (None, FAILED), (True, FAILED), (math.nan, FAILED)],
)
def test_a_theorem_checked_on_nothing_is_not_checked(count, verdict):
    found = judge(claim("theorem", instances="count"), finished(m=True, count=count))
    assert found.verdict is verdict
    assert ("on 812 instances" in found.detail) is (count == 812)


def test_the_detail_tells_both_numbers_with_their_unit():
    found = judge(claim("equal", paper_value=2.0, tolerance=0.5, unit="eV"), finished(m=2.25))
    assert found.detail == "2.25 eV against 2 eV (±0.5)"


def test_the_verdicts_are_a_closed_list():
    assert [str(verdict) for verdict in Verdict] == [
        "reproduced",
        "better than the paper",
        "same direction at smaller scale",
        "theorem checked",
        "not reproducible here",
        "failed",
    ]
