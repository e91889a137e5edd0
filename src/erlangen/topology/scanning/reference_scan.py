"""The scan in plain Python: the twin that the compiled engine is held against.

Definition: add a crossing, deloop, cancel, over the crossings in order (math/0606318), on the link cut at one edge.
Convention: the edge ``basepoint`` is cut in two, the second end has the label 2 n; q is shifted by n+ - 2 n-, h by -n-.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from erlangen.exact.ring import Ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cancellation import simplify
from erlangen.topology.scanning.cut import cut_labels
from erlangen.topology.scanning.denominators import integral_entries
from erlangen.topology.scanning.scan_statistics import ScanStatistics
from erlangen.topology.scanning.scanned_complex import ScannedComplex
from erlangen.topology.scanning.tangle_complex import TangleComplex

__all__ = ["reference_scan"]


def reference_scan(
    link: Link,
    ring: Ring,
    order: Sequence[int],
    *,
    deformed: bool = False,
    basepoint: int = 0,
    progress: Callable[[int, int, int], None] | None = None,
    check: bool = False,
) -> ScannedComplex:
    """Scan the crossings of a link in the given order; see :func:`erlangen.topology.scanning.scan`.

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> reference_scan(Link.from_braid([1, 1, 1]), Z, range(3)).poincare()
    {(0, 2): 1, (2, 6): 1, (3, 8): 1}
    """
    started = time.process_time()
    labels = cut_labels(link, basepoint)
    state = TangleComplex(ring, deformed=deformed)
    girths, sizes = [], []
    most_generators = most_terms = 0
    for done, crossing in enumerate(order, 1):
        state.add_crossing(labels[crossing])
        most_generators = max(most_generators, len(state.generators))
        most_terms = max(most_terms, state.n_terms())
        simplify(state)
        if check:
            state.check()
        girths.append(len(state.open_ends))
        sizes.append(len(state.generators))
        if progress is not None:
            progress(done, len(labels), len(state.generators))
    record = ScanStatistics(
        order=tuple(order),
        girths=tuple(girths),
        generators=tuple(sizes),
        max_generators=most_generators,
        max_terms=most_terms,
        compositions=state.compositions,
        cpu_seconds=time.process_time() - started,
    )
    return _scanned(state, link, record)


def _scanned(state: TangleComplex, link: Link, record: ScanStatistics) -> ScannedComplex:
    """Read the complex of the single arc, generators sorted by degree."""
    degrees, entries = integral_entries(state, -link.n_minus, link.n_plus - 2 * link.n_minus)
    return ScannedComplex.of(
        degrees,
        [(s, t, bool(dots), c) for s, t, dots, c in entries],
        state.ring,
        deformed=state.deformed,
        n_unknots=link.n_unknots - (not link.crossings),
        statistics=record,
    )
