"""HTTP/1.1 with deadlines: no connection is held by somebody who does not finish a request.

Definition: from connection, or from the end of an answer, a whole request head must have come within ``HEAD_SECONDS``; at most ``CONNECTIONS`` are held.
Convention: late and surplus connections are closed without an answer; what was being answered goes on.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["CONNECTIONS", "HEAD_SECONDS", "DeadlineProtocol"]

CONNECTIONS = 64
HEAD_SECONDS = 10.0


class DeadlineProtocol(H11Protocol):
    """uvicorn's h11 protocol with a deadline for the request head and a limit of connections."""

    head_seconds = HEAD_SECONDS
    limit = CONNECTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin the deadline, or close what is too much."""
        super().connection_made(transport)
        if len(self.connections) > self.limit:
            transport.close()
            return
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Read; end the deadline once a request head is whole."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._end()

    def on_response_complete(self) -> None:
        """Begin the deadline of the next request head."""
        super().on_response_complete()
        if self.transport.is_closing():
            return
        self._end()
        if self.cycle is None or self.cycle.response_complete:
            self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._late)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
