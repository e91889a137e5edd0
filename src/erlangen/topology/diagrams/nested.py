"""Lists of lists of integers, as values or as text.

Definition: one list is one component; a flat list is a single component.
Convention: in texts any brackets and the separators comma, semicolon and space.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from typing import SupportsIndex, cast

from erlangen.errors import DomainError, ParseError

__all__ = ["nested_integers"]

_TOKEN = re.compile(r"\s*(?:([+-]?\d+)|([\[({])|([\])}])|[,;])")


def nested_integers(code: str | Iterable[object], name: str) -> list[list[int]]:
    """Return a code as a list of components.

    Raises
    ------
    ParseError
        At the first character that belongs to none, with its position.
    DomainError
        If something else than integers stands in it.

    Examples
    --------
    >>> nested_integers("{{1, -2}, {2, -1}}", "code"), nested_integers([1, -1], "code")
    ([[1, -2], [2, -1]], [[1, -1]])
    """
    if isinstance(code, str):
        return _read(code, name)
    items = list(code)
    rows = items if any(isinstance(item, Iterable) for item in items) else [items] if items else []
    try:
        return [
            [operator.index(cast("SupportsIndex", entry)) for entry in cast("Iterable[object]", row)] for row in rows
        ]
    except TypeError as error:
        message = f"{name} must be lists of integers, got {code!r}"
        raise DomainError(message, hint="one list for each component") from error


def _read(text: str, name: str) -> list[list[int]]:
    """Read nested brackets, at most two deep below any outer ones."""
    rows: list[list[int]] = []
    fresh = True
    depth = position = 0
    text = text.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or (token[3] and depth == 0):
            message = f"{name}: unexpected {text[position : position + 12]!r} at position {position}"
            raise ParseError(
                message, position=position, expected="integers in brackets", hint="write [[1, -2], [2, -1]]"
            )
        position = token.end()
        if token[1]:
            if fresh:
                rows.append([])
                fresh = False
            rows[-1].append(int(token[1]))
        elif token[2] or token[3]:
            depth += 1 if token[2] else -1
            if token[3] and text[: token.start(3)].rstrip()[-1:] in "[({" and depth:
                rows.append([])
            fresh = True
    if depth:
        message = f"{name}: {depth} brackets are not closed"
        raise ParseError(message, position=len(text), expected="]", hint="close each bracket")
    return rows
