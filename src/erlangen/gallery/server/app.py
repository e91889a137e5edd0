"""The application: the site's pages, the API, the guard.

Definition: ``create_app(store)`` is an ASGI application; pages are rendered when they are asked for, so that they show the store as it is.
Convention: nothing of the disk is served by path; an error inside is a 500 without details, and never the caller's doing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from erlangen.errors import ErlangenError
from erlangen.gallery.catalogue import Catalogue
from erlangen.gallery.server.answer import RefusalError, answer
from erlangen.gallery.server.api import Api
from erlangen.gallery.server.guard import Guard
from erlangen.gallery.server.live_runs import LiveRuns
from erlangen.gallery.site import Site
from erlangen.runs import RunStore

__all__ = ["create_app"]


class _Pages:
    """The site's resources as answers."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def show(self, request: Request) -> Response:
        """Answer the resource of an address."""
        path = request.path_params["path"]
        resource = self.site.render(path)
        if resource is None:
            missing = self.site.missing()
            return Response(missing.data, 404, media_type=missing.media_type)
        headers = {"cache-control": "no-cache"}
        if resource.media_type == "application/octet-stream":
            headers["content-disposition"] = f'attachment; filename="{path.rsplit("/", 1)[-1]}"'
        return Response(resource.data, media_type=resource.media_type, headers=headers)


async def _refused(_request: Request, error: Exception) -> Response:
    return error.response() if isinstance(error, RefusalError) else answer({"error": "refused", "hint": None}, 400)


async def _plain(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    found = answer(
        {"error": {404: "nothing lies here", 405: "not by this method"}.get(status, "the server failed"), "hint": None},
        status,
    )
    found.headers.update(headers or {})
    return found


async def _library(_request: Request, error: Exception) -> Response:
    hint = error.hint if isinstance(error, ErlangenError) else None
    return answer({"error": "the store or a manifest cannot be read", "hint": hint}, 500)


def create_app(
    store: RunStore | None = None,
    *,
    token: str | None = None,
    port: int | None = None,
    benchmarks: str | os.PathLike[str] | None = None,
    root: str | os.PathLike[str] | None = None,
    live: LiveRuns | None = None,
) -> Starlette:
    """Return the application.

    Parameters
    ----------
    store : RunStore, optional
        Default: the user's own.
    token : str, optional
        Wanted by requests that change something; default: a random one, at ``app.state.token``.
    port : int, optional
        Port that Host and Origin must name; default: any.
    benchmarks, root : path, optional
        As in :func:`erlangen.gallery.build`.
    live : LiveRuns, optional
        Who executes runs; default: two processes at once.

    Returns
    -------
    Starlette
        With ``state.token``, ``state.live`` and ``state.closing``.
    """
    catalogue = Catalogue(RunStore() if store is None else store, benchmarks=benchmarks, root=root)
    runs = LiveRuns() if live is None else live
    secret = secrets.token_urlsafe(24) if token is None else token

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        app.state.closing = True
        await to_thread.run_sync(runs.close)

    api = Api(catalogue, runs, lambda: bool(app.state.closing))
    pages = _Pages(Site(catalogue, live=True))
    handlers: dict[Any, Any] = {
        RefusalError: _refused,
        HTTPException: _plain,
        ErlangenError: _library,
        Exception: _plain,
    }
    app = Starlette(
        routes=[*api.routes(), Route("/{path:path}", pages.show, methods=["GET"])],
        middleware=[Middleware(partial(Guard, token=secret, port=port))],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    app.state.token, app.state.live, app.state.closing = secret, runs, False
    return app
