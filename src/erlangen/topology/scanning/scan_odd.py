"""Scan a link diagram in the odd theory.

Definition: add a crossing, deloop, cancel, as in the even theory, with the signs of :mod:`odd_tangle_complex`.
Convention: the link is cut at one edge; the regions scanned are discs, so that planar signs can be read off their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from erlangen.errors import BackendError, DomainError
from erlangen.exact.ring import RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.crossing_order import girth_profile
from erlangen.topology.scanning.cut import cut_labels
from erlangen.topology.scanning.disc_order import disc_order
from erlangen.topology.scanning.native_scan import native_scan, native_scan_available
from erlangen.topology.scanning.planar_disc import attach
from erlangen.topology.scanning.reference_scan_odd import reference_scan_odd
from erlangen.topology.scanning.scan_plan import ScanPlan
from erlangen.topology.scanning.scanned_complex import ScannedComplex
from erlangen.validation import check_choice

__all__ = ["scan_odd"]


def scan_odd(
    link: Link,
    *,
    ring: RingLike = "Z",
    basepoint: int = 0,
    order: Sequence[int] | None = None,
    backend: str = "auto",
    max_memory: float | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    checkpoint: str | Path | None = None,
    check: bool = False,
    threads: int | None = 1,
) -> ScannedComplex:
    r"""Return the reduced odd complex of a link, simplified crossing by crossing.

    Entries have no dots: unreduced odd homology is reduced odd homology twice, at q + 1 and q - 1. Over F_2 the complex is that of the
    even theory without dots. Parameters as for :func:`scan`; an ``order`` must go through discs.

    Returns
    -------
    ScannedComplex

    Raises
    ------
    DomainError
        If ``basepoint`` is no edge, or ``order`` is no order through discs.
    ResourceLimitError
        Before the run, if its estimated memory exceeds ``max_memory``; the message has the girth profile.
    BackendError
        If the engine asked for is not there or cannot do what is asked.

    References
    ----------
    P. Ozsvath, J. Rasmussen, Z. Szabo, Odd Khovanov homology, 0710.4300; K. Putyra, 1310.1895.

    Examples
    --------
    >>> knot = scan_odd(Link.from_braid([1, 1, 1, 2] * 2))
    >>> [(int(knot.h[t]), int(knot.q[t]), abs(c)) for _, t, _, c in knot.entries()]
    [(4, 12, 2), (5, 14, 3)]
    """
    check_choice(backend, "backend", ("auto", "native", "python"))
    chosen = parse_ring(ring)
    plan = _plan(link, basepoint, order)
    plan.check_memory(max_memory)
    if backend == "native" or (backend == "auto" and native_scan_available(chosen)):
        return native_scan(
            link,
            chosen,
            plan.order,
            reduced=True,
            odd=True,
            basepoint=basepoint,
            max_memory=max_memory,
            progress=progress,
            checkpoint=checkpoint,
            check=check,
            threads=threads,
        )
    if checkpoint is not None:
        message = "checkpoint is kept by the compiled engine only"
        raise BackendError(message, hint="leave checkpoint out, or install the compiled kernels")
    return reference_scan_odd(link, chosen, plan, basepoint=basepoint, progress=progress, check=check)


def _plan(link: Link, basepoint: int, order: Sequence[int] | None) -> ScanPlan:
    """Return an order through discs with its girths, refusing a given one that is not."""
    labels = cut_labels(link, basepoint)
    if order is None:
        steps = disc_order(labels, link.pieces())
    else:
        steps = tuple(int(crossing) for crossing in order)
        if sorted(steps) != list(range(len(labels))):
            message = f"order must list each of the crossings 0 to {len(labels) - 1} once, got {steps}"
            raise DomainError(message, hint="leave order out to have one found")
        ends: tuple[int, ...] = ()
        for crossing in steps:
            wider = attach(ends, labels[crossing])
            if wider is None:
                message = f"order: the crossings up to {crossing} do not form a disc with ends around it"
                raise DomainError(message, hint="leave order out; the odd theory scans discs only")
            ends = wider
    return ScanPlan(steps, girth_profile(labels, steps))
