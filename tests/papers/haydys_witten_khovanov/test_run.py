"""The paper from end to end on few diagrams: every claim finds its metric, theorems hold and can fail, pictures are pictures."""

import math

import pytest

pytest.importorskip("database_knotinfo")

from erlangen.papers import judge, paper, run_paper
from erlangen.papers.claim import Rule
from erlangen.papers.haydys_witten_khovanov import sweeps, theorems
from erlangen.papers.verdict import Verdict
from erlangen.runs import RunStore
from erlangen.topology import BigradedGroup

SLUG = "haydys-witten-khovanov"
SMALL = {"knots": 6, "links": 5, "strands": 4, "diagrams": 2}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return RunStore(tmp_path_factory.mktemp("store") / "runs.sqlite")


@pytest.fixture(scope="module")
def finished(store):
    return run_paper(SLUG, "quick", overrides=SMALL, store=store)


def test_every_claim_finds_its_metric(finished):
    metrics = [claim.metric for claim in paper(SLUG).claims if claim.rule is not Rule.UNAVAILABLE]
    assert len(metrics) >= 16
    assert all(math.isfinite(finished.metrics[name]) for name in metrics)


def test_theorems_hold_and_say_on_how_many(finished):
    held = [claim for claim in paper(SLUG).claims if claim.rule is Rule.THEOREM]
    verdicts = {claim.id: judge(claim, finished).verdict for claim in held}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert finished.metrics["reduced_instances"] == 7  # 3_1, 4_1, 5_1, 5_2, 6_1, 6_2, 6_3
    assert finished.metrics["thin_instances"] == 7
    assert finished.metrics["links_instances"] > 5


def test_what_is_not_built_says_so():
    missing = [claim for claim in paper(SLUG).claims if claim.rule is Rule.UNAVAILABLE]
    assert {"symplectic", "decoupling", "adiabatic"} <= {claim.id for claim in missing}
    assert all("not built yet" in claim.reason for claim in missing)


def test_a_mirrored_diagram_is_seen(monkeypatch):
    """Chirality is compared, not fitted: with the mirror image of each diagram all chiral knots disagree."""
    whole = sweeps.khovanov_groups
    monkeypatch.setattr(sweeps, "khovanov_groups", lambda links: whole([link.mirror() for link in links]))
    found = sweeps.knots(0, 4, False)
    assert found["reduced"] == 3  # of 3_1, 4_1, 5_1, 5_2 only 4_1 is amphichiral
    assert found["reduced_instances"] == 4


def test_lost_torsion_is_seen(monkeypatch):
    whole, many = sweeps.khovanov_homology, sweeps.khovanov_groups

    def free(group):
        return BigradedGroup([s for s in group.summands if not s[0]], group.ring)

    monkeypatch.setattr(sweeps, "khovanov_homology", lambda *a, **k: free(whole(*a, **k)))
    monkeypatch.setattr(
        sweeps, "khovanov_groups", lambda links: (g._replace(unreduced=free(g.unreduced)) for g in many(links))
    )
    assert sweeps.knots(0, 4, False)["unreduced"] == 4
    assert not sweeps.torus_knots(4, 5)["agrees"]


def test_a_theorem_broken_on_purpose_is_counted(monkeypatch):
    whole = theorems.khovanov_homology
    monkeypatch.setattr(theorems, "khovanov_homology", lambda *a, **k: whole(*a, **k).shift(q=2))
    assert theorems.euler_characteristic(3, 2) == (2, 2)
    assert theorems.one_tower(3, 1) == (1, 1)


def test_figures_are_kept(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert set(figures) == {"torus", "torsion", "girth"}
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())


@pytest.mark.slow
def test_the_quick_preset(store):
    run = run_paper(SLUG, "quick", store=store)
    assert run.seconds < 30
    assert run.metrics["reduced_instances"] == 35
