r"""A truncated Chebyshev series with the bound of what was cut off.

Definition: :math:`p(x) = \sum_{k=0}^{K} c_k T_k(\hat x)`, :math:`\hat x = (2x - a - b)/(b - a)` (Trefethen, Approximation Theory and Practice, ch. 3).
Convention: the coefficient of :math:`T_0` enters whole (it is not halved); ``truncation`` bounds :math:`|f - p|` on the interval, absolutely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ChebyshevSeries"]


@dataclass(frozen=True, eq=False)
class ChebyshevSeries:
    r"""Coefficients, interval and certificate of a truncated Chebyshev series.

    Parameters
    ----------
    coefficients : ndarray (order + 1,)
        :math:`c_0, \dots, c_K`.
    interval : tuple of float
        Where the series approximates its function.
    truncation : float
        Largest absolute error on the interval, from truncation alone.
    rigorous : bool
        Whether ``truncation`` is proved (heat) or estimated from the coefficients next in line.

    Examples
    --------
    >>> series = ChebyshevSeries(np.array([0.5, 0.0, 0.5]), (-1.0, 1.0), 0.0, True)
    >>> float(series(0.5)), series.order
    (0.25, 2)
    """

    coefficients: NDArray[np.float64]
    interval: tuple[float, float]
    truncation: float
    rigorous: bool

    @property
    def order(self) -> int:
        """Degree of the series, which is the number of products with the matrix its action takes."""
        return len(self.coefficients) - 1

    def __call__(self, x: object) -> NDArray[np.float64]:
        """Return the series at the points ``x`` of any shape, by Clenshaw's recurrence."""
        low, high = self.interval
        points = (2 * np.asarray(x, dtype=np.float64) - (low + high)) / (high - low)
        return np.asarray(np.polynomial.chebyshev.chebval(points, self.coefficients))
