"""Gauss codes: the crossings of each component in the order in which they are met.

Definition: ``[[1, -2, 3, -1, 2, -3]]``, or with signs ``O1+U2+O3+U1+O2+U3+``; an empty component is a circle.
Convention: positive entries are over passages (KnotTheory, Regina); KnotInfo's column has them negative: ``over=-1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from erlangen.errors import DomainError, ParseError
from erlangen.topology.diagrams.gauss_embedding import Passage
from erlangen.topology.diagrams.nested import nested_integers
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram

__all__ = ["gauss_words", "read_gauss", "signed_gauss_text"]

_SIGNED = re.compile(r"([OU])(\d+)([+-])")
Words = tuple[list[list[Passage]], list[int] | None]


def read_gauss(code: str | Iterable[object], over: int = 1) -> Words:
    """Return the passages of each component, crossings numbered from 0 by their labels, and signs where the code has them.

    Raises
    ------
    DomainError
        If a crossing is not met once over and once under, or its two signs differ.
    ParseError
        If a text cannot be read.

    Examples
    --------
    >>> read_gauss("O1+U1+")
    ([[(0, True), (0, False)]], [1])
    """
    if over not in (1, -1):
        message = f"over must be 1 or -1, got {over!r}"
        raise DomainError(message, hint="over=1 if positive entries are over passages, -1 if they are under")
    if isinstance(code, str) and re.search("[OU]", code):
        return _read_signed(code)
    words = nested_integers(code, "code")
    _check_met({}, [[(abs(entry), (entry > 0) == (over > 0)) for entry in word] for word in words])
    place = {label: index for index, label in enumerate(sorted({abs(entry) for word in words for entry in word}))}
    return [[(place[abs(entry)], (entry > 0) == (over > 0)) for entry in word] for word in words], None


def _read_signed(text: str) -> Words:
    """Read ``O1+U2-...``, components apart by commas, semicolons or line ends."""
    rest = re.sub(r"[\s,;()\[\]{}|]+", "", _SIGNED.sub("", text))
    if rest:
        message = f"code: unexpected {rest[:12]!r}"
        raise ParseError(
            message, position=text.find(rest[0]), expected="O1+ or U1-", hint="write a passage as O3+ or U3-"
        )
    words = []
    signs: dict[int, int] = {}
    for part in re.split(r"[,;\n|]", text):
        found = _SIGNED.findall(part)
        words.append([(int(label), kind == "O") for kind, label, _ in found])
        for _, label, sign in found:
            value = 1 if sign == "+" else -1
            if signs.setdefault(int(label), value) != value:
                message = f"code: crossing {label} has both signs"
                raise DomainError(message, hint="the two passages of a crossing carry the same sign")
    _check_met(signs, words)
    place = {label: index for index, label in enumerate(sorted(signs))}
    kept = [word for word in words if word]
    return [[(place[label], over) for label, over in word] for word in kept], [signs[label] for label in sorted(signs)]


def _check_met(signs: dict[int, int], words: Sequence[Sequence[tuple[int, bool]]]) -> None:
    """Refuse crossings not met once over and once under."""
    met: dict[int, list[bool]] = {label: [] for label in signs}
    for word in words:
        for label, over in word:
            met.setdefault(label, []).append(over)
    for label, passages in met.items():
        if label == 0 or sorted(passages) != [False, True]:
            message = f"code: crossing {label} is met {passages.count(True)} times over and {passages.count(False)} times under"
            raise DomainError(message, hint="each crossing 1, 2, ... stands once with each sign")


def gauss_words(link: OrientedDiagram, over: int = 1) -> tuple[tuple[int, ...], ...]:
    """Return the Gauss code of a link, crossings numbered from 1 in the order of its code; circles are empty."""
    words = []
    for component in link.components:
        heads = [link.heads[edge] for edge in component]
        words.append(tuple(((head >> 2) + 1) * (over if head & 1 else -over) for head in heads))
    return (*words, *[()] * link.n_unknots)


def signed_gauss_text(link: OrientedDiagram) -> str:
    """Return the signed Gauss code as text."""
    words = []
    for component in link.components:
        ends = [(link.heads[edge] & 1, link.heads[edge] >> 2) for edge in component]
        words.append("".join(f"{'OU'[1 - over]}{c + 1}{'-+'[link.signs[c] > 0]}" for over, c in ends))
    return ",".join(words)
