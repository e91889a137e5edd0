"""The homology of many links, small ones many in one call of the compiled engine.

Definition: one scan over Z with H kept; X = 0, the tensor product with A, and the towers over Q[H] are read off it; odd homology has a scan of its own.
Convention: reduced at the component of edge 0; s over Q, of the link with its orientation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from erlangen.exact.ring import Q, RingLike, Z, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov import readings
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.khovanov.khovanov_homology import khovanov_homology
from erlangen.topology.khovanov.s_invariant import s_from_levels
from erlangen.topology.scanning.native_groups import SmallLinkGroups, native_groups, native_odd_groups
from erlangen.topology.scanning.scan import scan
from erlangen.topology.scanning.scan_odd import scan_odd
from erlangen.validation import check_choice

__all__ = ["KhovanovGroups", "khovanov_groups", "khovanov_table"]

_CHUNK = 64
_SMALL = 24  # crossings; larger links are scanned one by one, in an order sought with more care, interruptible


class KhovanovGroups(NamedTuple):
    """What one scan over Z says of a link.

    Attributes
    ----------
    unreduced, reduced : BigradedGroup
        Homology over Z; ``reduced`` is None for the empty link.
    s : int or None
        Over Q (see :func:`s_invariant`); None for the empty link and in the odd theory.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> next(khovanov_groups([Link.from_braid([1, 1, 1])])).s
    2
    """

    unreduced: BigradedGroup
    reduced: BigradedGroup | None
    s: int | None


def _one(link: Link, backend: str, max_memory: float | None) -> KhovanovGroups:
    """Return the groups of one link by the general path."""
    if not link.n_components:
        return KhovanovGroups(BigradedGroup([(0, 1, 0, 0)]), None, None)
    complex_ = scan(link, ring=Z, deformed=True, backend=backend, max_memory=max_memory)
    unreduced, reduced = (readings.homology(complex_, Z, reduced=choice) for choice in (False, True))
    levels = {q for h, q in readings.bar_natan(complex_, Q, reduced=True).towers if h == 0}
    s = s_from_levels(link, Q, levels, backend=backend, max_memory=max_memory)
    return KhovanovGroups(unreduced, reduced, s)


def _one_odd(link: Link, backend: str, max_memory: float | None) -> KhovanovGroups:
    """Return the odd groups of one link by the general path."""
    if not link.n_components:
        return KhovanovGroups(BigradedGroup([(0, 1, 0, 0)]), None, None)
    complex_ = scan_odd(link, ring=Z, backend=backend, max_memory=max_memory)
    unreduced, reduced = (readings.homology(complex_, Z, reduced=choice) for choice in (False, True))
    return KhovanovGroups(unreduced, reduced, None)


def _chunks(
    links: Iterable[Link], serves: bool, theory: str, threads: int
) -> Iterator[tuple[Link, SmallLinkGroups | None]]:
    """Yield each link with what one call of the engine says of many small ones, or None where the general path is needed."""
    waiting = iter(links)
    engine = native_odd_groups if theory == "odd" else native_groups
    while chunk := list(islice(waiting, _CHUNK)):
        found: list[SmallLinkGroups | None] = [None] * len(chunk)
        small = [i for i, link in enumerate(chunk) if serves and link.n_crossings <= _SMALL]
        for i, groups in zip(small, engine([chunk[i] for i in small], threads=threads), strict=True):
            found[i] = groups
        yield from zip(chunk, found, strict=True)


def khovanov_groups(
    links: Iterable[Link],
    *,
    theory: str = "even",
    backend: str = "auto",
    max_memory: float | None = None,
    threads: int = 1,
) -> Iterator[KhovanovGroups]:
    """Yield reduced and unreduced homology over Z and s over Q of many links, each scanned once.

    Parameters
    ----------
    links : iterable of Link
        Read in chunks.
    theory : {"even", "odd"}
        Odd homology comes without s.
    backend : {"auto", "native", "python"}
    max_memory : float, optional
        Bytes for each scan.
    threads : int
        Among which the small links of a chunk are divided.

    Yields
    ------
    KhovanovGroups

    Raises
    ------
    ResourceLimitError, BackendError
        As :func:`khovanov_homology`.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> for groups in khovanov_groups([Link.from_braid([1, 1, 1]), Link.from_braid([1, -2, 1, -2])]):
    ...     print(groups.reduced, groups.s)
    q^2 + t^2*q^6 + t^3*q^8 2
    t^-2*q^-4 + t^-1*q^-2 + 1 + t*q^2 + t^2*q^4 0
    """
    check_choice(theory, "theory", ("even", "odd"))
    general = _one_odd if theory == "odd" else _one
    for link, known in _chunks(links, backend != "python" and max_memory is None, theory, threads):
        if known is None:
            yield general(link, backend, max_memory)
        else:
            unreduced, reduced = (BigradedGroup._made(part, Z) for part in (known.unreduced, known.reduced))
            s = s_from_levels(link, Q, set()) if known.s is None and theory == "even" else known.s
            yield KhovanovGroups(unreduced, reduced, s)


def khovanov_table(
    links: Iterable[Link],
    ring: RingLike = "Z",
    *,
    theory: str = "even",
    reduced: bool = False,
    max_memory: float | None = None,
    backend: str = "auto",
    threads: int = 1,
) -> Iterator[BigradedGroup]:
    """Yield the Khovanov homology of many links, one after the other.

    Parameters
    ----------
    links : iterable of Link
        Read in chunks.
    ring, theory, reduced, max_memory, backend
        As :func:`khovanov_homology`.
    threads : int
        As :func:`khovanov_groups`.

    Yields
    ------
    BigradedGroup

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> [group.total_rank for group in khovanov_table([Link.from_braid([1] * n) for n in (2, 3, 4)])]
    [4, 4, 6]
    """
    base = parse_ring(ring)
    for link, known in _chunks(links, backend != "python" and max_memory is None, theory, threads):
        if known is not None:  # a complex over Z says what there is over any field
            over_z = BigradedGroup._made(known.reduced if reduced else known.unreduced, Z)
            yield over_z if base == Z else over_z.over(base)
        else:
            yield khovanov_homology(link, base, theory=theory, reduced=reduced, max_memory=max_memory, backend=backend)
