"""The paper from end to end at low degree: every claim finds its metric, identities hold, chirality is decided as it must be, figures are pictures."""

import math

import pytest

from erlangen.papers import judge, paper, run_paper
from erlangen.papers.claim import Rule
from erlangen.papers.verdict import Verdict
from erlangen.representations.products import flops, setting
from erlangen.runs import RunStore

SLUG = "price-of-freedom"
SMALL = {"degrees": 2, "timed_degrees": 1}


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
    assert len(claims) >= 14
    assert all(math.isfinite(finished.metrics[claim.metric]) for claim in claims)


def test_identities_hold(finished):
    theorems = [claim for claim in decidable() if claim.rule is Rule.THEOREM]
    verdicts = {claim.id: judge(claim, finished).verdict for claim in theorems}
    assert verdicts == dict.fromkeys(verdicts, Verdict.THEOREM)
    assert len(verdicts) == 10


def test_only_products_with_odd_paths_tell_mirror_images_apart(finished):
    assert finished.metrics["tetris_clebsch_gordan"] == 1.0
    assert finished.metrics["tetris_complete_gaunt"] == 1.0
    assert finished.metrics["tetris_gaunt"] == 0.875


def test_published_counts_of_the_sparse_and_the_fourier_code_hold_what_the_notes_say():
    for L in range(1, 7):
        tables, terms = (flops(setting("mimo", L), 10_000, method=m) / 10_000 for m in ("four-tables", "sparse"))
        assert 4.5 < tables / terms < 5.0
        pairs = sum((2 * a + 1) * (2 * c + 1) for a, b, c in even_paths(L) if a * b * c)
        assert 16 * pairs - sum(2 * c + 1 for a, b, c in even_paths(L) if a * b * c) < tables
        direct = flops(setting("mimo", L, kind="gaunt"), method="fourier-direct")
        assert direct > 6 * (2 * L + 1) ** 4 + 2 * (2 * L + 1) ** 2 * (4 * L + 1) ** 2 > 0.7 * direct


def even_paths(L):
    return [(a, b, c) for a in range(L + 1) for b in range(L + 1) for c in range(abs(a - b), a + b + 1, 2)]


def test_the_dial_of_ranks(finished):
    found = {
        name: [finished.metrics[f"expressivity_{name}_{L}"] for L in (1, 2)]
        for name in ("clebsch-gordan", "gaunt-rank-1", "gaunt-rank-2", "complete-gaunt-rank-1", "complete-gaunt-rank-2")
    }
    assert list(found.values()) == [[6, 19], [5, 9], [5, 14], [6, 14], [6, 19]]


def test_figures_are_kept(store, finished):
    figures = {figure.name: figure for figure in store.figures(finished.id)}
    assert set(figures) == {"costs", "couplings", "prices", "tetris", "times"}
    assert all(b"<svg" in figure.data[:600] and figure.caption for figure in figures.values())
