"""Search, filters, order, keys and pins of the list of papers, from disk."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

_SHOWN = "() => [...document.querySelectorAll('.papers > li:not([hidden]) .entry')].map(e => e.dataset.slug)"


@pytest.fixture
def home(open_page, house_site):
    page, log = open_page(f"{house_site}/index.html")
    yield page
    log.check(house_site)


def _focused(page):
    return page.evaluate("(document.activeElement.closest('.entry') || {dataset: {}}).dataset.slug")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("khovanov", "haydys-witten-khovanov"),
        ("HEAT geod", "heat-geodesic-embedding"),
        ("gaunt", "gaunt-tensor-product"),
        ("wing", "wing-pressure-geometry"),
        ("EEG", "augmented-covariance-eeg"),
    ],
)
def test_search_finds_what_it_should_first(home, text, first):
    home.keyboard.press("/")
    assert home.evaluate("document.activeElement.id") == "query"
    home.keyboard.type(text)
    shown = home.evaluate(_SHOWN)
    assert shown[0] == first
    assert len(shown) < 14
    home.keyboard.press("Enter")
    assert _focused(home) == first
    home.keyboard.press("Enter")
    home.wait_for_url(f"**/papers/{first}.html")


def test_a_misspelt_word_gets_a_proposal(home):
    home.fill("#query", "kovanov")
    assert home.evaluate(_SHOWN) == []
    home.locator(".nothing button").click()
    assert home.input_value("#query") == "khovanov"
    assert home.evaluate(_SHOWN)[0] == "haydys-witten-khovanov"
    home.keyboard.press("Escape")
    assert len(home.evaluate(_SHOWN)) == 14


def test_filters_and_orders(home):
    listing = home.evaluate(_SHOWN)
    home.select_option("#subject", "knots")
    assert home.evaluate(_SHOWN) == ["haydys-witten-khovanov"]
    assert home.inner_text("#found") == "1 paper"
    home.select_option("#subject", "")
    home.select_option("#state", "failed")
    assert home.evaluate(_SHOWN) == []
    assert home.locator(".nothing").is_visible()
    home.select_option("#state", "")
    home.select_option("#sort", "title")
    titles = home.eval_on_selector_all(".entry h2", "all => all.map(e => e.textContent)")
    assert titles == sorted(titles, key=str.casefold)
    home.select_option("#sort", "date")
    dates = home.eval_on_selector_all(".entry", "all => all.map(e => e.dataset.date)")
    assert dates == sorted(dates, reverse=True)
    home.select_option("#sort", "listing")
    assert home.evaluate(_SHOWN) == listing


def test_keys_walk_open_and_pin(home):
    listing = home.evaluate(_SHOWN)
    home.keyboard.press("j")
    assert _focused(home) == listing[0]
    for _ in range(2):
        home.keyboard.press("j")
    home.keyboard.press("k")
    assert _focused(home) == listing[1]
    home.keyboard.press("p")
    home.reload()
    assert home.locator('.entry[data-pinned] .pin[aria-pressed="true"]').count() == 1, "pins outlive a reload"
    home.select_option("#state", "pinned")
    assert home.evaluate(_SHOWN) == [listing[1]]
    home.keyboard.press("Escape")
    home.select_option("#state", "")
    home.locator("h2 a").first.focus()
    home.keyboard.press("?")
    assert home.locator("dialog[open]").is_visible()
    home.keyboard.press("Escape")
    assert home.locator("dialog[open]").count() == 0
    home.keyboard.press("Enter")
    home.wait_for_url("**/papers/*.html")


def test_the_theme_is_kept(home):
    ground = "getComputedStyle(document.body).backgroundColor"
    before = home.evaluate(ground)
    home.keyboard.press("t")
    after = home.evaluate(ground)
    assert after != before
    home.reload()
    assert home.evaluate(ground) == after
