"""The questions of the pages of symmetries, charges and orbits.

Definition: JSON in, checked field by field; JSON out, computed in a process that can be ended; one at a time.
Convention: what a caller sends is answered by 2xx or 4xx, a refusal with its words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from erlangen.errors import ErlangenError
from erlangen.gallery.server.answer import RefusalError, answer
from erlangen.gallery.server.bounded import ask_bounded

__all__ = ["Questions"]

Fields = dict[str, tuple[tuple[type, ...], Any]]  # types, and the value where none is sent; ... if one must be
_WAITING = 4
_FIELDS: dict[str, Fields] = {
    "orbits": {"theta": ((str,), ...), "size": ((int, float), 0.0), "mode": ((int,), 1)},
    "symmetries": {"equation": ((str,), ...), "constants": ((str,), "")},
    "charges": {"metric": ((str,), ...), "xi": ((dict,), ...), "vary": ((str,), ...)},
}
_NAMES = {"orbits": {"theta": "text"}}


class Questions:
    """The handlers; ``read`` returns the JSON of a request."""

    def __init__(self, read: Callable[[Request], Awaitable[Any]]) -> None:
        self._read = read
        self._one = asyncio.Lock()
        self._waiting = 0

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route(f"/api/{name}", self.handle, methods=["POST"]) for name in _FIELDS]

    async def handle(self, request: Request) -> Response:
        """Answer the question that the address names."""
        name = request.url.path.rpartition("/")[2]
        body = checked(await self._read(request), _FIELDS[name])
        arguments = {_NAMES.get(name, {}).get(key, key): value for key, value in body.items()}
        if self._waiting >= _WAITING:
            raise RefusalError(429, "other questions are waiting", "ask again in a moment")
        self._waiting += 1
        try:
            async with self._one:
                found = await ask_bounded(name, arguments)
        except ErlangenError as error:
            raise RefusalError(422, error.message, error.hint) from error
        finally:
            self._waiting -= 1
        return answer(found)


def checked(body: Any, fields: Fields) -> dict[str, Any]:
    """Return a body with its defaults.

    Raises
    ------
    RefusalError
        If a field is unknown, missing or of another type.
    """
    if not isinstance(body, dict):
        raise RefusalError(400, "the body must be an object")
    for name, value in body.items():
        if name not in fields:
            raise RefusalError(400, f"there is no field {name[:40]!r}", f"the fields are {', '.join(fields)}")
        if not isinstance(value, fields[name][0]) or isinstance(value, bool):
            raise RefusalError(400, f"{name} must be of the type {fields[name][0][-1].__name__}")
    for name, (_, default) in fields.items():
        if default is ... and name not in body:
            raise RefusalError(400, f"{name} is missing")
    return {**{name: default for name, (_, default) in fields.items()}, **body}
