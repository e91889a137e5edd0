"""Homology over Z of many small links in one call of the compiled engine.

Definition: reduced and unreduced Khovanov homology, and s, each link scanned once with H kept; reduced odd homology.
Convention: summands (order, multiplicity, h, q), sorted, orders prime powers or 0; reduced at the component of edge 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link

__all__ = ["SmallLinkGroups", "native_groups", "native_odd_groups"]

Summand = tuple[int, int, int, int]
_S_KNOWN = 2


class SmallLinkGroups(NamedTuple):
    """What one scan over Z says of a link: summands of both theories, and s where all towers in h = 0 have one degree."""

    reduced: tuple[Summand, ...]
    unreduced: tuple[Summand, ...]
    s: int | None


def native_groups(links: Sequence[Link], *, threads: int = 1) -> list[SmallLinkGroups | None]:
    """Return the groups of each link; ``None`` where the general path is needed.

    That is so for links with split unknots or without crossings, for 64-bit overflow, and where the engine was not compiled.

    Examples
    --------
    >>> found = native_groups([Link.from_braid([1, 1, 1]), Link.from_pd([], n_unknots=1)])
    >>> found[0] is None or found[0].s
    2
    """
    found: list[SmallLinkGroups | None] = [None] * len(links)
    for i, (state, s), small, large in _computed(links, threads, odd=False):
        if state:
            groups = tuple(sorted(small, key=_key)), tuple(sorted(large, key=_key))
            found[i] = SmallLinkGroups(*groups, s if state == _S_KNOWN else None)
    return found


def native_odd_groups(links: Sequence[Link], *, threads: int = 1) -> list[SmallLinkGroups | None]:
    """Return the odd groups of each link, unreduced ones as reduced ones twice; ``None`` where the general path is needed.

    That is so for split diagrams, too.

    Examples
    --------
    >>> found = native_odd_groups([Link.from_braid([1, 1, 1])])
    >>> found[0] is None or found[0].reduced == ((0, 1, 0, 2), (0, 1, 2, 6), (0, 1, 3, 8))
    True
    """
    found: list[SmallLinkGroups | None] = [None] * len(links)
    for i, (state, _), small, _ in _computed(links, threads, odd=True):
        if state:
            twice: dict[tuple[int, int, int], int] = {}
            for order, times, h, q in small:
                for level in (q - 1, q + 1):
                    twice[order, h, level] = twice.get((order, h, level), 0) + times
            large = tuple((order, times, h, q) for (order, h, q), times in sorted(twice.items()))
            found[i] = SmallLinkGroups(tuple(sorted(small, key=_key)), large, None)
    return found


def _computed(
    links: Sequence[Link], threads: int, *, odd: bool
) -> Iterator[tuple[int, tuple[int, int], list[Summand], list[Summand]]]:
    """Yield index, state and s, reduced and unreduced summands of each link that the engine takes."""
    module: Any = kernels()
    chosen = [i for i, link in enumerate(links) if link.crossings and not link.n_unknots]
    engine = getattr(module, "khovanov_odd_groups" if odd else "khovanov_groups", None)
    if engine is None or not chosen:
        return
    flat = chain.from_iterable(chain.from_iterable(links[i].crossings for i in chosen))
    labels = np.fromiter(flat, dtype=np.int32).reshape(-1, 4)
    start = np.cumsum([0, *(len(links[i].crossings) for i in chosen)], dtype=np.int64)
    positive = [links[i].signs.count(1) for i in chosen]
    signs = np.array([(p, len(links[i].signs) - p) for i, p in zip(chosen, positive, strict=True)], dtype=np.int32)
    rows, heads = engine(labels, start, signs, threads)
    summands: list[tuple[list[Summand], list[Summand]]] = [([], []) for _ in chosen]
    for n, reduced, h, q, order, times in rows.reshape(-1, 6).tolist():
        summands[n][1 - reduced].append((order, times, h, q))
    for i, (small, large), (state, parts, s) in zip(chosen, summands, heads.reshape(-1, 3).tolist(), strict=True):
        yield i, (_S_KNOWN if state and parts == 1 else state, s), small, large


def _key(summand: Summand) -> tuple[int, int, int]:
    order, _, h, q = summand
    return order, h, q
