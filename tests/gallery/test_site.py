from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from erlangen.gallery import Catalogue, Site
from erlangen.papers import papers

_PAGES = (
    "index.html",
    "runs.html",
    "compare.html",
    "benchmarks.html",
    "knots.html",
    "symmetries.html",
    "charges.html",
    "orbits.html",
    "papers/toy-roll.html",
    "papers/toy-plain.html",
)
_VOID = {"meta", "link", "input", "img", "br", "hr", "path", "circle"}


class _Reader(HTMLParser):
    """Checks nesting and collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in _VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name in ("href", "src"):
            if name in found:
                (self.foreign if re.match(r"https?:", found[name]) and tag != "a" else self.links).append(found[name])
        if (
            "style" in found
            or any(name.startswith("on") for name in found)
            or (tag == "script" and "src" not in found)
            or tag == "style"
        ):
            self.inline.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in _VOID:
            assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def _read(site: Site, path: str) -> _Reader:
    reader = _Reader()
    reader.feed(site.render(path).data.decode("utf-8"))
    reader.close()
    assert reader.open == []
    return reader


def test_every_address_it_names_answers(site):
    paths = list(site.paths())
    assert len(paths) == len(set(paths))
    for path in paths:
        assert site.render(path).data is not None, path


def test_every_relative_link_leads_somewhere_and_nothing_foreign_is_loaded(site):
    known = set(site.paths())
    for path in (p for p in known if p.endswith(".html")):
        reader = _read(site, path)
        assert reader.foreign == []
        assert reader.inline == []
        assert len(reader.ids) == len(set(reader.ids)), path
        folder = path.rpartition("/")[0].split("/") if "/" in path else []
        for link in reader.links:
            target, _, place = link.partition("#")
            if link.startswith(("http", "mailto")):
                continue
            parts = list(folder)
            for part in target.split("/") if target else path.split("/")[len(folder) :]:
                if part == "..":
                    parts.pop()
                else:
                    parts.append(part)
            assert "/".join(parts) in known, (path, link)
            if place and not target:
                assert place in reader.ids, (path, link)


@pytest.mark.parametrize("path", _PAGES)
def test_headings_form_an_outline(site, path):
    levels = _read(site, path).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


@pytest.mark.parametrize("path", ["", "index.html"])
def test_the_first_page(site, path):
    text = site.render(path).data.decode()
    assert "A toy roll, &lt;b&gt;not&lt;/b&gt; bold &amp; not a script" in text
    assert "not built yet" in text
    assert "not run yet" in text
    assert "1 failed" in text
    assert ">30</b>" in text


@pytest.mark.parametrize(
    "path",
    [
        "..", "../", "/etc/passwd", "papers/../index.html", "papers/toy-roll", "papers/TOY-ROLL.html", "papers/none.html", "assets/../index.html",
        "assets/", "assets/none.js", "assets/style.css/x", "runs/000000000000.html", "runs/xyz.html", "runs/.html", "index.html\n", "index.html\x00",
        "papers/toy-roll.html%00", "renderer.py", "templates/home.html", "papers/toy-plain.safetensors", "runs/000000000000-0.svg",
    ],
)  # fmt: skip
def test_nothing_lies_elsewhere(site, path):
    assert site.render(path) is None


def test_figures_by_their_place(site, ran):
    run = ran[1][0]
    assert site.render(f"runs/{run.id}-0.svg").data.startswith(b"<svg")
    assert site.render(f"runs/{run.id}-0.png") is None
    assert site.render(f"runs/{run.id}-1.svg") is None, "HTML of a run is never served"
    assert site.render(f"runs/{run.id}-999.svg") is None


def test_a_paper_page_tells_each_kind_of_verdict_with_its_run(site, ran):
    text = site.render("papers/toy-roll.html").data.decode()
    for words in (
        "reproduced",
        "better than the paper",
        "theorem checked",
        "same direction at smaller scale",
        "failed",
        "not reproducible here",
    ):
        assert words in text
    assert "the data were never published" in text
    assert any(f"runs/{run.id}.html" in text for run in ran[1])
    assert "4×" in text
    assert "A line &amp; its &lt;caption&gt;." in text
    assert "<math" in text
    assert "@misc{toy2021roll" in text


def test_what_is_not_built_says_so_and_cannot_be_run(site, ran, records, toys):
    live = Site(Catalogue(ran[0], benchmarks=records, root=toys), live=True)
    assert "not built yet" in live.render("papers/toy-plain.html").data.decode()
    assert "live.js" not in live.render("papers/toy-plain.html").data.decode()
    assert "live.js" in live.render("papers/toy-roll.html").data.decode()
    assert "live.js" not in site.render("papers/toy-roll.html").data.decode()


def test_json_addresses_hold_json(site, ran):
    for path in site.paths():
        if path.endswith(".json"):
            json.loads(site.render(path).data)
    data = site.render("assets/runs.js").data.removeprefix(b"window.erlangenRuns=").removesuffix(b";\n")
    assert set(json.loads(data)) == {run.id for run in ran[1]}


def test_the_budget_of_the_first_page_of_the_house(store):
    site = Site(Catalogue(store))
    page = site.render("index.html").data
    parts = re.findall(r'(?:src|href)="(assets/[^"]+)"', page.decode())
    assert len(parts) + 1 <= 15
    assert len(page) + sum(len(site.render(part).data) for part in parts) <= 200_000
    scripts = [path for path in site.paths() if path.startswith("assets/") and path.endswith(".js")]
    assert sum(len(site.render(path).data) for path in scripts) <= 120_000


def test_the_house_shows_fourteen_papers_none_green_without_a_run(store):
    text = Site(Catalogue(store)).render("index.html").data.decode()
    assert text.count('<article class="entry"') == len(papers()) == 14
    assert not re.search(r'class="chip (good|better|theorem|direction)"', text)
    for paper in papers():
        if paper.arxiv:
            assert f"https://arxiv.org/abs/{paper.arxiv}" in text
