"""Dowker–Thistlethwaite codes.

Definition: number the passages 1, …, 2 n along the components; crossing r pairs 2 r - 1 with an even number, listed in this order
(Dowker, Thistlethwaite, Topology Appl. 16 (1983) 19).
Convention: an entry is positive if its even passage is over (SnapPy); letters a, b, … stand for 2, 4, …, capitals are negative.
A code knows a prime diagram up to reflection: the first crossing is taken to be positive, as SnapPy does, which can add flips.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from erlangen.errors import DomainError, ParseError
from erlangen.topology.diagrams.gauss_embedding import Passage
from erlangen.topology.diagrams.nested import nested_integers
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram

__all__ = ["dt_letters", "dt_words", "read_dt"]


def read_dt(code: str | Iterable[object]) -> tuple[list[list[Passage]], list[int] | None]:
    """Return the passages of each component of a code, as numbers or letters, and signs if SnapPy's flips follow it.

    Crossing ``r`` is the one of passage ``2 r + 1``. A flip of 0 makes a crossing positive that is first met under.

    Raises
    ------
    ParseError
        If a text cannot be read.
    DomainError
        If the entries are not the even numbers 2, …, 2 n up to sign, or the flips are not one for each crossing.

    Examples
    --------
    >>> read_dt("[4, 6, 2]") == read_dt("cacbca") == read_dt("bca")
    True
    >>> read_dt("DT[cacbca.110]")[1]
    [-1, -1, -1]
    """
    words, flips = _read_text(code) if isinstance(code, str) else (nested_integers(code, "code"), None)
    entries = [entry for word in words for entry in word]
    if sorted(map(abs, entries)) != list(range(2, 2 * len(entries) + 1, 2)):
        bad = next((e for k, e in enumerate(entries) if _is_bad(e, entries[:k], len(entries))), 0)
        message = f"code: entry {bad} is odd, repeated or larger than {2 * len(entries)}"
        raise DomainError(message, hint=f"the entries are 2, 4, ..., {2 * len(entries)} up to order and sign")
    passages: list[Passage] = [(0, False)] * (2 * len(entries))
    for crossing, entry in enumerate(entries):
        passages[2 * crossing] = (crossing, entry < 0)
        passages[abs(entry) - 1] = (crossing, entry > 0)
    bounds = [0]
    for word in words:
        bounds.append(bounds[-1] + 2 * len(word))
    return [passages[a:b] for a, b in pairwise(bounds)], _signs(entries, flips)


def _signs(entries: list[int], flips: list[int] | None) -> list[int] | None:
    """Return the signs of the crossings from their flips."""
    if flips is None:
        return None
    if len(flips) != len(entries):
        message = f"code: {len(flips)} flips for {len(entries)} crossings"
        raise DomainError(message, hint="give one flip for each entry, or none")
    under_first = [(2 * k + 1 < abs(entry)) == (entry > 0) for k, entry in enumerate(entries)]
    return [1 if under == (flip == 0) else -1 for under, flip in zip(under_first, flips, strict=True)]


def _read_text(text: str) -> tuple[list[list[int]], list[int] | None]:
    """Read a code and its flips, where there are any."""
    body = re.sub(r"^\s*DT\s*:?", "", text).strip()
    letters = re.fullmatch(r"[\[(]?\s*([A-Za-z]+)(?:\.([01]+))?\s*[\])]?", body)
    if letters:
        return _from_letters(letters[1]), [int(flip) for flip in letters[2]] if letters[2] else None
    parts = re.fullmatch(r"(\[\s*[(\[].*[)\]]\s*\])\s*,\s*\[([01,\s]*)\]", body)
    if parts:
        return nested_integers(parts[1], "code"), [int(flip) for flip in re.findall("[01]", parts[2])]
    return nested_integers(body, "code"), None


def _is_bad(entry: int, before: list[int], count: int) -> bool:
    """Say whether an entry is odd, out of range or repeated."""
    return entry == 0 or entry % 2 == 1 or abs(entry) > 2 * count or abs(entry) in map(abs, before)


def _number(letter: str) -> int:
    """Return the entry of a letter, without the factor 2."""
    value = ord(letter.lower()) - ord("a") + 1
    return value if letter.islower() else -value


def _from_letters(letters: str) -> list[list[int]]:
    """Read an alphabetic code: entries alone, or with a head of crossings, components and their lengths."""
    numbers = [_number(letter) for letter in letters]
    if sorted(map(abs, numbers)) == list(range(1, len(numbers) + 1)):
        return [[2 * number for number in numbers]]
    n, parts = numbers[0], numbers[1] if len(numbers) > 1 else 0
    lengths = numbers[2 : 2 + parts]
    entries = numbers[2 + parts :]
    if len(entries) != n or sum(lengths) != n or len(lengths) != parts or min(numbers[: 2 + parts]) < 0:
        message = f"code {letters!r} is neither a permutation of letters nor one with its head"
        hint = "the head is the number of crossings, of components, and the crossings of each component: cacbca"
        raise ParseError(message, position=0, expected="letters", hint=hint)
    words = []
    for length in lengths:
        words.append([2 * number for number in entries[:length]])
        entries = entries[length:]
    return words


def dt_words(link: OrientedDiagram) -> tuple[tuple[int, ...], ...]:
    """Return the code of a link; components begin one edge later where parity asks for it.

    Raises
    ------
    DomainError
        If the diagram is not connected, or has circles: codes know neither.
    """
    if link.n_unknots or len(link.pieces()) > 1:
        message = "a DT code needs a connected diagram without circles"
        raise DomainError(message, hint="take the pieces one by one")
    shift = _shifts(link)
    number: dict[int, int] = {}
    bounds = []
    for component, late in zip(link.components, shift, strict=True):
        first = component[0]
        bounds.append((first, first + len(component)))
        for k, edge in enumerate(component):
            number[link.heads[edge]] = first + (k - late) % len(component) + 1
    partner = {}
    for crossing, sign in enumerate(link.signs):
        under, over = number[4 * crossing], number[4 * crossing + (3 if sign > 0 else 1)]
        odd, even = sorted((under, over), key=lambda passage: passage % 2 == 0)
        partner[odd] = even if even == over else -even
    return tuple(tuple(partner[k] for k in range(a + 1, b + 1, 2)) for a, b in bounds)


def _shifts(link: OrientedDiagram) -> list[bool]:
    """Say which components begin one edge later, so that each crossing is met by an odd and an even passage."""
    home = link.component_of
    links: list[list[tuple[int, bool]]] = [[] for _ in link.components]
    for crossing, sign in enumerate(link.signs):
        under, over = link.flat[4 * crossing], link.flat[4 * crossing + (3 if sign > 0 else 1)]
        same = (under - over) % 2 == 0
        links[home[under]].append((home[over], same))
        links[home[over]].append((home[under], same))
    shift: list[bool | None] = [None] * len(links)
    waiting = [0] if links else []
    if links:
        shift[0] = False
    while waiting:
        here = waiting.pop()
        for other, same in links[here]:
            if shift[other] is None:
                shift[other] = bool(shift[here]) != same
                waiting.append(other)
    return [bool(late) for late in shift]


def dt_letters(link: OrientedDiagram) -> str:
    """Return the code in letters, with its head.

    Raises
    ------
    DomainError
        If there are more than 26 crossings.
    """
    words = dt_words(link)
    n = link.n_crossings
    if n > 26:
        message = f"{n} crossings have no letters"
        raise DomainError(message, hint="use to_dt, which gives numbers")
    head = [n, len(words), *map(len, words)]
    entries = [entry // 2 if entry > 0 else -(-entry // 2) for word in words for entry in word]
    return "".join(chr(96 + x) if x > 0 else chr(64 - x) for x in [*head, *entries])
