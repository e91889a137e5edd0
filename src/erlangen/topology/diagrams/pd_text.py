"""The texts in which planar diagram codes are written: KnotTheory, KnotInfo, Knot Atlas, SnapPy, nested lists.

Definition: a crossing is four edge labels, ``X[1,5,2,4]``, ``(1,5,2,4)``, ``{1;5;2;4}`` or ``X1524``; ``Xp`` and ``Xm`` carry a sign.
Convention: ``Loop[k]`` is a component without crossings; what stands between the crossings may only be brackets and separators.
"""

from __future__ import annotations

import re

from erlangen.errors import ParseError

__all__ = ["PDText", "parse_pd"]

PDText = tuple[list[list[int]], list[int | None], int]

_INTEGER = r"[+-]?\d+"
_SEPARATOR = r"\s*[,;\s]\s*"
_GROUP = re.compile(
    rf"(?P<head>X[pm]?|Loop)?\s*[\[({{]\s*(?P<list>{_INTEGER}(?:{_SEPARATOR}{_INTEGER})*)\s*[\])}}]"
    rf"|X(?P<bare>\d+(?:,\d+){{3}}|\d{{4}})(?![\d,])"
)
_PLAIN = re.compile(r"\[(\[ ?\d+, ?\d+, ?\d+, ?\d+\](, ?|(?=\])))*\]")
_NUMBERS = re.compile(r"\d+")
_BETWEEN = re.compile(r"(?:PD|Link\.from_pd)?[\s\[\](){},;:]*")
_SIGN: dict[str, int | None] = {"Xp": 1, "Xm": -1}
_EXPECTED = "X[i, j, k, l], [i, j, k, l], Xp[...], Xm[...] or Loop[k]"


def parse_pd(text: str) -> PDText:
    """Return crossings, signs (``None`` where the text has none) and the number of loops of a planar diagram code.

    Raises
    ------
    ParseError
        At the first character that belongs to no crossing, with its position.

    Examples
    --------
    >>> parse_pd("PD[X[1,5,2,4], X[3,1,4,6], X[5,3,6,2]]")[0]
    [[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 2]]
    >>> parse_pd("X4251 X10,6,11,5 Loop[1]")
    ([[4, 2, 5, 1], [10, 6, 11, 5]], [None, None], 1)
    """
    if _PLAIN.fullmatch(text):
        numbers = [int(part) for part in _NUMBERS.findall(text)]
        plain = [numbers[k : k + 4] for k in range(0, len(numbers), 4)]
        return plain, [None] * len(plain), 0
    crossings: list[list[int]] = []
    signs: list[int | None] = []
    loops = 0
    position = 0
    for match in _GROUP.finditer(text):
        _check_between(text, position, match.start())
        position = match.end()
        labels = _labels(match)
        if match["head"] == "Loop":
            loops += 1
            continue
        if len(labels) != 4:
            message = f"pd: crossing {len(crossings)} at position {match.start()} has {len(labels)} labels, not 4"
            raise ParseError(message, position=match.start(), expected="four labels", hint=f"write {_EXPECTED}")
        crossings.append(labels)
        signs.append(_SIGN.get(match["head"] or ""))
    _check_between(text, position, len(text))
    return crossings, signs, loops


def _labels(match: re.Match[str]) -> list[int]:
    """Return the labels of one matched crossing."""
    bare = match["bare"]
    if bare is None:
        return [int(part) for part in re.findall(_INTEGER, match["list"])]
    return [int(part) for part in (bare.split(",") if "," in bare else bare)]


def _check_between(text: str, start: int, stop: int) -> None:
    """Refuse text between two crossings that is more than brackets and separators."""
    match = _BETWEEN.match(text, start, stop)
    end = start if match is None else match.end()
    if end < stop:
        message = f"pd: unexpected {text[end : end + 12]!r} at position {end}"
        raise ParseError(message, position=end, expected=_EXPECTED, hint=f"a crossing is {_EXPECTED}")
