"""The rows of a table of links: what one process computes at a time.

Definition: a chunk of texts goes in, a document for each comes out; a link that is refused has a document with the reason.
Convention: plain lists and dictionaries, so that they cross to worker processes and into the store.
"""

from __future__ import annotations

from typing import Any

from erlangen import topology
from erlangen.cli.knots.answer import answer, homologies
from erlangen.cli.knots.question import Question
from erlangen.errors import ErlangenError

__all__ = ["computed"]


def computed(entries: list[list[Any]], fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of ``[line, label, text]`` entries."""
    question = Question(**fields)
    read = [_read(text) for _, _, text in entries]
    links = [link for link in read if not isinstance(link, ErlangenError)]
    answers = iter(_answers(links, question))
    found = [link if isinstance(link, ErlangenError) else next(answers) for link in read]
    return [_document(label, result) for (_, label, _), result in zip(entries, found, strict=True)]


def _read(text: str) -> Any:
    """Return the link of a text, or the error it gives."""
    try:
        return topology.parse_link(text)
    except ErlangenError as error:
        return error


def _answers(links: list[Any], question: Question) -> list[Any]:
    """Return the document of each link, or the error it gives; after an error the links that follow are taken up anew."""
    done: list[Any] = []
    while len(done) < len(links):
        rest = links[len(done) :]
        try:
            for link, (group, s) in zip(rest, homologies(rest, question), strict=True):
                done.append(answer(link, question, group, s))
        except ErlangenError as error:
            done.append(error)
    return done


def _document(label: str, result: Any) -> dict[str, Any]:
    if isinstance(result, ErlangenError):
        return {"name": label, "error": result.message, "exit_code": int(result.exit_code)}
    return {"name": label, **result}
