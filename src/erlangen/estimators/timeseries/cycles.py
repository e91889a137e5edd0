r"""What embeddings that grow by one delayed series a cycle have in common: appending it, false neighbours, the end.

Definition: :math:`Y \mapsto [Y, s(\cdot + \tau)]`; a neighbour is false that the new coordinate moves away by more than a ratio (Hegger & Kantz 1999).
Convention: trajectories are (N, d), cut to the length that all columns have; the cycles end where few neighbours are false, or more than before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["append_series", "false_neighbour_share", "reason_to_stop"]

Array = NDArray[np.float64]


def append_series(path: Array, series: Array, delay: int) -> Array:
    """Return the trajectory with s(t + delay) as a further column.

    Examples
    --------
    >>> append_series(np.array([[0.0], [1.0], [2.0]]), np.array([5.0, 6.0, 7.0]), 1)
    array([[0., 6.],
           [1., 7.]])
    """
    length = min(len(path), len(series) - delay)
    return np.column_stack([path[:length], series[delay : delay + length]])


def false_neighbour_share(old: Array, new: Array, ratio: float = 2.0) -> float:
    """Return the share of points whose neighbour moved away, among those with a neighbour nearer than 1/ratio; 1 where none did.

    Examples
    --------
    >>> false_neighbour_share(np.array([0.1, 0.1, 3.0]), np.array([0.5, 0.1, 9.0]))
    0.5
    """
    close = old < 1 / ratio
    false = int(np.count_nonzero(close & (new > ratio * old)))
    return false / int(np.count_nonzero(close)) if false else 1.0


def reason_to_stop(shares: list[float], threshold: float, max_cycles: int, left: int) -> str:
    """Say why the cycles end here, or nothing; ``left`` is how many points another cycle would have.

    Examples
    --------
    >>> reason_to_stop([0.4, 0.02], 0.05, 50, 100)
    'false neighbours 0.020 <= 0.05'
    """
    if shares[-1] <= threshold:
        return f"false neighbours {shares[-1]:.3f} <= {threshold:g}"
    if len(shares) > 1 and shares[-1] > shares[-2]:
        return f"false neighbours rose from {shares[-2]:.3f} to {shares[-1]:.3f}"
    if len(shares) == max_cycles:
        return f"{max_cycles} cycles without an end"
    return "too few points for another cycle" if left < 2 else ""
