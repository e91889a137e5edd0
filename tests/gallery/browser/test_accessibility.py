"""Names, contrast, headings and the order of focus, computed in the browser; light and dark, wide and narrow."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_RULES = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8").partition("\n")[2]
_PAGES = (
    *(
        "index.html",
        "papers/toy-roll.html",
        "papers/toy-plain.html",
        "runs.html",
        "runs/{0}.html",
        "compare.html#{0},{1}",
    ),
    *("benchmarks.html", "symmetries.html", "charges.html", "orbits.html"),
)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule(open_page, toy_site, scheme, width):
    page, _ = open_page(
        f"{toy_site[0]}/index.html",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    for name in _PAGES:
        page.goto(f"{toy_site[0]}/{name.format(*toy_site[1])}")
        found = page.evaluate(_RULES)
        assert found["violations"] == [], name
        assert found["looked"] > 10, name


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("document.querySelector('h2').outerHTML = '<h5>x</h5>'", "heading skips a level"),
        ("document.querySelector('.authors').style.color = '#aaa'", "faint text"),
        ("const b = document.querySelector('.masthead button'); b.textContent = ''; b.title = ''", "no name"),
        ("document.querySelector('figure img').removeAttribute('alt')", "no name"),
        ("document.querySelector('h1').id = 'claims'", "id twice"),
        ("document.querySelector('a').tabIndex = 3", "order of focus forced"),
    ],
)
def test_the_rules_can_be_broken(open_page, toy_site, damage, rule):
    page, _ = open_page(f"{toy_site[0]}/papers/toy-roll.html")
    page.evaluate(f"() => {{ {damage} }}")
    assert any(line.startswith(rule) for line in page.evaluate(_RULES)["violations"])


def test_focus_goes_through_the_page_in_the_order_of_reading_and_is_seen(open_page, toy_site):
    page, _ = open_page(f"{toy_site[0]}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    places = []
    for _ in range(24):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(
            "() => { const e = document.activeElement, b = e.getBoundingClientRect(), s = getComputedStyle(e);"
            " return [Math.round(b.top + scrollY), s.outlineStyle !== 'none' || s.borderColor !== ''] }"
        )
        places.append(place)
        assert outline
    rows = [place // 60 for place in places if place > 200]
    assert sum(b < a - 1 for a, b in pairwise(rows)) == 0, "never backwards"
    assert len(rows) > 8


def test_the_skip_link_skips(open_page, toy_site):
    page, _ = open_page(f"{toy_site[0]}/papers/toy-roll.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
