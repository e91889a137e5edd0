"""A link as a person types it: a name, a planar diagram, a braid word, a DT or Gauss code.

Definition: ``[[...], ...]``, ``X[...]`` and ``PD[...]`` are planar diagrams; a list of numbers, or letters after ``braid:``, is a braid word;
``dt:`` and ``gauss:`` begin those codes; everything else is a name.
Convention: letters of braid words are KnotScape's: a is the first generator, A its inverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from erlangen.errors import ParseError
from erlangen.topology.diagrams.link import Link

__all__ = ["parse_link"]

_NUMBERS = re.compile(r"[\[({]?\s*[-+]?\d+(?:[\s,;]+[-+]?\d+)*\s*[\])}]?")
_LETTERS = re.compile(r"[a-zA-Z]+")
_PREFIX = re.compile(r"(pd|braid|dt|gauss|name)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)


def parse_link(text: str) -> Link:
    """Return the link that a text names or spells.

    Raises
    ------
    ParseError
        If the text is empty or cannot be read.
    DomainError
        If it spells no link, or there is no such name.

    Examples
    --------
    >>> parse_link("[1, -2, 1, -2]").n_crossings, parse_link("braid: aBaB") == parse_link("1 -2 1 -2")
    (4, True)
    >>> parse_link("X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]").writhe
    3
    """
    given = text.strip()
    marked = _PREFIX.fullmatch(given)
    kind, body = (marked[1].lower(), marked[2].strip()) if marked else (_kind(given), given)
    if not body:
        message = "an empty text names no link"
        raise ParseError(message, hint="for example 8_19, T(3,4), [1,1,1] or X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]")
    readers: dict[str, Callable[[str], Link]] = {
        "pd": Link.from_pd,
        "dt": Link.from_dt,
        "gauss": Link.from_gauss,
        "braid": _braid,
        "name": _named,
    }
    return readers[kind](body)


def _kind(text: str) -> str:
    """Return which code an unmarked text is."""
    if re.match(r"\[\s*[\[(]|\(\s*[\[(]|PD\s*\[|X[pm]?\s*\[", text):
        return "pd"
    return "braid" if _NUMBERS.fullmatch(text) else "name"


def _braid(text: str) -> Link:
    """Return the closure of a braid word in numbers or letters."""
    if _NUMBERS.fullmatch(text):
        return Link.from_braid([int(x) for x in re.findall(r"[-+]?\d+", text)])
    if _LETTERS.fullmatch(text):
        letters = [ord(c.lower()) - ord("a") + 1 for c in text]
        return Link.from_braid([k if c.islower() else -k for c, k in zip(text, letters, strict=True)])
    return Link.from_braid(text)


def _named(text: str) -> Link:
    """Return the link of a name."""
    return Link.from_name(text)
