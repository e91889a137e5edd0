"""The paper from end to end on little data: every claim finds its metric, identities hold, figures are pictures, a second run is the same."""

import math
from importlib.util import find_spec

import pytest

from erlangen.papers import judge, paper, run_paper
from erlangen.papers.claim import Rule
from erlangen.papers.verdict import Verdict
from erlangen.runs import RunStore

SLUG = "augmented-covariance-eeg"
SMALL = {"windows": 120, "draws": 1}

pytestmark = pytest.mark.skipif(
    find_spec("geomstats") is None or find_spec("sktime") is None,
    reason="the recordings of the extra 'signals' are not installed",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return RunStore(tmp_path_factory.mktemp("store") / "runs.sqlite")


@pytest.fixture(scope="module")
def finished(store):
    return run_paper(SLUG, "quick", overrides=SMALL, store=store)


def decidable():
    return [c for c in paper(SLUG).claims if c.rule is not Rule.UNAVAILABLE and (not c.presets or "quick" in c.presets)]


def test_every_claim_of_the_quick_preset_finds_its_metric(finished):
    claims = decidable()
    assert len(claims) >= 11
    missing = [claim.id for claim in claims if not isinstance(finished.metrics.get(claim.metric), (int, float))]
    assert missing == []
    assert all(math.isfinite(finished.metrics[claim.metric]) for claim in claims)


def test_identities_hold(finished):
    theorems = [claim for claim in decidable() if claim.rule is Rule.THEOREM]
    verdicts = {claim.id: judge(claim, finished).verdict for claim in theorems}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert len(verdicts) == 6


def test_time_reversed_processes_need_the_augmented_matrix(finished):
    assert finished.metrics["reversed_cm_gap"] <= 0.15
    assert finished.metrics["reversed_acm"] >= 0.98


def test_figures_are_kept(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert {"augmented-matrix", "imagery-landscape"} <= set(figures)
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())


def test_parallel_rows_give_the_same_metrics(tmp_path, finished):
    other = RunStore(tmp_path / "runs.sqlite")
    again = run_paper(SLUG, "quick", overrides=SMALL, store=other, jobs=2)
    assert again.id == finished.id
    assert again.metrics == finished.metrics
