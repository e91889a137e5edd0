"""The report: what passed, what failed, what was skipped and why."""

import pickle

import pytest

from erlangen.errors import LawError
from erlangen.testing import LawReport, LawResult

GOOD = LawResult("symmetry", True, 1e-16, 1e-9, "worst at sample 0")
BAD = LawResult("triangle inequality", False, 0.5, 0.0, "worst at pair (0, 1)")


def test_a_report_passes_if_each_result_does():
    assert LawReport("d", (GOOD,)).passed
    report = LawReport("d", [GOOD, BAD], {"completeness": "not asked"})
    assert not report.passed
    assert report.failed == (BAD,)
    assert list(report) == [GOOD, BAD]
    assert len(report) == 2
    assert report["symmetry"] is GOOD


@pytest.mark.parametrize("law", ["completeness", "no such law"])
def test_a_law_that_was_not_measured_has_no_result(law):
    with pytest.raises(KeyError, match=law):
        LawReport("d", (GOOD,), {"completeness": "not asked"})[law]


def test_raising_names_subject_laws_and_numbers():
    report = LawReport("d", (GOOD, BAD))
    with pytest.raises(LawError, match=r"d breaks 1 of 2 laws; triangle inequality: 0.5 > 0 \(worst at pair") as caught:
        report.raise_if_failed()
    assert caught.value.report is report
    fine = LawReport("d", (GOOD,))
    assert fine.raise_if_failed() is fine


def test_the_table_has_a_line_for_every_law():
    lines = str(LawReport("d", (GOOD, BAD), {"completeness": "not asked"})).splitlines()
    assert lines[0] == "d: 1 of 2 laws hold"
    assert lines[1].startswith("ok    symmetry              1.00e-16 <= 1.00e-09  worst")
    assert lines[2].startswith("FAIL  triangle inequality   5.00e-01 >  0.00e+00  worst")
    assert lines[3] == "skip  completeness         not asked"
    assert str(LawReport("nothing", ())) == "nothing: 0 of 0 laws hold"


def test_skipped_is_read_only_and_copied():
    reasons = {"completeness": "not asked"}
    report = LawReport("d", (), reasons)
    reasons.clear()
    assert dict(report.skipped) == {"completeness": "not asked"}
    with pytest.raises(TypeError):
        report.skipped["x"] = "y"


def test_reports_and_their_errors_cross_a_process_border():
    report = LawReport("d", (GOOD, BAD), {"completeness": "not asked"})
    assert pickle.loads(pickle.dumps(report)) == report
    with pytest.raises(LawError) as caught:
        report.raise_if_failed()
    assert pickle.loads(pickle.dumps(caught.value)).report == report
