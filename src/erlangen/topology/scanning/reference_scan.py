"""The scan in plain Python: the twin that the compiled engine is held against.

Definition: add a crossing, deloop, cancel, over the crossings in order (math/0606318), on the link cut at one edge.
Convention: the edge ``basepoint`` is cut in two, the second end has the label 2 n; q is shifted by n+ - 2 n-, h by -n-.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from fractions import Fraction

from erlangen.exact.ring import Ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cancellation import simplify
from erlangen.topology.scanning.cut import cut_labels
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
    if not link.crossings:
        return ScannedComplex.of([(0, 0)], [], state.ring, deformed=state.deformed, n_unknots=link.n_unknots - 1)
    order = sorted(state.generators, key=lambda g: (*state.generators[g][:2], g))
    place = {g: index for index, g in enumerate(order)}
    shift = -link.n_minus, link.n_plus - 2 * link.n_minus
    degrees = [(state.generators[g][0] + shift[0], state.generators[g][1] + shift[1]) for g in order]
    scale = _scales(state, order)
    entries = [
        (place[s], place[t], bool(dots), int(value * scale[s] / scale[t]))
        for s in order
        for t, entry in state.out[s].items()
        for dots, value in entry.items()
    ]
    return ScannedComplex.of(
        degrees,
        sorted(entries),
        state.ring,
        deformed=state.deformed,
        n_unknots=link.n_unknots,
        statistics=record,
    )


def _scales(state: TangleComplex, order: list[int]) -> dict[int, Fraction]:
    """Return factors, for generators sorted by degree, after which the entries over Q are integers; elsewhere ones."""
    scale = dict.fromkeys(order, Fraction(1))
    if state.ring.is_field and not state.ring.characteristic:
        for t in order:
            arriving = [Fraction(v) * scale[s] for s in state.into[t] for v in state.out[s][t].values()]
            if arriving:
                numerator = math.gcd(*(value.numerator for value in arriving))
                scale[t] = Fraction(numerator, math.lcm(*(value.denominator for value in arriving)))
    return scale
