"""Work that ends when nobody waits for it any more.

Definition: a question and a watch over the caller's connection run side by side; the first to end ends the other.
Convention: the connection is looked at five times a second; the answer to a caller who has gone is a refusal that nobody reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request

from erlangen.gallery.server.answer import RefusalError

__all__ = ["while_wanted"]

_PAUSE = 0.2


async def while_wanted(request: Request, question: Coroutine[Any, Any, Any]) -> Any:
    """Return what a question finds, or cancel it once the caller has gone.

    Raises
    ------
    RefusalError
        If the caller has gone.
    """
    work, watch = asyncio.ensure_future(question), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise RefusalError(499, "the caller has gone")
    finally:
        for task in (work, watch):
            task.cancel()
        await asyncio.gather(work, watch, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Return once the caller has closed the connection."""
    while not await request.is_disconnected():
        await asyncio.sleep(_PAUSE)
