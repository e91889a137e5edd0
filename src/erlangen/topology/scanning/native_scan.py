"""The scan by the compiled engine, with progress, a memory limit and checkpoints.

Definition: the complex of :func:`reference_scan`, up to isomorphism, from the class ``KhovanovScan`` of the extension.
Convention: over Q the scan runs over Z and what is left is cancelled over Q; both ends of the cut edge get labels from 2 n on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import BackendError, LawError, ResourceLimitError
from erlangen.exact.ring import Ring
from erlangen.native import default_threads, kernels
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.cut import cut_labels
from erlangen.topology.scanning.planar_disc import checkerboard
from erlangen.topology.scanning.rational_scan import over_the_rationals
from erlangen.topology.scanning.scan_statistics import ScanStatistics
from erlangen.topology.scanning.scanned_complex import ScannedComplex
from erlangen.validation import available_memory

if TYPE_CHECKING:
    from erlangen.topology.scanning.scan_checkpoint import ScanCheckpoint

__all__ = ["native_scan", "native_scan_available"]

MOST_CHARACTERISTIC = 2**31 - 1


class _Engine(Protocol):
    def advance(self) -> dict[str, int]: ...
    def sizes(self) -> dict[str, int]: ...
    def finished(self) -> bool: ...
    def closed(self) -> bool: ...
    def result(self) -> dict[str, Any]: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: dict[str, Any]) -> None: ...


def native_scan_available(ring: Ring) -> bool:
    """Return whether the compiled engine is there and takes the ring.

    Examples
    --------
    >>> from erlangen.exact import F
    >>> native_scan_available(F(2**61 - 1))
    False
    """
    module = kernels()
    return module is not None and hasattr(module, "KhovanovScan") and ring.characteristic <= MOST_CHARACTERISTIC


def native_scan(
    link: Link,
    ring: Ring,
    order: Sequence[int],
    *,
    deformed: bool = False,
    reduced: bool = False,
    odd: bool = False,
    basepoint: int = 0,
    max_memory: float | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    checkpoint: str | Path | None = None,
    check: bool = False,
    threads: int | None = 1,
) -> ScannedComplex:
    """Scan the crossings of a link in the given order; see :func:`erlangen.topology.scanning.scan`.

    The interpreter's lock is free inside a crossing, and Ctrl-C is heard there too. Threads share the rows of a differential; each row
    is reduced by one of them from pivots that none writes, so that any number computes the same. The odd theory (``odd=True``, then ``reduced=True``
    too) needs an order through discs, see :func:`erlangen.topology.scanning.scan_odd`.

    Raises
    ------
    BackendError
        If the engine was not compiled or the characteristic exceeds 2^31 - 1.
    ResourceLimitError
        If the memory or the number of open ends exceeds its limit; nothing is kept but the checkpoint.
    LawError
        If d² is not zero after a crossing (``check=True``).

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> native_scan(Link.from_braid([1, 1, 1]), Z, range(3)).poincare()  # doctest: +SKIP
    {(0, 2): 1, (2, 6): 1, (3, 8): 1}
    """
    started = time.process_time()
    if not native_scan_available(ring):
        message = f"backend='native' cannot scan over {ring}: the engine was not compiled, or p exceeds 2^31 - 1"
        raise BackendError(message, hint="reinstall with a C++20 compiler at hand, or use backend='python'")
    if not link.crossings:
        cut_labels(link, basepoint)  # refuses the empty link
        return ScannedComplex.of([(0, 0)], [], ring, deformed=deformed, n_unknots=link.n_unknots - 1)
    labels = _labels(link, basepoint)[list(order)]
    limit = int(0.6 * available_memory() if max_memory is None else max_memory)
    board = checkerboard(link) if odd else ()
    parity = [board[crossing] for crossing in order] if odd else []
    module: Any = kernels("native")
    engine: _Engine = module.KhovanovScan(
        labels,
        2 * link.n_crossings,
        ring.characteristic,
        deformed,
        reduced,
        max(limit, 1),
        parity,
        default_threads(threads),
    )
    task = {"labels": labels.tolist(), "ring": str(ring), "deformed": deformed, "reduced": reduced, "parity": parity}
    store = None
    if checkpoint is not None:  # loaded for who asks: its files are a library's
        store = import_module("erlangen.topology.scanning.scan_checkpoint").ScanCheckpoint(Path(checkpoint), task)
    girths, generators = _run(module, engine, len(labels), limit, store, progress, check)
    sizes = engine.sizes()
    record = ScanStatistics(
        order=tuple(order),
        girths=tuple(girths),
        generators=tuple(generators),
        max_generators=sizes["most_generators"],
        max_terms=sizes["most_terms"],
        compositions=sizes["compositions"],
        cpu_seconds=time.process_time() - started,
        peak_bytes=sizes["peak_bytes"],
        backend="native",
    )
    found = _scanned(engine.result(), link, ring, record, deformed=deformed)
    return over_the_rationals(found) if ring.is_field and not ring.characteristic else found


def _labels(link: Link, basepoint: int) -> NDArray[np.int32]:
    """Return the labels with both ends of the cut edge renamed to 2 n and 2 n + 1."""
    labels = np.array(cut_labels(link, basepoint), dtype=np.int32)
    labels[labels == basepoint] = 2 * link.n_crossings + 1
    return labels


def _run(
    module: Any,
    engine: _Engine,
    crossings: int,
    limit: int,
    store: ScanCheckpoint | None,
    progress: Callable[[int, int, int], None] | None,
    check: bool,
) -> tuple[list[int], list[int]]:
    """Join all crossings, from the checkpoint on; return girths and numbers of generators."""
    girths, generators = ([], []) if store is None else store.resume(engine)
    while not engine.finished():
        try:
            sizes = engine.advance()
        except (module.KhovanovBudgetExceeded, module.KhovanovGirthExceeded) as error:
            profile = " ".join(map(str, girths))
            message = f"crossing {len(girths) + 1} of {crossings} after girths {profile}: {error}"
            hint = "raise max_memory, give a better order of the crossings, or simplify the diagram"
            raise ResourceLimitError(message, limit=limit, hint=hint) from None
        girths.append(sizes["girth"])
        generators.append(sizes["generators"])
        if check and not engine.closed():
            message = f"d² is not zero after crossing {len(girths)} of the scan"
            raise LawError(message, hint="this is a defect of the engine, please report the diagram")
        if progress is not None:
            progress(len(girths), crossings, sizes["generators"])
        if store is not None:
            store.keep(engine, girths, generators)
    if store is not None:
        store.discard()
    return girths, generators


def _scanned(
    found: dict[str, Any], link: Link, ring: Ring, record: ScanStatistics, *, deformed: bool
) -> ScannedComplex:
    """Wrap the engine's arrays, with the final shifts."""
    coefficient: tuple[int, ...] | NDArray[np.int64] = found["coefficient"]
    large = found["large"]
    if large:
        coefficient = tuple(c if c < 2**62 else large[c - 2**62] for c in found["coefficient"].tolist())
    return ScannedComplex(
        ring,
        deformed,
        found["h"] - np.int32(link.n_minus),
        found["q"] + np.int32(link.n_plus - 2 * link.n_minus),
        found["source"],
        found["target"],
        found["dotted"].astype(np.bool_),
        coefficient,
        link.n_unknots,
        record,
    )
