"""The first paper from end to end on few points: every claim finds its metric, identities hold, figures are pictures, a second run is the same."""

import math

import pytest

from erlangen.papers import judge, paper, run_paper
from erlangen.papers.claim import Rule
from erlangen.papers.verdict import Verdict
from erlangen.runs import RunStore

SMALL = {"n": 100, "repeats": 1, "swiss_noises": [0.1, 1.0], "tree_noises": [1.0, 5.0]}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return RunStore(tmp_path_factory.mktemp("store") / "runs.sqlite")


@pytest.fixture(scope="module")
def finished(store):
    return run_paper("heat-geodesic-embedding", "quick", overrides=SMALL, store=store)


def test_every_claim_finds_its_metric(finished):
    claims = [claim for claim in paper("heat-geodesic-embedding").claims if claim.rule is not Rule.UNAVAILABLE]
    assert len(claims) >= 15
    missing = [claim.id for claim in claims if not isinstance(finished.metrics.get(claim.metric), (int, float))]
    assert missing == []
    assert all(math.isfinite(finished.metrics[claim.metric]) for claim in claims)


def test_identities_hold_whatever_the_number_of_points(finished):
    theorems = [claim for claim in paper("heat-geodesic-embedding").claims if claim.rule is Rule.THEOREM]
    verdicts = {claim.id: judge(claim, finished).verdict for claim in theorems}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert len(verdicts) == 5


def test_figures_and_points_are_kept(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert set(figures) == {"correlations", "unrolled", "digits"}
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())
    names = set(store.arrays(finished.id))
    assert {"points3d", "colors", "embedding_t_0.5", "embedding_t_50", "distances", "distance_sources"} <= names


def test_parallel_rows_give_the_same_metrics(tmp_path, finished):
    other = RunStore(tmp_path / "runs.sqlite")
    again = run_paper("heat-geodesic-embedding", "quick", overrides=SMALL, store=other, jobs=2)
    assert again.id == finished.id
    assert again.metrics == finished.metrics
