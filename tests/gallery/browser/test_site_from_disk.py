"""The static site in a browser, from disk: no network, no complaint, with and without scripts."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PAGES = (
    *("index.html", "papers/toy-roll.html", "papers/toy-plain.html", "runs.html", "runs/{0}.html"),
    *("compare.html#{0},{1}", "benchmarks.html", "knots.html", "symmetries.html", "charges.html", "orbits.html"),
)
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _file(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_complaint_or_foreign_request(open_page, toy_site, name):
    page, log = open_page(f"{toy_site[0]}/{name.format(*toy_site[1])}")
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    assert page.title()
    log.check(toy_site[0])
    assert log.requests
    assert all(_file(url).is_file() for url in log.requests)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_the_colours_follow_the_system(open_page, toy_site, size, scheme):
    page, log = open_page(f"{toy_site[0]}/index.html", viewport=size, color_scheme=scheme)
    grounds = set()
    for name in PAGES:
        page.goto(f"{toy_site[0]}/{name.format(*toy_site[1])}")
        assert page.evaluate(_OVERFLOW) <= 0, name
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    (ground,) = grounds
    level = sum(map(int, ground[4:-1].split(","))) / 3
    assert level > 200 if scheme == "light" else level < 60
    log.check(toy_site[0])


def test_the_fourteen_papers_fit_on_a_telephone(open_page, house_site):
    page, log = open_page(f"{house_site}/index.html", viewport=PHONE)
    assert page.locator(".entry").count() == 14
    links = page.eval_on_selector_all(".entry h2 a", "links => links.map(link => link.href)")
    for link in links:
        page.goto(link)
        assert page.evaluate(_OVERFLOW) <= 0, link
        assert page.locator(".formula math").count() >= 1, link
        boxes = page.eval_on_selector_all(".formula math", "all => all.map(m => m.getBoundingClientRect().height)")
        assert min(boxes) > 10, "MathML is laid out"
        assert page.locator("merror").count() == 0
    log.check(house_site)


def test_the_first_page_is_within_its_budget(open_page, house_site):
    _, log = open_page(f"{house_site}/index.html")
    files = [_file(url) for url in log.requests]
    assert len(files) <= 15
    assert sum(file.stat().st_size for file in files) <= 200_000
    scripts = [file for file in files if file.suffix == ".js"]
    assets = files[0].parent.glob("assets/*.js")
    hand_written = [file for file in assets if file.name not in ("search.js", "runs.js")]
    assert len(hand_written) >= 5
    assert sum(file.stat().st_size for file in hand_written) <= 120_000
    assert sum(file.stat().st_size for file in scripts) <= 120_000


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_content_is_there_and_no_control_that_does_nothing(open_page, toy_site, name):
    page, log = open_page(f"{toy_site[0]}/{name.format(*toy_site[1])}", java_script_enabled=False)
    log.check(toy_site[0])
    assert not [url for url in log.requests if url.endswith(".js")]
    assert page.locator("button:visible, select:visible, input:visible").count() == 0
    assert len(page.locator("main").inner_text()) > 40


def test_without_scripts_a_paper_still_tells_all(open_page, toy_site):
    page, _ = open_page(f"{toy_site[0]}/papers/toy-roll.html", java_script_enabled=False)
    assert page.locator(".claims tbody tr").count() == 6
    image = page.locator("figure img")
    assert image.is_visible()
    page.goto(f"{toy_site[0]}/index.html")
    page.locator("summary").first.click()
    assert page.locator("details[open] p").first.is_visible()


def test_a_stored_note_or_caption_cannot_speak(open_page, toy_site):
    page, log = open_page(f"{toy_site[0]}/papers/toy-roll.html")
    spoken = []
    page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
    page.reload()
    assert page.locator("main script").count() == 0
    assert page.locator('a[href^="javascript"]').count() == 0
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s); }"
    )
    assert page.evaluate("window.broken") is None, "the policy allows no inline script"
    assert spoken == []
    assert len(log.complaints) == 1
    assert "Content Security Policy" in log.complaints[0]


@pytest.mark.parametrize("chosen", [None, "dark"])
def test_the_sheet_for_print_shows_the_content_alone_in_ink_on_white(open_page, toy_site, chosen):
    page, log = open_page(f"{toy_site[0]}/papers/toy-roll.html", color_scheme="dark")
    if chosen:
        page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", chosen)
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".masthead nav", ".tools", ".around"):
        assert not page.locator(part).is_visible(), part
    assert page.locator("h1").is_visible()
    assert page.locator(".claims").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    inks = page.eval_on_selector_all("h1, .chip, td, p", "all => all.map(e => getComputedStyle(e).color)")
    assert max(sum(map(int, ink[4:-1].split(","))) for ink in inks) < 360
    assert page.pdf()[:5] == b"%PDF-"
    log.check(toy_site[0])
