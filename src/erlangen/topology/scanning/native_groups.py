"""Homology over Z of many small links in one call of the compiled engine.

Definition: reduced and unreduced Khovanov homology, and Rasmussen's s of knots, each link scanned once with H kept.
Convention: summands (order, multiplicity, h, q), sorted, orders prime powers or 0; reduced at the component of edge 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link

__all__ = ["SmallLinkGroups", "native_groups"]

Summand = tuple[int, int, int, int]


class SmallLinkGroups(NamedTuple):
    """What one scan over Z says of a link: summands of both theories, and s where the link is a knot."""

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
    module: Any = kernels()
    chosen = [i for i, link in enumerate(links) if link.crossings and not link.n_unknots]
    if module is None or not hasattr(module, "khovanov_groups") or not chosen:
        return found
    flat = chain.from_iterable(chain.from_iterable(links[i].crossings for i in chosen))
    labels = np.fromiter(flat, dtype=np.int32).reshape(-1, 4)
    start = np.cumsum([0, *(len(links[i].crossings) for i in chosen)], dtype=np.int64)
    positive = [links[i].signs.count(1) for i in chosen]
    signs = np.array([(p, len(links[i].signs) - p) for i, p in zip(chosen, positive, strict=True)], dtype=np.int32)
    rows, heads = module.khovanov_groups(labels, start, signs, threads)
    summands: list[tuple[list[Summand], list[Summand]]] = [([], []) for _ in chosen]
    for n, reduced, h, q, order, times in rows.reshape(-1, 6).tolist():
        summands[n][1 - reduced].append((order, times, h, q))
    for i, (small, large), (done, components, s) in zip(chosen, summands, heads.reshape(-1, 3).tolist(), strict=True):
        if done:
            groups = tuple(sorted(small, key=_key)), tuple(sorted(large, key=_key))
            found[i] = SmallLinkGroups(*groups, s if components == 1 else None)
    return found


def _key(summand: Summand) -> tuple[int, int, int]:
    order, _, h, q = summand
    return order, h, q
