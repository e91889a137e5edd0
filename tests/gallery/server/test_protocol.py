"""Real sockets against a real server: half-open connections, slow heads, path tricks, floods."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from erlangen.gallery.server.protocol import CONNECTIONS, HEAD_SECONDS, DeadlineProtocol

_QUICK = """
import sys
from pathlib import Path
from erlangen.gallery.server import protocol
protocol.DeadlineProtocol.head_seconds = 1.0
from erlangen.gallery import serve
from erlangen.runs import RunStore
serve(0, store=RunStore(sys.argv[1]), root=sys.argv[2], token="x" * 24, on_ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose deadline is one second."""
    path = tmp_path_factory.mktemp("sockets") / "runs.sqlite"
    toys = Path(__file__).parents[1] / "toys"
    process = subprocess.Popen([sys.executable, "-c", _QUICK, str(path), str(toys)], stdout=subprocess.PIPE, text=True)
    address = urlsplit(process.stdout.readline().strip())
    yield address.hostname, address.port
    assert process.poll() is None, "the server lives after all of this"
    process.terminate()
    process.wait(20)


def _talk(server, data: bytes, *, seconds: float = 5.0) -> bytes:
    with socket.create_connection(server, timeout=seconds) as line:
        line.sendall(data)
        found = b""
        try:
            while piece := line.recv(65536):
                found += piece
        except TimeoutError:
            pass
        return found


def _get(server, path: str, **headers: str) -> bytes:
    host = f"{server[0]}:{server[1]}"
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return _talk(server, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode("latin-1"))


def _closed(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def test_the_rules_as_shipped():
    assert (HEAD_SECONDS, CONNECTIONS) == (10.0, 64)
    assert (DeadlineProtocol.head_seconds, DeadlineProtocol.limit) == (10.0, 64)


def test_it_answers(server):
    assert _get(server, "/healthz").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("start", [b"", b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
def test_half_open_connections_are_closed_at_the_deadline(server, start):
    lines = [socket.create_connection(server, timeout=4) for _ in range(20)]
    for line in lines:
        line.sendall(start)
    assert _get(server, "/healthz").startswith(b"HTTP/1.1 200"), "others are served meanwhile"
    began = time.monotonic()
    assert all(_closed(line) for line in lines)
    assert time.monotonic() - began < 3.5
    for line in lines:
        line.close()


def test_a_head_that_trickles_is_closed_too(server):
    with socket.create_connection(server, timeout=4) as line:
        line.settimeout(0.2)
        closed = False
        for byte in b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X" * 100:
            try:
                line.sendall(bytes([byte]))
                closed = line.recv(1) == b""
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                closed = True
            if closed:
                break
        assert closed


def test_a_second_request_on_the_same_line_has_a_deadline_as_well(server):
    host = f"{server[0]}:{server[1]}".encode()
    with socket.create_connection(server, timeout=4) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET /healthz HTTP/1.1\r\n")
        time.sleep(1.3)
        rest = b""
        while piece := line.recv(4096):
            rest += piece
        assert b"HTTP/1.1" not in rest


def test_more_connections_than_allowed_are_closed_and_the_others_live(server):
    time.sleep(1.2)
    lines = [socket.create_connection(server, timeout=10) for _ in range(CONNECTIONS + 20)]
    until = time.monotonic() + 10
    while sum(_closed_now(line) for line in lines) < 20:
        assert time.monotonic() < until
        time.sleep(0.05)
    for line in lines:
        line.close()
    time.sleep(0.2)
    assert _get(server, "/healthz").startswith(b"HTTP/1.1 200")


def _closed_now(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../renderer.py", "/assets/%2e%2e/renderer.py",
     "//etc/passwd", "/papers/..%5c..%5cx.html", "/%00", "/assets/style.css%00.js", "/?" + "a" * 4000,
     "/" + "a/" * 2000, "/%ff%fe", "/papers/%E2%80%AE.html", "/api/runs/%2e%2e"],
)  # fmt: skip
def test_path_tricks_find_nothing(server, path):
    found = _get(server, path)
    status = int(found.split(b" ", 2)[1])
    assert status == 200 if path.startswith("/?") else 400 <= status < 500
    assert b"root:" not in found
    assert b"import" not in found.split(b"\r\n\r\n", 1)[1][:200]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET http://evil/ HTTP/1.1\r\nHost: evil\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_malformed_requests_never_make_a_5xx(server, data):
    found = _talk(server, data, seconds=3.0)
    assert found == b"" or found.split(b" ", 2)[1].startswith(b"4"), found[:200]


def test_no_ranges(server):
    found = _get(server, "/", Range="bytes=0-1,0-1,0-1")
    assert found.startswith(b"HTTP/1.1 200")
    assert b"content-range" not in found.lower()


def test_a_body_that_never_comes_holds_nobody_up(server):
    host = f"{server[0]}:{server[1]}".encode()
    head = b"POST /api/pins/toy-roll HTTP/1.1\r\nHost: " + host + b"\r\nX-Erlangen-Token: " + b"x" * 24
    head += b"\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    with socket.create_connection(server, timeout=14) as line:
        line.sendall(head)
        began = time.monotonic()
        assert _get(server, "/healthz").startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 5
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_many_pages_at_once(server):
    answers = []

    def ask():
        answers.append(_get(server, "/", Accept="*/*")[:12])

    workers = [threading.Thread(target=ask) for _ in range(30)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert answers == [b"HTTP/1.1 200"] * 30
