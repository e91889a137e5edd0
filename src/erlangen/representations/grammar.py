"""The grammar of irreps: ``16x0e + 8x1o``.

Definition: a sum of terms ``[mul x] l parity`` joined by ``+``; the parity is ``e``, ``o`` or ``y`` (that of the harmonics, ``(-1)^l``).
Convention: white space may stand anywhere between tokens; the empty text is the empty sum; positions count characters from 0.
"""

from __future__ import annotations

import re

from erlangen.errors import ParseError

__all__ = ["parse_irrep", "parse_irreps"]

_TERM = re.compile(r"\s*(?:(?P<mul>[0-9]+)\s*x\s*)?(?P<l>[0-9]+)\s*(?P<p>[eoy])\s*")
_EXPECTED = "[mul x] degree parity, as 8x1o"


def _refusal(text: str, at: int, what: str) -> ParseError:
    rest = text[at:].strip()
    found = f"found {rest.split('+')[0].strip() or rest[0]!r}" if rest else "the text ends"
    message = f"{what} {text!r}: at position {at} {found} where {_EXPECTED} was expected"
    return ParseError(
        message, position=at, expected=_EXPECTED, hint="parities are e, o or y; terms are joined by +, as in 16x0e+8x1o"
    )


def _blank(text: str, at: int) -> int:
    """Return the position of the next token."""
    return at + len(text[at:]) - len(text[at:].lstrip())


def _term(text: str, at: int, what: str) -> tuple[int, int, int, int]:
    match = _TERM.match(text, at)
    if match is None or (match.end() < len(text) and text[match.end()] != "+"):
        raise _refusal(text, _blank(text, at), what)
    degree = int(match["l"])
    parity = {"e": 1, "o": -1, "y": (-1) ** degree}[match["p"]]
    return int(match["mul"] or 1), degree, parity, match.end()


def parse_irrep(text: str) -> tuple[int, int]:
    """Return degree and parity of a text like ``1o``.

    Raises
    ------
    ParseError
        If the text is no irrep.

    Examples
    --------
    >>> parse_irrep("3y")
    (3, -1)
    """
    _, degree, parity, end = _term(text, 0, "irrep")
    if end < len(text) or "x" in text:
        raise _refusal(text, text.find("x") if "x" in text else end, "one irrep without multiplicity, not")
    return degree, parity


def parse_irreps(text: str) -> list[tuple[int, int, int]]:
    """Return the terms ``(mul, degree, parity)`` of a text like ``16x0e + 8x1o``.

    Raises
    ------
    ParseError
        At the first term that breaks the grammar.

    Examples
    --------
    >>> parse_irreps("16x0e + 1o")
    [(16, 0, 1), (1, 1, -1)]
    """
    if not text.strip():
        return []
    terms, at = [], 0
    while True:
        mul, degree, parity, end = _term(text, at, "irreps")
        terms.append((mul, degree, parity))
        if end == len(text):
            return terms
        at = end + 1
