"""A crowd of bad clients for a while: the server stays small, answers others, and never fails by their doing."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest

from erlangen.gallery.server.limits import resident_bytes

pytestmark = pytest.mark.slow

_TOKEN = "a-token-for-the-tests-only"
_SECONDS = 12.0
_PIECES = ["/", "..", "%2e", "%00", "\\", "papers", "runs", "api", "assets", "toy-roll", "0" * 12, "é", "?",
    "=", ";", "<", ".html", ".js", "%ff", "~"]  # fmt: skip


def _requests(place, until, found, seed):
    """Ask for nonsense until the time is over, and count the answers."""
    rng = random.Random(seed)
    line = http.client.HTTPConnection(*place, timeout=20)
    while time.monotonic() < until:
        path = "/" + "".join(rng.choices(_PIECES, k=rng.randrange(8)))
        method = rng.choice(["GET", "HEAD", "POST", "DELETE", "PUT", "TRACE"])
        headers = rng.choice(
            [
                {},
                {"Host": "evil.example"},
                {"Origin": "http://evil.example"},
                {"Sec-Fetch-Site": "cross-site"},
                {"X-Erlangen-Token": _TOKEN, "Content-Type": "application/json"},
            ]
        )
        body = rng.choice([None, b"{}", b"[" * 3000, rng.randbytes(200), b"x" * 70_000]) if method == "POST" else None
        try:
            line.request(method, path.encode("utf-8").decode("latin-1"), body, headers)
            answer = line.getresponse()
            answer.read()
            found[answer.status] += 1
        except (http.client.HTTPException, OSError, ValueError, UnicodeError):
            found["closed"] += 1
            line.close()
            line = http.client.HTTPConnection(*place, timeout=20)
    line.close()


def _half_open(place, until, found):
    """Open connections in waves and say a few bytes."""
    while time.monotonic() < until:
        lines = []
        for k in range(40):
            try:
                line = socket.create_connection(place, timeout=1)
                line.sendall(b"GET / HTTP/1.1\r\nHost:"[: k % 23])
                lines.append(line)
            except OSError:
                found["refused"] += 1
        found["half-open"] += len(lines)
        time.sleep(0.4)
        for line in lines:
            line.close()


def _flood(place, until, found):
    """Ask for runs, each with another seed, and stop some of them."""
    seed = 0
    headers = {"X-Erlangen-Token": _TOKEN, "Content-Type": "application/json"}
    while time.monotonic() < until:
        seed += 1
        try:
            line = http.client.HTTPConnection(*place, timeout=20)
            body = json.dumps({"slug": "toy-roll", "seed": seed, "parameters": {"n": 400, "pause": 1.0}})
            line.request("POST", "/api/runs", body, headers)
            answer = line.getresponse()
            answer.read()
            found[f"run {answer.status}"] += 1
            line.close()
        except (http.client.HTTPException, OSError):
            found["closed"] += 1
        time.sleep(0.02)


def test_a_crowd_of_bad_clients(serve_process, store):
    address, process = serve_process(store.path)
    place = (urlsplit(address).hostname, urlsplit(address).port)
    found: Counter[int | str] = Counter()
    _requests(place, time.monotonic() + 2.0, Counter(), 0)
    _flood(place, time.monotonic() + 1.0, Counter())  # the first run loads NumPy, once
    before = resident_bytes(process.pid)
    until = time.monotonic() + _SECONDS
    workers = [threading.Thread(target=_requests, args=(place, until, found, seed)) for seed in range(1, 5)]
    workers += [threading.Thread(target=task, args=(place, until, found)) for task in (_half_open, _flood)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not any(worker.is_alive() for worker in workers)
    assert process.poll() is None
    assert not [status for status in found if isinstance(status, int) and status >= 500], found
    assert {kind for kind in found if str(kind).startswith("run ")} <= {"run 202", "run 429"}, found
    assert found["run 202"] <= 18, "the eighteen in hand are told again, no other is taken"
    assert found["run 429"] > 0
    assert found["half-open"] >= 200
    assert sum(count for status, count in found.items() if isinstance(status, int)) >= 200, found
    assert resident_bytes(process.pid) - before <= 10 << 20
    line = http.client.HTTPConnection(*place, timeout=20)
    line.request("GET", "/healthz")
    assert line.getresponse().status == 200
