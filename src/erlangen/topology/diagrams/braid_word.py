"""Braid words: the letter i is the positive generator that exchanges strands i and i + 1, -i its inverse.

Definition: the closure joins the top of each strand to its bottom around one side (Birman, Braids, Links and Mapping Class Groups, §2).
Convention: strands run upwards and letters are read from the bottom; in the letter i > 0 the strand from lower left passes over.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable

from erlangen.errors import DomainError, ParseError

__all__ = ["braid_code", "check_word", "closure_code", "full_twists", "parse_word"]


_LINKINFO = re.compile(r"\s*\{\s*(\d+)\s*[,;]\s*(\{[^{}]*\})\s*\}\s*")


_BRACKETS = {"[": "]", "(": ")", "{": "}"}


def parse_word(text: str) -> tuple[int, ...]:
    """Return the letters of a braid word written as text.

    Raises
    ------
    ParseError
        Where something else than integers, separators and one pair of brackets stands.

    Examples
    --------
    >>> parse_word("[1, -2, 1, -2]"), parse_word("{1; 1; 1}")
    ((1, -2, 1, -2), (1, 1, 1))
    """
    body = text.strip()
    if body[:1] in _BRACKETS and body[-1:] == _BRACKETS[body[:1]]:
        body = body[1:-1]
    rest = re.search(r"[^\s,;+\-\d]|[+\-](?!\d)|\d[+\-]", body)
    if rest is not None:
        position = text.index(body) + rest.start()
        message = f"word: unexpected {rest.group()!r} at position {position}"
        raise ParseError(message, position=position, expected="integers", hint="write one braid word as [1, -2, 1, -2]")
    return tuple(int(part) for part in re.findall(r"[+-]?\d+", body))


def check_word(word: Iterable[int] | str, strands: int | None = None) -> tuple[tuple[int, ...], int]:
    """Return a braid word as a tuple with its number of strands, by default the least that carries it.

    A text is a list of letters, or LinkInfo's ``{strands, {letters}}``.

    Raises
    ------
    DomainError
        If a letter is 0 or as large as the number of strands, naming its index.

    Examples
    --------
    >>> check_word([1, -2]), check_word("{4, {1, -2}}")
    (((1, -2), 3), ((1, -2), 4))
    """
    if isinstance(word, str):
        head = _LINKINFO.fullmatch(word)
        if head is not None:
            word = head[2]
            strands = int(head[1]) if strands is None else strands
    try:
        letters = parse_word(word) if isinstance(word, str) else tuple(operator.index(letter) for letter in word)
    except TypeError as error:
        message = f"word must hold integers, got {word!r}"
        raise DomainError(message, hint="write a braid word as [1, -2, 1, -2]") from error
    n = max(map(abs, letters), default=0) + 1 if strands is None else _check_strands(strands)
    for index, letter in enumerate(letters):
        if letter == 0:
            message = f"word[{index}] = 0 is no generator of a braid group"
            raise DomainError(message, hint="letters are i or -i with 1 <= i < strands")
        if abs(letter) >= n:
            message = f"word[{index}] = {letter} needs {abs(letter) + 1} strands, there are {n}"
            raise DomainError(message, hint=f"pass strands={abs(letter) + 1} or more")
    return letters, n


def _check_strands(strands: object) -> int:
    """Return the number of strands as a positive integer."""
    try:
        n = operator.index(strands)  # type: ignore[arg-type]
    except TypeError:
        n = 0
    if n < 1 or isinstance(strands, bool):
        message = f"strands must be an integer >= 1, got {strands!r}"
        raise DomainError(message, hint="pass the number of strands of the braid")
    return n


def braid_code(word: Iterable[int], strands: int) -> tuple[list[list[int]], list[int], list[int]]:
    """Return crossings, signs and top labels of an open braid whose bottom ends are labelled 0, …, ``strands`` - 1.

    Examples
    --------
    >>> braid_code([1, -1], 2)
    ([[1, 3, 2, 0], [2, 3, 5, 4]], [1, -1], [4, 5])
    """
    top = list(range(strands))
    crossings = []
    signs = []
    label = strands
    for letter in word:
        left = abs(letter) - 1
        a, b = top[left], top[left + 1]
        c, d = label, label + 1
        crossings.append([b, d, c, a] if letter > 0 else [a, b, d, c])
        signs.append(1 if letter > 0 else -1)
        top[left], top[left + 1] = c, d
        label += 2
    return crossings, signs, top


def closure_code(word: Iterable[int], strands: int) -> tuple[list[int], list[int], int]:
    """Return labels of all ends, signs and the number of crossing-free components of the closure of a braid.

    Examples
    --------
    >>> closure_code([1], 3)
    ([1, 1, 0, 0], [1], 1)
    """
    crossings, signs, top = braid_code(word, strands)
    bottom = {label: strand for strand, label in enumerate(top)}
    flat = [bottom.get(label, label) for crossing in crossings for label in crossing]
    return flat, signs, sum(strand == label for strand, label in enumerate(top))


def full_twists(strands: int, count: int) -> tuple[int, ...]:
    """Return the word of ``count`` full twists on all strands, negative ones for ``count < 0``.

    Examples
    --------
    >>> full_twists(2, -1), full_twists(3, 1)
    ((-1, -1), (1, 2, 1, 2, 1, 2))
    """
    twist = tuple(range(1, strands)) * (strands * abs(count))
    return twist if count >= 0 else tuple(-letter for letter in reversed(twist))
