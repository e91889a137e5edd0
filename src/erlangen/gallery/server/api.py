"""The API of the page: papers, runs, pins.

Definition: JSON in, JSON out; slugs and ids are looked up, parameters checked by the paper's own schema before anything starts.
Convention: whatever a caller sends is answered by 2xx or 4xx; a run's ``state`` is that of the store, or ``queued``/``running`` while it is in hand here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

import erlangen
from erlangen import papers as house
from erlangen.errors import DomainError, ErlangenError, ResourceLimitError
from erlangen.gallery.catalogue import Catalogue, Entry
from erlangen.gallery.downloads import claims_document, judgement_document
from erlangen.gallery.knots import at_once, describe
from erlangen.gallery.server.answer import RefusalError, answer
from erlangen.gallery.server.bounded import ask_bounded
from erlangen.gallery.server.events import follow
from erlangen.gallery.server.guard import BODY_LIMIT
from erlangen.gallery.server.live_runs import LiveRuns
from erlangen.gallery.server.questions import Questions
from erlangen.gallery.server.while_wanted import while_wanted
from erlangen.papers import Paper, judge_run
from erlangen.runs import Run, RunStatus

__all__ = ["Api"]

_BODY_SECONDS = 10.0
_FIELDS = {"slug": str, "preset": str, "seed": int, "parameters": dict}
_STREAMS = 24
_KNOT_FIELDS = {"text": str, "ring": str, "reduced": bool}
_KNOT_LETTERS = 4000
_KNOT_SECONDS = 20


class Api:
    """The handlers over a catalogue and the live runs.

    Parameters
    ----------
    catalogue : Catalogue
    live : LiveRuns
    closing : callable
        Whether the server is about to close; streams of events end then.
    """

    def __init__(self, catalogue: Catalogue, live: LiveRuns, closing: Callable[[], bool]) -> None:
        self.catalogue = catalogue
        self.live = live
        self._closing = closing
        self._streams = 0
        self._one_knot = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the routes of the API."""
        return [
            Route("/healthz", self.health, methods=["GET"]),
            Route("/api/papers", self.papers, methods=["GET"]),
            Route("/api/papers/{slug}", self.paper, methods=["GET"]),
            Route("/api/pins", self.pins, methods=["GET"]),
            Route("/api/pins/{slug}", self.pin, methods=["POST", "DELETE"]),
            Route("/api/knots", self.knot, methods=["POST"]),
            *Questions(_body).routes(),
            Route("/api/runs", self.runs, methods=["GET"]),
            Route("/api/runs", self.start, methods=["POST"]),
            Route("/api/runs/{run_id}", self.run, methods=["GET"]),
            Route("/api/runs/{run_id}", self.stop, methods=["DELETE"]),
            Route("/api/runs/{run_id}/events", self.events, methods=["GET"]),
            Route("/api/runs/{run_id}/resume", self.resume, methods=["POST"]),
        ]

    async def health(self, _request: Request) -> Response:
        """Answer that the server lives."""
        running, queued = self.live.counts()
        return answer({"status": "ok", "version": erlangen.__version__, "running": running, "queued": queued})

    async def papers(self, _request: Request) -> Response:
        """Answer the list of papers."""
        return answer({"papers": [_brief(entry) for entry in self.catalogue.entries()]})

    async def paper(self, request: Request) -> Response:
        """Answer a paper with its claims, presets and parameters."""
        entry = self.catalogue.entry(self._slug(request))
        if entry is None:
            raise RefusalError(404, "there is no such paper")
        parameters = {
            name: {
                "type": p.type,
                "default": p.default,
                "low": p.low,
                "high": p.high,
                "choices": list(p.choices),
                "help": p.help,
                "unit": p.unit,
            }
            for name, p in entry.paper.parameters.items()
        }
        presets = {name: dict(values) for name, values in entry.paper.presets.items()}
        more = {
            "abstract": entry.paper.abstract,
            "formulas": list(entry.paper.formulas),
            "bibtex": entry.paper.bibtex(),
        }
        return answer({**_brief(entry), **more, "presets": presets, "parameters": parameters, **claims_document(entry)})

    async def pins(self, _request: Request) -> Response:
        """Answer the pinned papers."""
        return answer({"pins": list(self.catalogue.store.pins())})

    async def pin(self, request: Request) -> Response:
        """Pin a paper, or take its pin away."""
        slug = self._slug(request)
        if slug not in self.catalogue.slugs:
            raise RefusalError(404, "there is no such paper")
        if request.method == "POST":
            await _body(request)
        self.catalogue.store.pin(slug, request.method == "POST")
        return answer({"pins": list(self.catalogue.store.pins())})

    async def knot(self, request: Request) -> Response:
        """Answer the homology of a link that the body spells; one at a time, and while the caller waits for it."""
        body = _checked_knot(await _body(request))
        async with self._one_knot:
            try:
                if at_once(body["text"]):
                    found = await to_thread.run_sync(partial(describe, **body))
                else:
                    question = ask_bounded("knots", body, _KNOT_SECONDS, command="erlangen knot homology")
                    found = await while_wanted(request, question)
            except ErlangenError as error:
                raise RefusalError(422, error.message, error.hint) from error
        return answer(found)

    async def runs(self, request: Request) -> Response:
        """Answer the runs, newest first; those that wait come before."""
        slug, limit = request.query_params.get("slug"), request.query_params.get("limit", "100")
        status = request.query_params.get("status")
        if not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= 500:
            raise RefusalError(400, "limit must be an integer from 1 to 500")
        if status is not None and status not in {*RunStatus, "queued"}:
            raise RefusalError(400, f"status must be one of queued, {', '.join(RunStatus)}")
        if slug is not None and slug not in self.catalogue.slugs:
            raise RefusalError(404, "there is no such paper")
        waiting = [
            {"id": run_id, "state": "queued", **{k: job.get(k) for k in ("slug", "preset", "seed", "parameters")}}
            for run_id, job in self.live.queued()
            if slug in (None, job.get("slug"))
        ]
        known = {run["id"] for run in waiting}
        kept = [self._run(run) for run in self.catalogue.store.runs(slug) if run.id not in known]
        found = [run for run in [*waiting, *kept] if status is None or run["state"] == status]
        return answer({"runs": found[: int(limit)]})

    async def run(self, request: Request) -> Response:
        """Answer one run with its judged claims."""
        run = self._stored(request)
        paper = self.catalogue.slugs.get(run.slug)
        claims = [judgement_document(item) for item in judge_run(paper, run)] if paper else []
        return answer({**self._run(run), "claims": claims, "failure": self.live.failure(run.id)})

    async def start(self, request: Request) -> Response:
        """Start a run, or name the finished one of the same specification."""
        body = _checked(await _body(request))
        paper = self.catalogue.slugs.get(body["slug"])
        if paper is None:
            raise RefusalError(404, "there is no such paper")
        if not paper.built:
            raise RefusalError(409, f"{paper.slug} is not built yet")
        run_id, job = self._job(paper, body)
        before = self.catalogue.run(run_id)
        if before is not None and before.status is RunStatus.FINISHED:
            return answer({"id": run_id, "state": "finished"})
        return self._submit(run_id, job)

    async def resume(self, request: Request) -> Response:
        """Resume a run from its stored rows."""
        await _body(request)
        run = self._stored(request)
        if run.status is RunStatus.FINISHED:
            return answer({"id": run.id, "state": "finished"})
        return self._submit(run.id, {"resume": run.id, "slug": run.slug, "preset": run.preset, **self._places()})

    async def stop(self, request: Request) -> Response:
        """Stop a run that is in hand here."""
        run_id = request.path_params["run_id"]
        if not self.live.stop(run_id):
            self._stored(request)
            raise RefusalError(409, "the run is not executed by this server")
        return answer({"id": run_id, "state": "stopping"}, 202)

    async def events(self, request: Request) -> Response:
        """Answer the log of a run as server-sent events."""
        run_id = request.path_params["run_id"]
        if self.live.state(run_id) is None and self.live.failure(run_id) is None:
            self._stored(request)
        last = request.headers.get("last-event-id", "0")
        if not last.isdecimal() or len(last) > 15:
            raise RefusalError(400, "Last-Event-ID must be the number of an event")
        if self._streams >= _STREAMS:
            raise RefusalError(429, "too many pages are listening")
        lines = follow(self.catalogue.store, self.live, run_id, int(last), self._closing)

        async def counted() -> Any:
            self._streams += 1
            try:
                async for line in lines:
                    yield line
            finally:
                self._streams -= 1

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(counted(), media_type="text/event-stream", headers=headers)

    def _slug(self, request: Request) -> str:
        return str(request.path_params["slug"])

    def _stored(self, request: Request) -> Run:
        run = self.catalogue.run(str(request.path_params["run_id"]))
        if run is None:
            raise RefusalError(404, self.live.failure(request.path_params["run_id"]) or "there is no such run")
        return run

    def _run(self, run: Run) -> dict[str, Any]:
        return {**run.to_json(), "state": self.live.state(run.id) or str(run.status)}

    def _places(self) -> dict[str, Any]:
        root = self.catalogue.root
        return {"store": str(self.catalogue.store.path), "root": None if root is None else str(root)}

    def _job(self, paper: Paper, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return run id and job of a request, every value checked by the paper."""
        try:
            spec = house.specification(paper, body["preset"], seed=body["seed"], overrides=body["parameters"])
        except ErlangenError as error:
            raise RefusalError(400, error.message, error.hint) from error
        job = {"slug": paper.slug, "preset": spec.preset, "seed": spec.seed, "parameters": dict(spec.parameters)}
        return spec.id, {"id": spec.id, **job, **self._places()}

    def _submit(self, run_id: str, job: dict[str, Any]) -> Response:
        owner = None if self.catalogue.run(run_id) is None else self.catalogue.store.owner(run_id)
        if owner is not None and self.live.state(run_id) is None:
            return answer({"id": run_id, "state": "running"}, 202)
        try:
            state = self.live.submit(run_id, job)
        except ResourceLimitError as error:
            raise RefusalError(429, error.message, error.hint) from error
        return answer({"id": run_id, "state": state}, 202)


def _brief(entry: Entry) -> dict[str, Any]:
    """Return what the list of papers tells of one."""
    paper, headline = entry.paper, entry.headline
    return {
        "slug": paper.slug,
        "title": paper.title,
        "authors": list(paper.authors),
        "listed": paper.listed.isoformat(),
        "summary": paper.summary,
        "subjects": list(paper.subjects),
        "arxiv": paper.arxiv,
        "code": paper.code,
        "built": paper.built,
        "status": entry.report.status,
        "verdicts": {str(verdict): count for verdict, count in entry.report.counts.items()},
        "headline": None if headline is None else judgement_document(headline),
        "pinned": entry.pinned,
    }


async def _read(request: Request) -> bytes:
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > BODY_LIMIT:
            raise RefusalError(413, f"the body is larger than {BODY_LIMIT} bytes")
    return data


async def _body(request: Request) -> Any:
    """Return the JSON of a request."""
    try:
        data = await asyncio.wait_for(_read(request), _BODY_SECONDS)
        return json.loads(data or b"{}", parse_constant=_no_constant)
    except TimeoutError as error:
        raise RefusalError(408, "the body did not come in time") from error
    except ClientDisconnect as error:
        raise RefusalError(400, "the body did not come whole") from error
    except (ValueError, RecursionError) as error:
        raise RefusalError(400, "the body is not JSON") from error


def _no_constant(name: str) -> Any:
    message = f"{name} is not JSON"
    raise DomainError(message, hint="send finite numbers")


def _checked_knot(body: Any) -> dict[str, Any]:
    """Return a question about a link, with its defaults."""
    if not isinstance(body, dict):
        raise RefusalError(400, "the body must be an object")
    for name, value in body.items():
        if name not in _KNOT_FIELDS:
            raise RefusalError(400, f"there is no field {name[:40]!r}", f"the fields are {', '.join(_KNOT_FIELDS)}")
        if type(value) is not _KNOT_FIELDS[name]:
            raise RefusalError(400, f"{name} must be of the type {_KNOT_FIELDS[name].__name__}")
    if not 0 < len(body.get("text", "")) <= _KNOT_LETTERS:
        raise RefusalError(400, f"text must have 1 to {_KNOT_LETTERS} characters")
    return {"ring": "Z", "reduced": False, **body}


def _checked(body: Any) -> dict[str, Any]:
    """Return a request to run, with its defaults."""
    if not isinstance(body, dict):
        raise RefusalError(400, "the body must be an object")
    for name, value in body.items():
        if name not in _FIELDS:
            raise RefusalError(400, f"there is no field {name[:40]!r}", f"the fields are {', '.join(_FIELDS)}")
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise RefusalError(400, f"{name} must be of the type {_FIELDS[name].__name__}")
    if "slug" not in body:
        raise RefusalError(400, "slug is missing")
    whole = {"preset": "quick", "seed": 0, "parameters": {}, **body}
    if not 0 <= whole["seed"] < 2**63:
        raise RefusalError(400, "seed must be an integer from 0 to 2^63 - 1")
    return whole
