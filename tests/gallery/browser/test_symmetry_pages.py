"""Pages of symmetries, charges and orbits in a browser: what it computes alone is what the library computes, and the server is asked."""

from __future__ import annotations

import numpy as np
import pytest

from erlangen.gauge import BMS3Element, classify_orbit, hill_monodromy

pytestmark = pytest.mark.browser

_TOKEN = "a-token-for-the-tests-only"
_ALONE = """([text, size, mode]) => {
  const read = erlangenFormula(text, ["phi"]);
  const theta = erlangenHill.superrotate(phi => read({ phi: phi }), size, mode), found = erlangenHill.monodromy(theta);
  return [found.trace, found.turns, erlangenHill.classify(found), erlangenHill.mean(theta), found.error];
}"""
CASES = {
    "-1": lambda phi: -1 + 0 * phi,
    "0": lambda phi: 0 * phi,
    "0.7": lambda phi: 0.7 + 0 * phi,
    "-9": lambda phi: -9 + 0 * phi,
    "-1 + 0.3*cos(phi)": lambda phi: -1 + 0.3 * np.cos(phi),
    "-4 + 0.9*sin(2*phi)": lambda phi: -4 + 0.9 * np.sin(2 * phi),
    "-exp(sin(phi))*3^2/(2 + cos(phi)^2)": lambda phi: -np.exp(np.sin(phi)) * 9 / (2 + np.cos(phi) ** 2),
}


@pytest.fixture
def page(open_page, toy_site):
    opened, log = open_page(f"{toy_site[0]}/orbits.html")
    yield opened
    log.check(toy_site[0])


@pytest.mark.parametrize(("size", "mode"), [(0.0, 1), (0.5, 2)])
@pytest.mark.parametrize("text", [text for text, function in CASES.items() if function])
def test_alone_it_integrates_what_the_library_integrates(page, text, size, mode):
    trace, turns, orbit, mean, error = page.evaluate(_ALONE, [text, size, mode])
    theta = BMS3Element.of(lambda phi: size / mode * np.sin(mode * phi))(CASES[text])[0] if size else CASES[text]
    expected, known = classify_orbit(theta), hill_monodromy(theta)
    assert trace == pytest.approx(expected.trace, abs=1e-9 * max(1, np.max(np.abs(known.matrix))))
    assert error < 1e-7
    assert (orbit["kind"], orbit["winding"]) == (expected.kind, expected.winding)
    if expected.constant is None:
        assert orbit["constant"] is None
    else:
        assert orbit["constant"] == pytest.approx(expected.constant, abs=1e-7)
    if not size:
        assert mean == pytest.approx(np.mean(theta(2 * np.pi * np.arange(512) / 512)), abs=1e-12)
    assert turns > -0.5


def test_a_mode_is_dragged_and_a_superrotation_keeps_the_orbit(page):
    page.fill("#theta", "-0.5")
    assert "elliptic, 0" in page.inner_text("#facts")
    page.locator("#mode-c1").fill("0.4")
    assert page.input_value("#theta") == "-0.5 + 0.4*cos(phi)"
    before = page.inner_text("#facts")
    page.locator("#size").fill("0.6")
    after = page.inner_text("#facts")
    assert [line for line in before.split("\n") if "mass" in line] == [
        line for line in after.split("\n") if "mass" in line
    ]
    rows = [dict(zip(text.split("\n")[::2], text.split("\n")[1::2], strict=False)) for text in (before, after)]
    masses, energies = ([row[f"8G × {name}"] for row in rows] for name in ("rest mass", "energy"))
    assert masses[0][:9] == masses[1][:9]
    assert energies[0] != energies[1]
    assert page.locator("#cover .way").count() >= 1
    assert float(page.get_attribute("#tree-mark", "cx")) > 96


def test_what_is_no_formula_is_refused_in_words(page):
    wrong = {
        "cos(phi": "too early",
        "2 $ 3": "not understood",
        "alert(1)": "not known here",
        "phi": "period",
        "": "no formula",
    }
    for text, words in wrong.items():
        page.fill("#theta", text)
        assert words in page.inner_text("#refusal"), text
        assert page.get_attribute("#theta", "aria-invalid") == "true"
    page.fill("#theta", "-1")
    assert page.inner_text("#refusal") == ""


def test_elements_of_an_algebra_show_their_brackets(open_page, toy_site):
    page, log = open_page(f"{toy_site[0]}/symmetries.html")
    first = page.locator(".cases > li").first
    button = first.locator(".generators button").nth(0)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert "= 6" in first.locator(".told").inner_text()
    assert first.locator(".bracket.on").count() == 1
    button.press("Enter")
    page.mouse.move(0, 0)
    assert first.locator(".bracket.on").count() == 0
    log.check(toy_site[0])


def test_the_browser_integrates_the_densities_of_the_library(open_page, toy_site):
    page, log = open_page(f"{toy_site[0]}/charges.html")
    nodes = np.array(page.evaluate("() => erlangenCharge.gauss(12)"))
    assert np.allclose(np.sort(nodes[:, 0]), np.polynomial.legendre.leggauss(12)[0], atol=1e-14)
    assert nodes[:, 1].sum() == pytest.approx(2, abs=1e-14)
    values = page.evaluate(
        """() => [...document.querySelectorAll(".charge")].map(one => {
          const told = JSON.parse(one.dataset.case);
          const names = [...Object.keys(told.values), "r", "x"];
          return told.curves.map(curve => erlangenCharge.charge(erlangenFormula(curve.density, names), told.values, 7, told.sphere));
        })"""
    )
    assert np.allclose(values[:4], np.array([[1.0], [-1.0], [1.0], [-1.0]]), atol=1e-12)
    assert values[6][1] == pytest.approx(10 / 7)  # (r + 3)/r
    figure = page.locator(".charge").nth(1)
    figure.locator("input").first.fill("2")
    assert figure.locator("text").all_inner_texts() != []
    assert "−2" in "".join(figure.locator("svg text").all_text_contents())
    log.check(toy_site[0])


def test_the_server_answers_each_page(open_page, serve_process, store):
    address = serve_process(store.path)[0].rstrip("/")
    page, log = open_page(f"{address}/#token={_TOKEN}")
    page.set_default_timeout(60_000)
    page.goto(f"{address}/orbits.html")
    page.wait_for_function("() => document.getElementById('facts').textContent.includes('differs by')")
    assert float(page.inner_text("#facts").rsplit("differs by", 1)[1].replace("−", "-")) < 1e-9
    page.goto(f"{address}/symmetries.html")
    page.fill("#equation", "u_t + u*u_x = u_xx")
    page.click("#ask button")
    page.wait_for_selector("#answer svg.algebra")
    assert page.locator("#answer .node").count() == 5
    page.fill("#equation", "u_t = ")
    page.click("#ask button")
    page.wait_for_function("() => document.getElementById('refusal').textContent.includes('expression')")
    page.goto(f"{address}/charges.html")
    page.select_option("#metric", "btz")
    page.fill("#xi-t", "1")
    page.select_option("#vary", "M")
    page.click("#ask button")
    page.wait_for_selector("#answer svg.plot")
    assert "G on every sphere" in page.inner_text("#answer")
    assert float(page.inner_text("#answer").rsplit("differ by", 1)[1].replace("−", "-")) < 1e-12
    log.check(address, but="status of 422")
