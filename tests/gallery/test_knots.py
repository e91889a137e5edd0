"""Knots on the page: what is said of them is known beforehand, what is too large is refused before it is computed."""

import asyncio
import re

import pytest
from starlette.testclient import TestClient

from erlangen.errors import ParseError, ResourceLimitError
from erlangen.gallery.catalogue import Catalogue
from erlangen.gallery.knot_figures import polynomial, sparkline
from erlangen.gallery.knots import EXAMPLES, at_once, describe
from erlangen.gallery.server.answer import RefusalError
from erlangen.gallery.server.app import create_app
from erlangen.gallery.server.bounded import ask_bounded
from erlangen.gallery.server.while_wanted import while_wanted
from erlangen.gallery.site import Site
from erlangen.runs import RunStore

TOKEN = "a-token-for-the-tests-only"
HARD = str([2, -5, 3, 1, -4, 6] * 8)  # forty-eight letters on seven strands that no move shortens
HEADERS = {"x-erlangen-token": TOKEN, "host": "127.0.0.1"}


@pytest.fixture
def store(tmp_path):
    with RunStore(tmp_path / "runs.sqlite") as opened:
        yield opened


@pytest.fixture
def ask(store):
    client = TestClient(create_app(store, token=TOKEN), base_url="http://127.0.0.1")

    def run(body, status=200, headers=HEADERS):
        answer = client.post("/api/knots", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return run


def test_the_right_handed_trefoil():
    found = describe("X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]", title="3_1")
    assert (found["s"], found["width"], found["jones"]) == (2, 2, "t + t^3 - t^4")
    assert "1<sub>2</sub>" in found["table"]
    assert found["picture"].startswith("<svg")
    assert "Diagram of 3_1" in found["picture"]


def test_a_title_is_no_markup():
    found = describe("[1,1,1]", title="<script>alert(1)</script>")
    assert "<script" not in found["picture"] + found["table"]


@pytest.mark.parametrize(
    ("text", "s"), [("[1,1]", 1), ("[1,-2,1,-2,1,-2]", 0), ("PD[Loop[1],Loop[2]]", -1), ("[1,-1]", -1)]
)
def test_links_have_their_s(text, s):
    assert describe(text)["s"] == s


def test_a_diagram_is_simplified_before_it_is_scanned():
    """A word of sixty letters whose own diagram has tens of thousands of generators and, over Z, took minutes."""
    unknot = describe(str([1, -1, 2, -2, 3, -3] * 5 + [1, 2, 3]))
    assert (unknot["crossings"], unknot["poincare"], unknot["girths"]) == (33, "q^-1 + q", [])
    reduced = describe("[1,-1,1,1]", reduced=True)
    assert reduced["girths"] != []  # of links the first edge counts: their diagrams stay


def test_an_answer_in_another_process_is_the_same(ask):
    assert not at_once("T(4,7)")
    found, expected = ask({"text": "T(4,7)"}), describe("T(4,7)")
    drawn, kept = (re.split(r"(-?\d+\.\d+)", answer.pop("picture")) for answer in (found, expected))
    assert found == expected
    assert drawn[::2] == kept[::2]
    # to the last place: another number of threads rounds differently
    assert [float(x) for x in drawn[1::2]] == pytest.approx([float(x) for x in kept[1::2]], abs=0.011)


def test_work_ends_when_the_caller_has_gone(finish):
    ended = []

    class Gone:
        async def is_disconnected(self):
            return True

    class Waiting:
        async def is_disconnected(self):
            return False

    async def slow():
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("slow")

    async def quick():
        return 7

    with pytest.raises(RefusalError, match="gone"):
        finish(while_wanted(Gone(), slow()))
    assert ended == ["slow"]
    assert finish(while_wanted(Waiting(), quick())) == 7


def test_what_takes_longer_than_its_limit_is_ended_and_refused_in_words(finish):
    with pytest.raises(ResourceLimitError, match="more than the 1 s") as caught:
        finish(ask_bounded("knots", {"text": HARD}, 1, command="erlangen knot homology"))
    assert "erlangen knot homology" in caught.value.hint


@pytest.mark.parametrize("text", ["T(12,13)", "T(8,9)"])
def test_what_takes_too_long_is_refused_at_once(text):
    with pytest.raises(ResourceLimitError, match="crossings are more than this page computes"):
        describe(text)


def test_the_page_shows_every_example_and_no_server_from_disk(store):
    text = Site(Catalogue(store)).render("knots.html").data.decode()
    assert text.count('<li id="knot-') == len(EXAMPLES)
    assert text.count('<table class="bigraded">') == len(EXAMPLES)
    assert 'id="ring"' not in text
    assert "<sub>4</sub>" in text  # T(4,5) has a summand Z/4
    live = Site(Catalogue(store), live=True).render("knots.html").data.decode()
    assert 'id="ring"' in live


def test_the_server_computes_what_is_asked(ask):
    found = ask({"text": "[1,1,1]", "ring": "F2", "reduced": True})
    assert found["poincare"] == "q^2 + t^2*q^6 + t^3*q^8"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ([], 400, "object"),
        ({}, 400, "text must have"),
        ({"text": 3}, 400, "type str"),
        ({"text": "[1]", "reduced": 1}, 400, "type bool"),
        ({"text": "[1]", "speed": 1}, 400, "no field"),
        ({"text": "x" * 5000}, 400, "characters"),
        ({"text": "no such knot"}, 422, ""),
        ({"text": "[1,0]"}, 422, "generator"),
        ({"text": "[1,1,1]", "ring": "F4"}, 422, "prime"),
        ({"text": "T(12,13)"}, 422, "more than this page"),
    ],
)
def test_the_server_refuses(ask, body, status, words):
    assert words in ask(body, status)["error"]


def test_without_the_token_nothing_is_computed(ask):
    ask({"text": "[1,1,1]"}, 401, {"host": "127.0.0.1"})


def test_small_figures():
    assert str(polynomial("1 < t^2")) == "1 &lt; t<sup>2</sup>"
    assert sparkline([4, 8, 4]).count("h5") == 3
    assert "at most 1" in sparkline([])


def test_an_empty_text_is_refused():
    with pytest.raises(ParseError):
        describe(" ")
