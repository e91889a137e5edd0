"""The page of knots in a browser: what it computes alone is what the library computes; drawing, flipping, asking the server."""

from __future__ import annotations

import pytest

from erlangen.topology import Link, jones_polynomial, khovanov_homology

pytestmark = pytest.mark.browser

_TOKEN = "a-token-for-the-tests-only"
_ALONE = """word => {
  const diagram = erlangenKnots.braid(word);
  return [erlangenKnots.khovanov(diagram), erlangenKnots.jones(diagram), erlangenKnots.components(diagram.pd, diagram.loops)];
}"""
_DRAWN = "() => [...document.querySelectorAll('#answer td')].map(cell => cell.textContent).filter(Boolean).map(Number)"
WORDS = [[1, 1, 1], [1, -2, 1, -2], [-1, -1], [1, 2, 1, 2, 1, 2, 1, 2], [-1, 2, -1, 2, 2], [1, -1, 1, 1], [2, 2, -1, 3]]


@pytest.fixture
def page(open_page, toy_site):
    opened, log = open_page(f"{toy_site[0]}/knots.html")
    yield opened
    log.check(toy_site[0])


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_alone_it_computes_what_the_library_computes(page, word):
    ranks, jones, components = page.evaluate(_ALONE, word)
    link = Link.from_braid(word)
    group = khovanov_homology(link, "F2")
    assert {tuple(map(int, place.split(","))): n for place, n in ranks.items()} == {
        (h, q): n for _, n, h, q in group.summands
    }
    assert components == link.n_components
    whole = {int(q): c for q, c in jones.items()}
    assert whole == {q: c for (q,), c in group.euler().terms.items()}
    assert bool(jones_polynomial(link))


def test_a_trefoil_is_drawn_and_a_crossing_flipped(page):
    page.click("#pad-example")
    assert page.locator("#pad .spot").count() == 3
    assert sum(page.evaluate(_DRAWN)) == 6  # over F2 the trefoil has total rank 6
    page.locator("#pad .spot").first.click()
    assert sum(page.evaluate(_DRAWN)) == 2  # an unknot
    page.locator("#pad .spot").first.press("Enter")
    assert sum(page.evaluate(_DRAWN)) == 6
    page.click("#pad-clear")
    assert page.locator("#pad *").count() == 0
    assert page.inner_text("#answer") == ""


def test_chirality_of_a_drawing_is_that_of_its_crossings(page):
    """Flipping all three crossings mirrors the trefoil: the Euler characteristic has q replaced by its inverse."""
    page.click("#pad-example")
    before = page.inner_text("#answer dl")
    for k in range(3):
        page.locator("#pad .spot").nth(k).click()
    after = page.inner_text("#answer dl")
    assert {"−9" in before, "−9" in after} == {True, False}


def test_corners_are_set_by_clicks_and_the_first_closes(page):
    for x, y in ((60, 60), (340, 260), (340, 60), (60, 260), (61, 61)):
        page.locator("#pad").click(position={"x": x, "y": y})
    assert page.locator("#pad .spot").count() == 1
    assert sum(page.evaluate(_DRAWN)) == 2


def test_a_word_is_typed_and_a_wrong_one_refused(page):
    page.fill("#word", "1 -2 1 -2")
    page.press("#word", "Enter")
    assert sum(page.evaluate(_DRAWN)) == 10
    page.fill("#word", "1 0")
    page.press("#word", "Enter")
    assert "braid word" in page.inner_text("#refusal")


def test_the_server_computes_over_the_integers(open_page, serve_process, store):
    address = serve_process(store.path)[0].rstrip("/")
    opened, log = open_page(f"{address}/#token={_TOKEN}")
    opened.goto(f"{address}/knots.html")
    opened.fill("#word", "T(4,5)")
    opened.click("#ask button")
    opened.wait_for_selector("#answer table.bigraded")
    assert "4" in opened.eval_on_selector_all("#answer sub", "all => all.map(sub => sub.textContent)")
    assert opened.locator("#answer svg path").count() >= 1
    opened.fill("#word", "[1,0]")
    opened.click("#ask button")
    opened.wait_for_function("() => document.getElementById('refusal').textContent.includes('generator')")
    opened.click("#pad-example")
    opened.wait_for_selector("#answer table.bigraded")
    log.check(address, but="status of 422")


def test_a_long_computation_is_cancelled(open_page, serve_process, store):
    """Sixty letters that no move shortens: the button is there while the server computes, and the next question is answered."""
    address = serve_process(store.path)[0].rstrip("/")
    opened, log = open_page(f"{address}/#token={_TOKEN}")
    opened.goto(f"{address}/knots.html")
    assert opened.locator("#cancel").is_hidden()
    opened.fill("#word", " ".join(["2 -5 3 1 -4 6"] * 10))
    opened.click("#ask button.primary")
    opened.wait_for_selector("#cancel", state="visible")
    opened.click("#cancel")
    opened.wait_for_function("() => document.getElementById('refusal').textContent === 'Cancelled.'")
    assert opened.locator("#cancel").is_hidden()
    opened.fill("#word", "1 1 1")
    opened.click("#ask button.primary")
    opened.wait_for_selector("#answer table.bigraded")
    log.check(address)
