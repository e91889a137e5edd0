"""The API over toy papers; runs are real processes."""

from __future__ import annotations

import json
import time

import pytest
from starlette.testclient import TestClient

from erlangen.gallery import create_app
from erlangen.gallery.server.live_runs import LiveRuns
from erlangen.papers import run_paper
from erlangen.runs import RunStatus

_TOKEN = "t" * 24
_SEND = {"x-erlangen-token": _TOKEN, "content-type": "application/json"}


@pytest.fixture
def live():
    found = LiveRuns(grace=10.0)
    yield found
    found.close()


@pytest.fixture
def client(store, toys, records, live):
    app = create_app(store, token=_TOKEN, root=toys, benchmarks=records, live=live)
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as found:
        yield found


def _wait(client, run_id, *states, seconds=40.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = client.get(f"/api/runs/{run_id}")
        if found.status_code == 200 and found.json()["state"] in states:
            return found.json()
        time.sleep(0.1)
    raise AssertionError(found.text)


def _events(text):
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in fields:
            found.append((int(fields["id"]) if "id" in fields else None, fields["event"], json.loads(fields["data"])))
    return found


def test_health(client):
    assert client.get("/healthz").json()["status"] == "ok"


def test_papers(client):
    found = client.get("/api/papers").json()["papers"]
    assert [paper["slug"] for paper in found] == ["toy-roll", "toy-plain", "toy-sour"]
    assert [paper["status"] for paper in found] == ["not run yet", "not built yet", "not run yet"]


def test_a_paper_tells_its_schema(client):
    found = client.get("/api/papers/toy-roll").json()
    assert found["parameters"]["n"] == {
        "type": "int",
        "default": 5,
        "low": 1,
        "high": 400,
        "choices": [],
        "help": "how many squares",
        "unit": "",
    }
    assert found["presets"]["full"]["n"] == 40
    assert len(found["claims"]) == 6
    assert client.get("/api/papers/none").status_code == 404


def test_a_run_from_start_to_finish_with_its_events(client, store):
    started = client.post("/api/runs", headers=_SEND, content=json.dumps({"slug": "toy-roll", "seed": 3}))
    assert started.status_code == 202
    run_id = started.json()["id"]
    events = _events(client.get(f"/api/runs/{run_id}/events").text)
    assert events[0][1] == "started"
    assert events[-1][1] == "finished"
    assert ("sum", 30) in {(data.get("name"), data.get("value")) for _, kind, data in events if kind == "metric"}
    numbers = [seq for seq, _, _ in events if seq is not None]
    assert numbers == sorted(set(numbers))
    found = client.get(f"/api/runs/{run_id}").json()
    assert found["state"] == "finished"
    assert found["metrics"]["strange"] is None
    assert next(claim["verdict"] for claim in found["claims"]) == "reproduced"
    assert store.run(run_id).spec.seed == 3
    again = client.post("/api/runs", headers=_SEND, content=json.dumps({"slug": "toy-roll", "seed": 3}))
    assert again.json() == {"id": run_id, "state": "finished"}
    later = _events(client.get(f"/api/runs/{run_id}/events", headers={"last-event-id": str(numbers[-2])}).text)
    assert [seq for seq, _, _ in later] == [numbers[-1], None]


def test_stopped_and_resumed_it_equals_the_run_that_was_left_alone(client, store, toys, tmp_path):
    wanted = {"slug": "toy-roll", "parameters": {"n": 60, "pause": 0.05}}
    run_id = client.post("/api/runs", headers=_SEND, content=json.dumps(wanted)).json()["id"]
    _wait(client, run_id, "running")
    until = time.monotonic() + 30
    while not store.rows(run_id) and time.monotonic() < until:
        time.sleep(0.05)
    assert client.request("DELETE", f"/api/runs/{run_id}", headers=_SEND).status_code == 202
    _wait(client, run_id, "interrupted")
    kept = store.rows(run_id)
    assert 0 < len(kept) < 60
    assert client.request("DELETE", f"/api/runs/{run_id}", headers=_SEND).status_code == 409
    assert client.post(f"/api/runs/{run_id}/resume", headers=_SEND, content="{}").status_code == 202
    done = _wait(client, run_id, "finished")
    assert done["attempt"] == 2
    assert store.rows(run_id) == {f"square {k}": k * k for k in range(60)}
    assert done["metrics"]["sum"] == sum(k * k for k in range(60))


def test_a_run_that_fails_says_why(client):
    body = {"slug": "toy-roll", "parameters": {"mode": "raise"}}
    run_id = client.post("/api/runs", headers=_SEND, content=json.dumps(body)).json()["id"]
    events = _events(client.get(f"/api/runs/{run_id}/events").text)
    assert events[-1][1] == "failed"
    assert "told to raise" in events[-1][2]["error"]


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "slug"),
        (b"{", 400, "JSON"),
        (b"[" * 60_000, 400, "JSON"),
        (b"[]", 400, "object"),
        (b'"toy-roll"', 400, "object"),
        (b"\xff\xfe", 400, "JSON"),
        (b'{"slug": NaN}', 400, "JSON"),
        (b'{"slug": 3}', 400, "str"),
        (b'{"slug": "none"}', 404, "paper"),
        (b'{"slug": "../toy-roll"}', 404, "paper"),
        (b'{"slug": "toy-plain"}', 409, "built"),
        (b'{"slug": "toy-roll", "preset": "huge"}', 400, "preset"),
        (b'{"slug": "toy-roll", "seed": -1}', 400, "seed"),
        (b'{"slug": "toy-roll", "seed": 1e3}', 400, "seed"),
        (b'{"slug": "toy-roll", "seed": true}', 400, "seed"),
        (b'{"slug": "toy-roll", "seed": 99999999999999999999}', 400, "seed"),
        (b'{"slug": "toy-roll", "extra": 1}', 400, "extra"),
        (b'{"slug": "toy-roll", "parameters": [1]}', 400, "dict"),
        (b'{"slug": "toy-roll", "parameters": {"n": 0}}', 400, "n must"),
        (b'{"slug": "toy-roll", "parameters": {"n": 1e9}}', 400, "n must"),
        (b'{"slug": "toy-roll", "parameters": {"n": "many"}}', 400, "n must"),
        (b'{"slug": "toy-roll", "parameters": {"n": {"a": 1}}}', 400, "n must"),
        (b'{"slug": "toy-roll", "parameters": {"n": null}}', 400, "n"),
        (b'{"slug": "toy-roll", "parameters": {"m": 1}}', 400, "m"),
        (b'{"slug": "toy-roll", "parameters": {"mode": "evil"}}', 400, "mode"),
        (b'{"slug": "toy-roll", "parameters": {"noises": [0.1, 7]}}', 400, "noises"),
        (b'{"slug": "toy-roll", "parameters": {"__class__": 1}}', 400, "__class__"),
    ],
)
def test_what_is_wrong_with_a_request_is_a_4xx_that_names_it(client, store, body, status, word):
    found = client.post("/api/runs", headers=_SEND, content=body)
    assert found.status_code == status, found.text
    assert word in found.json()["error"]
    assert store.runs() == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=abc", "limit=-1", "limit=501", "limit=99999999999", "limit=", "status=lost", "limit=%00"],
)
def test_bad_queries(client, query):
    assert client.get(f"/api/runs?{query}").status_code == 400


@pytest.mark.parametrize("run_id", ["0" * 12, "x", "..", "%2e%2e%2f", "a" * 500, "%00", "'; DROP TABLE runs; --"])
@pytest.mark.parametrize(("method", "tail"), [("GET", ""), ("DELETE", ""), ("GET", "/events"), ("POST", "/resume")])
def test_unknown_runs(client, run_id, method, tail):
    found = client.request(
        method, f"/api/runs/{run_id}{tail}", headers=_SEND, content=b"{}" if method == "POST" else None
    )
    assert found.status_code in (404, 405), found.text


def test_last_event_id_is_a_number(client, store, toys):
    run = run_paper("toy-roll", store=store, root=toys)
    for bad in ("x", "-1", "1e3", "9" * 40):
        assert client.get(f"/api/runs/{run.id}/events", headers={"last-event-id": bad}).status_code == 400


def test_a_flood_of_runs_is_turned_away_by_429(client):
    states = []
    for seed in range(24):
        body = {"slug": "toy-roll", "seed": seed, "parameters": {"n": 400, "pause": 5.0}}
        states.append(client.post("/api/runs", headers=_SEND, content=json.dumps(body)).status_code)
    assert states == [202] * 18 + [429] * 6
    assert (client.get("/healthz").json()["running"], client.get("/healthz").json()["queued"]) == (2, 16)
    listed = client.get("/api/runs?status=queued").json()["runs"]
    assert len(listed) == 16
    run_id = listed[-1]["id"]
    assert client.request("DELETE", f"/api/runs/{run_id}", headers=_SEND).status_code == 202
    assert client.get("/healthz").json()["queued"] == 15


def test_other_methods(client):
    assert client.put("/api/runs", headers=_SEND, content=b"{}").status_code == 405
    assert client.request("DELETE", "/index.html", headers=_SEND).status_code == 405
    assert client.head("/").status_code == 200


def test_runs_are_listed(client, store, toys):
    run = run_paper("toy-roll", store=store, root=toys)
    assert [item["id"] for item in client.get("/api/runs?slug=toy-roll&limit=5").json()["runs"]] == [run.id]
    assert client.get("/api/runs?status=failed").json() == {"runs": []}
    assert client.get("/api/runs?slug=none").status_code == 404
    assert store.run(run.id).status is RunStatus.FINISHED
