r"""What a scan will cost, before it runs.

Definition: girth profile of an order of the crossings, and from it estimates of generators, terms, memory and time.
Convention: estimates are for the compiled engine and fitted to torus links; they are right within a factor of about four there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from erlangen.errors import DomainError
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.crossing_order import crossing_order, girth_profile
from erlangen.topology.scanning.cut import cut_labels
from erlangen.validation import check_memory

__all__ = ["ScanPlan", "scan_plan"]

BYTES_A_TERM, BYTES_A_GENERATOR, SECONDS_A_TERM = 150, 300, 1e-6


@final
@dataclass(frozen=True)
class ScanPlan:
    r"""An order of the crossings, its girths, and what the scan will cost.

    With girth :math:`2 m` after :math:`i` crossings there are about :math:`\tfrac i2 C_m` generators (:math:`C_m` a Catalan number)
    with :math:`2^{m - 3}` terms each.

    Parameters
    ----------
    order : tuple of int
    girths : tuple of int

    Examples
    --------
    >>> ScanPlan(order=(0, 1, 2), girths=(4, 4, 2)).cost
    36
    """

    order: tuple[int, ...]
    girths: tuple[int, ...]

    @property
    def cost(self) -> int:
        """Sum of 2^girth."""
        return sum(1 << girth for girth in self.girths)

    @property
    def girth(self) -> int:
        """Largest girth."""
        return max(self.girths, default=2)

    def _terms(self) -> list[float]:
        return [_generators(g, i) * max(1.0, 2 ** (g / 2 - 3)) for i, g in enumerate(self.girths, 1)]

    @property
    def generators(self) -> float:
        """Estimated largest number of generators."""
        return max((_generators(g, i) for i, g in enumerate(self.girths, 1)), default=1.0)

    @property
    def terms(self) -> float:
        """Estimated largest number of terms."""
        return max(self._terms(), default=1.0)

    @property
    def bytes(self) -> float:
        """Estimated memory in bytes."""
        return BYTES_A_TERM * self.terms + BYTES_A_GENERATOR * self.generators

    @property
    def seconds(self) -> float:
        """Estimated CPU time in seconds."""
        return SECONDS_A_TERM * sum(self._terms())

    def check_memory(self, limit: float | None = None) -> None:
        """Refuse a scan whose estimate exceeds ``limit`` bytes (default: 60 % of the available memory).

        Raises
        ------
        ResourceLimitError
            With the girth profile.
        """
        profile = " ".join(map(str, self.girths))
        hint = "raise max_memory, give a better order of the crossings, or simplify the diagram"
        check_memory(self.bytes, f"a scan with girths {profile}", limit=limit, hint=hint)


def scan_plan(link: Link, *, basepoint: int = 0, order: Sequence[int] | None = None, width: int = 32) -> ScanPlan:
    """Return the order in which a link will be scanned, with its girths and estimates.

    Parameters
    ----------
    link : Link
    basepoint : int
        The edge that is cut.
    order : sequence of int, optional
        An order to be judged; by default the cheaper of the diagram's own and the one found by :func:`crossing_order`.
    width : int
        Effort of that search.

    Raises
    ------
    DomainError
        If ``basepoint`` is no edge, or ``order`` is no order of the crossings.

    Examples
    --------
    >>> scan_plan(Link.from_braid([1, 2] * 4)).girths
    (4, 6, 6, 6, 6, 6, 4, 2)
    """
    labels = cut_labels(link, basepoint)
    own = tuple(range(len(labels)))
    if order is not None:
        chosen = tuple(int(crossing) for crossing in order)
        if tuple(sorted(chosen)) != own:
            message = f"order must list each of the crossings 0 to {len(own) - 1} once, got {chosen}"
            raise DomainError(message, hint="leave order out to have one found")
        return ScanPlan(chosen, girth_profile(labels, chosen))
    plans = [ScanPlan(found, girth_profile(labels, found)) for found in (own, crossing_order(labels, width=width))]
    return min(plans, key=lambda plan: plan.cost)


def _generators(girth: int, crossings: int) -> float:
    """Return the estimated number of generators at a girth after some crossings."""
    half = girth // 2
    return max(1.0, crossings / 2 * math.comb(2 * half, half) / (half + 1))
