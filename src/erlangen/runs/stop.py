"""The request to stop: first Ctrl-C or SIGTERM at the next row, second at once.

Definition: inside the block the two signals set a flag; the second raises KeyboardInterrupt where it strikes; the third kills the process.
Convention: the former handlers come back with the block's end; outside the main thread signals are left alone.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["StopRequest", "stop_on_signals"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """A flag that a run looks at between rows.

    Examples
    --------
    >>> request = StopRequest()
    >>> request.ask()
    >>> request.asked
    True
    """

    def __init__(self) -> None:
        self._count = 0

    @property
    def asked(self) -> bool:
        """Whether a stop was asked for."""
        return self._count > 0

    def ask(self) -> None:
        """Ask to stop after the current row."""
        self._count += 1

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        self.ask()
        if self._count >= 2:
            for each in _SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            raise KeyboardInterrupt


@contextmanager
def stop_on_signals(request: StopRequest) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask ``request`` to stop while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number in _SIGNALS:
            signal.signal(number, request.receive)
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
