"""The paper from end to end: every claim finds its metric, theorems hold, and would fail if what they test were wrong."""

import math

import pytest

from erlangen.gauge import CircleFunction
from erlangen.papers import judge, paper, run_paper
from erlangen.papers.asymptotic_symmetries import infinity, theorems
from erlangen.papers.claim import Rule
from erlangen.papers.verdict import Verdict
from erlangen.runs import RunStore

SLUG = "asymptotic-symmetries"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return RunStore(tmp_path_factory.mktemp("store") / "runs.sqlite")


@pytest.fixture(scope="module")
def finished(store):
    return run_paper(SLUG, "quick", overrides={"instances": 2}, store=store)


def test_every_claim_finds_its_metric_and_holds(finished):
    claims = paper(SLUG).claims
    assert len(claims) >= 17
    assert all(math.isfinite(finished.metrics[claim.metric]) for claim in claims)
    verdicts = {claim.id: judge(claim, finished).verdict for claim in claims if claim.rule is Rule.THEOREM}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert finished.metrics["central_charge"] == 3.0
    assert finished.metrics["black_hole_charges_instances"] == 16


def test_everything_is_built():
    assert not [claim for claim in paper(SLUG).claims if claim.rule is Rule.UNAVAILABLE]


def test_a_wrong_link_is_seen(monkeypatch):
    monkeypatch.setattr(infinity, "match_null_infinities", lambda theta, xi: (theta, xi))
    failures, instances = infinity.antipodal_matching(1, 3)
    assert (failures, instances) == (6, 10)


def test_a_wrong_frame_is_seen(monkeypatch):
    monkeypatch.setattr(infinity, "random_shift", lambda rng: CircleFunction.of(0.1))
    assert infinity.conformal_completion(1, 2)[0] == 0  # a rotation leaves the vacuum
    monkeypatch.setattr(infinity, "_data_in_time", lambda: {"Theta": "Theta", "Xi": "Xi"})
    assert infinity.conformal_completion(1, 0)[0] > 0


def test_four_dimensions_would_see_what_is_no_translation(monkeypatch):
    failures, instances = infinity.four_dimensions(0, 0)
    assert (failures, instances) == (0, 29)
    monkeypatch.setattr(infinity, "_TRANSLATIONS", ("1", "z^2*w^2/(1 + z*w)^2", "z - w", "z/(1 + z*w)"))
    assert infinity.four_dimensions(0, 0) == (2, 29)


def test_a_wrong_charge_is_seen(monkeypatch):
    whole = theorems.charge_form

    def doubled(*arguments, **options):
        form = whole(*arguments, **options)
        return type(form)(form.density * 2, form.surface)

    monkeypatch.setattr(theorems, "charge_form", doubled)
    failures, instances = theorems.black_hole_charges(0, 0)
    assert (failures, instances) == (10, 16)  # those that vanish are right at any factor


def test_a_wrong_current_is_seen(monkeypatch):
    monkeypatch.setattr(theorems, "_LAGRANGIANS", {"u_t^2/2 - u_x^2/2": ("u",)})
    assert theorems.noether_currents(0, 0) == (1, 1)


def test_a_wrong_dimension_is_seen(monkeypatch):
    monkeypatch.setattr(theorems, "_ISOMETRIES", {"btz": 5, "minkowski": 10})
    assert theorems.isometries(0, 0) == (1, 2)


def test_pictures_are_pictures(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert set(figures) == {"monodromy", "orbits", "vacua", "cones", "radii"}
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())
