"""The rows of a table of links: what one process computes at a time.

Definition: a chunk of texts goes in, a document for each comes out; a link that is refused has a document with the reason.
Convention: plain lists and dictionaries, so that they cross to worker processes and into the store.
"""

from __future__ import annotations

from typing import Any

from erlangen import topology
from erlangen.cli.knots.answer import answer
from erlangen.cli.knots.question import Question
from erlangen.errors import ErlangenError

__all__ = ["computed"]


def computed(entries: list[list[Any]], fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of ``[line, label, text]`` entries."""
    question = Question(**fields)
    return [_one(label, text, question) for _, label, text in entries]


def _one(label: str, text: str, question: Question) -> dict[str, Any]:
    try:
        return {"name": label, **answer(topology.parse_link(text), question)}
    except ErlangenError as error:
        return {"name": label, "error": error.message, "exit_code": int(error.exit_code)}
