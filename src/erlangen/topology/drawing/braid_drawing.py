"""Braids drawn as braids.

Definition: strands run between places one unit apart; each letter is a crossing of two of them, letters that touch no common place share a level.
Convention: from the bottom to the top, or from left to right; in the letter i > 0 the strand from lower left passes over; closures go round on the right.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.drawing.drawing import Drawing
from erlangen.topology.drawing.strand import Passage, Strand

__all__ = ["draw_braid"]

Array = NDArray[np.float64]
_WIDE, _HIGH, _BEND = 2.0, 2.4, 0.5
_QUARTER = 4 / 3 * (2**0.5 - 1)  # control points of a quarter of a circle


def draw_braid(braid: Braid | Iterable[int], *, closed: bool = False, horizontal: bool = False) -> Drawing:
    """Draw a braid word, letter by letter, or its closure.

    Parameters
    ----------
    braid : Braid, or iterable of letters
        The word.
    closed : bool
        Join the strands around the right side; the drawing is then one of ``braid.closure()``.
    horizontal : bool
        Let strands run from left to right instead of upwards.

    Returns
    -------
    Drawing
        Strands of one component of the closure have one colour.

    Examples
    --------
    >>> draw_braid([1, -2, 1, -2])
    <Drawing: a braid of 3 strands and 4 crossings>
    >>> draw_braid([1, 1], closed=True)
    <Drawing: a diagram of 2 crossings and 2 components>
    """
    word = braid if isinstance(braid, Braid) else Braid(braid)
    open_strands = _open_strands(word)
    if closed:
        link = word.closure()
        strands = _closed_strands(word, link, open_strands)
    else:
        link, strands = None, open_strands
    if horizontal:
        turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
        strands = [strand.moved(turn, np.zeros(2)) for strand in strands]
    return Drawing(word if link is None else link, tuple(strands))


def _levels(word: Braid) -> tuple[list[int], int]:
    """Return the level of each letter, as low as the letters before it allow, and the number of levels."""
    free = [0] * (word.strands + 1)
    levels = []
    for letter in word.word:
        i = abs(letter)
        level = max(free[i - 1], free[i])
        free[i - 1] = free[i] = level + 1
        levels.append(level)
    return levels, max(free)


def _line(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    (x, y), (u, v) = start, end
    return [start, ((2 * x + u) / 3, (2 * y + v) / 3), ((x + 2 * u) / 3, (y + 2 * v) / 3), end]


def _exchange(place: int, other: int, level: int) -> list[list[tuple[float, float]]]:
    """Return the two halves of the way from one place to the next."""
    x, u = _WIDE * place, _WIDE * other
    y, v = _HIGH * level, _HIGH * (level + 1)
    middle = ((x + u) / 2, (y + v) / 2)
    slope = ((u - x) / 4, _HIGH / 6)
    low, high = (middle[0] - slope[0], middle[1] - slope[1]), (middle[0] + slope[0], middle[1] + slope[1])
    return [[(x, y), (x, y + _BEND * _HIGH / 2), low, middle], [middle, high, (u, v - _BEND * _HIGH / 2), (u, v)]]


def _components(word: Braid) -> list[int]:
    """Return the number of the closure's component for each place at the bottom."""
    component = [-1] * word.strands
    count = 0
    for start in range(word.strands):
        place = start
        while component[place] < 0:
            component[place] = count
            place = word.permutation[place]
        count += component[start] == count
    return component


def _open_strands(word: Braid) -> list[Strand]:
    """Return the strands from the bottom to the top, by their places at the bottom."""
    levels, height = _levels(word)
    standing = list(range(word.strands))
    curves: list[list[list[tuple[float, float]]]] = [[] for _ in standing]
    passages: list[list[Passage]] = [[] for _ in standing]
    reached = [0] * word.strands

    def climb(strand: int, place: int, level: int) -> None:
        if level > reached[strand]:
            curves[strand].append(_line((_WIDE * place, _HIGH * reached[strand]), (_WIDE * place, _HIGH * level)))
        reached[strand] = level

    for crossing, (letter, level) in enumerate(zip(word.word, levels, strict=True)):
        i = abs(letter) - 1
        left, right = standing[i], standing[i + 1]
        for strand, place, other, over in ((left, i, i + 1, letter > 0), (right, i + 1, i, letter < 0)):
            climb(strand, place, level)
            curves[strand] += _exchange(place, other, level)
            passages[strand].append(Passage(len(curves[strand]) - 1, crossing, over))
            reached[strand] = level + 1
        standing[i], standing[i + 1] = right, left
    for place, strand in enumerate(standing):
        climb(strand, place, max(height, 1))
    return [
        Strand(component, np.array(curves[strand]), tuple(passages[strand]), closed=False)
        for strand, component in enumerate(_components(word))
    ]


def _return(place: int, strands: int, height: float) -> list[list[tuple[float, float]]]:
    """Return the way from the top of a place around the right side to its bottom."""
    centre, radius = _WIDE * (strands - 0.5), _WIDE * (strands - 0.5 - place)
    k = _QUARTER * radius
    left, right = centre - radius, centre + radius
    return [
        [(left, height), (left, height + k), (centre - k, height + radius), (centre, height + radius)],
        [(centre, height + radius), (centre + k, height + radius), (right, height + k), (right, height)],
        _line((right, height), (right, 0.0)),
        [(right, 0.0), (right, -k), (centre + k, -radius), (centre, -radius)],
        [(centre, -radius), (centre - k, -radius), (left, -k), (left, 0.0)],
    ]


def _closed_strands(word: Braid, link: Link, strands: list[Strand]) -> list[Strand]:
    """Return the components of the closure with the labels of the link."""
    height = _HIGH * max(_levels(word)[1], 1)
    owner = {edge: number for number, component in enumerate(link.components) for edge in component}
    closed, seen = [], set()
    circles = len(link.components)
    for start in range(word.strands):
        place = start
        curves: list[Array] = []
        passages: list[Passage] = []
        while place not in seen:
            seen.add(place)
            offset = sum(len(curve) for curve in curves)
            curves.append(strands[place].curves)
            passages += [p._replace(parameter=p.parameter + offset) for p in strands[place].passages]
            place = word.permutation[place]
            curves.append(np.array(_return(place, word.strands, height)))
        if not curves:
            continue
        edges = tuple(_edge_into(link, passage) for passage in passages)
        number = owner[edges[0]] if edges else circles
        circles += not edges
        closed.append(Strand(number, np.concatenate(curves), tuple(passages), edges))
    return sorted(closed, key=lambda strand: strand.component)


def _edge_into(link: Link, passage: Passage) -> int:
    """Return the edge that comes to a crossing over or under the other strand."""
    i, j, _, l = link.crossings[passage.crossing]  # noqa: E741 - X[i, j, k, l]
    if not passage.over:
        return i
    return l if link.signs[passage.crossing] > 0 else j
