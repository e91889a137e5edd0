"""Answers of the API: JSON with plain errors.

Definition: an error is ``{"error": message, "hint": remedy or null}`` with a status of the 4xx range for whatever the caller sent.
Convention: no NaN, no caching, nothing of the request is repeated but names the library checked.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from erlangen.gallery.downloads import to_json

__all__ = ["RefusalError", "answer"]


class RefusalError(Exception):
    """A request that is refused, with its status; never shown to users of the library."""

    def __init__(self, status: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint

    def response(self) -> Response:
        """Return the refusal as an answer."""
        return answer({"error": self.message, "hint": self.hint}, self.status)


def answer(document: Any, status: int = 200) -> Response:
    """Return a document as JSON."""
    return Response(to_json(document), status, media_type="application/json", headers={"cache-control": "no-store"})
