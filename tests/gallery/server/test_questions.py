"""The questions of the pages of symmetries: checked field by field, computed apart, ended when they take too long."""

import time

import pytest
from starlette.testclient import TestClient

from erlangen.errors import ErlangenError, ResourceLimitError
from erlangen.gallery.server.app import create_app
from erlangen.gallery.server.bounded import ask_bounded

TOKEN = "a-token-for-the-tests-only"
HEADERS = {"x-erlangen-token": TOKEN, "host": "127.0.0.1"}


@pytest.fixture
def ask(store):
    with TestClient(create_app(store, token=TOKEN), base_url="http://127.0.0.1") as client:

        def run(name, body, status=200, headers=HEADERS):
            answer = client.post(f"/api/{name}", json=body, headers=headers)
            assert answer.status_code == status, answer.text
            return answer.json()

        yield run


def test_an_orbit(ask):
    found = ask("orbits", {"theta": "-1", "size": 0.4, "mode": 2})
    assert (found["kind"], found["winding"]) == ("vacuum", 1)
    assert found["strip"].startswith("<svg")


def test_symmetries(ask):
    found = ask("symmetries", {"equation": "u_t = u_xx"})
    assert (found["dimension"], found["finite_dimension"], found["complete"]) == (None, 6, True)
    assert found["graph"].count("data-node") == 6


def test_brackets_with_parameters_are_told_and_not_drawn(ask):
    found = ask("symmetries", {"equation": "u_t = c*u_xx", "constants": "c"})
    assert (found["finite_dimension"], found["complete"]) == (6, False)
    assert "depends on parameters" in found["why"]


def test_a_charge(ask):
    found = ask("charges", {"metric": "kerr", "xi": {"t": "1"}, "vary": "M"})
    assert found["curves"][0]["exact"] == "1"


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("orbits", [], 400, "object"),
        ("orbits", {}, 400, "theta is missing"),
        ("orbits", {"theta": 1}, 400, "type str"),
        ("orbits", {"theta": "1", "mode": True}, 400, "type int"),
        ("orbits", {"theta": "1", "text": "2"}, 400, "no field"),
        ("orbits", {"theta": "phi"}, 422, "Fourier"),
        ("symmetries", {"equation": "u_t ="}, 422, "expression"),
        ("charges", {"metric": "kerr", "xi": "t", "vary": "M"}, 400, "type dict"),
        ("charges", {"metric": "kerr", "xi": {"t": [1]}, "vary": "M"}, 422, "text"),
    ],
)
def test_refusals(ask, name, body, status, words):
    assert words in ask(name, body, status)["error"]


def test_without_the_token_nothing_is_computed(ask):
    ask("symmetries", {"equation": "u_t = u_xx"}, 401, {"host": "127.0.0.1"})


def test_what_takes_too_long_is_ended(finish):
    begun = time.monotonic()
    heavy = {"metric": "kerr", "xi": {"t": "(1 + r + x + a + M)^60"}, "vary": "M"}
    with pytest.raises(ResourceLimitError, match="more than the 2 s"):
        finish(ask_bounded("charges", heavy, 2))
    assert time.monotonic() - begun < 30


def test_names_are_those_of_the_table(finish):
    with pytest.raises(ErlangenError):
        finish(ask_bounded("no such question", {}, 20))
