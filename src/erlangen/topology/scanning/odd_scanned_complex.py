r"""The odd complex of a link cut at one edge, after the scan.

Definition: reduced odd Khovanov complex over R (Ozsvath, Rasmussen, Szabo, 0710.4300), up to homotopy.
Convention: h and q as in the reduced even theory; unreduced odd homology is two copies of the homology, at q + 1 and q - 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from erlangen.errors import LawError
from erlangen.exact.ring import Ring
from erlangen.topology.scanning.scan_statistics import ScanStatistics

__all__ = ["OddScannedComplex"]


@final
@dataclass(frozen=True)
class OddScannedComplex:
    r"""Generators and differential of the reduced odd theory of a link.

    .. math:: d\,e_s = \sum_t c_{ts}\, e_t, \qquad h_t = h_s + 1,\; q_t = q_s

    Parameters
    ----------
    ring : Ring
    degrees : tuple of (h, q)
        One pair a generator.
    entries : tuple of (source, target, coefficient)
        None of them a unit.
    n_unknots : int
        Further split circles, each two copies at q + 1 and q - 1.
    statistics : ScanStatistics
        Not compared.

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> OddScannedComplex(Z, ((0, 0), (1, 0)), ((0, 1, 3),)).check()
    """

    ring: Ring
    degrees: tuple[tuple[int, int], ...]
    entries: tuple[tuple[int, int, int], ...]
    n_unknots: int = 0
    statistics: ScanStatistics = field(default=ScanStatistics(), compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.degrees)

    def poincare(self) -> dict[tuple[int, int], int]:
        """Return the number of generators in each degree ``(h, q)``; over a field these are the ranks of homology."""
        count: dict[tuple[int, int], int] = {}
        for degree in sorted(self.degrees):
            count[degree] = count.get(degree, 0) + 1
        return count

    def check(self) -> None:
        """Verify degrees and d² = 0.

        Raises
        ------
        LawError
            With the first entry of a wrong degree, or the first pair of generators between which d² is not zero.
        """
        out: dict[int, list[tuple[int, int]]] = {}
        for s, t, c in self.entries:
            (h, q), (g, p) = self.degrees[s], self.degrees[t]
            if (g, p) != (h + 1, q):
                message = f"the entry {s} -> {t} goes from (h, q) = {self.degrees[s]} to {self.degrees[t]}"
                raise LawError(message, hint="this is a defect of the engine, please report the diagram")
            out.setdefault(s, []).append((t, c))
        for s, row in out.items():
            square: dict[int, int] = {}
            for middle, c in row:
                for t, e in out.get(middle, ()):
                    square[t] = square.get(t, 0) + c * e
            for t, value in square.items():
                if self.ring.element(value):
                    message = f"d² is not zero from generator {s} to generator {t}: coefficient {value}"
                    raise LawError(message, hint="this is a defect of the engine, please report the diagram")
