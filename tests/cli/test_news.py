from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from erlangen.cli.news import as_atom, as_eml, as_text, news
from erlangen.papers import Claim, Paper, Rule
from erlangen.runs import Run, RunSpec, RunStatus

CLAIM = Claim("a", "x & y < z", "Table 1", "m", 1.0, 0.1, Rule.EQUAL)
PAPER = Paper(
    "toy",
    "A <toy> & more",
    ("N. N.",),
    date(2026, 1, 1),
    "",
    "",
    ("operators",),
    "text",
    presets={"quick": {}},
    claims=(CLAIM,),
)
OTHER = replace(PAPER, slug="other")


def _run(value, day, *, slug="toy", seed=0, status=RunStatus.FINISHED, error=None):
    spec = RunSpec(slug, "quick", {}, seed=seed)
    when = f"2026-11-{day:02d}T10:00:00.000+00:00"
    return Run(spec.id, spec, status, when, when, when, 2.0, {"m": value}, {}, error, 1)


RUNS = [
    _run(1.0, 1, seed=1),
    _run(1.05, 5, seed=2),
    _run(9.0, 10, seed=3),
    _run(1.0, 12, seed=4),
    _run(None, 13, seed=5, status=RunStatus.FAILED, error="ValueError: x"),
    _run(1.0, 14, slug="unknown"),
    _run(1.0, 15, seed=6, status=RunStatus.INTERRUPTED),
]


def _news(day):
    return news([PAPER, OTHER], RUNS, datetime(2026, 11, day, tzinfo=UTC))


def test_changes_are_told_against_the_run_before_even_if_that_is_older():
    items = _news(4)
    assert [item.when[8:10] for item in items] == ["13", "12", "10", "05"]
    told = [[(str(c.before), str(c.after)) for c in item.changes] for item in items]
    assert told == [[], [("failed", "reproduced")], [("reproduced", "failed")], []]
    assert [(c.before, str(c.after)) for c in _news(1)[-1].changes] == [(None, "reproduced")]


def test_unknown_papers_and_unfinished_runs_are_no_news():
    assert {item.run.slug for item in _news(1)} == {"toy"}
    assert not [item for item in _news(1) if item.run.status is RunStatus.INTERRUPTED]
    assert _news(30) == []


def test_the_forms_escape_what_they_must():
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert "! ValueError: x" in as_text(_news(1), since)
    feed = ElementTree.fromstring(as_atom(_news(1), since))
    name = "{http://www.w3.org/2005/Atom}"
    assert feed.find(f"{name}updated").text == "2026-11-13T10:00:00+00:00"
    assert feed.find(f"{name}entry/{name}title").text.startswith("A <toy> & more: run ")
    assert len({entry.find(f"{name}id").text for entry in feed.iter(f"{name}entry")}) == 5
    mail = as_eml(_news(1), since)
    assert "\r\nSubject: erlangen: 5 runs" in "\r\n" + mail
    assert all(line.endswith("\r") for line in mail.split("\n")[:-1])


@pytest.mark.parametrize("form", [as_text, as_atom, as_eml])
def test_no_news_is_a_whole_document(form):
    assert form([], datetime(2026, 11, 1, tzinfo=UTC))
