"""Scan a link diagram in the odd theory.

Definition: add a crossing, deloop, cancel, as in the even theory, with the signs of :mod:`odd_tangle_complex`.
Convention: the link is cut at one edge; the regions scanned are discs, so that planar signs can be read off their ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from erlangen.errors import DomainError
from erlangen.exact.ring import RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cancellation import simplify
from erlangen.topology.scanning.crossing_order import girth_profile
from erlangen.topology.scanning.denominators import integral_entries
from erlangen.topology.scanning.disc_order import disc_order
from erlangen.topology.scanning.odd_tangle_complex import OddTangleComplex
from erlangen.topology.scanning.planar_disc import CutDiagram
from erlangen.topology.scanning.scan_plan import ScanPlan
from erlangen.topology.scanning.scan_statistics import ScanStatistics
from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["scan_odd"]


def scan_odd(
    link: Link,
    *,
    ring: RingLike = "Z",
    basepoint: int = 0,
    order: Sequence[int] | None = None,
    max_memory: float | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    check: bool = False,
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
        Before the run, if its estimated memory exceeds ``max_memory``.

    References
    ----------
    P. Ozsvath, J. Rasmussen, Z. Szabo, Odd Khovanov homology, 0710.4300; K. Putyra, 1310.1895.

    Examples
    --------
    >>> scan_odd(Link.from_braid([1, 1, 1, 2] * 2)).entries()
    [(2, 3, False, -2), (4, 5, False, 3)]
    """
    started = time.process_time()
    chosen = parse_ring(ring)
    diagram = CutDiagram(link, basepoint)
    steps = disc_order(diagram.labels, link.pieces()) if order is None else tuple(int(c) for c in order)
    if sorted(steps) != list(range(link.n_crossings)):
        message = f"order must list each of the crossings 0 to {link.n_crossings - 1} once, got {steps}"
        raise DomainError(message, hint="leave order out to have one found")
    girths = girth_profile(diagram.labels, steps)
    ScanPlan(steps, girths).check_memory(max_memory)
    state = OddTangleComplex(chosen, diagram)
    sizes, most_generators, most_terms = [], 0, 0
    for done, crossing in enumerate(steps, 1):
        state.add_crossing(crossing)
        most_generators = max(most_generators, len(state.generators))
        most_terms = max(most_terms, state.n_terms())
        simplify(state)
        if check:
            state.check()
        sizes.append(len(state.generators))
        if progress is not None:
            progress(done, len(steps), sizes[-1])
    record = ScanStatistics(
        order=steps,
        girths=girths,
        generators=tuple(sizes),
        max_generators=most_generators,
        max_terms=most_terms,
        compositions=state.compositions,
        cpu_seconds=time.process_time() - started,
    )
    degrees, entries = integral_entries(state, -link.n_minus, link.n_plus - 2 * link.n_minus)
    return ScannedComplex.of(
        degrees,
        [(s, t, False, c) for s, t, dots, c in entries if not dots],
        chosen,
        n_unknots=link.n_unknots - (not link.crossings),
        statistics=record,
    )
