r"""The action of a function of a symmetric matrix on many columns, by blocks that fit in memory, with the error of each.

Definition: one Krylov space for each column, see :class:`erlangen.linalg.krylov_search.KrylovSearch`; zero columns take no part.
Convention: errors are absolute, by truncation and by rounding apart; nothing is warned of here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg.krylov_search import KrylovSearch
from erlangen.linalg.lanczos import Lanczos, row_norms
from erlangen.linalg.product import Product
from erlangen.linalg.scalar_function import ScalarFunction

__all__ = ["KrylovError", "block_width", "krylov_columns"]

_BLOCK_COLUMNS = 64
_BLOCK_BYTES = 2.0**28
_EXPECTED_STEPS = 64

Array = NDArray[np.float64]


@dataclass(frozen=True)
class KrylovError:
    """What is known of the error of each column, absolutely: by truncation and by rounding, and whether the first is proved."""

    truncation: Array
    rounding: Array
    norms: Array
    results: Array
    steps: int
    proved: bool

    def relative(self, weight: float) -> Array:
        """Return the errors (c,) over the larger of the norm of the result and ``weight`` times that of the column."""
        error = self.truncation + self.rounding
        unit = np.maximum(self.results, weight * self.norms)
        return error / np.where(unit > 0, unit, np.where(self.norms > 0, self.norms, 1.0))


def block_width(n: int, stored: bool) -> int:
    """Return how many columns of length n go through one process together.

    Examples
    --------
    >>> block_width(10**3, True), block_width(10**6, True), block_width(10**6, False)
    (64, 1, 4)
    """
    per_column = 8.0 * max(n, 1) * (_EXPECTED_STEPS if stored else 8)
    return int(min(_BLOCK_COLUMNS, max(1, _BLOCK_BYTES // per_column)))


def krylov_columns(
    product: Product,
    B: Any,
    function: ScalarFunction,
    ends: tuple[tuple[float, float], bool],
    *,
    rtol: float,
    atol: float = 0.0,
    most: int = 500,
    stored: bool = True,
    size: float = 0.0,
) -> tuple[Any, KrylovError]:
    """Return the action on columns (n, c) and what is known of its error, by blocks of columns, without a warning."""
    n, c = B.shape
    out = B * 0.0
    norms = row_norms(B.T) if n else np.zeros(c)
    places = np.flatnonzero(norms)
    truncation, rounding, results = np.zeros(c), np.zeros(c), np.zeros(c)
    width = block_width(n, stored)
    steps, proved = 0, True
    for first in range(0, len(places), width):
        part = places[first : first + width]
        process = Lanczos(product, B[:, part].T, stored=stored, size=size)
        search = KrylovSearch(process, function, ends, rtol, atol)
        search.run(min(most, n) if stored else most)
        out[:, part] = process.combine(search.components * process.norms[:, None]).T
        truncation[part], rounding[part] = search.truncation, search.rounding()
        results[part] = np.linalg.norm(search.components, axis=1) * process.norms
        steps, proved = max(steps, process.steps), proved and search.proved
    return out, KrylovError(truncation, rounding, norms, results, steps, proved)
