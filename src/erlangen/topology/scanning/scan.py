"""Scan a link diagram crossing by crossing.

Definition: Bar-Natan, Fast Khovanov homology computations (math/0606318): add a crossing, deloop, cancel isomorphisms.
Convention: one edge is cut first (``basepoint``), so that the scan ends on a single arc; see :class:`ScannedComplex`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from erlangen.errors import BackendError
from erlangen.exact.ring import RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.native_scan import native_scan, native_scan_available
from erlangen.topology.scanning.reference_scan import reference_scan
from erlangen.topology.scanning.scan_plan import scan_plan
from erlangen.topology.scanning.scanned_complex import ScannedComplex
from erlangen.validation import check_choice

__all__ = ["scan"]


def scan(
    link: Link,
    *,
    ring: RingLike = "Z",
    deformed: bool = False,
    reduced: bool = False,
    basepoint: int = 0,
    order: Sequence[int] | None = None,
    backend: str = "auto",
    max_memory: float | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    checkpoint: str | Path | None = None,
    check: bool = False,
    threads: int | None = 1,
) -> ScannedComplex:
    r"""Return the complex of a link cut at one edge, simplified crossing by crossing.

    .. math:: [\![ T \cup X ]\!] = [\![ T ]\!] \otimes [\![ X ]\!], \qquad d' = d - d\,u^{-1} d \text{ for each isomorphism } u

    Parameters
    ----------
    link : Link
        Any diagram of any link but the empty one.
    ring : Ring or str
        ``"Z"``, ``"Q"`` or ``"F2"``, ``"F3"`` …
    deformed : bool
        Keep H, for Bar-Natan's and Lee's theories and s.
    reduced : bool
        Set X = 0 from the start: cheaper, and all that reduced theories (and, over F_2, the unreduced one) need.
    basepoint : int
        The edge that is cut; the reduced theory is that of its component.
    order : sequence of int, optional
        Order of the crossings; by default that of :func:`scan_plan`.
    backend : {"auto", "native", "python"}
        The compiled engine, or the reference in Python (fit for about twelve crossings).
    max_memory : float, optional
        Bytes; refuse a scan whose estimate exceeds them (default: 60 % of the available memory).
    progress : callable, optional
        Called as ``progress(done, crossings, generators)`` after each crossing.
    checkpoint : path, optional
        File from which to resume, and in which to keep the state of, a long run (compiled engine).
    check : bool
        Verify d² = 0 after each crossing.
    threads : int, optional
        Threads of the compiled engine within this scan, ``None`` for all processors; the result does not depend on it.

    Returns
    -------
    ScannedComplex

    Raises
    ------
    DomainError
        If ``basepoint`` is no edge, ``order`` no order of the crossings, or the characteristic is not prime.
    ResourceLimitError
        Before the run, if its estimated memory exceeds ``max_memory``; the message has the girth profile.
    BackendError
        If the engine asked for is not there or cannot do what is asked.

    References
    ----------
    D. Bar-Natan, Fast Khovanov homology computations, math/0606318, sections 3-6.

    Examples
    --------
    >>> scan(Link.from_braid([1, 1, 1])).poincare()
    {(0, 2): 1, (2, 6): 1, (3, 8): 1}
    """
    check_choice(backend, "backend", ("auto", "native", "python"))
    chosen = parse_ring(ring)
    plan = scan_plan(link, basepoint=basepoint, order=order)
    plan.check_memory(max_memory)
    if backend == "native" or (backend == "auto" and native_scan_available(chosen)):
        return native_scan(
            link,
            chosen,
            plan.order,
            deformed=deformed,
            reduced=reduced,
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
    found = reference_scan(
        link, chosen, plan.order, deformed=deformed, basepoint=basepoint, progress=progress, check=check
    )
    return found.without_dots() if reduced else found
