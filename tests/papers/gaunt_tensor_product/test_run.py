"""The paper from end to end on little data: every claim finds its metric, identities hold and can fail, routes agree, figures are pictures."""

import math

import pytest

from erlangen.papers import judge, paper, run_paper
from erlangen.papers.claim import Rule
from erlangen.papers.gaunt_tensor_product import courses, theorems
from erlangen.papers.verdict import Verdict
from erlangen.runs import RunStore

SLUG = "gaunt-tensor-product"
SMALL = {"degrees": 2, "equivariance_degrees": [2], "train": 10, "epochs": 2, "stages": 2, "channels": 4}
SMALL |= {"bodies_train": 60, "bodies_test": 20, "bodies_epochs": 3, "bodies_channels": 4}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return RunStore(tmp_path_factory.mktemp("store") / "runs.sqlite")


@pytest.fixture(scope="module")
def finished(store):
    return run_paper(SLUG, "quick", overrides=SMALL, store=store)


def decidable():
    return [c for c in paper(SLUG).claims if c.rule is not Rule.UNAVAILABLE and (not c.presets or "quick" in c.presets)]


def test_every_claim_finds_its_metric(finished):
    metrics = [claim.metric for claim in paper(SLUG).claims if claim.rule is not Rule.UNAVAILABLE]
    assert len(metrics) >= 20
    assert [name for name in metrics if not isinstance(finished.metrics.get(name), (int, float))] == []
    assert all(math.isfinite(finished.metrics[name]) for name in metrics)


def test_identities_hold(finished):
    held = [claim for claim in decidable() if claim.rule is Rule.THEOREM]
    verdicts = {claim.id: judge(claim, finished).verdict for claim in held}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert len(verdicts) == 11


def test_counts_of_weights_are_the_published_ones(finished):
    assert (finished.metrics["parameters_gaunt"], finished.metrics["parameters_mace"]) == (576, 8256)


def test_the_grid_is_the_faster_way(finished):
    assert finished.metrics["fourier_over_grid"] > 1.5
    assert finished.metrics["routes_float32"] <= 1e-5


def test_an_identity_broken_on_purpose_is_seen(monkeypatch):
    whole = theorems.gaunt_product
    monkeypatch.setattr(
        theorems, "gaunt_product", lambda *a, **k: whole(*a, **k) * (1 + 1e-6 * ("fourier" in k.values()))
    )
    assert theorems.routes(2)[0] == pytest.approx(1e-6, rel=1e-3)
    assert theorems.many_body(2)[0] > 1e-7
    kept = theorems.kept_coefficients
    monkeypatch.setattr(theorems, "kept_coefficients", lambda n, m: kept(n, m) * (-1) ** m)
    assert theorems.fourier_coefficients(1)[0] > 0.1


def test_the_record_beside_mace_torch_is_read_at_equal_epochs_and_equal_seconds():
    made = {
        "mace-torch/1": [
            {
                "epoch": 4,
                "seconds": 100.0,
                "forces_300K": 80.0,
                "forces_600K": 160.0,
                "energy_300K": 9.0,
                "energy_600K": 9.0,
            }
        ],
        "identical/1": [
            {
                "epoch": e,
                "seconds": 5.0 * e,
                "forces_300K": 320.0 / e,
                "forces_600K": 640.0 / e,
                "energy_300K": 9.0,
                "energy_600K": 9.0,
            }
            for e in (4, 8, 16, 32)
        ],
    }
    found = courses.comparison(made)
    assert found["identical_over_mace_torch_equal_epochs"] == pytest.approx(1.0)
    quarter = 20 * 2 ** (-1 / 4)  # 20 at epoch 16 after 80 s, a quarter of the way to 10 at epoch 32 after 160 s
    assert found["identical_over_mace_torch_equal_seconds"] == pytest.approx(quarter / 80)
    assert found["mace_torch_seconds_over_identical"] == pytest.approx(5.0)
    assert courses.comparison({}) == {}


def test_seeds_are_compared_where_every_course_of_the_peer_has_come():
    def side(*rows):
        names = ("epoch", "seconds", "forces_300K", "forces_600K", "energy_300K", "energy_600K")
        return [dict(zip(names, (e, s, f, 2 * f, 1.0, 1.0), strict=True)) for e, s, f in rows]

    made = {
        "mace-torch/1": side((4, 40.0, 100.0), (8, 80.0, 50.0), (16, 160.0, 20.0)),
        "mace-torch/2": side((4, 40.0, 90.0), (8, 120.0, 70.0)),
        "identical/1": side((4, 10.0, 100.0), (8, 20.0, 40.0), (32, 80.0, 10.0)),
        "identical/2": side((4, 10.0, 100.0), (8, 20.0, 80.0), (48, 120.0, 14.0)),
        "gaunt/1": side((8, 40.0, 60.0), (16, 80.0, 30.0)),
        "gaunt/2": side((8, 40.0, 77.0)),  # not long enough for the seconds of the peer
    }
    found = courses.comparison(made)
    assert (found["mace_torch_epochs"], found["mace_torch_seeds"]) == (8, 2)
    assert found["mace_torch_seconds"] == pytest.approx(100.0)
    assert found["identical_over_mace_torch_equal_epochs"] == pytest.approx((40 / 50 + 80 / 70) / 2)
    assert found["identical_over_mace_torch_equal_seconds"] == pytest.approx((10 / 50 + 14 / 70) / 2)
    assert found["beside_gaunt_forces_300K_equal_seconds"] == pytest.approx(30.0)
    assert found["beside_gaunt_forces_300K_equal_epochs"] == pytest.approx((60 + 77) / 2)
    assert found["mace_torch_longest_epochs"] == 16
    assert found["identical_over_mace_torch_longest"] == pytest.approx(40 ** (2 / 3) * 10 ** (1 / 3) / 20)
    assert found["mace_torch_seconds_over_identical"] == pytest.approx(10 / 2.5)


def test_figures_are_kept(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert set(figures) == {"beside", "bodies", "learning", "paths", "product", "rules"}
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())
