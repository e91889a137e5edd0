r"""The complex of a link cut at one edge, after the scan: what every even theory is read off.

Definition: a complex of copies of one arc over A = R[H][X]/(X^2 - H X) (Bar-Natan, math/0410495, section 9; Naot, math/0603347).
Convention: an entry is c H^k or c X H^k, k = (q[target] - q[source])/2 - dotted; q reduced, so that the unknot is one generator at (0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import LawError, ShapeError
from erlangen.exact import Ring
from erlangen.topology.scanning.scan_statistics import ScanStatistics

__all__ = ["ScannedComplex"]


@final
@dataclass(frozen=True, eq=False)
class ScannedComplex:
    r"""Generators and differential of the 1-1 tangle of a link.

    .. math:: d\,e_s = \sum_t c_{ts} X^{\delta_{ts}} H^{k_{ts}} e_t, \qquad k_{ts} = \tfrac12 (q_t - q_s) - \delta_{ts} \ge 0

    Reduced homology sets X = 0; unreduced homology tensors with A; Bar-Natan's keeps H; Lee's sets H = 1.
    No entry with k = 0 and no dot is a unit.

    Parameters
    ----------
    ring : Ring
        Z, Q or a prime field.
    deformed : bool
        Whether H was kept; otherwise H = 0 and entries with a power of H are absent.
    h, q : ndarray of int32 (n,)
        Degrees of the generators, all shifts applied.
    source, target : ndarray of int32 (m,)
        Ends of the entries, ``h[target] = h[source] + 1``.
    dotted : ndarray of bool (m,)
        Whether an entry carries X.
    coefficient : tuple of int, or ndarray of int64 (m,)
        Integers also over Q, where the generators can be scaled so.
    n_unknots : int
        Further split circles, each a factor A.
    statistics : ScanStatistics
        Not compared.

    Raises
    ------
    ShapeError
        If the arrays have not matching lengths.

    Examples
    --------
    >>> from erlangen.exact import Z
    >>> ScannedComplex.of([(0, 0), (2, 4), (3, 6)], [(1, 2, True, 2)], Z).poincare()
    {(0, 0): 1, (2, 4): 1, (3, 6): 1}
    """

    ring: Ring
    deformed: bool
    h: NDArray[np.int32]
    q: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    dotted: NDArray[np.bool_]
    coefficient: tuple[int, ...] | NDArray[np.int64]
    n_unknots: int = 0
    statistics: ScanStatistics = field(default=ScanStatistics(), compare=False)

    def __post_init__(self) -> None:
        entries = {len(self.source), len(self.target), len(self.dotted), len(self.coefficient)}
        if len(self.h) != len(self.q) or len(entries) != 1:
            message = f"h, q have lengths {len(self.h)}, {len(self.q)}; the entries have lengths {sorted(entries)}"
            raise ShapeError(message, hint="one degree pair a generator; one source, target, dot, coefficient an entry")

    @classmethod
    def of(
        cls,
        degrees: list[tuple[int, int]],
        entries: list[tuple[int, int, bool, int]],
        ring: Ring,
        *,
        deformed: bool = False,
        n_unknots: int = 0,
        statistics: ScanStatistics | None = None,
    ) -> ScannedComplex:
        """Return the complex of generators ``(h, q)`` and entries ``(source, target, dotted, coefficient)``."""
        h, q = np.array(degrees, dtype=np.int32).reshape(-1, 2).T.copy()
        columns: list[Any] = list(zip(*entries, strict=True)) or [(), (), (), ()]
        source, target = (np.array(column, dtype=np.int32) for column in columns[:2])
        dotted = np.array(columns[2], dtype=np.bool_)
        record = statistics or ScanStatistics()
        return cls(ring, deformed, h, q, source, target, dotted, tuple(columns[3]), n_unknots, record)

    def __len__(self) -> int:
        return len(self.h)

    def entries(self) -> list[tuple[int, int, bool, int]]:
        """Return the entries as tuples ``(source, target, dotted, coefficient)``, sorted."""
        columns = self.source.tolist(), self.target.tolist(), self.dotted.tolist(), map(int, self.coefficient)
        return sorted(zip(*columns, strict=True))

    def without_dots(self) -> ScannedComplex:
        """Return the complex at X = 0, which is all that reduced theories need.

        Examples
        --------
        >>> from erlangen.exact import Z
        >>> ScannedComplex.of([(2, 4), (3, 6)], [(0, 1, True, 2)], Z).without_dots().entries()
        []
        """
        plain = np.flatnonzero(~self.dotted)
        values = self.coefficient
        coefficient = values[plain] if isinstance(values, np.ndarray) else tuple(values[i] for i in plain.tolist())
        arrays = self.source[plain], self.target[plain], self.dotted[plain]
        return replace(self, source=arrays[0], target=arrays[1], dotted=arrays[2], coefficient=coefficient)

    def poincare(self) -> dict[tuple[int, int], int]:
        """Return the number of generators in each degree ``(h, q)``; over a field these are the ranks of reduced homology."""
        count: dict[tuple[int, int], int] = {}
        for degree in sorted(zip(self.h.tolist(), self.q.tolist(), strict=True)):
            count[degree] = count.get(degree, 0) + 1
        return count

    def check(self) -> None:
        """Verify degrees and d² = 0 (with X² = H X, or X² = 0 where H = 0).

        Raises
        ------
        LawError
            With the first pair of generators between which d² is not zero, or the first entry of a wrong degree.
        """
        out: dict[int, list[tuple[int, bool, int]]] = {}
        for s, t, dot, c in self.entries():
            power = int(self.q[t] - self.q[s]) - 2 * dot
            if self.h[t] != self.h[s] + 1 or power < 0 or power % 2 or (power and not self.deformed):
                message = (
                    f"the entry {s} -> {t} goes from (h, q) = ({self.h[s]}, {self.q[s]}) to ({self.h[t]}, {self.q[t]})"
                )
                raise LawError(message, hint="this is a defect of the engine, please report the diagram")
            out.setdefault(s, []).append((t, dot, c))
        for s, first in out.items():
            square: dict[tuple[int, bool], int] = {}
            for middle, dot, c in first:
                for t, other, e in out.get(middle, ()):
                    if self.deformed or not (dot and other):
                        square[t, dot or other] = square.get((t, dot or other), 0) + c * e
            for (t, _), value in square.items():
                if self.ring.element(value) != 0:
                    message = f"d² is not zero from generator {s} to generator {t}: coefficient {value}"
                    raise LawError(message, hint="this is a defect of the engine, please report the diagram")

    def _key(self) -> tuple[Any, ...]:
        degrees = tuple(zip(self.h.tolist(), self.q.tolist(), strict=True))
        return self.ring, self.deformed, degrees, tuple(self.entries()), self.n_unknots

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScannedComplex) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        degrees = list(zip(self.h.tolist(), self.q.tolist(), strict=True))
        options = f", deformed={self.deformed}, n_unknots={self.n_unknots}"
        return f"ScannedComplex.of({degrees}, {self.entries()}, {self.ring!r}{options})"
