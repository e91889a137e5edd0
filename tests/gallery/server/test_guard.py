"""Who may ask: hosts, origins, tokens, methods, sizes."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from erlangen.gallery import create_app
from erlangen.gallery.server.guard import BODY_LIMIT

_TOKEN = "t" * 24


@pytest.fixture
def client(store, toys):
    app = create_app(store, token=_TOKEN, port=8765, root=toys)
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765"])
def test_own_addresses(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8766", "localhost.evil.example:8765",
     "evil@127.0.0.1:8765", "[::1]:8765", "0.0.0.0:8765", "127.0.0.1:8765 ", "127.0.0.1:99999999", "", "127.0.0.1:8765,evil"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/papers", "/healthz", "/nowhere"])
def test_foreign_hosts_are_refused_everywhere(client, host, path):
    assert client.get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:8765",
        "http://127.0.0.1:9999",
        "http://localhost:8765.evil.example",
        "file://",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_foreign_origins_are_refused(client, method, origin):
    headers = {"origin": origin, "x-erlangen-token": _TOKEN, "content-type": "application/json"}
    assert (
        client.request(method, "/api/pins" if method == "GET" else "/api/pins/toy-roll", headers=headers).status_code
        == 403
    )


def test_the_own_origin_may_pin(client):
    headers = {"origin": "http://127.0.0.1:8765", "x-erlangen-token": _TOKEN, "content-type": "application/json"}
    assert client.post("/api/pins/toy-roll", headers=headers, content="{}").json() == {"pins": ["toy-roll"]}
    assert client.delete("/api/pins/toy-roll", headers=headers).json() == {"pins": []}


def test_cross_site_requests_of_the_api_are_refused_but_a_link_to_a_page_is_followed(client):
    assert client.get("/api/papers", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get("/papers/toy-roll.html", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "wrong", _TOKEN[:-1], _TOKEN + "t", _TOKEN.upper(), "é" * 24])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/runs"),
        ("POST", "/api/pins/toy-roll"),
        ("DELETE", "/api/pins/toy-roll"),
        ("DELETE", "/api/runs/000000000000"),
        ("POST", "/api/runs/000000000000/resume"),
        ("PUT", "/"),
        ("PATCH", "/api/runs"),
    ],
)
def test_without_the_token_nothing_changes(client, store, method, path, token):
    headers = {"content-type": "application/json"} | (
        {} if token is None else {"x-erlangen-token": token.encode("utf-8")}
    )
    found = client.request(method, path, headers=headers, content=b'{"slug": "toy-roll"}')
    assert found.status_code == 401
    assert store.runs() == []
    assert store.pins() == ()


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", ""],
)
def test_json_only(client, kind):
    assert (
        client.post("/api/runs", headers={"x-erlangen-token": _TOKEN, "content-type": kind}, content="{}").status_code
        == 415
    )


def test_large_bodies_are_refused_by_their_length_and_by_their_bytes(client):
    headers = {"x-erlangen-token": _TOKEN, "content-type": "application/json"}
    body = json.dumps({"slug": "toy-roll", "parameters": {"x": "y" * BODY_LIMIT}}).encode()
    assert client.post("/api/runs", headers=headers, content=body).status_code == 413
    assert client.post("/api/runs", headers=headers, content=iter([body[:40_000], body[40_000:]])).status_code == 413
    assert client.post("/api/runs", headers=headers | {"content-length": "-1"}, content=b"{}").status_code == 413


@pytest.mark.parametrize("path", ["/", "/papers/toy-roll.html", "/api/papers", "/nowhere", "/assets/page.js"])
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_refusals_carry_it_too(client):
    found = client.get("/", headers={"host": "evil"})
    assert found.headers["content-security-policy"]
    assert "evil" not in found.text


def test_a_websocket_is_closed(client):
    with pytest.raises(Exception) as error, client.websocket_connect("/", headers={"host": "127.0.0.1:8765"}):
        pass
    assert "1008" in repr(error.value) or "Disconnect" in type(error.value).__name__
