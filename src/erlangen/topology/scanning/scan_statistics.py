"""What a scan cost: the record each engine fills in.

Definition: girth = number of open ends after a crossing; generators and terms alive bound the memory, compositions the time.
Convention: the cut edge counts for two ends, so that a scan ends at girth 2; entry ``i`` of a tuple is the state after crossing ``order[i]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

__all__ = ["ScanStatistics"]


@final
@dataclass(frozen=True)
class ScanStatistics:
    """Order, girths, sizes and cost of one scan.

    Parameters
    ----------
    order : tuple of int
        Crossings in the order in which they were added.
    girths : tuple of int
        Open ends after each crossing.
    generators : tuple of int
        Generators after each crossing; over a field this number depends on the tangle alone.
    max_generators, max_terms : int
        Largest numbers alive at any time (terms of all entries of the differential).
    compositions : int
        Products of two cobordisms that were formed.
    cpu_seconds : float
        CPU time of the scan.
    peak_bytes : int
        Largest memory held by the complex, 0 where it was not measured.
    backend : str
        ``"python"`` or ``"native"``.

    Examples
    --------
    >>> ScanStatistics(order=(0,), girths=(2,), generators=(1,)).crossings
    1
    """

    order: tuple[int, ...] = ()
    girths: tuple[int, ...] = ()
    generators: tuple[int, ...] = ()
    max_generators: int = 0
    max_terms: int = 0
    compositions: int = 0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    backend: str = "python"

    @property
    def crossings(self) -> int:
        """Number of crossings scanned."""
        return len(self.order)
