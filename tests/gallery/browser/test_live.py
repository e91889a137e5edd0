"""The live page in a browser: run, watch, stop, resume, reload, two tabs; and what other pages may not do."""

from __future__ import annotations

import http.server
import json
import threading

import pytest

from erlangen.runs import RunStore

pytestmark = pytest.mark.browser

_TOKEN = "a-token-for-the-tests-only"


@pytest.fixture
def live(serve_process, store):
    """Address of a server over the toys, and its store."""
    address, _ = serve_process(store.path)
    return address.rstrip("/"), store


@pytest.fixture
def paper(open_page, live):
    """The page of the toy paper with the right to run it."""
    page, log = open_page(f"{live[0]}/#token={_TOKEN}")
    assert "token" not in page.url, "the token leaves the address at once"
    page.goto(f"{live[0]}/papers/toy-roll.html")
    page.wait_for_selector("section.live:not([hidden])")
    yield page
    log.check(live[0], but="status of 400")


def _start(page, **values):
    for name, value in values.items():
        page.fill(f"#p-{name}", str(value))
    page.click(".live button.primary")


def _state(page, word):
    page.wait_for_function("word => document.querySelector('[data-state]').textContent.startsWith(word)", arg=word)


def _value(page):
    return page.evaluate("document.querySelector('.live progress').value")


def _wait_value(page, least):
    page.wait_for_function(
        "least => document.querySelector('.live progress').value >= least"
        " || document.querySelector('[data-state]').textContent === 'failed'",
        arg=least,
    )
    assert page.inner_text("[data-state]") != "failed", page.inner_text("[data-message]")


def test_a_run_from_the_page_with_progress_to_its_record(paper, live):
    _start(paper, n=12, pause=0.1)
    _state(paper, "running")
    _wait_value(paper, 0.3)
    assert "square" in paper.inner_text("[data-message]")
    _state(paper, "finished")
    assert _value(paper) == 1
    assert "sum" in paper.inner_text("[data-metrics]")
    paper.click("[data-open]")
    paper.wait_for_url("**/runs/*.html")
    (run,) = live[1].runs()
    assert run.id in paper.url
    assert run.metrics["sum"] == sum(k * k for k in range(12))


def test_what_a_run_changes_appears_without_a_reload(paper):
    assert "not run yet" in paper.inner_text("header .chips")
    assert paper.locator("section[aria-labelledby=figures]").count() == 0
    _start(paper)
    _state(paper, "finished")
    paper.wait_for_function("() => document.querySelector('header .chips').textContent.includes('reproduced')")
    assert paper.locator("section[aria-labelledby=figures] img").count() > 0
    paper.wait_for_selector(".viewer[data-ready]")
    assert paper.inner_text("[data-state]") == "finished"


def test_stopped_reloaded_resumed_it_ends_as_if_left_alone(paper, live):
    _start(paper, n=40, pause=0.1)
    _wait_value(paper, 0.1)
    paper.click("[data-stop]")
    _state(paper, "stopped")
    (run,) = live[1].runs()
    kept = len(live[1].rows(run.id))
    assert 0 < kept < 40
    paper.reload()
    _state(paper, "stopped")
    paper.click("[data-resume]")
    _wait_value(paper, (kept + 1) / 40)
    paper.reload()
    _state(paper, "running")
    _wait_value(paper, (kept + 3) / 40)
    _state(paper, "finished")
    assert live[1].run(run.id).attempt == 2
    assert live[1].rows(run.id) == {f"square {k}": k * k for k in range(40)}


def test_two_tabs_see_the_same_run_and_either_stops_it(paper, live):
    _start(paper, n=300, pause=0.1)
    _state(paper, "running")
    other = paper.context.new_page()
    other.goto(f"{live[0]}/papers/toy-roll.html")
    _state(other, "running")
    assert other.get_attribute(".progress", "data-run") == paper.get_attribute(".progress", "data-run")
    other.click("[data-stop]")
    _state(other, "stopped")
    _state(paper, "stopped")


def test_what_is_wrong_with_a_field_is_said_beside_the_button(paper, live):
    _start(paper, n=9999)
    assert "n" in paper.inner_text("[data-refusal]")
    assert paper.get_attribute("#p-n", "aria-invalid") == "true"
    _start(paper, n=5, noises="0.1, seven")
    assert "a number is needed" in paper.inner_text("[data-refusal]")
    _start(paper, noises="0.1, 7")
    paper.wait_for_function("() => document.querySelector('[data-refusal]').textContent.includes('noises')")
    assert live[1].runs() == []


@pytest.mark.parametrize("preset", ["quick", "full"])
def test_a_preset_fills_the_fields(paper, preset):
    paper.select_option("#preset", preset)
    assert paper.input_value("#p-n") == {"quick": "5", "full": "40"}[preset]


def test_a_failure_tells_its_reason(paper):
    paper.select_option("#p-mode", "raise")
    _start(paper)
    _state(paper, "failed")
    assert "told to raise" in paper.inner_text("[data-message]")


def test_without_the_token_pages_show_and_nothing_runs(open_page, live):
    page, log = open_page(f"{live[0]}/papers/toy-roll.html")
    page.wait_for_selector("section.live:not([hidden])")
    _start(page)
    page.wait_for_function("() => document.querySelector('[data-refusal]').textContent.includes('address')")
    assert live[1].runs() == []
    log.check(live[0], but="status of 401")


_ASK = """([path, method, headers, body]) => fetch(path, {method, headers, body})
  .then(async (a) => [a.status, await a.text()]).catch((e) => [0, String(e)])"""


def test_the_guard_seen_by_the_browser(open_page, live):
    page, _ = open_page(f"{live[0]}/")
    body = json.dumps({"slug": "toy-roll"})
    good = {"X-Erlangen-Token": _TOKEN, "Content-Type": "application/json"}
    ask = lambda *request: page.evaluate(_ASK, list(request))[0]  # noqa: E731
    assert ask("/api/papers", "GET", {}, None) == 200
    assert ask("/api/runs", "POST", {**good, "X-Erlangen-Token": "wrong"}, body) == 401
    assert ask("/api/runs", "POST", {**good, "Content-Type": "text/plain"}, body) == 415
    assert ask("/api/runs", "POST", good, '"' + "x" * 70_000 + '"') == 413
    assert ask("/api/pins/toy-roll", "POST", good, "{}") == 200
    assert ask(f"{live[0].replace('127.0.0.1', 'localhost')}/api/papers", "GET", {}, None) == 0, (
        "the policy of the page"
    )


def test_another_page_of_this_browser_gets_nothing(open_page, live):
    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>other</title><h1>other</h1>")

        def log_message(self, *_args):
            pass

    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        page, _ = open_page(f"http://127.0.0.1:{other.server_port}/")
        headers = {"X-Erlangen-Token": _TOKEN, "Content-Type": "application/json"}
        for request in (
            ["/api/papers", "GET", {}, None],
            ["/api/runs", "POST", headers, json.dumps({"slug": "toy-roll"})],
            ["/api/pins/toy-roll", "POST", {"Content-Type": "text/plain"}, "{}"],
        ):
            assert page.evaluate(_ASK, [live[0] + request[0], *request[1:]])[0] == 0, request
        frame = page.evaluate(
            "url => new Promise(done => { const f = document.createElement('iframe'); f.src = url;"
            " f.onload = () => { try { done(f.contentDocument === null ? 'closed' : f.contentDocument.title) } catch (e) { done('closed') } };"
            " document.body.append(f) })",
            f"{live[0]}/",
        )
        assert frame == "closed"
    finally:
        other.shutdown()
        other.server_close()
    assert live[1].runs() == []
    assert live[1].pins() == ()


def test_the_fourteen_papers_live_and_a_page_that_is_not(open_page, serve_process, tmp_path):
    with RunStore(tmp_path / "runs.sqlite") as store:
        address, _ = serve_process(store.path, root=None)
    page, log = open_page(f"{address}#token={_TOKEN}")
    assert page.locator(".entry").count() == 14
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.wait_for_selector(".entry[data-pinned]")
    page.reload()
    assert page.locator('.pin[aria-pressed="true"]').count() == 1, "pins are kept by the server"
    page.goto(f"{address}papers/rvgp.html")
    log.check(address)
    answer = page.goto(f"{address}papers/nowhere.html")
    assert answer.status == 404
    assert "Nothing lies here" in page.inner_text("h1")
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "", "with its style"
    log.check(address, but="status of 404")
