"""The guard before the application: who may ask, and how much.

Definition: Host and Origin must name this server on this machine; a request that changes something needs the token; bodies are JSON of at most 64 KB.
Convention: refusals are 4xx with a short JSON; every answer carries the content-security policy and its companions.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers

from erlangen.gallery.renderer import POLICY
from erlangen.gallery.server.answer import RefusalError

__all__ = ["BODY_LIMIT", "Guard"]

BODY_LIMIT = 65_536

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_HOST = re.compile(r"(127\.0\.0\.1|localhost)(?::([0-9]{1,5}))?")
_SAFE = ("GET", "HEAD")
_HEADERS = [
    (b"content-security-policy", (POLICY.format(connect="'self'") + "; frame-ancestors 'none'").encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Guard:
    """ASGI middleware; ``port`` is the port that Host and Origin must name (None: any).

    Parameters
    ----------
    app : ASGI application
    token : str
        Wanted in the header ``X-Erlangen-Token`` of every request that changes something.
    port : int, optional
    """

    def __init__(self, app: Any, *, token: str, port: int | None = None) -> None:
        self.app = app
        self.port = port
        self._token = token.encode("utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        try:
            self._check(scope)
        except RefusalError as refusal:
            await refusal.response()(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)

    def _own(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and (self.port is None or int(found.group(2) or 80) == self.port)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._own(hosts[0]):
            raise RefusalError(400, "this server answers its own address only")
        changes = scope["method"] not in _SAFE
        for origin in headers.getlist("origin"):
            if not origin.startswith("http://") or not self._own(origin[7:]):
                raise RefusalError(403, "requests of other pages are refused")
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin") and (changes or scope["path"].startswith("/api/")):
            raise RefusalError(403, "requests of other pages are refused")
        if changes:
            self._check_change(scope, headers)

    def _check_change(self, scope: Scope, headers: Headers) -> None:
        given = headers.get("x-erlangen-token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._token):
            raise RefusalError(
                401, "the token is missing or wrong", "open the address that `erlangen gallery serve` printed"
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > BODY_LIMIT:
            raise RefusalError(413, f"the body is larger than {BODY_LIMIT} bytes")
        if (
            scope["method"] == "POST"
            and headers.get("content-type", "").split(";")[0].strip().lower() != "application/json"
        ):
            raise RefusalError(415, "the body must be application/json")
