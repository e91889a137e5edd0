"""Reports: which stored run decides a claim, and which decides nothing."""

import pytest

from erlangen.papers import Verdict, paper, report, run_paper
from erlangen.runs import RunSpec, execute

SLUG = "sums-of-squares"


@pytest.fixture
def verdicts(root, store):
    return lambda: {j.claim.id: j.verdict for j in report(paper(SLUG, root), store).judgements}


def test_nothing_is_green_without_a_run(verdicts):
    assert verdicts() == {"sum": None, "many": None, "formula": None, "faraway": Verdict.UNAVAILABLE}


def test_a_run_with_parameters_set_by_hand_decides_nothing(root, store, verdicts):
    run_paper(SLUG, overrides={"n": 5}, store=store, root=root)
    assert verdicts()["formula"] is None
    assert report(paper(SLUG, root), store).status == "not run yet"
    run_paper(SLUG, overrides={"n": 4}, store=store, root=root)  # the preset's own value
    assert verdicts()["formula"] is Verdict.THEOREM


def test_each_claim_is_decided_by_a_preset_that_can(root, store, verdicts):
    quick = run_paper(SLUG, store=store, root=root)
    full = run_paper(SLUG, "full", store=store, root=root)
    assert verdicts() == {
        "sum": Verdict.REPRODUCED,
        "many": Verdict.REPRODUCED,
        "formula": Verdict.THEOREM,
        "faraway": Verdict.UNAVAILABLE,
    }
    found = report(paper(SLUG, root), store)
    assert {j.claim.id: j.run_id for j in found.judgements} == {
        "sum": quick.id,
        "many": full.id,
        "formula": full.id,
        "faraway": None,
    }
    assert found.run == full


def test_an_unfinished_or_failed_run_decides_nothing(root, store, verdicts, edit):
    edit('context.metric("instances", n)', 'raise RuntimeError("late")', "run.py")
    with pytest.raises(RuntimeError, match="late"):
        run_paper(SLUG, store=store, root=root)
    assert store.runs()[0].metrics["sum"] == 30
    assert verdicts()["sum"] is None


def test_the_newest_run_decides_and_failures_come_first(root, store, verdicts, edit):
    run_paper(SLUG, store=store, root=root)
    edit("i * i", "i * i + 1", "run.py")
    run_paper(SLUG, store=store, root=root)
    assert (verdicts()["sum"], verdicts()["formula"]) == (Verdict.FAILED, Verdict.FAILED)
    found = report(paper(SLUG, root), store)
    assert found.status == "2 failed, 1 not reproducible here"
    assert list(found.counts) == [Verdict.FAILED, Verdict.UNAVAILABLE]


def test_runs_of_other_papers_do_not_count(root, store, verdicts):
    execute(lambda c: c.metric("sum", 30), RunSpec("another", "quick", {"n": 4}), store=store)
    assert verdicts()["sum"] is None
