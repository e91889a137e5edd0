"""Serve the page on 127.0.0.1.

Definition: the socket is bound first, so that the address is known and true before it is told; then uvicorn answers with deadlines.
Convention: 127.0.0.1 only; no access log; Ctrl-C or SIGTERM stops the live runs (they keep their rows) and then the server.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from erlangen.errors import DomainError
from erlangen.gallery.benchmark import records_folder
from erlangen.gallery.server.app import create_app
from erlangen.gallery.server.protocol import DeadlineProtocol
from erlangen.runs import RunStore

__all__ = ["serve"]

HOST = "127.0.0.1"


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        message = f"port {port} on {HOST} cannot be taken: {getattr(error, 'strerror', None) or error}"
        raise DomainError(message, hint="choose another by --port, or 0 for a free one") from error
    listener.listen(64)
    return listener


class _Server(uvicorn.Server):
    """uvicorn, which leaves by returning when it was asked to stop, and tells the application first."""

    def __init__(self, config: uvicorn.Config, closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = closing

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM while serving; they are not raised again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let streams of events end, then stop."""
        self._tell()
        super().handle_exit(sig, frame)


def serve(
    port: int = 8765,
    *,
    store: RunStore | None = None,
    benchmarks: str | os.PathLike[str] | None = None,
    open_browser: bool = False,
    token: str | None = None,
    root: str | os.PathLike[str] | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    port : int
        On 127.0.0.1; 0 takes a free one.
    store, benchmarks, root
        As in :func:`erlangen.gallery.build`.
    open_browser : bool
        Open the page in the browser.
    token : str, optional
        For requests that change something; default: a random one. It travels in the address's fragment, which no server is sent.
    on_ready : callable, optional
        ``on_ready(address)`` when connections are accepted.

    Raises
    ------
    DomainError
        If the port cannot be taken.
    """
    listener = _bind(port)
    number = listener.getsockname()[1]
    secret = secrets.token_urlsafe(24) if token is None else token
    folder = records_folder(benchmarks)
    try:
        app = create_app(store, token=secret, port=number, benchmarks=folder, root=root)
        config = uvicorn.Config(
            app,
            http=DeadlineProtocol,
            ws="none",
            access_log=False,
            log_level="critical",
            server_header=False,
            date_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=3,
            backlog=64,
            h11_max_incomplete_event_size=16_384,
        )
        address = f"http://{HOST}:{number}/#token={secret}"
        if on_ready is not None:
            on_ready(address)
        if open_browser:
            webbrowser.open(address)
        _Server(config, lambda: setattr(app.state, "closing", True)).run(sockets=[listener])
    finally:
        listener.close()
