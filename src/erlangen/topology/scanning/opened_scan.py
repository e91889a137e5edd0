"""The complex of a link cut at edges of several components, with H kept and X = 0 on the first of them.

Definition: Bar-Natan's complex of a tangle of several strands (math/0410495, section 9), simplified crossing by crossing.
Convention: the first cut edge has the ends 2 n and 2 n + 1 or, in the reference, its own label and 2 n; degrees have all shifts applied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np

from erlangen.errors import BackendError, DomainError, ResourceLimitError
from erlangen.exact.ring import Ring
from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cancellation import simplify
from erlangen.topology.scanning.cobordism_complex import Generator
from erlangen.topology.scanning.dotted_surface import DISC, Dots
from erlangen.topology.scanning.matching import Pair, components, matching
from erlangen.topology.scanning.native_scan import native_scan_available
from erlangen.topology.scanning.scan_plan import ScanPlan, scan_plan
from erlangen.topology.scanning.tangle_complex import TangleComplex
from erlangen.validation import available_memory

__all__ = ["OpenedComplex", "opened_scan"]

Entries: TypeAlias = dict[tuple[int, int], list[tuple[Dots, int]]]
Progress: TypeAlias = Callable[[int, int, int], None]


@final
@dataclass(frozen=True)
class OpenedComplex:
    """Generators and differential of a tangle of several strands.

    Parameters
    ----------
    generators : list of (h, q, matching)
    entries : dict of (source, target) to list of (dots, coefficient)
        Dots are names ``("disc", least end)`` of circles of the two matchings; coefficients are integers or elements of the field.
    edges : tuple of int
        The edges that were cut; X = 0 on the first.
    pairs : tuple of (int, int)
        The two ends of each cut edge but the first, to be glued again.
    """

    generators: list[Generator]
    entries: Entries
    edges: tuple[int, ...]
    pairs: tuple[Pair, ...]


def opened_scan(
    link: Link,
    ring: Ring,
    edges: Sequence[int],
    *,
    backend: str = "auto",
    max_memory: float | None = None,
    progress: Progress | None = None,
) -> OpenedComplex:
    """Scan a link that is cut at several edges, one of each of some components.

    Parameters
    ----------
    link : Link
        With crossings, and without split unknots.
    ring : Ring
        Q or a prime field; over Q the compiled engine scans over Z.
    edges : sequence of int
        The first is the basepoint.
    backend, max_memory, progress
        As :func:`erlangen.topology.scanning.scan`.

    Raises
    ------
    ResourceLimitError
        If the memory or the number of open ends exceeds its limit.
    BackendError
        If the engine asked for is not there.

    Examples
    --------
    >>> from erlangen.exact import Q
    >>> found = opened_scan(Link.from_braid([1, 1, 1, 1]), Q, (0, 4))
    >>> len(found.pairs), len({matching for _, _, matching in found.generators})
    (1, 2)
    """
    if len({next(i for i, part in enumerate(link.components) if edge in part) for edge in edges}) < len(edges):
        message = f"two of the edges {tuple(edges)} lie on one component"
        raise DomainError(message, hint="cut each component once")
    plan = scan_plan(link, basepoint=edges[0])
    plan.check_memory(max_memory)
    if backend == "native" and not native_scan_available(ring):
        message = f"backend='native' cannot scan over {ring}: the engine was not compiled, or p exceeds 2^31 - 1"
        raise BackendError(message, hint="reinstall with a C++20 compiler at hand, or use backend='python'")
    if backend != "python" and native_scan_available(ring):
        return _native(link, ring, tuple(edges), plan, max_memory, progress)
    return _reference(link, ring, tuple(edges), plan, progress)


def _cut(link: Link, edges: Sequence[int]) -> tuple[list[list[int]], list[int]]:
    """Return the labels after each edge was cut, and the new labels of the second ends, 2 n and up."""
    labels = [list(crossing) for crossing in link.crossings]
    fresh = [2 * link.n_crossings + k for k in range(len(edges))]
    for edge, label in zip(edges, fresh, strict=True):
        crossing, slot = [(c, s) for c, row in enumerate(link.crossings) for s, name in enumerate(row) if name == edge][
            1
        ]
        labels[crossing][slot] = label
    return labels, fresh


def _reference(
    link: Link, ring: Ring, edges: tuple[int, ...], plan: ScanPlan, progress: Progress | None
) -> OpenedComplex:
    """Scan in plain Python."""
    labels, fresh = _cut(link, edges)
    state = TangleComplex(ring, deformed=True)
    for done, crossing in enumerate(plan.order, 1):
        state.add_crossing(tuple(labels[crossing]))
        simplify(state)
        if progress is not None:
            progress(done, len(labels), len(state.generators))
    place = {g: i for i, g in enumerate(state.generators)}
    rise = link.n_plus - 2 * link.n_minus
    generators = [(h - link.n_minus, q + rise, arcs) for h, q, arcs in state.generators.values()]
    entries: Entries = {}
    for s, row in state.out.items():
        for t, entry in row.items():
            arcs = components(state.generators[s][2], state.generators[t][2])
            killed = DISC, arcs[edges[0]]
            kept = [(dots, coefficient) for dots, coefficient in entry.items() if killed not in dots]
            if kept:
                entries[place[s], place[t]] = kept  # type: ignore[assignment]
    return OpenedComplex(generators, entries, edges, tuple(zip(edges[1:], fresh[1:], strict=True)))


def _native(
    link: Link,
    ring: Ring,
    edges: tuple[int, ...],
    plan: ScanPlan,
    max_memory: float | None,
    progress: Progress | None,
) -> OpenedComplex:
    """Scan by the compiled engine, which is given a curl on each cut edge but the first and stopped before it joins the curls."""
    labels, fresh = _cut(link, edges)
    pairs = tuple(zip(edges[1:], fresh[1:], strict=True))
    cut = 2 * link.n_crossings + 1 + 2 * len(pairs)
    ends = {edges[0]: cut, fresh[0]: cut + 1}
    rows = [[ends.get(label, label) for label in labels[crossing]] for crossing in plan.order]
    curls = [[a, b, cut - 1 - k, cut - 1 - k] for k, (a, b) in enumerate(pairs)]
    module: Any = kernels("native")
    limit = int(0.6 * available_memory() if max_memory is None else max_memory)
    engine = module.KhovanovScan(
        np.array(rows + curls, dtype=np.int32), cut, ring.characteristic, True, True, max(limit, 1)
    )
    for done in range(1, len(rows) + 1):
        try:
            sizes = engine.advance()
        except (module.KhovanovBudgetExceeded, module.KhovanovGirthExceeded) as error:
            message = f"crossing {done} of {len(rows)}, with {len(edges)} components cut open: {error}"
            raise ResourceLimitError(message, limit=limit, hint="raise max_memory or simplify the diagram") from None
        if progress is not None:
            progress(done, len(rows), sizes["generators"])
    return _read(engine.state(), link, edges, pairs)


def _read(state: dict[str, Any], link: Link, edges: tuple[int, ...], pairs: tuple[Pair, ...]) -> OpenedComplex:
    """Read the engine's arrays: levels of generators, rows of terms, bits of dots."""
    ends = state["edges"].tolist()
    matchings = [
        matching((ends[p], ends[partner]) for p, partner in enumerate(row) if p < partner)
        for row in state["partners"].reshape(-1, len(ends)).tolist()
    ]
    large = state["large"]
    sizes = state["level_size"].tolist()
    starts = np.cumsum([0, *sizes]).tolist()
    heights = [h for level, size in enumerate(sizes, int(state["head"][1])) for h in [level - link.n_minus] * size]
    rise = link.n_plus - 2 * link.n_minus
    numbers, degrees = state["matching"].tolist(), state["q"].tolist()
    generators = [(h, q + rise, matchings[m]) for h, q, m in zip(heights, degrees, numbers, strict=True)]
    terms = zip(state["target"].tolist(), state["mask"].tolist(), state["value"].tolist(), strict=True)
    entries: Entries = {}
    source = 0
    for level, size in enumerate(sizes):
        for _ in range(size):
            for _ in range(int(state["row_size"][source])):
                target, mask, value = next(terms)
                target += starts[level + 1]
                names = components(generators[source][2], generators[target][2])
                dots = frozenset((DISC, names[ends[p]]) for p in range(len(ends)) if mask >> p & 1)
                coefficient = value if value < 2**62 else large[value - 2**62]
                entries.setdefault((source, target), []).append((dots, coefficient))
            source += 1
    return OpenedComplex(generators, entries, edges, pairs)
