from __future__ import annotations

import pytest

from erlangen.gallery import Catalogue
from erlangen.papers import Verdict
from erlangen.runs import RunStore


def test_states_and_headline_come_from_runs(ran, toys):
    entries = {entry.paper.slug: entry for entry in Catalogue(ran[0], root=toys).entries()}
    assert [entries[slug].state for slug in ("toy-roll", "toy-plain", "toy-sour")] == ["failed", "unbuilt", "unrun"]
    assert entries["toy-roll"].headline.claim.id == "sum"
    assert entries["toy-roll"].headline.value == 0 + 1 + 4 + 9 + 16
    assert entries["toy-sour"].headline is None
    assert [entries[slug].number for slug in ("toy-roll", "toy-plain", "toy-sour")] == [1, 2, 3]


def test_without_a_run_nothing_is_green(store, toys):
    for entry in Catalogue(store, root=toys).entries():
        assert set(entry.report.counts) <= {Verdict.UNAVAILABLE}
        assert entry.state in ("unbuilt", "unrun")


def test_counts(ran, toys):
    catalogue = Catalogue(ran[0], root=toys)
    counts = catalogue.counts(catalogue.entries())
    assert counts == {"papers": 3, "built": 2, "claims": 7, "stand": 4, "failed": 1, "runs": 2}


@pytest.mark.parametrize("name", ["", "..", "toy_roll", "TOY-ROLL", "toy-roll/", "../toy-roll", "nope", "toy-roll\x00"])
def test_slugs_are_looked_up_whole(ran, toys, name):
    assert Catalogue(ran[0], root=toys).entry(name) is None


def test_runs_are_looked_up_by_their_whole_id(ran, toys):
    catalogue = Catalogue(ran[0], root=toys)
    run = ran[1][0]
    assert catalogue.run(run.id).id == run.id
    for name in (run.id[:7], run.id.upper() + "x", "", "0" * 12, "../" + run.id, run.id + "\n"):
        assert catalogue.run(name) is None


def test_only_figures_a_page_can_show(ran, toys):
    figures = Catalogue(ran[0], root=toys).figures(ran[1][0])
    assert [figure.name for figure in figures] == ["line"]


def test_the_run_before(ran, toys):
    catalogue = Catalogue(ran[0], root=toys)
    first, second = ran[1]
    assert catalogue.before(second).id == first.id
    assert catalogue.before(first) is None


def test_pins(store: RunStore, toys):
    store.pin("toy-plain")
    assert [entry.pinned for entry in Catalogue(store, root=toys).entries()] == [False, True, False]
