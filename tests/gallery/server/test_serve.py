"""The server as it is started: address, signals, boot, memory."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from erlangen.errors import DomainError
from erlangen.gallery import serve
from erlangen.runs import RunStore

_TOKEN = "a-token-for-the-tests-only"


def _ask(address, path="/healthz"):
    place = urlsplit(address)
    line = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    line.request("GET", path)
    found = line.getresponse()
    return found.status, found.read()


def test_the_address_is_told_when_it_answers_and_it_is_of_this_machine(serve_process, store):
    address, process = serve_process(store.path)
    assert address.startswith("http://127.0.0.1:")
    status, text = _ask(address)
    assert (status, json.loads(text)["status"]) == (200, "ok")
    assert _ask(address, "/")[0] == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_a_stream_of_events_does_not_keep_it_from_stopping(serve_process, store):
    address, process = serve_process(store.path)
    place = urlsplit(address)
    line = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    body = json.dumps({"slug": "toy-roll", "parameters": {"n": 400, "pause": 0.2}})
    line.request("POST", "/api/runs", body, {"X-Erlangen-Token": _TOKEN, "Content-Type": "application/json"})
    run_id = json.loads(line.getresponse().read())["id"]
    line.request("GET", f"/api/runs/{run_id}/events")
    stream = line.getresponse()
    while b"event: progress" not in stream.readline():
        pass
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert str(RunStore(store.path).run(run_id).status) == "interrupted"
    assert RunStore(store.path).owner(run_id) is None


def test_a_port_that_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(DomainError, match="cannot be taken"):
            serve(other.getsockname()[1])


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none(port):
    with pytest.raises(DomainError, match=f"port {port}"):
        serve(port)


def test_it_boots_without_torch_numpy_or_scipy(store, toys):
    """Modules are counted in a fresh process; how long it takes belongs to the bench."""
    script = (
        "import sys, json\n"
        "from erlangen.gallery import create_app\nfrom erlangen.runs import RunStore\n"
        "from starlette.testclient import TestClient\n"
        "app = create_app(RunStore(sys.argv[1]), root=sys.argv[2])\n"
        "client = TestClient(app, base_url='http://127.0.0.1')\n"
        "assert client.get('/').status_code == 200 and client.get('/papers/toy-roll.html').status_code == 200\n"
        "assert client.get('/api/runs').status_code == 200\n"
        "print(json.dumps([name for name in ('torch', 'numpy', 'scipy', 'sklearn', 'joblib', 'matplotlib') if name in sys.modules]))"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(store.path), str(toys)], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == []


def test_it_stays_small(serve_process, store):
    address, process = serve_process(store.path, root=None)
    for path in ("/", "/runs.html", "/papers/rvgp.html", "/assets/search.js"):
        assert _ask(address, path)[0] == 200
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    assert resident < 45 * 1024
