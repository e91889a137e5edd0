"""The odd scan in plain Python: the twin that the compiled engine is held against.

Definition: add a crossing, deloop, cancel, with the signs of :mod:`odd_tangle_complex`, through discs.
Convention: dotted entries are left out at the end, which is the reduced theory; h and q are shifted as in the even theory.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from erlangen.exact.ring import Ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cancellation import simplify
from erlangen.topology.scanning.denominators import integral_entries
from erlangen.topology.scanning.odd_tangle_complex import OddTangleComplex
from erlangen.topology.scanning.planar_disc import CutDiagram
from erlangen.topology.scanning.scan_plan import ScanPlan
from erlangen.topology.scanning.scan_statistics import ScanStatistics
from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["reference_scan_odd"]


def reference_scan_odd(
    link: Link,
    ring: Ring,
    plan: ScanPlan,
    *,
    basepoint: int = 0,
    progress: Callable[[int, int, int], None] | None = None,
    check: bool = False,
) -> ScannedComplex:
    """Scan the crossings of a link as planned; see :func:`erlangen.topology.scanning.scan_odd`.

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> reference_scan_odd(Link.from_braid([1, 1, 1]), Z, ScanPlan((0, 2, 1), (4, 4, 2))).poincare()
    {(0, 2): 1, (2, 6): 1, (3, 8): 1}
    """
    started = time.process_time()
    state = OddTangleComplex(ring, CutDiagram(link, basepoint))
    sizes, most_generators, most_terms = [], 0, 0
    for done, crossing in enumerate(plan.order, 1):
        state.add_crossing(crossing)
        most_generators = max(most_generators, len(state.generators))
        most_terms = max(most_terms, state.n_terms())
        simplify(state)
        if check:
            state.check()
        sizes.append(len(state.generators))
        if progress is not None:
            progress(done, len(plan.order), sizes[-1])
    record = ScanStatistics(
        order=plan.order,
        girths=plan.girths,
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
        ring,
        n_unknots=link.n_unknots - (not link.crossings),
        statistics=record,
    )
